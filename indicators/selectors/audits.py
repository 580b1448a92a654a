"""What the nightly audits of the roll-up found."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.models import Indicator, Measurement, ReportingPeriod, RollUpAudit
from organisations.models import Organisation

SHOWN = 30
"""How many nights are listed."""


@dataclass(frozen=True)
class Difference:
    """A figure of a node that is not what accepted forms come to. ``indicator`` None: the sums behind its figures.

    ``measurement``: where one click leads to what the figure is made of, None where the period measures it no more.
    """

    period: ReportingPeriod
    node: Organisation
    indicator: Indicator | None
    measurement: Measurement | None
    kept: Decimal | None
    right: Decimal | None
    coverage_differs: bool


def audits() -> list[RollUpAudit]:
    """The last nights, newest first."""
    return list(RollUpAudit.objects.exclude(finished_at=None)[:SHOWN])


def differences_of(audit: RollUpAudit) -> list[Difference]:
    """The differences that an audit describes, with what they are about. Four queries."""
    periods = ReportingPeriod.objects.in_bulk({row["period"] for row in audit.listed})
    nodes = Organisation.objects.in_bulk({row["organisation"] for row in audit.listed})
    named = {row["indicator"] for row in audit.listed if row["indicator"]}
    indicators = Indicator.objects.select_related("project").in_bulk(named)
    measured = {
        (row.period_id, row.indicator_id): row
        for row in Measurement.objects.filter(period__in=periods, indicator__in=named)
    }
    return [
        Difference(
            periods[row["period"]],
            nodes[row["organisation"]],
            indicators.get(row["indicator"]),
            measured.get((row["period"], row["indicator"])),
            _value(row["kept"]),
            _value(row["right"]),
            _coverage(row["kept"]) != _coverage(row["right"]),
        )
        for row in audit.listed
        if row["period"] in periods and row["organisation"] in nodes
    ]


def _value(side: dict[str, Any] | None) -> Decimal | None:
    value = (side or {}).get("value")
    return None if value is None else Decimal(str(value))


def _coverage(side: dict[str, Any] | None) -> list[Any]:
    return [(side or {}).get(part) for part in ("expected", "submitted", "accepted")]
