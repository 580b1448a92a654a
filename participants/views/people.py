"""Everybody who takes part in projects, how busy they are, and one of them."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisations.access import access_of, require
from organisations.roles import Action
from participants.forms import PeopleFilters
from participants.loads import Person, Term, people_in, person_named
from participants.selectors import people_listed, places_seen
from projects.passport.people import people_in_cell
from projects.selectors import territories_with_projects

PER_PAGE = 50


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """The busiest first; the filter lives in the address."""
    require(request.user, Action.READ_REGISTER)
    filters = PeopleFilters(request.GET, territories=territories_with_projects(request.user))
    people = people_listed(request.user, today=timezone.localdate(), **filters.chosen())
    context = {
        "title": "Занятость участников",
        "breadcrumbs": [("Проекты", reverse("projects:list")), ("Занятость участников", "")],
        "filters": filters,
        "page": Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
        "over": sum(1 for person in people if person.is_over_full),
    }
    return render(request, "participants/people.html", context)


@require_safe
def person(request: HttpRequest, name: str) -> HttpResponse:
    """What one person does in each project, and when that is too much."""
    require(request.user, Action.READ_REGISTER)
    found = person_or_404(request, name)
    context = {
        "title": found.name,
        "breadcrumbs": crumbs(found.name),
        "person": found,
        "now": found.now.percent if found.now else None,
        "peak": found.peak.percent if found.peak else None,
        "parts": [(part, project_state(part.project, found.today)) for part in found.parts],
        "too_much": [stretch for stretch in found.stretches if stretch.is_over_full],
        "may_replace": access_of(request.user).allows(Action.PROPOSE_PASSPORT),
    }
    return render(request, "participants/person.html", context)


def person_or_404(request: HttpRequest, name: str) -> Person:
    """Whom a name means among the people of the projects that this person sees."""
    named = people_in_cell(name)
    people = people_in(places_seen(request.user, with_mentions=True), timezone.localdate()) if len(named) == 1 else []
    found = person_named(named[0], people) if people else None
    if found is None:
        raise Http404
    return found


def project_state(term: Term, day: dt.date) -> tuple[str, str]:
    """A kind of state and its word."""
    if term.is_over(day):
        return "none", "завершён"
    return ("done", "идёт") if term.covers(day) else ("wait", "не начат")


def crumbs(*here: str) -> list[tuple[str, str]]:
    above = [("Проекты", reverse("projects:list")), ("Занятость участников", reverse("participants:people"))]
    return above + [(title, "") for title in here]
