"""What stays of a row of the plan that a redaction drops."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from milestones.models import PlanRow
from projects.models import Project
from projects.passport.typography import date_short


def progress_kept(project: Project, rows: Sequence[str]) -> dict[str, list[str]]:
    """Of rows of which somebody wrote, what was written."""
    found = PlanRow.objects.filter(project=project, row_id__in=rows).select_related("progress")
    return {str(row.row_id): _kept(row, row.files) for row in found.annotate(files=Count("evidence"))}


def _kept(row: PlanRow, files: int) -> list[str]:
    progress = getattr(row, "progress", None)
    kept = []
    if progress and progress.completed_on:
        kept.append(f"выполнено {date_short(progress.completed_on)}")
    if progress and progress.forecast:
        kept.append(f"прогноз {date_short(progress.forecast)}")
    if progress and progress.comment:
        kept.append("комментарий")
    if files:
        kept.append(f"подтверждений: {files}")
    return kept
