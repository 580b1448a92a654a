"""Plan–fact arithmetic: how an actual stands to its target, and in which word and colour that is told. Pure.

Source: the table and the status words of the domain notes, §3. Ratios are kept on the scale of percent (100 is met).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from indicators.formulas import divide
from projects.passport.typography import percent
from projects.status import Status as Status

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Thresholds:
    """From which share of the target on there is no deviation, and none that is critical, in percent."""

    green: Decimal
    yellow: Decimal


@dataclass(frozen=True)
class Assessment:
    """``ratio`` in percent, as it is (1200 too); None is «—»: there is nothing to divide, or by nothing.

    It is that of the actual even where ``by_forecast`` the status is that of what a person foresees.
    """

    status: Status
    ratio: Decimal | None = None
    by_forecast: bool = False

    @property
    def words(self) -> str:
        """«наличие отклонений», «наличие отклонений по прогнозу»."""
        return f"{self.status.words} по прогнозу" if self.by_forecast else self.status.words

    @property
    def under_way(self) -> str:
        """«62,0 % плана года»: what was reached of a target that is not due yet; empty where it is, or of nothing."""
        return under_way(self.ratio) if self.by_forecast or self.status is Status.PENDING else ""


@dataclass(frozen=True)
class Term:
    """When a target is judged.

    ``date`` is the day that it is set for, ``due`` (never before it) the last day on which figures of that day are
    awaited, ``today`` the day on which it is asked.
    """

    date: dt.date
    due: dt.date
    today: dt.date


def term_of(year: int, own: dt.date | None, *, deadline: dt.date | None, today: dt.date) -> Term:
    """The target of a year is set for its last day, or for that of a result whose ``own`` day lies within the year.

    ``deadline``: the last one of the periods of the year, where there are any.
    """
    date = own if own and own.year == year else dt.date(year, 12, 31)
    return Term(date, max(deadline or date, date), today)


def assess(
    *,
    target: Decimal | None,
    actual: Decimal | None,
    decreasing: bool,
    thresholds: Thresholds,
    term: Term,
    as_of: dt.date | None = None,
    forecast: Decimal | None = None,
    reported: bool = False,
) -> Assessment:
    """How an actual of the day ``as_of`` stands to its target.

    ``target`` None: not planned, and the cell is left out of every count. ``actual`` None: nothing accepted, which
    after ``term.due`` is «сведения не представлены» and until that day «не наступил», never 0; if something was
    accepted after all (``reported``) the formula gave no value, a division by zero for example.

    Until the date of the target has come, and until ``term.due`` for an actual of an earlier day, nothing is late: an
    actual that has reached the target is green; of another one the ``forecast`` that a person entered is judged
    instead; without one it is «не наступил» with its ratio. Afterwards the actual is judged, and the forecast says
    nothing any more.

    The table of the domain notes says only what *no* fact before its date is, «не наступил». Of a fact it would make
    every indicator that grows over the year red in April, and ask staff to explain a quarter of the plan in the first
    quarter: the target is that of the end of the year, so we carry its word over to a fact that is on its way.
    """
    if target is None:
        return Assessment(Status.NOT_PLANNED)
    if actual is None and reported:
        return Assessment(Status.UNDEFINED)
    judged = None if actual is None else _judged(target, actual, decreasing, thresholds)
    if _has_come(term, as_of):
        return judged or Assessment(Status.GREY)
    if judged and judged.status is Status.GREEN:
        return judged
    ratio = judged.ratio if judged else None
    if forecast is None:
        return Assessment(Status.PENDING, ratio)
    return Assessment(_judged(target, forecast, decreasing, thresholds).status, ratio, by_forecast=True)


def under_way(ratio: Decimal | None) -> str:
    return "" if ratio is None else f"{percent(ratio, 1)} плана года"


def mean_ratio(ratios: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of ratios, each capped at 100 %, so that one success hides no failure. None where there is none.

    A ratio that is not defined is left out, not counted as 0.
    """
    capped = [min(ratio, HUNDRED) for ratio in ratios if ratio is not None]
    return divide(sum(capped, Decimal(0)), Decimal(len(capped)))


def _has_come(term: Term, as_of: dt.date | None) -> bool:
    if term.today < term.date:
        return False
    return term.today > term.due or (as_of is not None and as_of >= term.date)


def _judged(target: Decimal, value: Decimal, decreasing: bool, thresholds: Thresholds) -> Assessment:
    ratio = _ratio(target, value, decreasing)
    if ratio is None:
        met = value <= target if decreasing else value >= target
        return Assessment(Status.GREEN if met else Status.RED)
    return Assessment(_colour(ratio, thresholds), ratio)


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
