"""The deadline by the rule, every kind of period, and moving a deadline on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from indicators.models import DeadlineRule, Indicator, PeriodKind, Prolongation, ReportingPeriod
from indicators.services import StateConflict, ValidationFailed, period_close
from indicators.services.deadlines import deadline_proposed, deadline_rule_save, end_of_day, rule_for
from indicators.services.periods import period_term
from indicators.services.prolonging import period_prolong
from organisations.models import Notification
from organisations.services.calendar import exceptional_day_save
from tests.conftest import Cast, Region
from tests.indicators.steps import hand_in, open_period

YEAR_END = dt.date(2025, 12, 31)
ALL_YEAR = dt.date(2000, 1, 1)


def rule(cast: Cast, kind: str = "quarter", days: int = 5, since: dt.date = ALL_YEAR) -> DeadlineRule:
    return deadline_rule_save(
        kind=kind, effective_from=since, working_days=days, remind_before=2, remind_every=3, actor=cast.office
    )


@pytest.mark.parametrize(
    ("kind", "number", "start", "end"),
    [
        ("month", 2, "2026-02-01", "2026-02-28"),
        ("quarter", 4, "2026-10-01", "2026-12-31"),
        ("half_year", 1, "2026-01-01", "2026-06-30"),
        ("half_year", 2, "2026-07-01", "2026-12-31"),
        ("nine_months", 1, "2026-01-01", "2026-09-30"),
        ("year", 1, "2026-01-01", "2026-12-31"),
    ],
)
def test_every_kind_of_period_opens(
    indicator: Indicator, cast: Cast, kind: str, number: int, start: str, end: str
) -> None:
    period = open_period(cast.office, indicator.project, kind=kind, number=number)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.submissions.count() == 4
    assert period_term(kind, 2026, number) == (period.start, period.end)


def test_the_rule_counts_working_days_from_the_end_of_the_period(cast: Cast) -> None:
    rule(cast)
    proposal = deadline_proposed("quarter", YEAR_END)
    assert proposal.day == dt.date(2026, 1, 16)  # 1–11 January are days off
    assert proposal.words.replace("\u00a0", " ") == "5-й рабочий день после окончания квартала — 16 января 2026 г."
    assert proposal.unsure is None


def test_a_year_whose_transfers_are_unknown_is_named(cast: Cast) -> None:
    assert deadline_proposed("year", dt.date(2029, 12, 31)).unsure == 2029


def test_a_holiday_of_the_region_moves_the_deadline(cast: Cast) -> None:
    rule(cast)
    exceptional_day_save(day=dt.date(2026, 1, 13), is_working=False, reason="День области", actor=cast.office)
    assert deadline_proposed("quarter", YEAR_END).day == dt.date(2026, 1, 19)


def test_the_rule_in_force_is_that_of_the_periods_end(cast: Cast) -> None:
    rule(cast, days=5)
    rule(cast, days=2, since=dt.date(2025, 12, 31))
    rule(cast, days=9, since=dt.date(2026, 1, 1))
    rule(cast, kind="month", days=1)
    assert rule_for("quarter", YEAR_END).working_days == 2
    assert rule_for("quarter", YEAR_END - dt.timedelta(days=1)).working_days == 5
    assert [rule_for(kind, YEAR_END).working_days for kind in PeriodKind] == [1, 2, 5, 5, 5]


def test_the_end_of_a_day_is_that_of_the_region() -> None:
    assert end_of_day(dt.date(2026, 1, 16)).astimezone(dt.UTC).isoformat() == "2026-01-16T20:59:59+00:00"


def test_the_same_rule_is_written_anew_and_nonsense_is_refused(cast: Cast) -> None:
    rule(cast, days=5)
    rule(cast, days=7)
    assert DeadlineRule.objects.get().working_days == 7
    with pytest.raises(IntegrityError, match="deadline_rule_days"), transaction.atomic():
        rule(cast, days=0)
    with pytest.raises(PermissionDenied):
        deadline_rule_save(
            kind="year", effective_from=ALL_YEAR, working_days=1, remind_before=1, remind_every=1, actor=cast.auditor
        )


@pytest.fixture
def due(indicator: Indicator, cast: Cast) -> ReportingPeriod:
    """A quarter whose deadline passed a day ago."""
    return open_period(cast.office, indicator.project, deadline=timezone.now() - dt.timedelta(days=1))


def test_a_prolonged_deadline_is_told_and_late_forms_stay_late(
    due: ReportingPeriod, region: Region, cast: Cast
) -> None:
    late = hand_in(due, region.schools[0], cast.reporters[0], roads="4", safe="1")
    new = end_of_day(timezone.localdate() + dt.timedelta(days=5))
    period_prolong(period=due, deadline=new, reason="Каникулы", actor=cast.office)

    due.refresh_from_db()
    late.refresh_from_db()
    assert (due.deadline, late.late) == (new, True)
    row = Prolongation.objects.get()
    assert (row.deadline, row.reason, row.prolonged_by) == (new, "Каникулы", cast.office)
    told = Notification.objects.filter(kind="deadline_moved")
    assert set(told.values_list("recipient__login", flat=True)) == {"school2", "school3", "village", "coordinator"}
    assert all("Каникулы" in text for text in told.values_list("text", flat=True))

    in_time = hand_in(due, region.schools[1], cast.reporters[1], roads="4", safe="1")
    assert in_time.late is False


def test_two_prolongations_of_one_day_are_both_told(due: ReportingPeriod, cast: Cast) -> None:
    for days in (3, 5):
        new = end_of_day(timezone.localdate() + dt.timedelta(days=days))
        period_prolong(period=due, deadline=new, reason="Каникулы", actor=cast.office)
    assert Notification.objects.filter(kind="deadline_moved", recipient=cast.village_reporter).count() == 2


def test_a_deadline_moves_on_alone_and_for_a_reason(due: ReportingPeriod, cast: Cast) -> None:
    new = timezone.now() + dt.timedelta(days=5)
    given: dict[str, Any] = {"period": due, "deadline": new, "reason": "Каникулы", "actor": cast.office}
    refusals: tuple[tuple[dict[str, Any], str], ...] = (
        ({"reason": "  "}, "reason"),
        ({"deadline": due.deadline}, "deadline"),
        ({"deadline": timezone.now() - dt.timedelta(hours=1)}, "deadline"),
    )
    for changes, field in refusals:
        with pytest.raises(ValidationFailed) as refused:
            period_prolong(**{**given, **changes})
        assert list(refused.value.errors) == [field]
    for person in (cast.coordinator, cast.curator, cast.auditor, cast.reporters[0]):
        with pytest.raises(PermissionDenied):
            period_prolong(**{**given, "actor": person})
    period_close(period=due, actor=cast.office)
    with pytest.raises(StateConflict):
        period_prolong(**given)
    assert not Prolongation.objects.exists()
