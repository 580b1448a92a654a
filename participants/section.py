"""Section 5 of the passport: participants."""

from __future__ import annotations

from typing import Any

from participants.models import Participant
from projects.models import Redaction
from projects.passport.schema import Participant as DocumentRow
from projects.projection import project_rows


def project(redaction: Redaction) -> None:
    """Rebuild the table of participants."""

    def columns(row: DocumentRow) -> dict[str, Any]:
        return {
            "number": row.number or "",
            "name": row.name or "",
            "role": row.role or "",
            "position_title": row.position or "",
            "supervisor": row.supervisor or "",
            "employment": row.employment,
            "group": row.group or "",
        }

    project_rows(Participant, redaction, redaction.passport.participants, columns)
