"""A passport taken apart into single cells, each known by its section, the id of its row and its field.

Comparing and merging look at cells; nothing but the stamp of the decision is left out of them, so that a passport put
together again is the one that was taken apart. What a passport computes from a row (``rules``) is no cell of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.passport.rules import finance_source, plan_kind
from projects.passport.schema import Approval, Base, Passport, Row, Unread

ROW_LISTS = ("indicators", "tasks", "results", "finance", "participants", "plan", "breakdown", "methodology")
PEOPLE = ("curator", "head", "administrator")
COMPUTED = {"plan": "kind", "finance": "source"}
_STAMPED = ("body", "approver")
_NO_CELLS = {*ROW_LISTS, *PEOPLE, "format", "approval", "control_levels", "unread"}
_SINGLE = tuple(name for name in Passport.model_fields if name not in _NO_CELLS)
_LEVEL = "control_levels."

Value = str | int | Decimal | dt.date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Held:
    """What a cell holds: a value, or the words that stand where a value of its kind should be.

    The value ``()`` is a cell that is there and empty: a year without a target, a table of money without a year.
    """

    value: Value = None
    written: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.value in (None, ()) and not self.written


EMPTY = Held()
Cells = dict[str, Held]


@dataclass(frozen=True)
class Flat:
    """``front`` holds what is no row, by dotted names; ``rows`` the cells of each list by the ids of its rows.

    The task of a result is the id of that task. ``loose`` are unread words that stand in no cell of the form.
    """

    front: Cells
    rows: dict[str, dict[str, Cells]]
    stamp: Approval
    loose: tuple[Unread, ...]


def flatten(passport: Passport) -> Flat:
    """Take a passport apart; raises ``ValueError`` where a row has no id of its own."""
    front = dict(_front(passport))
    rows = {section: _rows(passport, section) for section in ROW_LISTS}
    ids = {section: list(found) for section, found in rows.items()}
    loose = []
    for entry in passport.unread:
        cells, name = _cell_of(entry, front, rows, ids)
        if cells is None:
            loose.append(entry)
        else:
            known = cells.get(name, EMPTY)
            cells[name] = Held(known.value, (*known.written, entry.raw))
    return Flat(front, rows, passport.approval, tuple(loose))


def assemble(flat: Flat) -> Passport:
    """Put a passport together; a result whose task is not there serves none."""
    unread = []
    form: dict[str, Any] = {section: [] for section in ROW_LISTS}
    for name, held in flat.front.items():
        unread += [_entry(*_front_place(name), None, raw) for raw in held.written]
        if held.value is not None:
            _put(form, name, held.value)
    tasks = {row_id: index for index, row_id in enumerate(flat.rows["tasks"])}
    for section in ROW_LISTS:
        for index, (row_id, cells) in enumerate(flat.rows[section].items()):
            form[section].append(_row(section, row_id, cells, tasks))
            unread += [_entry(section, name, index, raw) for name, held in cells.items() for raw in held.written]
    stamp = flat.stamp.model_dump() | form.pop("approval", dict.fromkeys(_STAMPED))
    return Passport.model_validate({**form, "approval": stamp, "unread": [*unread, *flat.loose]})


def _front(passport: Passport) -> Iterator[tuple[str, Held]]:
    for name in _SINGLE:
        value = getattr(passport, name)
        if value not in (None, ()):
            yield name, Held(value)
    for person in PEOPLE:
        for name in ("name", "position"):
            if value := getattr(getattr(passport, person), name):
                yield f"{person}.{name}", Held(value)
    for name in _STAMPED:
        if value := getattr(passport.approval, name):
            yield f"approval.{name}", Held(value)
    for code, meaning in passport.control_levels.items():
        yield f"{_LEVEL}{code}", Held(meaning)


def _rows(passport: Passport, section: str) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for row in getattr(passport, section):
        if not row.id or row.id in found:
            raise ValueError(f"a row of {section} has no id of its own")
        found[row.id] = dict(_cells(passport, section, row))
    return found


def _cells(passport: Passport, section: str, row: Row) -> Iterator[tuple[str, Held]]:
    for name in type(row).model_fields:
        value = getattr(row, name)
        if name == "id" or name == COMPUTED.get(section) or value is None:
            continue
        if isinstance(value, Base):
            yield from ((f"{name}.{part}", Held(v)) for part, v in value if v is not None)
        elif isinstance(value, dict):
            if not value and name == "amounts":
                yield name, Held(())
            yield from ((f"{name}.{year}", Held(() if v is None else v)) for year, v in value.items())
        else:
            yield name, Held(passport.tasks[value].id if name == "task" else value)


def _cell_of(
    entry: Unread, front: Cells, rows: Mapping[str, dict[str, Cells]], ids: Mapping[str, list[str]]
) -> tuple[Cells | None, str]:
    """The cells among which an unread one stands, and its name there."""
    if entry.row is None:
        name = entry.section if entry.section == entry.field else f"{entry.section}.{entry.field}"
        known = name in _SINGLE or name.partition(".")[0] in PEOPLE
        return (front, name) if known and _front_place(name) == (entry.section, entry.field) else (None, "")
    if 0 <= entry.row < len(ids.get(entry.section, ())):
        return rows[entry.section][ids[entry.section][entry.row]], entry.field
    return None, ""


def _front_place(name: str) -> tuple[str, str]:
    """The section and the field of :class:`Unread` by which a cell of the front goes."""
    section, _, rest = name.partition(".")
    return section, rest or section


def _entry(section: str, name: str, row: int | None, raw: str) -> Unread:
    return Unread(section=section, row=row, field=name, raw=raw)


def _row(section: str, row_id: str, cells: Cells, tasks: Mapping[str, int]) -> dict[str, Any]:
    form: dict[str, Any] = {"id": row_id}
    for name, held in cells.items():
        if name == "task":
            form["task"] = tasks.get(str(held.value))
        elif held.value is not None:
            _put(form, name, held.value)
    if section == "plan":
        form["kind"] = plan_kind(form.get("number"), form.get("start"))
    elif section == "finance":
        form["source"] = finance_source(form.get("name"))
    return form


def _put(form: dict[str, Any], name: str, value: Value) -> None:
    """Write a value under a dotted name: the part before the point is one of its own, or a table of years."""
    first, _, rest = name.partition(".")
    if rest:
        form.setdefault(first, {})[rest] = None if value == () else value
    elif first == "amounts":
        form.setdefault(first, {})
    else:
        form[first] = value
