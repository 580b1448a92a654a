"""Marking totals that have to be computed anew, in the transaction of the write that they depend on.

Call it last in the transaction: the outbox explains why (``jobs.services.enqueue``).
"""

from __future__ import annotations

from indicators.models import ReportingPeriod
from jobs.services import enqueue


def mark_coverage(period: ReportingPeriod) -> None:
    """The totals of one period, where no fact changed but the number of those who handed in did."""
    enqueue(
        handler="indicators.roll_up",
        arguments={"period_id": period.pk},
        title=f"Свод: {period}",
        key=f"period:{period.pk}",
    )


def mark_for_roll_up(period: ReportingPeriod) -> None:
    """This period and the later ones of its kind in the year: their flows and averages contain its facts.

    In the order of ids, so that any two acceptances take the rows of the outbox in one order.
    """
    later = ReportingPeriod.objects.filter(kind=period.kind, year=period.year, number__gte=period.number)
    for row in later.order_by("pk"):
        mark_coverage(row)
