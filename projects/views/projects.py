"""The list of projects, and the sections of a passport that this app owns."""

from __future__ import annotations

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.access import access_of
from organisations.roles import Action
from projects.cells import Cell, cell, date_text, number_text, written_in
from projects.document_tables import main_facts
from projects.forms.reading import ProjectFilter
from projects.frame import project_context, project_or_404
from projects.models import Redaction, Result
from projects.selectors import projects_listed, tasks_with_results, territories_with_projects

PAGE_ROWS = 50


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Projects of the person's part of the tree and above it; the filter lives in the address."""
    form = ProjectFilter(request.GET, territories=territories_with_projects(request.user))
    access = access_of(request.user)
    may_propose = access.allows(Action.PROPOSE_PASSPORT)
    context = {
        "title": "Проекты",
        "form": form,
        "page": Paginator(projects_listed(request.user, **form.chosen()), PAGE_ROWS).get_page(request.GET.get("page")),
        "may_propose": may_propose,
        "may_read_requests": may_propose or access.allows(Action.APPROVE_PASSPORT),
        "may_see_people": access.allows(Action.READ_REGISTER),
    }
    return render(request, "projects/list.html", context)


@require_safe
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Section 1 as the passport in force says it."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "projects:detail")
    redaction = context["redaction"]
    context["facts"] = main_facts(redaction.passport) if redaction else ()
    return render(request, "projects/detail.html", context)


@require_safe
def project_results(request: HttpRequest, pk: int) -> HttpResponse:
    """Section 3: tasks, and under each its results."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "projects:results")
    groups = tasks_with_results(project)
    years = sorted({year for _, results in groups for result in results for year in result.targets})
    written = written_in(context["redaction"].document, "results") if context["redaction"] else {}
    context["years"] = years
    context["groups"] = [
        (task, [(result, _due(result, written), _targets(result, years, written)) for result in results])
        for task, results in groups
    ]
    context["has_federal"] = any(result.federal_result for _, results in groups for result in results)
    return render(request, "projects/results.html", context)


def _due(result: Result, written: dict[tuple[int, str], str]) -> Cell:
    return cell(date_text(result.due), written.get((result.position, "due")))


def _target(result: Result, year: str) -> str:
    kept = result.targets.get(year)
    return "" if kept is None else number_text(Decimal(kept))


def _targets(result: Result, years: list[str], written: dict[tuple[int, str], str]) -> list[tuple[str, Cell]]:
    return [(year, cell(_target(result, year), written.get((result.position, f"targets.{year}")))) for year in years]


@require_safe
def project_additional(request: HttpRequest, pk: int) -> HttpResponse:
    """Section 6 and the footnotes of the document."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "projects:additional")
    redaction: Redaction | None = context["redaction"]
    context["additional"] = redaction.passport.additional if redaction else None
    context["footnotes"] = redaction.passport.footnotes if redaction else ()
    return render(request, "projects/additional.html", context)
