"""The reporting periods of the demo region, and how far the projects had come by the end of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from indicators.models import PeriodKind
from organisations.working_days import ProductionCalendar

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True)
class Moment:
    """``progress``: years since the projects began. ``year_part``: of what happens in a year, how much had happened.

    ``deadline`` None: counted from the day on which the demo is loaded.
    """

    key: str
    kind: str
    year: int
    number: int
    progress: float
    year_part: float
    deadline: dt.date | None


YEAR_2024 = Moment("2024", PeriodKind.YEAR, 2024, 1, 1.0, 1.0, dt.date(2025, 1, 24))
NINE_MONTHS_2025 = Moment("2025-9", PeriodKind.NINE_MONTHS, 2025, 1, 1.75, 0.7, dt.date(2025, 10, 14))
YEAR_2025 = Moment("2025", PeriodKind.YEAR, 2025, 1, 2.0, 1.0, dt.date(2026, 1, 26))
HALF_2026 = Moment("2026-6", PeriodKind.HALF_YEAR, 2026, 1, 2.5, 0.5, dt.date(2026, 7, 10))
NINE_MONTHS_2026 = Moment("2026-9", PeriodKind.NINE_MONTHS, 2026, 1, 2.75, 0.7, None)

CLOSED = (YEAR_2024, NINE_MONTHS_2025, YEAR_2025)


def at_six(day: dt.date) -> dt.datetime:
    """Six in the evening of that day, when the ministry stops taking forms."""
    return dt.datetime.combine(day, dt.time(18), MOSCOW)


def in_working_hours(day: dt.date, share: float) -> dt.datetime:
    """A time of that day between half past eight and six, and never a round one."""
    return dt.datetime.combine(day, dt.time(8, 30), MOSCOW) + dt.timedelta(seconds=int(share * 9.4 * 3600))


def working_days_after(day: dt.date, number: int) -> dt.date:
    """The day that lies so many working days ahead, by the calendar of the country."""
    return ProductionCalendar().add_working_days(day, number)
