"""What is due now, across projects."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from milestones.forms import WeekFilter
from milestones.selectors.week import week_of
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest

SHOWN = 100
"""How many rows of a list the page shows; the file has all."""


@require_safe
def week(request: SignedInRequest) -> HttpResponse:
    """Overdue, this week, next week: rows of every plan that the person sees."""
    require(request.user, Action.REQUEST_DOCUMENTS)
    form = WeekFilter(request.GET, user=request.user)
    found = week_of(request.user, today=timezone.localdate(), **form.chosen())
    context = {
        "title": "Что на этой неделе",
        "form": form,
        "parts": [(key, title, lines[:SHOWN], len(lines)) for key, title, lines in found.parts],
        "shown": SHOWN,
        "may_set": access_of(request.user).allows(Action.MANAGE_PERIODS),
    }
    return render(request, "milestones/week.html", context)
