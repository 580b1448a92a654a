"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.home import home_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs this person."""
    return render(request, "reports/home.html", {"home": home_of(request.user)})
