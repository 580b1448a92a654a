"""How the execution of a line stands to its plan, and in which word that is told. Pure.

Source: the status words of the domain notes, §3. What should be executed by the end of a quarter is a share of the
year's plan, a threshold with a date of effect; money is judged by the last quarter whose figures are due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.models import ExecutionThreshold
from organisations.working_days import ProductionCalendar
from projects.status import Status

HUNDRED = Decimal(100)
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
_SHARES = ("first", "second", "third", "fourth")

# What holds until the ministry sets its own: evenly over the year, and a shortfall of a tenth is critical.
FIRST_THRESHOLD = {
    "first": Decimal(25),
    "second": Decimal(50),
    "third": Decimal(75),
    "fourth": Decimal(100),
    "yellow": Decimal(90),
    "working_days": 10,
}


@dataclass(frozen=True)
class Control:
    """The end of a quarter that money is judged by: ``share`` of the year's plan is expected by ``day``, in percent."""

    day: dt.date
    share: Decimal
    yellow: Decimal
    due: dt.date


def threshold_on(day: dt.date, thresholds: Sequence[ExecutionThreshold]) -> ExecutionThreshold:
    """What holds on a day; not saved where the ministry has set nothing for it."""
    held = [row for row in thresholds if row.effective_from <= day]
    return max(held, key=lambda row: row.effective_from, default=ExecutionThreshold(**FIRST_THRESHOLD))


def control_of(
    year: int, today: dt.date, thresholds: Sequence[ExecutionThreshold], calendar: ProductionCalendar
) -> Control | None:
    """The last quarter of the year whose figures are due; None while none is."""
    for place in range(len(QUARTER_ENDS) - 1, -1, -1):
        day = dt.date(year, *QUARTER_ENDS[place])
        if day >= today:
            continue
        rule = threshold_on(day, thresholds)
        due = calendar.add_working_days(day, rule.working_days)
        if today > due:
            return Control(day, getattr(rule, _SHARES[place]), rule.yellow, due)
    return None


def judge(
    *, planned: Decimal | None, executed: Decimal | None, as_of: dt.date | None, control: Control | None
) -> Status:
    """The word for a line in a year; ``executed`` is cumulative as of ``as_of``.

    More than planned, or anything where nothing is, is a deviation. Nothing entered after its day is «сведения не
    представлены», and so is what was entered before the quarter's end and would not do for it.
    """
    if executed is not None and executed > (planned or 0):
        return Status.YELLOW
    if planned is None or (planned == 0 and executed is None):
        return Status.NOT_PLANNED
    if control is None:
        return Status.PENDING
    expected = planned * control.share / HUNDRED
    if executed is None or as_of is None or (as_of < control.day and executed < expected):
        return Status.GREY
    if executed >= expected:
        return Status.GREEN
    return Status.YELLOW if executed >= expected * control.yellow / HUNDRED else Status.RED


def percent_of(executed: Decimal | None, planned: Decimal | None) -> Decimal | None:
    """Execution in percent of the plan, as it is; None is «—»: nothing to divide, or by nothing."""
    if executed is None or not planned:
        return None
    return HUNDRED * executed / planned
