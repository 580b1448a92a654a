"""The money of a project: what is planned and executed, whether it adds up, and the history of a figure."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from finance.forms import UNIT_COOKIE, UNIT_SECONDS, MoneyFilters
from finance.models import FinanceLine
from finance.selectors import Money, known_money, money_of
from finance.selectors.execution import execution_of, sources_of, years_of
from finance.selectors.history import history_of, planned_by_redaction
from finance.selectors.reconciling import reconciled
from finance.status import threshold_on
from finance.views.requests import usual_unit
from organisations.access import access_of
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project, Result


@require_safe
def project_finance(request: SignedInRequest, pk: int) -> HttpResponse:
    """Execution of a year as filtered (``?year=&result=&source=&unit=``), and section 4 of the passport in force."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "finance:project")
    money = known_money([project], today=timezone.localdate())
    filters = money_filters(request, project, money)
    execution = execution_of(project, money, filters.chosen)
    redaction = context["redaction"]
    context |= {
        "filters": filters,
        "unit": filters.shown_in,
        "execution": execution,
        "threshold": threshold_on(money.today, money.thresholds),
        "reconciled": reconciled(money, execution.blocks, redaction, filters.chosen.year) if redaction else [],
        "money": money_of(project, redaction, filters.shown_in),
        "may_enter": access_of(request.user).allows(Action.ENTER_EXECUTION, project.territory),
    }
    response = render(request, "finance/project.html", context)
    if "unit" in filters.said:
        response.set_cookie(
            UNIT_COOKIE,
            filters.shown_in,
            max_age=UNIT_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@require_safe
def line_history(request: SignedInRequest, pk: int, line_pk: int, year: int) -> HttpResponse:
    """Every figure of a line in a year: who entered it, when, from what; and the plan by redaction."""
    project = project_or_404(request, pk)
    line = get_object_or_404(FinanceLine.objects.select_related("result"), pk=line_pk, project=project)
    if not 1990 <= year <= 2199:
        raise Http404
    context = {
        **project_context(request, project, "finance:project"),
        "breadcrumbs": [*crumbs(project), ("Финансы", reverse("finance:project", args=[pk])), (f"{year} год", "")],
        "line": line,
        "year": year,
        "history": history_of(line, year),
        "plans": planned_by_redaction(line, year),
    }
    return render(request, "finance/line.html", context)


def money_filters(request: SignedInRequest, project: Project, money: Money) -> MoneyFilters:
    """The filters of the page and of its exports. One query."""
    named = {line.row.result_id for block in money.blocks[project.pk] for line in block.lines if line.row.result_id}
    results = Result.objects.filter(pk__in=named).order_by("position")
    return MoneyFilters(
        request.GET,
        years=years_of(money, project),
        results=[(row.pk, f"{row.number} {row.name}".strip()) for row in results],
        sources=sources_of(money, project),
        today=money.today,
        usual=usual_unit(request),
    )
