"""A worker that dies between acceptance and roll-up costs time and no figure."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from indicators.models import Indicator, ReportingPeriod
from jobs.models import Job
from jobs.services import run_queued
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, hand_in, total


@pytest.fixture
def marked(period: ReportingPeriod, region: Region, cast: Cast) -> Job:
    """A form was accepted, and its roll-up has not begun."""
    run_queued()
    accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)
    return Job.objects.get(handler="indicators.roll_up", state="queued")


def test_the_mark_is_a_row_of_the_same_transaction(
    marked: Job, indicator: Indicator, period: ReportingPeriod, region: Region
) -> None:
    assert (marked.arguments, marked.key) == ({"period_id": period.pk}, f"period:{period.pk}")
    assert total(indicator, period, region.root).value is None

    run_queued()
    assert total(indicator, period, region.root).value == 25


def test_a_roll_up_whose_worker_was_killed_is_done_by_the_next_sweep(
    marked: Job, indicator: Indicator, period: ReportingPeriod, region: Region
) -> None:
    past = timezone.now() - dt.timedelta(minutes=5)
    Job.objects.filter(pk=marked.pk).update(state="running", attempts=1, started_at=past, lease_until=past)

    run_queued()

    assert total(indicator, period, region.root).value == 25
    marked.refresh_from_db()
    assert marked.state == "done"


def test_a_roll_up_of_a_period_that_is_gone_is_simply_done(marked: Job) -> None:
    Job.objects.filter(pk=marked.pk).update(arguments={"period_id": 0})

    run_queued()

    marked.refresh_from_db()
    assert marked.state == "done"
