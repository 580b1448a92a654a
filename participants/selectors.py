"""The people of a project as its page shows them, and everybody's places over all projects."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from django.db.models import F, Func, JSONField, QuerySet, Value
from django.db.models.fields.json import KeyTransform

from organisations.models import sort_key_of
from participants.loads import UNSAID, Person, Place, Term, people_in
from participants.models import Participant
from projects.cells import Cell, cell, number_text, written_in
from projects.models import Project, Redaction
from projects.passport.people import Named, people_in_cell
from projects.passport.replacing import OFFICES, Office
from projects.passport.schema import decimal_text

OFFICE_WORDS: dict[str, str] = {
    "curator": "Куратор",
    "head": "Руководитель проекта",
    "administrator": "Администратор проекта",
}


@dataclass(frozen=True)
class PersonRow:
    """``name`` is empty for a group of people: their post says who they are. ``who``: the one person that it names."""

    person: Participant
    employment: Cell

    @property
    def who(self) -> str:
        named = people_in_cell(self.person.name)
        return named[0].raw if len(named) == 1 else ""


@dataclass(frozen=True)
class Group:
    """People who work on one result, in document order; the title is empty for those above the first group."""

    title: str
    rows: list[PersonRow]


def people_of(project: Project, redaction: Redaction | None) -> list[Group]:
    """Section 5 of the redaction in force, by group. One query."""
    people = Participant.objects.filter(project=project).current().order_by("position")
    written = written_in(redaction.document, "participants") if redaction else {}
    rows = [
        PersonRow(person, cell(number_text(person.employment), written.get((person.position, "employment"))))
        for person in people
    ]
    return [Group(title, list(group)) for title, group in groupby(rows, key=lambda row: row.person.group)]


SORTS = ("name", "projects", "now", "peak")
LOADS: dict[str, tuple[str, Callable[[Person], bool]]] = {
    "over": ("больше 100 %", lambda person: person.is_over_full),
    "double": ("двойная занятость", lambda person: person.is_double_booked),
    "several": ("в нескольких проектах", lambda person: len(person.running) > 1),
}
"""What the list of people can be narrowed to."""


def people_listed(
    user: Any, *, today: dt.date, text: str = "", territory: int | None = None, load: str = "", sort: str = "-peak"
) -> list[Person]:
    """People of the projects that the person sees, each with the whole load whatever the filter.

    ``text`` is words of a name, a post or a project. A constant number of queries.
    """
    people = people_in(places_seen(user), today)
    words = sort_key_of(text).split()
    found = [
        person
        for person in people
        if all(word in _searched(person) for word in words)
        and (territory is None or any(part.project.territory_id == territory for part in person.parts))
        and (not load or LOADS[load][1](person))
    ]
    found.sort(key=lambda person: sort_key_of(person.name))
    key = sort.removeprefix("-")
    if key != "name":
        found.sort(key=lambda person: _measured(person, key), reverse=sort.startswith("-"))
    return found[::-1] if sort == "-name" else found


def _searched(person: Person) -> str:
    return sort_key_of(" ".join((*person.spellings, *person.posts, *(part.project.title for part in person.parts))))


def _measured(person: Person, key: str) -> Decimal:
    if key == "projects":
        return Decimal(len(person.running))
    stretch = person.now if key == "now" else person.peak
    return UNSAID if stretch is None or stretch.percent is None else stretch.percent


def places_seen(user: Any, *, with_mentions: bool = False) -> list[Place]:
    """Everybody whom section 1 and section 5 of the passports in force name, project by project.

    ``with_mentions`` adds those who are somebody's superior or held responsible by an event plan. A constant number of
    queries.
    """
    projects = Project.objects.visible_to(user).select_related("territory")
    terms = {
        row.pk: Term(row.pk, row.short_title, row.territory.short_name, row.territory_id, row.start, row.end)
        for row in projects
    }
    # The same few names stand in thousands of rows.
    read = cache(people_in_cell)
    found: list[Place] = []
    for project_id, document in _section_1(terms):
        found += _officials(terms[project_id], document, read)
    rows = list(Participant.objects.filter(project__in=terms).current().order_by("project_id", "position"))
    found += [
        Place(terms[row.project_id], named, row.role, row.position_title, row.supervisor, row.group, _exact(row))
        for row in rows
        for named in read(row.name)
    ]
    if with_mentions:
        superiors = Counter((row.project_id, named) for row in rows for named in read(row.supervisor) if named.initials)
        found += _mentions(terms, superiors, "Непосредственный руководитель участников")
        found += _mentions(terms, _responsible(terms, read), "Ответственный в плане мероприятий")
    order = {pk: position for position, pk in enumerate(terms)}
    return sorted(found, key=lambda place: order[place.project.pk])


def _exact(row: Participant) -> Decimal | None:
    """The database pads: «5,000000000000» where the document says 5."""
    return None if row.employment is None else Decimal(decimal_text(row.employment))


def in_force_of(projects: Any) -> QuerySet[Redaction]:
    """The redactions in force of these projects, ids or rows."""
    latest = Redaction.objects.filter(project__in=projects).order_by("project_id", "-number").distinct("project_id")
    return Redaction.objects.filter(pk__in=latest.values("pk"))


def _section_1(terms: dict[int, Term]) -> Iterator[tuple[int, dict[Office, Any]]]:
    parts = {office: KeyTransform(office, "document") for office in OFFICES}
    for project_id, *people in in_force_of(terms).values_list("project_id", *parts.values()):
        yield project_id, dict(zip(OFFICES, people, strict=True))


def _officials(
    term: Term, people: dict[Office, Any], read: Callable[[str | None], tuple[Named, ...]]
) -> Iterator[Place]:
    for office, person in people.items():
        for named in read(person["name"]):
            yield Place(term, named, OFFICE_WORDS[office], person["position"] or "")


def _responsible(terms: dict[int, Term], read: Callable[[str | None], tuple[Named, ...]]) -> Counter[tuple[int, Named]]:
    path = Func(
        F("document"), Value("$.plan[*].responsible"), function="jsonb_path_query_array", output_field=JSONField()
    )
    rows = in_force_of(terms).values_list("project_id", path)
    # A post is no person: only names of the usual shape are looked for.
    return Counter((pk, named) for pk, texts in rows for text in texts for named in read(text) if named.initials)


def _mentions(terms: dict[int, Term], counted: Counter[tuple[int, Named]], role: str) -> Iterator[Place]:
    for (pk, named), count in counted.items():
        yield Place(terms[pk], named, f"{role}, строк: {count}", "", is_mention=True)
