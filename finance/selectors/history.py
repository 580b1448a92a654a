"""The history of a line's figures: who entered what and when, from which file, and what each redaction planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps

from finance.models import FinanceLine
from finance.section import ROUBLES
from projects.models import Redaction


@dataclass(frozen=True)
class Version:
    """What an entry said from a moment on."""

    number: int
    contracted: Decimal | None
    executed: Decimal | None
    explanation: str
    by: str
    at: dt.datetime
    file: str

    @property
    def is_withdrawn(self) -> bool:
        return self.contracted is None and self.executed is None


@dataclass(frozen=True)
class OfDate:
    """An entry as of a date with all its versions, the latest first."""

    as_of: dt.date
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class PlanOf:
    redaction: Redaction
    planned: Decimal | None


def history_of(line: FinanceLine, year: int) -> list[OfDate]:
    """The entries of a year, the latest day first. One query."""
    events = (
        apps.get_model("finance", "ExecutionEntryEvent")
        .objects.filter(line=line, year=year)
        .select_related("entered_by", "load__file")
        .order_by("-as_of", "-version", "-pgh_id")
    )
    found: dict[dt.date, list[Version]] = {}
    for event in events:
        found.setdefault(event.as_of, []).append(
            Version(
                event.version,
                event.contracted,
                event.executed,
                event.explanation,
                event.entered_by.short_name,
                event.entered_at,
                event.load.file.name if event.load else "",
            )
        )
    return [OfDate(day, tuple(versions)) for day, versions in found.items()]


def planned_by_redaction(line: FinanceLine, year: int) -> list[PlanOf]:
    """What each redaction plans for the line, in roubles, the one in force first. One query."""
    redactions = Redaction.objects.filter(project=line.project_id).order_by("-number")
    return [PlanOf(redaction, _planned(redaction, str(line.row_id), str(year))) for redaction in redactions]


def _planned(redaction: Redaction, row_id: str, year: str) -> Decimal | None:
    """Read from the document as it is kept: thousands of rows need not be built to find one."""
    unit = ROUBLES[redaction.document.get("finance_unit", "million")]
    rows: Iterable[dict[str, object]] = redaction.document.get("finance") or []
    amounts = next((row.get("amounts") for row in rows if row.get("id") == row_id), None)
    written = amounts.get(year) if isinstance(amounts, dict) else None
    return None if written is None else Decimal(str(written)) * unit
