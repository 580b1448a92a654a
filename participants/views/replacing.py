"""Replacing a person in several passports: who comes, what changes, and the change requests."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations.access import access_of, require
from organisations.models import User
from organisations.roles import Action
from participants.forms import ReplaceForm
from participants.loads import Person, Place, people_in, person_named
from participants.selectors import OFFICE_WORDS, in_force_of, places_seen
from participants.services import person_replace
from participants.views.people import crumbs, person_or_404
from projects.document_tables import TITLES
from projects.models import ChangeRequest, Project, Redaction
from projects.passport.people import Named, people_in_cell
from projects.passport.replacing import ChangedCell, Newcomer, replacing
from projects.passport.typography import plural
from projects.services.errors import StaleVersion, StateConflict

_FIELDS = {
    "name": "участник",
    "position": "должность",
    "supervisor": "непосредственный руководитель",
    "responsible": "ответственный",
}


@dataclass(frozen=True)
class Line:
    """A cell as it is and as it becomes."""

    place: str
    number: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Proposal:
    """What changes in one passport, and the proposals that wait there already."""

    project: Project
    lines: list[Line]
    waiting: list[ChangeRequest]


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, name: str) -> HttpResponse:
    """Ask who comes and where; show each cell old → new; then propose in all the chosen projects at once."""
    require(request.user, Action.PROPOSE_PASSPORT)
    person = person_or_404(request, name)
    who = people_in_cell(name)[0]
    redactions = _redactions(request, person)
    form = ReplaceForm(
        request.POST or None,
        who=who,
        projects=[(row.project_id, row.project.short_title) for row in redactions],
        initial=_initial(person, redactions),
    )
    if not form.is_bound or "edit" in request.POST or not form.is_valid():
        refused = form.is_bound and "edit" not in request.POST
        return _asking(request, person, redactions, form, status=422 if refused else 200)
    chosen = [row for row in redactions if row.project_id in form.chosen]
    conflict = ""
    if "confirm" in request.POST:
        try:
            seen = {row.project_id: form.redactions_seen.get(row.project_id, 0) for row in chosen}
            made = person_replace(who=who, newcomer=form.newcomer, seen=seen, actor=cast(User, request.user))
        except (StaleVersion, StateConflict) as refusal:
            conflict = str(refusal)
        else:
            numbers = ", ".join(str(row.pk) for row in made)
            count = plural(len(made), "запрос", "запроса", "запросов")
            messages.success(request, f"Предложено: {count} на изменение (№ {numbers}). Дальше их утверждают.")
            return redirect("projects:change_requests")
    return _preview(request, person, who, chosen, form, conflict)


def _redactions(request: HttpRequest, person: Person) -> list[Redaction]:
    """Passports in force that name the person, of projects where the asker may propose."""
    access = access_of(request.user)
    projects = Project.objects.select_related("territory").filter(pk__in=[part.project.pk for part in person.parts])
    mine = [project for project in projects if access.allows(Action.PROPOSE_PASSPORT, project.territory)]
    rows = in_force_of(mine).select_related("project__territory")
    return sorted(rows, key=lambda row: [project.pk for project in mine].index(row.project_id))


def _initial(person: Person, redactions: list[Redaction]) -> dict[str, object]:
    """All projects ticked; a post or a superior that is the same everywhere."""
    superiors = {place.superior for part in person.parts for place in part.places if place.superior}
    return {
        "projects": [str(row.project_id) for row in redactions],
        "position": person.posts[0] if len(person.posts) == 1 else "",
        "supervisor": superiors.pop() if len(superiors) == 1 else "",
    }


def _asking(
    request: HttpRequest, person: Person, redactions: list[Redaction], form: ReplaceForm, status: int
) -> HttpResponse:
    context = {
        "title": f"Замена участника: {person.name}",
        "breadcrumbs": _crumbs(person),
        "person": person,
        "form": form,
        "can_replace": bool(redactions),
        "others": len(person.parts) - len(redactions),
    }
    return render(request, "participants/replace.html", context, status=status)


def _preview(
    request: HttpRequest, person: Person, who: Named, chosen: list[Redaction], form: ReplaceForm, conflict: str
) -> HttpResponse:
    waiting: dict[int | None, list[ChangeRequest]] = {}
    drafts = ChangeRequest.objects.open().filter(project__in=[row.project_id for row in chosen])
    for draft in drafts.select_related("author").defer("document", "findings", "identity"):
        waiting.setdefault(draft.project_id, []).append(draft)
    proposals = [
        Proposal(
            row.project,
            [_line(cell) for cell in replacing(row.passport, who, form.newcomer)],
            waiting.get(row.project_id, []),
        )
        for row in chosen
    ]
    context = {
        "title": f"Замена участника: {person.name}",
        "breadcrumbs": _crumbs(person),
        "person": person,
        "newcomer": form.newcomer,
        "proposals": proposals,
        "count": sum(len(proposal.lines) for proposal in proposals),
        "form": form,
        "seen": " ".join(f"{row.project_id}:{row.number}" for row in chosen),
        "conflict": conflict,
        "load": _load_afterwards(request, person, form.newcomer, form.chosen),
    }
    return render(request, "participants/replace_preview.html", context, status=409 if conflict else 200)


def _load_afterwards(request: HttpRequest, person: Person, newcomer: Newcomer, chosen: list[int]) -> Person | None:
    """The newcomer with the work of the chosen projects as well, where that is more than can be done."""
    named = people_in_cell(newcomer.name)
    if len(named) != 1:
        return None
    own = person_named(named[0], people_in(places_seen(request.user), person.today))
    parts = {part.project: part for part in person.parts if part.project.pk in chosen}
    places = [
        *(place for part in (own.parts if own else ()) for place in part.places),
        *(place for part in parts.values() for place in part.places),
    ]
    (after,) = people_in([_as(place, named[0]) for place in places], person.today)
    return after if after.is_over_full else None


def _as(place: Place, named: Named) -> Place:
    return dataclasses.replace(place, named=named)


def _line(cell: ChangedCell) -> Line:
    office = OFFICE_WORDS.get(cell.section, "")
    title = TITLES["main" if office else cell.section]
    words = _FIELDS[cell.field] if cell.field != "name" or not office else "фамилия, имя, отчество"
    field = f"{office}: {words}" if office else words
    return Line(title, cell.number or "", field, cell.before or "", cell.after)


def _crumbs(person: Person) -> list[tuple[str, str]]:
    above = crumbs(person.name)
    return [*above[:-1], (person.name, reverse("participants:person", args=[person.name])), ("Замена", "")]
