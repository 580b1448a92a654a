"""The production calendar: norms of the years, known days, and counting in working days."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from organisations.models import ExceptionalDay
from organisations.services.calendar import exceptional_day_remove, exceptional_day_save
from organisations.services.errors import StateConflict
from organisations.working_days import DayKind, OwnDay, ProductionCalendar, country_day, decree_of
from tests.conftest import Cast

COUNTRY = ProductionCalendar()
NORMS = {2019: 247, 2020: 248, 2021: 247, 2022: 247, 2023: 247, 2024: 248, 2025: 247, 2026: 247}
"""Working days of a five-day week, from the production calendars of these years."""

days = st.dates(dt.date(2017, 1, 1), dt.date(2030, 12, 31))
calendars = st.dictionaries(days, st.builds(OwnDay, st.booleans(), st.just("причина")), max_size=30).map(
    ProductionCalendar
)


@pytest.mark.parametrize(("year", "norm"), NORMS.items())
def test_a_year_has_as_many_working_days_as_its_published_norm(year: int, norm: int) -> None:
    assert sum(day.kind.is_working for day in COUNTRY.year(year)) == norm
    assert decree_of(year) is not None


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2019-05-10", DayKind.DAY_OFF),
        ("2020-03-09", DayKind.DAY_OFF),  # 8 March on a Sunday moves by itself
        ("2020-05-06", DayKind.WORKING),  # «non-working» by a decree of the President is no day off
        ("2021-02-20", DayKind.WORKING_WEEKEND),
        ("2021-05-10", DayKind.DAY_OFF),
        ("2022-05-02", DayKind.DAY_OFF),
        ("2022-05-03", DayKind.DAY_OFF),
        ("2023-11-06", DayKind.DAY_OFF),
        ("2024-11-02", DayKind.WORKING_WEEKEND),
        ("2024-12-30", DayKind.DAY_OFF),
        ("2025-02-24", DayKind.WORKING),  # 23 February on a Sunday was moved to May by the decree
        ("2025-03-10", DayKind.WORKING),
        ("2025-06-13", DayKind.DAY_OFF),
        ("2026-01-09", DayKind.DAY_OFF),
        ("2026-01-04", DayKind.HOLIDAY),
        ("2026-01-12", DayKind.WORKING),
        ("2026-12-31", DayKind.DAY_OFF),
    ],
)
def test_days_of_the_decrees(day: str, kind: DayKind) -> None:
    assert country_day(dt.date.fromisoformat(day)).kind == kind


def test_a_year_without_a_decree_follows_the_labour_code_alone() -> None:
    assert decree_of(2029) is None
    assert country_day(dt.date(2029, 1, 8)).kind == DayKind.HOLIDAY
    assert country_day(dt.date(2029, 11, 5)).kind == DayKind.DAY_OFF  # the 4th is a Sunday


@given(calendars, days, st.integers(1, 60))
def test_counting_forth_and_back(calendar: ProductionCalendar, day: dt.date, count: int) -> None:
    later = calendar.add_working_days(day, count)
    assert calendar.is_working_day(later)
    assert calendar.working_days_between(day, later) == count
    assert calendar.working_days_between(later, day) == -count
    earlier = calendar.add_working_days(day, -count)
    assert calendar.is_working_day(earlier)
    assert calendar.working_days_between(earlier, day) == count - 1 + calendar.is_working_day(day)


@given(calendars, days, days, days)
def test_spans_add_up(calendar: ProductionCalendar, first: dt.date, second: dt.date, third: dt.date) -> None:
    between = calendar.working_days_between
    a, b, c = sorted((first, second, third))
    assert between(a, b) + between(b, c) == between(a, c) <= (c - a).days


def test_no_working_days_later_is_the_day_itself() -> None:
    sunday = dt.date(2026, 11, 22)
    assert COUNTRY.add_working_days(sunday, 0) == sunday


def test_the_office_adds_a_holiday_of_its_region_and_takes_it_back(cast: Cast) -> None:
    monday = dt.date(2026, 11, 23)
    row = exceptional_day_save(day=monday, is_working=False, reason="День области", actor=cast.office)
    calendar = ExceptionalDay.objects.calendar()
    assert calendar.add_working_days(dt.date(2026, 11, 20), 1) == dt.date(2026, 11, 24)
    found = calendar.day(monday)
    assert (found.kind, found.reason, found.own) == (DayKind.DAY_OFF, "День области", True)

    exceptional_day_remove(exceptional_day=row, actor=cast.office)
    assert ExceptionalDay.objects.calendar().is_working_day(monday)


def test_a_saturday_can_be_made_working(cast: Cast) -> None:
    saturday = dt.date(2027, 2, 20)
    exceptional_day_save(day=saturday, is_working=True, reason="Постановление о 2027 годе", actor=cast.office)
    assert ExceptionalDay.objects.calendar().day(saturday).kind == DayKind.WORKING_WEEKEND


def test_an_exception_that_changes_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(StateConflict, match="и так нерабочий"):
        exceptional_day_save(day=dt.date(2026, 11, 22), is_working=False, reason="Воскресенье", actor=cast.office)


def test_only_the_office_changes_the_calendar(cast: Cast) -> None:
    row = exceptional_day_save(day=dt.date(2026, 11, 23), is_working=False, reason="День области", actor=cast.office)
    for person in (cast.administrator, cast.coordinator, cast.reporters[0], cast.auditor):
        with pytest.raises(PermissionDenied):
            exceptional_day_save(day=dt.date(2026, 11, 24), is_working=False, reason="Нет", actor=person)
        with pytest.raises(PermissionDenied):
            exceptional_day_remove(exceptional_day=row, actor=person)


def test_every_change_of_the_calendar_leaves_a_trace(cast: Cast) -> None:
    row = exceptional_day_save(day=dt.date(2026, 11, 23), is_working=False, reason="День области", actor=cast.office)
    exceptional_day_remove(exceptional_day=row, actor=cast.office)
    trail = apps.get_model("organisations", "ExceptionalDayEvent").objects.order_by("pgh_id")
    assert list(trail.values_list("pgh_label", "reason")) == [("insert", "День области"), ("delete", "День области")]
