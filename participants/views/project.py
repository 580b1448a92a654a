"""The people of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.access import access_of
from organisations.roles import Action
from participants.selectors import people_of
from projects.frame import project_context, project_or_404


@require_safe
def project_participants(request: HttpRequest, pk: int) -> HttpResponse:
    """Section 5 of the passport in force; for staff each name leads to what else the person does."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "participants:project")
    context["groups"] = people_of(project, context["redaction"])
    context["count"] = sum(len(group.rows) for group in context["groups"])
    context["may_see_loads"] = access_of(request.user).allows(Action.READ_REGISTER)
    return render(request, "participants/project.html", context)
