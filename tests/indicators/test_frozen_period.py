"""Whatever changes after a period was opened changes no figure of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from indicators.models import BaseIndicator, Indicator, PeriodOrganisation, ReportingPeriod, RolledUpValue, Target
from indicators.rollup import roll_up_period
from indicators.selectors.plan_fact import plan_fact
from indicators.services import base_indicator_save, threshold_save
from organisations.models import User
from organisations.services import (
    organisation_close,
    organisation_create,
    organisation_merge,
    organisation_move,
    organisation_update,
)
from organisations.services.tree import last_change_of
from tests.conftest import Cast, Region
from tests.indicators.steps import agree, open_period, report, total


@pytest.fixture
def rolled_up(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> list[dict[str, Any]]:
    """Figures of the open period; one school of the town has not reported yet."""
    figures = {
        region.schools[0]: {"roads": "4", "safe": "1"},
        region.schools[1]: {"roads": "1", "safe": "1"},
        region.village_school: {"roads": "5", "safe": "4"},
    }
    report(period, figures, reporter, cast.office)
    return _values()


def _values() -> list[dict[str, Any]]:
    columns = ("organisation_id", "value", "operands", "expected", "accepted")
    return list(RolledUpValue.objects.order_by("pk").values(*columns))


def test_a_school_that_moves_closes_or_is_founded_later_changes_no_total(
    rolled_up: list[dict[str, Any]], period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    frozen = list(PeriodOrganisation.objects.order_by("pk").values())
    first, second, third = region.schools
    act: dict[str, Any] = {"day": dt.date(2026, 1, 1), "reason": "Постановление № 5", "actor": cast.office}
    organisation_move(organisation=first, parent=region.district, **act)
    organisation_close(organisation=second, **act)
    organisation_merge(organisations=[third], successor=region.village_school, **act)
    requisites = {"name": "Лицей", "short_name": "Лицей", "kind": "college"}
    heir = region.village_school
    organisation_update(organisation=heir, requisites=requisites, seen=last_change_of(heir), **act)
    organisation_create(kind="school", name="Новая школа", parent=region.town)

    assert roll_up_period(period_id=period.pk) == 0
    assert _values() == rolled_up
    assert list(PeriodOrganisation.objects.order_by("pk").values()) == frozen


def test_a_formula_or_a_rule_that_is_written_anew_holds_for_the_next_period(
    rolled_up: list[dict[str, Any]],
    period: ReportingPeriod,
    indicator: Indicator,
    region: Region,
    cast: Cast,
    reporter: User,
) -> None:
    roads = BaseIndicator.objects.get(code="roads")
    base_indicator_save(
        instance=roads,
        code="roads",
        name="Подъезды",
        kind="integer",
        over_organisations="maximum",
        over_time="flow",
        kinds=["school"],
        actor=cast.office,
    )
    agree(indicator, "roads", cast.office)

    assert roll_up_period(period_id=period.pk) == 0
    assert _values() == rolled_up

    following = open_period(cast.office, indicator.project, number=2)
    report(following, {region.schools[0]: {"roads": "3"}}, reporter, cast.office)
    assert total(indicator, following, region.root).value == 7


def test_targets_and_thresholds_of_the_day_of_opening_are_what_a_figure_is_measured_by(
    rolled_up: list[dict[str, Any]], indicator: Indicator, cast: Cast
) -> None:
    def cell() -> tuple[Any, ...]:
        (row,) = plan_fact(indicator.project, cast.office, today=dt.date(2100, 1, 1)).rows
        return next((c.target, c.actual, c.ratio, c.status) for c in row.cells if c.year == 2026)

    before = cell()
    assert before == (100, 60, 60, "red")
    Target.objects.filter(indicator=indicator, year=2026).update(value=60)
    threshold_save(effective_from=dt.date(2026, 1, 1), green=Decimal(50), yellow=Decimal(10), actor=cast.office)

    assert cell() == before
