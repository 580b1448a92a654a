"""The front page of a project."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisations.access import access_of
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import FRONT, project_context, project_or_404
from reports.overview import overview_of
from reports.state.selectors import states_of


@require_safe
def overview(request: SignedInRequest, pk: int) -> HttpResponse:
    """How the project goes, on one screen."""
    project = project_or_404(request, pk)
    [state] = states_of([project])
    today = timezone.localdate()
    context = {
        **project_context(request, project, FRONT),
        "overview": overview_of(state, request.user, today=today),
        "today": today,
        "may_read_deviations": access_of(request.user).allows(Action.READ_DEVIATIONS),
    }
    return render(request, "reports/overview.html", context)
