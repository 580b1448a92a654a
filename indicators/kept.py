"""What stays of an indicator that a redaction drops."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from indicators.models import Indicator
from projects.models import Project


def figures_kept(project: Project, rows: Sequence[str]) -> dict[str, str]:
    """Of rows whose values were collected or entered, that they go to the archive and their values stay."""
    found = Indicator.objects.filter(project=project, row_id__in=rows).annotate(
        periods=Count("values__period", distinct=True),
        entered=Count("direct_figures", filter=Q(direct_figures__value__isnull=False), distinct=True),
    )
    return {str(row.row_id): _words(row.periods, row.entered) for row in found if row.periods or row.entered}


def _words(periods: int, entered: int) -> str:
    counts = [f"отчётных периодов: {periods}"] if periods else []
    counts += [f"внесённых значений: {entered}"] if entered else []
    return f"По строке есть сведения ({', '.join(counts)}): она уходит в архив, сведения сохраняются."
