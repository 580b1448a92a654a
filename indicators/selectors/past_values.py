"""What a figure came to in earlier versions of its period."""

from __future__ import annotations

from indicators.models import Measurement, PastValue


def past_values(measurement: Measurement, node_id: int) -> list[PastValue]:
    """Values of the figure at a node before each correction of the period, the latest first. One query."""
    rows = PastValue.objects.filter(
        reopening__period=measurement.period_id, indicator=measurement.indicator_id, organisation=node_id
    )
    return list(rows.select_related("reopening__actor").order_by("-reopening__number"))
