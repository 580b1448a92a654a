"""The history of a figure: whatever it was, with who and when."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from finance.models import FinanceLine
from indicators.models import Indicator
from milestones.models import PlanRow
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project, ProjectedRow
from reports.models import Deviation, PartKind, PartState
from reports.state.history import Table, deviations_of, entered, executed, measured, planned, progressed, wordings

_MODELS: dict[PartKind, type[ProjectedRow]] = {
    PartKind.INDICATOR: Indicator,
    PartKind.RESULT: Indicator,
    PartKind.CONTROL_POINT: PlanRow,
    PartKind.MONEY: FinanceLine,
}
_TABS = {
    PartKind.INDICATOR: "reports:plan_fact",
    PartKind.RESULT: "reports:plan_fact",
    PartKind.CONTROL_POINT: "milestones:project",
    PartKind.MONEY: "finance:project",
}


@require_safe
def figure_history(request: SignedInRequest, pk: int, kind: str, row_id: UUID) -> HttpResponse:
    """Every value that a row of the passport had; of one that a later redaction dropped, too."""
    project = project_or_404(request, pk)
    if kind not in _MODELS:
        raise Http404
    part = PartKind(kind)
    row = _row(project, part, row_id)
    tab = _TABS[part]
    context = {
        **project_context(request, project, tab),
        "breadcrumbs": [*crumbs(project), (str(row), reverse(tab, args=[project.pk])), ("История", "")],
        "row": row,
        "kind": part,
        "tables": [table for table in _tables(request, project, part, row) if table.rows],
        "states": list(PartState.objects.filter(project=project, kind=kind, row_id=row_id).order_by("year")),
    }
    return render(request, "reports/state/history.html", context)


def _row(project: Project, kind: PartKind, row_id: UUID) -> ProjectedRow:
    rows = _MODELS[kind]._default_manager.filter(project=project, row_id=row_id).select_related("project__territory")
    row = rows.first()
    if row is None or (isinstance(row, Indicator) and (row.result_id is None) != (kind == PartKind.INDICATOR)):
        raise Http404
    return row


def _tables(request: SignedInRequest, project: Project, kind: PartKind, row: ProjectedRow) -> list[Table]:
    found = [planned(kind, wordings(project, kind, row.row_id))]
    if isinstance(row, Indicator):
        found += [measured(row), entered(row)]
    elif isinstance(row, PlanRow):
        found.append(progressed(row))
    elif isinstance(row, FinanceLine):
        found.append(executed(row))
    seen = Deviation.objects.visible_to(request.user).filter(project=project, kind=kind, row_id=row.row_id)
    return [*found, deviations_of(seen)]
