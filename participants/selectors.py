"""The people of a project as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from participants.models import Participant
from projects.cells import Cell, cell, number_text, written_in
from projects.models import Project, Redaction


@dataclass(frozen=True)
class PersonRow:
    """``name`` is empty for a group of people: their post says who they are."""

    person: Participant
    employment: Cell


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
