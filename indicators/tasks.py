"""Work of this room that outlives a request."""

from __future__ import annotations

from typing import Any

from indicators.models import ReportingPeriod
from indicators.rollup import roll_up_period
from jobs.handlers import Progress, handler


@handler("indicators.roll_up")
def roll_up(arguments: dict[str, Any], progress: Progress) -> dict[str, Any] | None:
    """Compute the totals of one period anew from its accepted facts. Running it twice changes nothing."""
    period = ReportingPeriod.objects.filter(pk=arguments["period_id"]).first()
    if period is None:
        return None
    progress(10, f"Свод: {period}")
    return {"changed": roll_up_period(period_id=period.pk)}
