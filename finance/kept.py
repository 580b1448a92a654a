"""What stays of a line of money that a redaction drops."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from finance.models import FinanceLine
from projects.models import Project


def execution_kept(project: Project, rows: Sequence[str]) -> dict[str, list[str]]:
    """Of lines, how many sums were entered; what was withdrawn says nothing."""
    found = FinanceLine.objects.filter(project=project, row_id__in=rows).annotate(
        executed=Count("entries__executed"), contracted=Count("entries__contracted")
    )
    return {str(line.row_id): _kept(line.executed, line.contracted) for line in found}


def _kept(executed: int, contracted: int) -> list[str]:
    kept = [f"внесённых сумм исполнения: {executed}"] if executed else []
    kept += [f"внесённых сумм контрактов: {contracted}"] if contracted else []
    return kept
