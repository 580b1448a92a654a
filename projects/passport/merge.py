"""Carrying a proposal over to a newer redaction: three passports become one, cell by cell, rows known by their ids.

``base`` is what the proposal was begun from, ``theirs`` what is in force now, ``mine`` the proposal. What only one side
changed is taken as it is. What both changed to different things is a :class:`Conflict`, and a person chooses; without
all choices there is no document. The stamp above the passport is that in force: it tells of decisions already made.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from projects.passport.diff import MAIN, CellChange, cell_changes, column_title, front_section, label_of, moved_rows
from projects.passport.flat import EMPTY, ROW_LISTS, Cells, Flat, Held, assemble, flatten
from projects.passport.rules import finance_source, plan_kind
from projects.passport.schema import Approval, Passport

Side = Literal["theirs", "mine"]


class Place(NamedTuple):
    """What a conflict is about: a cell; a whole row, where ``field`` is empty; its order, where that is ``#``."""

    section: str
    row: str
    field: str


ROW, ORDER = "", "#"


@dataclass(frozen=True)
class Conflict:
    """Both sides changed the same. A removed row has ``removed_by``, and ``cells`` are what the other side changed.

    Of the order of rows the three values name the row above. ``dependents`` name rows that the other side hung on a
    row that was removed: results of a task, sources under a heading, activities before a control point.
    """

    place: Place
    title: str
    number: str
    name: str
    base: Held = EMPTY
    theirs: Held = EMPTY
    mine: Held = EMPTY
    removed_by: Side | None = None
    cells: tuple[CellChange, ...] = ()
    dependents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merge:
    """``document`` is None as long as a conflict has no choice."""

    conflicts: tuple[Conflict, ...]
    document: Passport | None


def merge(base: Passport, theirs: Passport, mine: Passport, choices: Mapping[Place, Side] | None = None) -> Merge:
    """Carry what ``mine`` changed in ``base`` over to ``theirs``; ``choices`` settle conflicts by their places.

    Raises ``ValueError`` where a row has no id of its own.
    """
    merging = _Merging(flatten(base), flatten(theirs), flatten(mine), choices or {})
    document = merging.document()
    open_ones = [conflict for conflict in merging.conflicts if conflict.place not in merging.choices]
    return Merge(tuple(merging.conflicts), None if open_ones else assemble(document))


class _Merging:
    def __init__(self, base: Flat, theirs: Flat, mine: Flat, choices: Mapping[Place, Side]) -> None:
        self.base, self.theirs, self.mine, self.choices = base, theirs, mine, choices
        self.conflicts: list[Conflict] = []
        self.hung = {id(flat): _hung(flat) for flat in (base, theirs, mine)}

    def document(self) -> Flat:
        front = self._cells("", "", self.base.front, self.theirs.front, self.mine.front)
        rows = {section: self._rows(section) for section in ROW_LISTS}
        loose = Counter(self.theirs.loose) + (Counter(self.mine.loose) - Counter(self.base.loose))
        loose -= Counter(self.base.loose) - Counter(self.mine.loose)
        return Flat(front, rows, self._stamp(), tuple(loose.elements()))

    def _stamp(self) -> Approval:
        known = (*self.base.stamp.amendments, *self.theirs.stamp.amendments)
        new = tuple(row for row in self.mine.stamp.amendments if row not in known)
        return self.theirs.stamp.model_copy(update={"amendments": (*self.theirs.stamp.amendments, *new)})

    def _choice(self, conflict: Conflict) -> Side:
        self.conflicts.append(conflict)
        return self.choices.get(conflict.place, "theirs")

    def _cells(self, section: str, row: str, base: Cells, theirs: Cells, mine: Cells) -> Cells:
        merged = {}
        for name in dict.fromkeys((*theirs, *mine, *base)):
            held = self._cell(section, row, name, (base.get(name), theirs.get(name), mine.get(name)))
            if held is not None:
                merged[name] = held
        return merged

    def _cell(
        self, section: str, row: str, name: str, three: tuple[Held | None, Held | None, Held | None]
    ) -> Held | None:
        base, theirs, mine = three
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        was, there, here = (held or EMPTY for held in three)
        if there.is_empty and here.is_empty:
            return theirs
        number, label = label_of(self._known(section, row)) if row else ("", "")
        place = Place(section or front_section(name), row, name)
        title = column_title(section or MAIN, name)
        conflict = Conflict(place, title, number, label, base=was, theirs=there, mine=here)
        return mine if self._choice(conflict) == "mine" else theirs

    def _known(self, section: str, row: str) -> Cells:
        sides = (self.theirs, self.mine, self.base)
        return next((flat.rows[section][row] for flat in sides if row in flat.rows[section]), {})

    def _rows(self, section: str) -> dict[str, Cells]:
        base, theirs, mine = (flat.rows[section] for flat in (self.base, self.theirs, self.mine))
        kept: dict[str, Cells] = {}
        for row in dict.fromkeys((*theirs, *mine)):
            if row in theirs and row in mine:
                kept[row] = self._cells(section, row, base.get(row, {}), theirs[row], mine[row])
            elif row not in base:
                kept[row] = theirs[row] if row in theirs else mine[row]
            elif self._survives(section, row):
                kept[row] = theirs.get(row) or mine[row]
        return {row: kept[row] for row in self._order(section, kept)}

    def _survives(self, section: str, row: str) -> bool:
        """Whether a row that one side removed stays: only where the other changed it, and a person wants it."""
        remover: Side = "mine" if row in self.theirs.rows[section] else "theirs"
        keeper: Side = "theirs" if remover == "mine" else "mine"
        flat = self.theirs if keeper == "theirs" else self.mine
        former, now = self.base.rows[section][row], flat.rows[section][row]
        cells = cell_changes(section, former, now)
        hung = self.hung[id(flat)].get((section, row), set()) - self.hung[id(self.base)].get((section, row), set())
        if not cells and not hung:
            return False
        dependents = tuple(" ".join(filter(None, label_of(self._known(*key)))) for key in sorted(hung))
        place = Place(section, row, ROW)
        conflict = Conflict(place, "", *label_of(now), removed_by=remover, cells=cells, dependents=dependents)
        return self._choice(conflict) == keeper

    def _order(self, section: str, kept: Mapping[str, Cells]) -> list[str]:
        """The order in force, with what this side added or moved put behind the row that it stands behind there."""
        base, theirs, mine = (list(flat.rows[section]) for flat in (self.base, self.theirs, self.mine))
        moved = moved_rows(base, mine)
        for row in sorted(moved & moved_rows(base, theirs), key=mine.index):
            if row in kept and self._keeps_place_in_force(section, row, (base, theirs, mine)):
                moved.discard(row)
        order = [row for row in theirs if row in kept and row not in moved]
        placed = set(order)
        above: str | None = None
        for row in mine:
            if row not in kept:
                continue
            if row not in placed:
                order.insert(order.index(above) + 1 if above else 0, row)
                placed.add(row)
            above = row
        return order

    def _keeps_place_in_force(self, section: str, row: str, orders: tuple[list[str], list[str], list[str]]) -> bool:
        above = [order[order.index(row) - 1] if order.index(row) else None for order in orders]
        if above[1] == above[2]:
            return True
        was, there, here = (
            Held(" ".join(filter(None, label_of(self._known(section, at)))) if at else None) for at in above
        )
        place = Place(section, row, ORDER)
        labels = label_of(self._known(section, row))
        conflict = Conflict(place, "", *labels, base=was, theirs=there, mine=here)
        return self._choice(conflict) == "theirs"


def _hung(flat: Flat) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """What hangs on a row by more than its own cells: removing the row would leave it under another one."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for above, below in (*_under_tasks(flat), *_under_headings(flat), *_in_the_plan(flat)):
        found[above].add(below)
    return found


_Pair = tuple[tuple[str, str], tuple[str, str]]


def _under_tasks(flat: Flat) -> Iterator[_Pair]:
    for row, cells in flat.rows["results"].items():
        if "task" in cells:
            yield ("tasks", str(cells["task"].value)), ("results", row)


def _under_headings(flat: Flat) -> Iterator[_Pair]:
    """Sources of money stand under the last line that names none."""
    heading = None
    for row, cells in flat.rows["finance"].items():
        if finance_source(_text(cells, "name")) is None:
            heading = row
        elif heading:
            yield ("finance", heading), ("finance", row)


def _in_the_plan(flat: Flat) -> Iterator[_Pair]:
    """Rows stand under their result, and activities before the control point that they lead to."""
    result: str | None = None
    waiting: list[str] = []
    for row, cells in flat.rows["plan"].items():
        start = cells.get("start", EMPTY).value
        kind = plan_kind(_text(cells, "number"), start if isinstance(start, dt.date) else None)
        if kind == "result":
            result, waiting = row, []
            continue
        if result:
            yield ("plan", result), ("plan", row)
        if kind == "activity":
            waiting.append(row)
        elif kind == "control_point":
            yield from ((("plan", row), ("plan", activity)) for activity in waiting)
            waiting = []


def _text(cells: Cells, name: str) -> str | None:
    value = cells.get(name, EMPTY).value
    return value if isinstance(value, str) else None
