"""The money of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from finance.selectors import money_of
from projects.frame import project_context, project_or_404


@require_safe
def project_finance(request: HttpRequest, pk: int) -> HttpResponse:
    """Section 4 of the passport in force."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "finance:project")
    context["money"] = money_of(project, context["redaction"])
    return render(request, "finance/project.html", context)
