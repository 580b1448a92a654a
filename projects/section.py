"""Section 1 and 3 of the passport: the project itself, its tasks and results."""

from __future__ import annotations

from typing import Any

from projects.models import Project, Redaction, Result, Task
from projects.passport.schema import Result as ResultRow
from projects.passport.schema import decimal_text
from projects.projection import project_rows


def project(redaction: Redaction) -> None:
    """Rebuild the project's own columns, its tasks and its results from the redaction."""
    passport = redaction.passport
    term = (passport.start, passport.end)
    # A term written the wrong way round is a finding of the document; the column keeps only a term that is one.
    in_order = None in term or term[0] <= term[1]  # type: ignore[operator]
    Project.objects.filter(pk=redaction.project_id).update(
        level=passport.level or redaction.project.level,
        title=passport.title or passport.short_title or redaction.project.title,
        short_title=passport.short_title or passport.title or redaction.project.short_title,
        start=passport.start if in_order else None,
        end=passport.end if in_order else None,
        curator=passport.curator.name or "",
        head=passport.head.name or "",
    )
    tasks = project_rows(Task, redaction, passport.tasks, lambda t: {"number": t.number or "", "name": t.name or ""})

    def columns(row: ResultRow) -> dict[str, Any]:
        task_id = passport.tasks[row.task].id if row.task is not None else None
        return {
            "number": row.number or "",
            "name": row.name or "",
            "task": tasks[task_id] if task_id else None,
            "due": row.due,
            "characteristic": row.characteristic or "",
            "federal_result": row.federal_result or "",
            "targets": {year: None if v is None else decimal_text(v) for year, v in row.targets.items()},
        }

    project_rows(Result, redaction, passport.results, columns)
