"""Two people set the same settings from the same day at the same moment: the second is told so, at the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from finance.services import execution_threshold_save
from indicators.services import threshold_save
from indicators.services.anomalies import anomaly_rule_save
from projects.services.errors import ValidationFailed
from reports.state.thresholds import plan_threshold_save
from tests.conftest import Cast
from tests.two_connections import at_once

SETTINGS = {
    "deviations": partial(threshold_save, green=Decimal(99), yellow=Decimal(90)),
    "odd answers": partial(anomaly_rule_save, times=Decimal(3), fence=Decimal(2), peers=10),
    "execution": partial(
        execution_threshold_save,
        first=Decimal(20),
        second=Decimal(45),
        third=Decimal(70),
        fourth=Decimal(100),
        yellow=Decimal(90),
        working_days=5,
    ),
    "control points": partial(plan_threshold_save, red_after=10, slip=5),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("save", SETTINGS.values(), ids=SETTINGS.keys())
def test_the_second_is_told_and_not_broken(save: Callable[..., Any], cast: Cast) -> None:
    write = partial(save, effective_from=dt.date(2031, 1, 1), actor=cast.office)
    outcomes = at_once(write, write)

    assert outcomes[0] is None
    assert isinstance(outcomes[1], ValidationFailed), "not an error of the database"
    assert set(outcomes[1].errors) == {"effective_from"}
