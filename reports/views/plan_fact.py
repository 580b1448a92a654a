"""Plan and fact: indicator × year, and from a figure down to the form it came from."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from indicators.models import Measurement
from indicators.selectors.drill_down import drill_down
from indicators.selectors.plan_fact import PlanFact, Row, plan_fact
from indicators.status import Status
from indicators.views.requests import SignedInRequest
from organisations.access import access_of, require
from organisations.models import OrganisationKind
from organisations.roles import Action
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project
from reports import charts
from reports.forms import PlanFactRequestForm
from reports.models import TABLE_FORMATS
from reports.plan_fact import SHOWN_DECIMALS, plan_fact_dataset
from reports.services import plan_fact_request


@require_safe
def table(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every indicator of the project by year, for the whole or for one municipality (``?node=``)."""
    project = project_or_404(request, pk)
    shown = _table(request, project, request.GET.get("node", ""))
    return render(
        request,
        "reports/plan_fact/table.html",
        {
            **project_context(request, project, "reports:plan_fact"),
            "table": shown,
            "nodes": _nodes(project),
            "formats": TABLE_FORMATS,
            "may_request": access_of(request.user).allows(Action.REQUEST_DOCUMENTS),
        },
    )


@require_safe
def indicator(request: SignedInRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """One indicator over the years as a chart, with its wording and formula."""
    project = project_or_404(request, pk)
    shown = _table(request, project, request.GET.get("node", ""))
    row = next((row for row in shown.rows if row.indicator.pk == indicator_pk), None)
    if row is None:
        raise Http404
    context = {
        **project_context(request, project, "reports:plan_fact"),
        "breadcrumbs": crumbs(project, "План и факт"),
        "row": row,
        "table": shown,
        "chart": _chart(row),
    }
    return render(request, "reports/plan_fact/indicator.html", context)


@require_safe
def figure(request: SignedInRequest, pk: int, indicator_pk: int, period_pk: int, node_pk: int) -> HttpResponse:
    """A figure of one period at one node: its operands, the level below, and at the end the form."""
    project = project_or_404(request, pk)
    measurement = get_object_or_404(
        Measurement.objects.select_related("period", "project", "indicator"),
        indicator=indicator_pk,
        period=period_pk,
        project__project=project,
    )
    shown = drill_down(measurement, node_pk, request.user)
    if shown is None:
        raise Http404
    context = {
        **project_context(request, project, "reports:plan_fact"),
        "breadcrumbs": crumbs(project, "План и факт"),
        "shown": shown,
        "measurement": measurement,
    }
    return render(request, "reports/plan_fact/figure.html", context)


@require_POST
def print_table(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the table as it stands now as a document."""
    project = project_or_404(request, pk)
    require(request.user, Action.REQUEST_DOCUMENTS)
    form = PlanFactRequestForm(request.POST)
    if not form.is_valid():
        raise Http404
    shown = _table(request, project, form.cleaned_data["node"])
    dataset = plan_fact_dataset(project, shown)
    document = plan_fact_request(
        project=project,
        title=dataset.title,
        snapshot=dataset.model_dump(mode="json"),
        ending=form.cleaned_data["format"],
        actor=request.user,
    )
    return redirect("reports:document", public_id=document.public_id)


def _table(request: SignedInRequest, project: Project, node: str) -> PlanFact:
    organisation = None
    if node and node != str(project.territory_id):
        # Longer numbers are no id, and beyond 4,300 digits Python makes no number of them.
        if not (node.isascii() and node.isdigit() and len(node) < 19):
            raise Http404
        organisation = get_object_or_404(_nodes(project), pk=int(node))
    return plan_fact(project, request.user, organisation)


def _nodes(project: Project) -> Any:
    """Municipalities within the project's territory: totals of these are seen by everyone who sees the project."""
    below = type(project.territory).objects.under(project.territory)
    return below.filter(kind=OrganisationKind.MUNICIPALITY).exclude(pk=project.territory_id)


def _chart(row: Row) -> charts.PlanFactChart:
    points = [
        charts.PlanFactPoint(
            label=str(cell.year),
            plan=cell.target,
            fact=None if cell.actual is None else round(cell.actual, SHOWN_DECIMALS),
            missing=cell.status is Status.GREY,
        )
        for cell in row.cells
    ]
    return charts.plan_fact("План и факт по годам", row.indicator.unit, points)
