"""What differs between two passports, cell by cell: rows are known by their ids, whatever they are called now.

The stamp above a passport is no difference: it tells of the decision, not of what was decided. An empty cell and one
that is not there look the same to a person and are the same here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from projects.passport.flat import EMPTY, ROW_LISTS, Cells, Flat, Held, flatten
from projects.passport.schema import Passport
from projects.passport.workbook_form import place_titles

MAIN = "main"
SECTIONS = (MAIN, *ROW_LISTS[:5], "additional", *ROW_LISTS[5:])
"""In the order of the form."""
_FRONT_SECTIONS = {"goal": "indicators", "finance_unit": "finance", "footnotes": "additional"}

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class CellChange:
    """``field`` is the dotted name in the document («targets.2025»), ``title`` that of the column."""

    field: str
    title: str
    old: Held
    new: Held


@dataclass(frozen=True)
class RowChange:
    """``number`` and ``name`` are those of now, of a removed row the last. ``places`` count from 1, where it moved."""

    row: str
    number: str
    name: str
    kind: Kind
    cells: tuple[CellChange, ...]
    places: tuple[int, int] | None = None


@dataclass(frozen=True)
class SectionChange:
    """``cells`` are those that stand in no row."""

    key: str
    cells: tuple[CellChange, ...]
    rows: tuple[RowChange, ...]

    def count(self, kind: Kind) -> int:
        return sum(1 for row in self.rows if row.kind == kind)


def diff(old: Passport, new: Passport) -> tuple[SectionChange, ...]:
    """Every section that differs, in the order of the form; removed rows stand where they stood.

    Raises ``ValueError`` where a row has no id of its own.
    """
    before, after = flatten(old), flatten(new)
    fronts = cell_changes(MAIN, before.front, after.front)
    found = []
    for key in SECTIONS:
        cells = tuple(change for change in fronts if front_section(change.field) == key)
        rows = tuple(_rows(key, before, after)) if key in ROW_LISTS else ()
        if cells or rows:
            found.append(SectionChange(key, cells, rows))
    return tuple(found)


def front_section(name: str) -> str:
    """The section of the form in which a cell of the front stands."""
    if name.startswith("control_levels."):
        return "plan"
    return name if name == "additional" else _FRONT_SECTIONS.get(name, MAIN)


def column_title(section: str, name: str) -> str:
    """The title that the portal prints above a cell of a row, or beside one of the front."""
    if name.startswith("control_levels."):
        return f"Уровень контроля «{name.partition('.')[2]}»"
    if section in ROW_LISTS:
        return place_titles(section, name)[1]
    first, _, rest = name.partition(".")
    if name == "footnotes":
        return "Сноски документа"
    if name == "programmes":
        return "Связь с программами"
    if name == "additional":
        return "Дополнительная информация"
    return place_titles(first, rest or first)[1]


def cell_changes(section: str, before: Cells, after: Cells) -> tuple[CellChange, ...]:
    """The cells of a row, or of the front, that differ."""
    found = []
    for name in _together(before, after):
        old, new = before.get(name, EMPTY), after.get(name, EMPTY)
        if old != new and not (old.is_empty and new.is_empty):
            found.append(CellChange(name, column_title(section, name), old, new))
    return tuple(found)


def moved_rows(before: Iterable[str], after: Iterable[str]) -> set[str]:
    """The fewest rows that must have been moved for the order to be another; those of only one side do not count."""
    stood = {row: place for place, row in enumerate(before)}
    common = [row for row in after if row in stood]
    return set(common) - set(_longest_rising(common, stood))


def label_of(cells: Mapping[str, Held]) -> tuple[str, str]:
    """The number and the name by which a person knows a row."""
    name = next((cells[key].value for key in ("name", "territory", "indicator", "role") if key in cells), "")
    return str(cells.get("number", Held("")).value or ""), str(name or "")


def _together(before: Cells, after: Cells) -> list[str]:
    """Fields of both: those of now as they stand, what is gone behind them, years in their order."""
    fields = [*after, *(name for name in before if name not in after)]
    firsts = list(dict.fromkeys(name.partition(".")[0] for name in fields))
    return sorted(fields, key=lambda name: (firsts.index(name.partition(".")[0]), name if _is_year(name) else ""))


def _is_year(name: str) -> bool:
    return name.startswith(("targets.", "amounts."))


def _rows(section: str, before: Flat, after: Flat) -> Iterator[RowChange]:
    old, new = before.rows[section], after.rows[section]
    moved = moved_rows(old, new)
    stood = {row: place for place, row in enumerate(old, 1)}
    stands = {row: place for place, row in enumerate(new, 1)}
    for row in _in_document_order(list(old), list(new)):
        cells = cell_changes(section, old.get(row, {}), new.get(row, {}))
        if section == "results":
            cells = tuple(_with_task_named(change, before, after) for change in cells)
        places = (stood[row], stands[row]) if row in moved else None
        kind: Kind = "removed" if row not in new else "added" if row not in old else "changed" if cells else "moved"
        if kind in ("added", "removed") or cells or places:
            yield RowChange(row, *label_of(new.get(row) or old[row]), kind, cells, places)


def _in_document_order(old: list[str], new: list[str]) -> list[str]:
    """Rows of now, and each that is gone behind the row that stood above it."""
    found = list(new)
    kept = set(new)
    above: str | None = None
    for row in old:
        if row not in kept:
            found.insert(found.index(above) + 1 if above else 0, row)
        above = row
    return found


def _with_task_named(change: CellChange, before: Flat, after: Flat) -> CellChange:
    """A result keeps the id of its task; a person knows it by its number and name."""
    if change.field != "task":
        return change
    return replace(change, old=_task_named(change.old, before), new=_task_named(change.new, after))


def _task_named(held: Held, flat: Flat) -> Held:
    task = flat.rows["tasks"].get(str(held.value))
    return held if task is None else Held(" ".join(filter(None, label_of(task))) or None)


def _longest_rising(rows: list[str], place: Mapping[str, int]) -> list[str]:
    """The longest part of the rows whose former places rise: patience sorting, O(n log n)."""
    ends: list[int] = []
    piles: list[str] = []
    above: dict[str, str | None] = {}
    for row in rows:
        at = bisect_left(ends, place[row])
        above[row] = piles[at - 1] if at else None
        if at == len(ends):
            ends.append(place[row])
            piles.append(row)
        else:
            ends[at], piles[at] = place[row], row
    found = []
    row_at: str | None = piles[-1] if piles else None
    while row_at is not None:
        found.append(row_at)
        row_at = above[row_at]
    return found
