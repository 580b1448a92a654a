"""The style guide: every component of the interface in every state, for those who make the pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisations.access import require
from organisations.roles import Action


def show(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_STYLEGUIDE)
    return render(request, "styleguide/styleguide.html", {"title": "Компоненты портала"})
