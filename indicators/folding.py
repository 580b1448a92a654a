"""Time folds first, for each organisation: its figures over the periods of a year become one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from indicators.formulas import divide

ADDED_UP = frozenset({"flow", "average"})
"""Rules for which the earlier figures of the year count."""


def fold(over_time: str, earlier: Sequence[Decimal | None], now: Decimal | None) -> Decimal | None:
    """The figure of the year so far, by the rule of the base indicator (domain notes, §3).

    ``earlier`` are the organisation's accepted figures of the periods before this one, oldest first; None is «nothing
    reported» and never counts as 0. A snapshot and a cumulative figure are what this period says, a flow adds up,
    an average is taken over the periods that have a figure.
    """
    if over_time not in ADDED_UP:
        return now
    known = [value for value in (*earlier, now) if value is not None]
    if not known:
        return None
    return sum(known, Decimal(0)) if over_time == "flow" else divide(sum(known, Decimal(0)), Decimal(len(known)))
