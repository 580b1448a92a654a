"""The event plan of a project as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from milestones.models import ControlLevel, PlanKind, PlanRow
from projects.cells import Cell, cell, date_text, written_in
from projects.models import Project, Redaction

KIND_WORDS = {"result": "результат", "activity": "мероприятие", "control_point": "контрольная точка"}


@dataclass(frozen=True)
class PlanLine:
    """A row in document order; ``leads_to`` is the number of the control point that an activity leads to."""

    row: PlanRow
    kind_word: str
    start: Cell
    end: Cell
    leads_to: str


@dataclass(frozen=True)
class Plan:
    """``counts``: how many rows of each kind the whole plan has, whatever is shown of it."""

    lines: list[PlanLine]
    levels: list[ControlLevel]
    counts: list[tuple[str, int]]


def plan_of(project: Project, redaction: Redaction | None, filters: Mapping[str, Any] | None = None) -> Plan:
    """Appendix 1 of the redaction in force; ``filters`` may hold kind and responsible. Two queries."""
    rows = list(PlanRow.objects.filter(project=project).current().select_related("control_point").order_by("position"))
    written = written_in(redaction.document, "plan") if redaction else {}
    wanted = filters or {}
    kind, words = wanted.get("kind"), (wanted.get("responsible") or "").casefold()
    return Plan(
        lines=[
            _line(row, written)
            for row in rows
            if (not kind or row.kind == kind) and (not words or words in row.responsible.casefold())
        ],
        levels=list(ControlLevel.objects.filter(project=project)),
        counts=[(value, sum(1 for row in rows if row.kind == value)) for value in PlanKind.values],
    )


def _line(row: PlanRow, written: dict[tuple[int, str], str]) -> PlanLine:
    return PlanLine(
        row=row,
        kind_word=KIND_WORDS.get(row.kind or "", "без номера"),
        start=cell(date_text(row.start), written.get((row.position, "start"))),
        end=cell(date_text(row.end), written.get((row.position, "end"))),
        leads_to=row.control_point.number if row.control_point else "",
    )
