"""Random edits of a passport, as people make them in a table: a cell, a row added, removed or moved."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from projects.passport.flat import ROW_LISTS, Flat, Held, assemble, flatten
from projects.passport.schema import Passport
from tests.projects.passport.strategies import SENTENCES, passports

# Words that any row of the list may hold: an edit of one cell of them contradicts nothing else in the row.
TEXT_OF = {
    "indicators": "unit",
    "tasks": "name",
    "results": "characteristic",
    "finance": "code",
    "participants": "position",
    "plan": "document",
    "breakdown": "territory",
    "methodology": "note",
}
FRONT = ("title", "goal", "additional", "curator.name", "approval.body")


@dataclass(frozen=True)
class Edit:
    """``row`` is the row that is edited, or, of an added one, the row above it."""

    kind: str
    section: str
    row: str
    text: str = ""
    new_row: str = ""


def with_ids(passport: Passport) -> Passport:
    """Every row under an id of its own, as in a redaction."""
    rows = {
        section: [row.model_copy(update={"id": str(uuid.uuid4())}) for row in getattr(passport, section)]
        for section in ROW_LISTS
    }
    return passport.model_copy(update={section: tuple(found) for section, found in rows.items()})


IDENTIFIED = passports().map(with_ids)
FREE = passports(free=True).map(with_ids)


@st.composite
def edits(draw: st.DrawFn, passport: Passport, kinds: tuple[str, ...], taken: set[tuple[str, str]]) -> list[Edit]:
    """Some edits of rows that nobody has taken; what they touch is taken then."""
    places = [(section, str(row.id)) for section in ROW_LISTS for row in getattr(passport, section)]
    places += [("", name) for name in FRONT]
    free = [place for place in places if place not in taken]
    found = []
    for section, row in draw(st.lists(st.sampled_from(free), max_size=5, unique=True)) if free else ():
        if (section, row) in taken:
            continue
        kind = draw(st.sampled_from(kinds)) if section else "cell"
        found.append(Edit(kind, section, row, draw(SENTENCES), str(draw(st.uuids()))))
        taken.add((section, row))
    return found


def applied(passport: Passport, made: list[Edit]) -> Passport:
    flat = flatten(passport)
    for edit in made:
        _apply(flat, edit)
    return assemble(flat)


def _apply(flat: Flat, edit: Edit) -> None:
    if not edit.section:
        flat.front[edit.row] = Held(edit.text)
        return
    rows = flat.rows[edit.section]
    field = TEXT_OF[edit.section]
    if edit.kind == "cell":
        rows[edit.row][field] = Held(edit.text)
    elif edit.kind == "remove":
        del rows[edit.row]
    elif edit.kind == "to_the_end":
        rows[edit.row] = rows.pop(edit.row)
    elif edit.kind == "add":
        order = list(rows.items())
        order.insert(list(rows).index(edit.row) + 1, (edit.new_row, {field: Held(edit.text)}))
        rows.clear()
        rows.update(order)


def comparable(passport: Passport) -> dict[str, Any]:
    """Everything a passport says; the list of unread cells has no order that means anything."""
    said = passport.model_dump(exclude={"unread"})
    return said | {"unread": Counter(passport.unread)}
