"""The people of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participants.selectors import people_of
from projects.frame import project_context, project_or_404


@require_safe
def project_participants(request: HttpRequest, pk: int) -> HttpResponse:
    """Section 5 of the passport in force."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "participants:project")
    context["groups"] = people_of(project, context["redaction"])
    context["count"] = sum(len(group.rows) for group in context["groups"])
    return render(request, "participants/project.html", context)
