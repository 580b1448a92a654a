"""What was entered directly for one indicator, year and node: every version, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.models import DirectFigure, DirectKind, Indicator
from organisations.models import Organisation


@dataclass(frozen=True)
class Entered:
    """Versions of one kind; the first is in force unless it withdraws what stood before."""

    kind: DirectKind
    versions: Sequence[DirectFigure]

    @property
    def in_force(self) -> DirectFigure | None:
        first = self.versions[0] if self.versions else None
        return first if first and first.value is not None else None


def entered_for(indicator: Indicator, year: int, node: Organisation) -> tuple[Entered, Entered]:
    """Actuals and forecasts. One query."""
    rows = DirectFigure.objects.filter(indicator=indicator, organisation=node, year=year)
    found = list(rows.select_related("entered_by", "file").order_by("-number"))
    actual, forecast = (
        Entered(kind, [row for row in found if row.kind == kind]) for kind in (DirectKind.ACTUAL, DirectKind.FORECAST)
    )
    return actual, forecast
