"""Indicators of one project, as its passport in force has them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from indicators.selectors.section import breakdown_tables, indicator_table
from indicators.views.requests import SignedInRequest
from organisations.access import access_of, visible_or_404
from organisations.roles import Action
from projects.models import Project

PARTS = (
    ("indicators:project_indicators", "Показатели и план"),
    ("indicators:project_breakdown", "По территориям"),
    ("indicators:project_methodology", "Методика"),
)


@require_safe
def project_indicators(request: SignedInRequest, pk: int) -> HttpResponse:
    """Section 2 of the passport: indicators with their targets by year, and how each is computed."""
    project = _project(request, pk)
    context = {
        **_context(project, "indicators:project_indicators"),
        "table": indicator_table(project),
        "may_edit": access_of(request.user).allows(Action.EDIT_CATALOGUE, project.territory),
    }
    return render(request, "indicators/project_indicators.html", context)


@require_safe
def project_breakdown(request: SignedInRequest, pk: int) -> HttpResponse:
    """Targets by municipality or by organisation."""
    project = _project(request, pk)
    context = {**_context(project, "indicators:project_breakdown"), "tables": breakdown_tables(project)}
    return render(request, "indicators/project_breakdown.html", context)


@require_safe
def project_methodology(request: SignedInRequest, pk: int) -> HttpResponse:
    """How each indicator is meant to be computed, in the words of the passport."""
    project = _project(request, pk)
    indicators = Indicator.objects.filter(project=project).current().select_related("formula")
    context = {
        **_context(project, "indicators:project_methodology"),
        "rows": indicator_table(project).rows,
        "indicators": indicators,
        "may_edit": access_of(request.user).allows(Action.EDIT_CATALOGUE, project.territory),
    }
    return render(request, "indicators/project_methodology.html", context)


def _project(request: SignedInRequest, pk: int) -> Project:
    return visible_or_404(Project.objects.select_related("territory"), request.user, pk=pk)


def _context(project: Project, here: str) -> dict[str, Any]:
    return {
        "project": project,
        "parts": [
            {"title": title, "url": reverse(name, args=[project.pk]), "current": name == here} for name, title in PARTS
        ],
    }
