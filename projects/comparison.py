"""What differs between two passports, in words: for the page, for the annex in print and for choosing in a conflict."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from projects.cells import date_text, number_text
from projects.document_tables import INDICATOR_KINDS, TITLES, UNITS
from projects.models import Project
from projects.passport.diff import CellChange, Kind, RowChange, SectionChange, diff
from projects.passport.flat import Held
from projects.passport.schema import Passport
from projects.passport.workbook_form import DIRECTIONS, LEVELS
from projects.sections import kept_of

KINDS: dict[Kind, tuple[str, str]] = {
    "added": ("done", "добавлена"),
    "removed": ("stop", "исключена"),
    "changed": ("act", "изменена"),
    "moved": ("wait", "перемещена"),
}
"""A kind of state for the eye and a word for each kind of change of a row."""

# Beyond so many words the time to compare them grows faster than the use of seeing them marked.
_MOST_WORDS = 800
# A comma or a full stop behind a word is no part of it: «работает» and «работает,» are one word.
_WORD = re.compile(r"\s*(?:\w+(?:[^\w\s]+\w+)*|[^\w\s])")
_FIXED: dict[str, Mapping[Any, str]] = {
    "level": LEVELS,
    "parent_level": LEVELS,
    "kind": INDICATOR_KINDS,
    "direction": DIRECTIONS,
    "finance_unit": UNITS,
}

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True where the other side has not that piece."""


@dataclass(frozen=True)
class CellWords:
    """One cell: what stood there and what stands there, empty where nothing."""

    title: str
    old: str
    new: str
    numeric: bool = False

    @property
    def old_marked(self) -> Marked:
        return _marked(self.old, self.new)

    @property
    def new_marked(self) -> Marked:
        return _marked(self.new, self.old)


@dataclass(frozen=True)
class RowWords:
    """``place`` tells of a row that moved; ``kept`` what the portal keeps of a row that is removed."""

    kind: Kind
    number: str
    name: str
    place: str
    kept: str
    cells: tuple[CellWords, ...]

    @property
    def state(self) -> str:
        return KINDS[self.kind][0]

    @property
    def word(self) -> str:
        return KINDS[self.kind][1]


@dataclass(frozen=True)
class SectionWords:
    """A section that differs. ``cells`` stand in no row; of those and the rows the counts."""

    key: str
    title: str
    cells: tuple[CellWords, ...]
    rows: tuple[RowWords, ...]

    def _count(self, kind: Kind) -> int:
        return sum(1 for row in self.rows if row.kind == kind)

    @property
    def added(self) -> int:
        return self._count("added")

    @property
    def removed(self) -> int:
        return self._count("removed")

    @property
    def changed(self) -> int:
        return self._count("changed") + len(self.cells)

    @property
    def moved(self) -> int:
        return self._count("moved")


def compared(old: Passport, new: Passport, project: Project | None = None) -> list[SectionWords]:
    """Sections that differ, in the order of the form; of rows removed from ``project``, what is kept of them."""
    return [_section(change, project) for change in diff(old, new)]


def held_text(name: str, held: Held) -> str:
    """A cell as a person reads it; words that are no value as they are written."""
    if held.written:
        return "; ".join(held.written)
    value = held.value
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else _FIXED.get(name, {}).get(value, str(value))


def cell_words(change: CellChange) -> CellWords:
    numeric = any(isinstance(held.value, Decimal | dt.date) for held in (change.old, change.new))
    return CellWords(change.title, held_text(change.field, change.old), held_text(change.field, change.new), numeric)


def _section(change: SectionChange, project: Project | None) -> SectionWords:
    removed = [row.row for row in change.rows if row.kind == "removed"]
    kept = kept_of(project, change.key, removed) if project and removed else {}
    rows = tuple(_row(row, kept.get(row.row, "")) for row in change.rows)
    return SectionWords(change.key, TITLES[change.key], tuple(map(cell_words, change.cells)), rows)


def _row(change: RowChange, kept: str) -> RowWords:
    place = "строка {} стала строкой {}".format(*change.places) if change.places else ""
    name = change.name or ("строка без названия" if not change.number else "")
    return RowWords(change.kind, change.number, name, place, kept, tuple(map(cell_words, change.cells)))


def _marked(text: str, other: str) -> Marked:
    """Where both sides hold words, the words that the other has not; short values are taken whole."""
    mine, theirs = _WORD.findall(text), _WORD.findall(other)
    if not (3 < len(mine) <= _MOST_WORDS and 3 < len(theirs) <= _MOST_WORDS):
        return ((text, False),)
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if matcher.ratio() < 0.3:
        return ((text, False),)
    codes = matcher.get_opcodes()
    return tuple(("".join(mine[start:end]), code != "equal") for code, start, end, _, _ in codes if end > start)
