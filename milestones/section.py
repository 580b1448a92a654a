"""Appendix 1 of the passport: the event plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from milestones.models import ControlLevel, PlanRow
from projects.models import Redaction, Result
from projects.passport.schema import PlanRow as DocumentRow
from projects.projection import project_rows


def project(redaction: Redaction) -> None:
    """Rebuild the plan and the project's dictionary of control levels."""
    passport = redaction.passport
    results = {str(r.row_id): r for r in Result.objects.filter(project_id=redaction.project_id).current()}
    owners = _owners(passport.plan, redaction)
    first = _first_dates(redaction)

    def columns(row: DocumentRow) -> dict[str, Any]:
        return {
            "number": row.number or "",
            "name": row.name or "",
            "kind": row.kind,
            "start": row.start,
            "end": row.end,
            **dict(zip(("first_start", "first_end"), first.get(row.id or "", (None, None)), strict=True)),
            "responsible": row.responsible or "",
            "document": row.document or "",
            "control_level": row.control_level or "",
            "result": results.get(owners.get(row.id or "") or ""),
        }

    rows = project_rows(PlanRow, redaction, passport.plan, columns)
    _lead_to_control_points(passport.plan, rows)
    ControlLevel.objects.filter(project_id=redaction.project_id).delete()
    ControlLevel.objects.bulk_create(
        ControlLevel(project_id=redaction.project_id, position=position, code=code, meaning=meaning)
        for position, (code, meaning) in enumerate(passport.control_levels.items())
    )


def _owners(plan: tuple[DocumentRow, ...], redaction: Redaction) -> dict[str, str | None]:
    """The result of section 3 that each row serves: the link of the result row of the plan that it stands under."""
    links = redaction.recognised.plan_results
    owners: dict[str, str | None] = {}
    owner: str | None = None
    for row in plan:
        if row.kind == "result":
            link = links.get(row.id or "")
            owner = link.target if link else None
        owners[row.id or ""] = owner
    return owners


def _first_dates(redaction: Redaction) -> dict[str, tuple[dt.date | None, dt.date]]:
    """Start and end of each row in the first redaction, up to this one, in which it had a readable end."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (planned.id) planned.id, planned.start, planned."end"
            FROM projects_redaction AS redaction,
                 jsonb_to_recordset(redaction.document -> 'plan') AS planned (id text, start date, "end" date)
            WHERE redaction.project_id = %s AND redaction.number <= %s AND planned."end" IS NOT NULL
            ORDER BY planned.id, redaction.number
            """,
            [redaction.project_id, redaction.number],
        )
        return {row_id: (start, end) for row_id, start, end in cursor.fetchall()}


def _lead_to_control_points(plan: tuple[DocumentRow, ...], rows: dict[str, PlanRow]) -> None:
    """Tie each activity to the next control point in document order, within its result."""
    following: PlanRow | None = None
    changed = []
    for document_row in reversed(plan):
        row = rows[document_row.id or ""]
        if document_row.kind == "control_point":
            following = row
        elif document_row.kind == "result":
            following = None
        elif document_row.kind == "activity":
            row.control_point = following
            changed.append(row)
    PlanRow.objects.bulk_update(changed, ["control_point"], batch_size=500)
