"""The event plan of a project as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milestones.forms import PlanFilter
from milestones.models import PlanRow
from milestones.selectors.plan import filtered, plan_of
from projects.frame import Tab, project_context, project_or_404
from projects.models import Project


@require_safe
def project_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Appendix 1 of the passport in force with its progress, in document order."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "milestones:project")
    plan = plan_of(project, context["redaction"], today=timezone.localdate())
    form = PlanFilter(request.GET, results=plan.results)
    context |= {
        "form": form,
        "plan": plan,
        "lines": filtered(plan.lines, form.chosen()),
        "dropped": PlanRow.objects.filter(project=project, archived_at__isnull=False, progress__isnull=False),
        "parts": parts_of(project, "milestones:project"),
    }
    return render(request, "milestones/project.html", context)


def parts_of(project: Project, current: str) -> list[Tab]:
    """The two ways of looking at a plan."""
    names = (("milestones:project", "Таблица"), ("milestones:gantt", "Диаграмма"))
    return [Tab(title, reverse(name, args=[project.pk]), name == current) for name, title in names]
