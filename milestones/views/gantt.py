"""The event plan of a project as a Gantt chart."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from milestones.gantt import AXIS, BAR, LABELS, ROW, gantt_of
from milestones.selectors import plan_states
from milestones.views.plan import parts_of
from projects.frame import project_context, project_or_404


@require_safe
def project_gantt(request: HttpRequest, pk: int) -> HttpResponse:
    """A chart for each result, with the same rows as a table behind it; ``?open=all`` unfolds all of them."""
    project = project_or_404(request, pk)
    today = timezone.localdate()
    charts = gantt_of(plan_states([project], today=today), today=today, all_open=request.GET.get("open") == "all")
    context = project_context(request, project, "milestones:project")
    context |= {
        "charts": charts,
        "today": today,
        "parts": parts_of(project, "milestones:gantt"),
        "folded": any(not chart.is_open for chart in charts),
        "labels": LABELS,
        "axis": AXIS,
        "bar": BAR,
        "row_height": ROW,
    }
    return render(request, "milestones/gantt.html", context)
