"""The production calendar of Russia for a week of five days, and counting in working days.

Source: article 112 of the Labour Code (holidays; one that falls on a weekend moves to the next working day, those of
January excepted) and the yearly decrees that move days off, which lie in ``production_calendar.csv``. A year whose
decree is not there is counted by the article alone. The project office's own days come on top.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

_DAY = dt.timedelta(days=1)
_NEW_YEAR, _CHRISTMAS = "Новогодние каникулы", "Рождество Христово"
HOLIDAYS: dict[tuple[int, int], str] = {
    **{(1, day): _NEW_YEAR for day in (1, 2, 3, 4, 5, 6, 8)},
    (1, 7): _CHRISTMAS,
    (2, 23): "День защитника Отечества",
    (3, 8): "Международный женский день",
    (5, 1): "Праздник Весны и Труда",
    (5, 9): "День Победы",
    (6, 12): "День России",
    (11, 4): "День народного единства",
}
"""Month and day of each holiday of article 112."""


class DayKind(StrEnum):
    WORKING = "working"
    WORKING_WEEKEND = "working_weekend"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    DAY_OFF = "day_off"

    @property
    def is_working(self) -> bool:
        return self in {DayKind.WORKING, DayKind.WORKING_WEEKEND}


@dataclass(frozen=True)
class CalendarDay:
    """What a day is and why; ``own``: the project office said so."""

    day: dt.date
    kind: DayKind
    reason: str = ""
    own: bool = False


@dataclass(frozen=True)
class OwnDay:
    """A day as the project office set it."""

    is_working: bool
    reason: str


@dataclass(frozen=True)
class ProductionCalendar:
    """The country's calendar with the days that the project office changed."""

    own: Mapping[dt.date, OwnDay] = field(default_factory=dict)

    def day(self, day: dt.date) -> CalendarDay:
        changed = self.own.get(day)
        if changed is None:
            return country_day(day)
        if changed.is_working:
            kind = DayKind.WORKING_WEEKEND if day.weekday() >= 5 else DayKind.WORKING
        else:
            kind = DayKind.DAY_OFF
        return CalendarDay(day, kind, changed.reason, own=True)

    def is_working_day(self, day: dt.date) -> bool:
        return self.day(day).kind.is_working

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``day``; before it where the count is negative; ``day`` itself for 0."""
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """How many working days follow ``start`` up to ``end`` inclusive; negative where ``end`` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + _DAY * number for number in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def year(self, year: int) -> Iterator[CalendarDay]:
        day = dt.date(year, 1, 1)
        while day.year == year:
            yield self.day(day)
            day += _DAY


def country_day(day: dt.date) -> CalendarDay:
    """The day as the whole country has it."""
    return _exceptions(day.year).get(day) or CalendarDay(
        day, DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKING
    )


def decree_of(year: int) -> str | None:
    """The decree that moved the days off of a year; None: not known to the portal."""
    decree = _transfers().get(year)
    return decree.name if decree else None


@dataclass(frozen=True)
class _Decree:
    name: str
    moves: tuple[tuple[dt.date, dt.date], ...]


@cache
def _transfers() -> dict[int, _Decree]:
    """Decrees by year."""
    lines = (Path(__file__).parent / "production_calendar.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    moves = [(dt.date.fromisoformat(row["from"]), dt.date.fromisoformat(row["to"])) for row in rows]
    named = (re.fullmatch(r"# (\d{4}): (.+)", line) for line in lines)
    return {
        int(found[1]): _Decree(found[2], tuple(move for move in moves if move[0].year == int(found[1])))
        for found in named
        if found
    }


@cache
def _exceptions(year: int) -> dict[dt.date, CalendarDay]:
    """The days of a year that are not what their weekday says."""
    holidays = {dt.date(year, month, day): name for (month, day), name in HOLIDAYS.items()}
    found = {day: CalendarDay(day, DayKind.HOLIDAY, name) for day, name in holidays.items()}
    decree = _transfers().get(year)
    moves = decree.moves if decree else ()
    for left, taken in moves:
        if left not in holidays:
            found[left] = CalendarDay(left, DayKind.WORKING_WEEKEND, f"Выходной перенесён на {taken:%d.%m.%Y}")
        found[taken] = CalendarDay(taken, DayKind.DAY_OFF, f"Выходной перенесён с {left:%d.%m.%Y}")
    settled = {left for left, _ in moves}
    for holiday, name in sorted(holidays.items()):
        if holiday.month == 1 or holiday.weekday() < 5 or holiday in settled:
            continue
        taken = holiday + _DAY
        while taken in found or taken.weekday() >= 5:
            taken += _DAY
        found[taken] = CalendarDay(taken, DayKind.DAY_OFF, f"{name}: выходной перенесён с {holiday:%d.%m.%Y}")
    return found
