"""Plan–fact arithmetic: how an actual stands to its target, and in which word and colour that is told. Pure.

Source: the table and the status words of the domain notes, §3. Ratios are kept on the scale of percent (100 is met).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from indicators.formulas import divide
from projects.status import Status as Status

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Thresholds:
    """From which share of the target on there is no deviation, and none that is critical, in percent."""

    green: Decimal
    yellow: Decimal


@dataclass(frozen=True)
class Assessment:
    """``ratio`` in percent, as it is (1200 too); None is «—»: there is nothing to divide, or by nothing."""

    status: Status
    ratio: Decimal | None = None


def assess(
    *,
    target: Decimal | None,
    actual: Decimal | None,
    decreasing: bool,
    thresholds: Thresholds,
    due: dt.date,
    today: dt.date,
    reported: bool = False,
) -> Assessment:
    """How an actual stands to its target.

    ``target`` None: not planned, and the cell is left out of every count. ``actual`` None: nothing accepted, which
    after ``due`` is «сведения не представлены» and until that day «не наступил», never 0; if something was accepted
    after all (``reported``) the formula gave no value, a division by zero for example.
    """
    if target is None:
        return Assessment(Status.NOT_PLANNED)
    if actual is None and reported:
        return Assessment(Status.UNDEFINED)
    if actual is None:
        return Assessment(Status.GREY if today > due else Status.PENDING)
    ratio = _ratio(target, actual, decreasing)
    if ratio is None:
        met = actual <= target if decreasing else actual >= target
        return Assessment(Status.GREEN if met else Status.RED)
    return Assessment(_colour(ratio, thresholds), ratio)


def mean_ratio(ratios: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of ratios, each capped at 100 %, so that one success hides no failure. None where there is none.

    A ratio that is not defined is left out, not counted as 0.
    """
    capped = [min(ratio, HUNDRED) for ratio in ratios if ratio is not None]
    return divide(sum(capped, Decimal(0)), Decimal(len(capped)))


def _ratio(target: Decimal, actual: Decimal, decreasing: bool) -> Decimal | None:
    """Fact over target, or target over fact where less is better; None where that says nothing.

    It says nothing over zero, and of negative numbers: −1 of −2 is no half. Then only «met or not» is told.
    """
    if target < 0 or actual < 0:
        return None
    return divide(HUNDRED * target, actual) if decreasing else divide(HUNDRED * actual, target)


def _colour(ratio: Decimal, thresholds: Thresholds) -> Status:
    if ratio >= thresholds.green:
        return Status.GREEN
    return Status.YELLOW if ratio >= thresholds.yellow else Status.RED
