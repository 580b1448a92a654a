"""Plan and fact: indicator × year, and from a figure down to the form it came from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from indicators.forms.widgets import options
from indicators.models import Measurement
from indicators.selectors.drill_down import DrillDown, drill_down
from indicators.selectors.past_values import past_values
from indicators.selectors.plan_fact import PlanFact, Row, plan_fact
from indicators.services.freezing import thresholds_on
from indicators.status import Status
from indicators.views.project import node_or_404
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.selectors.municipalities import municipality_choices
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project
from reports import charts
from reports.forms import PlanFactRequestForm
from reports.models import TABLE_FORMATS, DocumentKind
from reports.plan_fact import SHOWN_DECIMALS, plan_fact_dataset
from reports.services import snapshot_request


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
            "nodes": options(municipality_choices(project.territory), [str(shown.node.pk)]),
            **_rules(shown),
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
        "may_enter": access_of(request.user).allows(Action.EDIT_CATALOGUE, project.territory),
        **_rules(shown),
    }
    return render(request, "reports/plan_fact/indicator.html", context)


@require_safe
def figure(request: SignedInRequest, pk: int, indicator_pk: int, period_pk: int, node_pk: int) -> HttpResponse:
    """A figure of one period at one node: its operands, the level below, and at the end the form."""
    project = project_or_404(request, pk)
    measurement = get_object_or_404(
        Measurement.objects.select_related("period", "project", "indicator__result"),
        indicator=indicator_pk,
        period=period_pk,
        project__project=project,
    )
    shown = drill_down(measurement, node_pk, request.user, page=request.GET.get("page", ""))
    if shown is None:
        raise Http404
    context = {
        **project_context(request, project, "reports:plan_fact"),
        "breadcrumbs": crumbs(project, "План и факт"),
        "shown": shown,
        "measurement": measurement,
        "past": past_values(measurement, node_pk),
        "missing": _missing(project, measurement, shown) if access_of(request.user).is_staff else "",
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
    document = snapshot_request(
        kind=DocumentKind.PLAN_FACT,
        project=project,
        title=dataset.title,
        snapshot=dataset.model_dump(mode="json"),
        ending=form.cleaned_data["format"],
        actor=request.user,
    )
    return redirect("reports:document", public_id=document.public_id)


def _table(request: SignedInRequest, project: Project, node: str) -> PlanFact:
    return plan_fact(project, request.user, node_or_404(project, node))


def _missing(project: Project, measurement: Measurement, shown: DrillDown) -> str:
    """Where those are listed whose forms the figure lacks; empty where none is lacking."""
    coverage = shown.node.coverage
    if shown.node.is_organisation or coverage is None or coverage.is_full:
        return ""
    where = {
        "year": measurement.period.year,
        "project": project.pk,
        "show": "missing",
        "node": shown.node.place.organisation_id,
        "period": measurement.period_id,
        "only": "missing",
    }
    return f"{reverse('reports:completeness')}?{urlencode(where)}"


def _rules(shown: PlanFact) -> dict[str, Any]:
    """The thresholds of today, which stand on the page beside the rules."""
    green, yellow = thresholds_on(timezone.localdate(), shown.thresholds)
    return {"green": green, "yellow": yellow}


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
