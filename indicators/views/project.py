"""Indicators of one project, as its passport in force has them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.selectors.section import breakdown_tables, indicator_table, results_table
from organisations.access import access_of
from organisations.models import Organisation
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.cells import Written, written_in
from projects.frame import project_context, project_or_404
from projects.models import Project, Redaction

SECTION = "indicators:project_indicators"
PARTS = (
    (SECTION, "Показатели и план"),
    ("indicators:project_breakdown", "По территориям"),
    ("indicators:project_methodology", "Методика"),
)


@require_safe
def project_indicators(request: SignedInRequest, pk: int) -> HttpResponse:
    """Section 2 of the passport: indicators with their targets by year, and how each is computed."""
    project = project_or_404(request, pk)
    context = _context(request, project, SECTION)
    context["table"] = indicator_table(project, _written(context["redaction"]))
    context["results"] = results_table(project)
    return render(request, "indicators/project_indicators.html", context)


@require_safe
def project_breakdown(request: SignedInRequest, pk: int) -> HttpResponse:
    """Targets by municipality or by organisation."""
    project = project_or_404(request, pk)
    context = {**_context(request, project, "indicators:project_breakdown"), "tables": breakdown_tables(project)}
    return render(request, "indicators/project_breakdown.html", context)


@require_safe
def project_methodology(request: SignedInRequest, pk: int) -> HttpResponse:
    """How each indicator and each result with yearly values is meant to be computed, in the words of the passport."""
    project = project_or_404(request, pk)
    context = _context(request, project, "indicators:project_methodology")
    context["rows"] = indicator_table(project, _written(context["redaction"])).rows
    context["results"] = results_table(project)
    return render(request, "indicators/project_methodology.html", context)


def node_or_404(project: Project, text: str) -> Organisation:
    """The node that an address names: a municipality of the project's territory; empty or the territory: the whole.

    Totals of these are seen by everyone who sees the project.
    """
    if not text or text == str(project.territory_id):
        return project.territory
    # Longer numbers are no id, and beyond 4,300 digits Python makes no number of them.
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return get_object_or_404(Organisation.objects.municipalities_under(project.territory), pk=int(text))


def _written(redaction: Redaction | None) -> Written:
    return written_in(redaction.document if redaction else None, "indicators")


def _context(request: SignedInRequest, project: Project, here: str) -> dict[str, Any]:
    return {
        **project_context(request, project, SECTION),
        "parts": [
            {"title": title, "url": reverse(name, args=[project.pk]), "current": name == here} for name, title in PARTS
        ],
        "may_edit": access_of(request.user).allows(Action.EDIT_CATALOGUE, project.territory),
    }
