"""A closed period is opened for correction: what it came to stays as a version, and both are seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import Indicator, PastValue, PeriodReopening, ReportingPeriod
from indicators.selectors.past_values import past_values
from indicators.services import StateConflict, ValidationFailed, period_close, submission_reopen, submission_submit
from indicators.services.reopening import period_reopen
from jobs.services import run_queued
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, agree, count, form_at, hand_in, measured, open_period, report, total

REASON = "Школа нашла ошибку"


@pytest.fixture
def closed(period: ReportingPeriod, region: Region, cast: Cast) -> ReportingPeriod:
    accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)
    return period_close(period=period, actor=cast.office)


def reopen(period: ReportingPeriod, actor: User, reason: str = REASON, days: int = 5) -> PeriodReopening:
    deadline = timezone.now() + dt.timedelta(days=days)
    return period_reopen(period=period, reason=reason, deadline=deadline, actor=actor)


def test_what_it_came_to_stays_and_the_correction_stands_beside_it(
    closed: ReportingPeriod, region: Region, cast: Cast
) -> None:
    measurement = closed.measurements.get()
    # No worker ran since the acceptance: opening anew counts first.
    version = reopen(closed, cast.office)

    kept = PastValue.objects.get(reopening=version, organisation=region.town)
    assert (version.number, kept.accepted, kept.expected) == (1, 1, 3)
    assert kept.value == Decimal(25)

    form = form_at(closed, region.schools[0])
    form = submission_reopen(submission=form, version=form.version, reason=REASON, actor=cast.office)
    form = submission_submit(
        submission=form, version=form.version, actor=cast.reporters[0], values={"roads": "4", "safe": "3"}
    )
    accept(form, cast.office)
    run_queued()
    assert total(measurement.indicator, closed, region.town).value == 75
    assert [row.value for row in past_values(measurement, region.town.pk)] == [25]

    closed.refresh_from_db()
    period_close(period=closed, actor=cast.office)
    second = reopen(closed, cast.office)
    assert second.number == 2
    assert [row.value for row in past_values(measurement, region.town.pk)] == [75, 25]


def test_the_page_of_a_figure_tells_what_it_was(
    closed: ReportingPeriod, region: Region, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    reopen(closed, cast.office)
    run_queued()
    measurement = closed.measurements.get()
    place = [closed.projects.get().project_id, measurement.indicator_id, closed.pk, region.town.pk]
    page = as_user(cast.auditor).get(reverse("reports:plan_fact_figure", args=place)).content.decode()

    assert "Это версия 2" in page
    assert "было 25\u00a0%, принято 1 из 3" in page
    assert REASON in page


def test_later_closed_periods_that_add_up_the_year_keep_what_they_were(
    indicator: Indicator, region: Region, cast: Cast, reporter: User, as_user: Callable[[User], Client]
) -> None:
    alike = open_period(cast.office, indicator.project, number=2)
    count("trained", cast.office, time="flow", kinds=["school"])
    agree(indicator, "trained", cast.office)
    first, third, fourth = (open_period(cast.office, indicator.project, number=number) for number in (1, 3, 4))
    school = region.schools[0]
    for period, trained in ((first, "7"), (third, "5"), (fourth, "1")):
        report(period, {school: {"trained": trained}}, reporter, cast.office)
    for period in (first, alike, third):
        period_close(period=period, actor=cast.office)

    asked = as_user(cast.office).get(reverse("indicators:period_reopen", args=[first.pk])).content.decode()
    assert "где считают с начала года: III квартал 2026 г. — их прежние" in asked
    reopen(first, cast.office)
    form = form_at(first, school)
    submission_reopen(submission=form, version=form.version, reason=REASON, actor=cast.office)
    report(first, {school: {"trained": "8"}}, reporter, cast.office)

    def kept(period: ReportingPeriod) -> list[Decimal | None]:
        return [row.value for row in past_values(measured(indicator, period), region.town.pk)]

    assert [total(indicator, period, region.town).value for period in (first, third, fourth)] == [8, 13, 14]
    assert [kept(period) for period in (first, third, fourth)] == [[7], [12], []], "the fourth was not closed yet"
    version = third.reopenings.get()
    assert (version.number, version.reason) == (
        1,
        f"Исправляют I квартал 2026 г., а здесь считают с начала года. {REASON}",
    )
    third.refresh_from_db()
    assert not third.is_open
    assert not alike.reopenings.exists(), "it adds nothing up"


def test_it_is_open_until_its_own_deadline_and_accepted_forms_stay_accepted(
    closed: ReportingPeriod, region: Region, cast: Cast
) -> None:
    reopen(closed, cast.office)

    closed.refresh_from_db()
    assert (closed.is_open, closed.closed_at) == (True, None)
    form = form_at(closed, region.schools[0])
    with pytest.raises(StateConflict, match="уже принята"):
        submission_submit(submission=form, version=form.version, actor=cast.reporters[0], values={"safe": "3"})
    late = hand_in(closed, region.schools[1], cast.reporters[1], roads="2", safe="2")
    assert (late.state, late.late) == ("submitted", False)


def test_it_needs_a_reason_a_day_ahead_and_a_closed_period(closed: ReportingPeriod, cast: Cast) -> None:
    with pytest.raises(ValidationFailed) as refused:
        reopen(closed, cast.office, reason=" ")
    assert set(refused.value.errors) == {"reason"}
    with pytest.raises(ValidationFailed) as refused:
        reopen(closed, cast.office, days=-1)
    assert set(refused.value.errors) == {"deadline"}
    assert not PeriodReopening.objects.exists()
    reopen(closed, cast.office)
    with pytest.raises(StateConflict, match="уже открыт"):
        reopen(closed, cast.office)


def test_only_who_manages_periods_opens_one_again(closed: ReportingPeriod, cast: Cast) -> None:
    for person in (cast.coordinator, cast.reporters[0], cast.auditor, cast.curator, cast.stranger):
        with pytest.raises(PermissionDenied):
            reopen(closed, person)
