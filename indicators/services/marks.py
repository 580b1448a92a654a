"""Marking totals that have to be computed anew, in the transaction of the write that they depend on.

Call it last in the transaction: the outbox explains why (``jobs.services.enqueue``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import QuerySet

from indicators.models import OverTime, Question, ReportingPeriod, RollUpMark
from jobs.services import enqueue


def mark_coverage(period: ReportingPeriod, *, organisations: Sequence[int] | None = None) -> None:
    """The totals above these organisations (None: all) in one period: the number of those who handed in changed."""
    _mark([period], organisations)


def mark_for_roll_up(period: ReportingPeriod, *, organisations: Sequence[int] | None = None) -> None:
    """The totals above these organisations (None: all) where facts changed: in this period, and in the later ones of
    its kind in the year that add up figures over the year.
    """
    _mark([period, *later_that_add_up(period)], organisations)


def later_that_add_up(period: ReportingPeriod) -> QuerySet[ReportingPeriod]:
    """Later periods of its kind in the year whose totals hold figures of this one."""
    return ReportingPeriod.objects.filter(
        kind=period.kind,
        year=period.year,
        number__gt=period.number,
        pk__in=Question.objects.filter(over_time__in=(OverTime.FLOW, OverTime.AVERAGE)).values("period"),
    )


def _mark(periods: Iterable[ReportingPeriod], organisations: Sequence[int] | None) -> None:
    # In the order of ids, so that any two acceptances take the rows of the outbox in one order.
    ordered = sorted(periods, key=lambda period: period.pk)
    RollUpMark.objects.bulk_create(
        RollUpMark(period_id=period.pk, organisation_id=organisation)
        for period in ordered
        for organisation in (organisations if organisations is not None else [None])
    )
    for period in ordered:
        ask_to_roll_up(period)


def ask_to_roll_up(period: ReportingPeriod) -> None:
    """Have the marks of a period folded; those who ask before it begins are served together."""
    enqueue(
        handler="indicators.roll_up",
        arguments={"period_id": period.pk},
        title=f"Свод: {period}",
        key=f"period:{period.pk}",
        after=settings.ROLL_UP_GATHERS_SECONDS,
    )
