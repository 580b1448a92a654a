"""What stays of an indicator that a redaction drops."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from indicators.models import Indicator
from projects.models import Project


def figures_kept(project: Project, rows: Sequence[str]) -> dict[str, list[str]]:
    """Of rows, for how many periods values were collected and how many were entered."""
    found = Indicator.objects.filter(project=project, row_id__in=rows).annotate(
        periods=Count("values__period", distinct=True),
        entered=Count("direct_figures", filter=Q(direct_figures__value__isnull=False), distinct=True),
    )
    return {str(row.row_id): _kept(row.periods, row.entered) for row in found}


def _kept(periods: int, entered: int) -> list[str]:
    kept = [f"отчётных периодов: {periods}"] if periods else []
    kept += [f"внесённых значений: {entered}"] if entered else []
    return kept
