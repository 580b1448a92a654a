"""The event plan of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from milestones.forms import PlanFilter
from milestones.selectors.plan import plan_of
from projects.frame import project_context, project_or_404


@require_safe
def project_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Appendix 1 of the passport in force, in document order."""
    project = project_or_404(request, pk)
    form = PlanFilter(request.GET)
    form.is_valid()
    context = project_context(request, project, "milestones:project")
    context |= {"form": form, "plan": plan_of(project, context["redaction"], form.cleaned_data)}
    return render(request, "milestones/project.html", context)
