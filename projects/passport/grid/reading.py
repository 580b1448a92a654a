"""A section of a passport as a table of words, each cell as a person would type it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.passport import workbook_form as form
from projects.passport.grid.columns import (
    SECTIONS,
    CellKind,
    Column,
    RowKind,
    Section,
    choice_words,
    columns_of,
    stands_after_years,
)
from projects.passport.schema import Passport, Row, decimal_text
from projects.passport.typography import date_short

Place = tuple[str, int | None, str]
"""Where a cell stands in the document: section, row, field, as ``unread`` and findings say it."""

_FRONT_DATES = ("start", "end", "protocol_date")


@dataclass(frozen=True, slots=True)
class GridRow:
    """``key`` is the id of the row, or the dotted name of a single field; ``place`` is its list and the index there.

    ``options`` close the choice of a single field.
    """

    key: str
    kind: str
    level: int
    cells: dict[str, str]
    place: tuple[str, int | None]
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    section: Section
    columns: tuple[Column, ...]
    years: tuple[str, ...]
    rows: tuple[GridRow, ...]

    @property
    def years_at(self) -> int:
        """How many columns stand before those of years."""
        return next((at for at, c in enumerate(self.columns) if stands_after_years(self.section, c)), len(self.columns))

    @property
    def kinds(self) -> tuple[RowKind, ...]:
        return self.section.kinds


def grid_of(passport: Passport, key: str) -> Grid:
    """The table of one of :data:`SECTIONS`. Rows without an id are keyed by their place: ``plan#3``."""
    section = SECTIONS[key]
    years = years_of(passport, section)
    columns = columns_of(passport, section, years)
    if key == "control_levels":
        rows = [
            GridRow(short, "level", 0, {"short": short, "meaning": meaning}, (key, index))
            for index, (short, meaning) in enumerate(passport.control_levels.items())
        ]
    elif not section.lists:
        rows = list(_facts(passport, key))
    else:
        raw = raw_cells(passport)
        rows = [row_of(passport, section, name, index, columns, raw) for name, index in order_of(passport, section)]
    return Grid(section, columns, years, tuple(rows))


def years_of(passport: Passport, section: Section) -> tuple[str, ...]:
    """Every year that some row of the section has a value for, in order."""
    if not section.yearly:
        return ()
    rows: tuple[Any, ...] = getattr(passport, section.lists[-1])
    named = {year for row in rows for year in getattr(row, section.yearly) or {}}
    prefix = f"{section.yearly}."
    said = {u.field.removeprefix(prefix) for u in passport.unread if u.section == section.lists[-1]}
    return tuple(sorted(named | {year for year in said if form.year_in(year) == year}))


def order_of(passport: Passport, section: Section) -> list[tuple[str, int]]:
    """Rows as (list, index) in the order of the table: results stand under the task they serve."""
    if section.lists != ("tasks", "results"):
        return [(name, index) for name in section.lists for index in range(len(getattr(passport, name)))]
    under: dict[int | None, list[int]] = {}
    for index, result in enumerate(passport.results):
        under.setdefault(result.task, []).append(index)
    found = [("results", index) for index in under.get(None, [])]
    for task in range(len(passport.tasks)):
        found.append(("tasks", task))
        found.extend(("results", index) for index in under.get(task, []))
    return found


def raw_cells(passport: Passport) -> dict[Place, str]:
    """What stands in the cells that hold no value of their kind; of two the first."""
    found: dict[Place, str] = {}
    for item in passport.unread:
        found.setdefault((item.section, item.row, item.field), item.raw)
    return found


def row_of(
    passport: Passport, section: Section, name: str, index: int, columns: tuple[Column, ...], raw: dict[Place, str]
) -> GridRow:
    row: Row = getattr(passport, name)[index]
    cells = {}
    for column in columns:
        text = shown(section.key, column, value_of(row, column.field)) or raw.get((name, index, column.field), "")
        if text:
            cells[column.field] = text
    kind, level = kind_of_row(name, row)
    return GridRow(row.id or f"{name}#{index}", kind, level, cells, (name, index))


def kind_of_row(name: str, row: Any) -> tuple[str, int]:
    """What a row is and how deep it stands."""
    match name:
        case "tasks":
            return "task", 0
        case "results":
            return "result", 1
        case "indicators":
            depth = (row.number or "").count(".")
            return ("part" if depth else "indicator"), min(depth, 3)
        case "finance":
            level = {None: 0, "transfers": 2}.get(row.source, 1)
            return ("heading", "source", "transfers")[level], level
        case "plan":
            return row.kind or "", {"control_point": 1, "activity": 2}.get(row.kind, 0)
        case "participants":
            return "participant", 0
    return "row", 0


def value_of(row: Any, field: str) -> Any:
    """The value of a dotted field: an attribute, one of ``base``, or a year's."""
    first, _, rest = field.partition(".")
    found = getattr(row, first, None)
    if not rest:
        return found
    return (found or {}).get(rest) if isinstance(found, dict) or found is None else getattr(found, rest)


def shown(section: str, column: Column, value: Any) -> str:
    """A value as it is typed: a decimal comma, no groups; a day as 05.12.2018; a choice by its word."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return decimal_text(value).replace(".", ",")
    if isinstance(value, dt.date):
        return date_short(value)
    if column.kind == "choice":
        return choice_words(section, column.field).get(str(value), str(value))
    return str(value)


def fact_kind(key: str) -> CellKind:
    """What the cell of a single field holds."""
    if key.endswith(_FRONT_DATES):
        return "date"
    if key in {"level", "parent_level", "finance_unit"}:
        return "choice"
    return "lines" if key == "additional" else "text"


def fact_place(key: str) -> Place:
    """Where a single field stands for ``unread`` and findings: («curator», None, «name»)."""
    first, _, rest = key.partition(".")
    return first, None, rest or first


def _facts(passport: Passport, section: str) -> Iterator[GridRow]:
    document = passport.model_dump(mode="python")
    raw = raw_cells(passport)
    for key in _fact_keys(passport, section):
        column = Column(key, "", fact_kind(key))
        text = shown("main", column, _dug(document, key)) or raw.get(fact_place(key), "")
        cells = {"label": fact_label(key), **({"value": text} if text else {})}
        head, _, index = key.partition(".")
        kind = head if head in {"programmes", "footnotes"} else ""
        place: tuple[str, int | None] = (head, int(index)) if kind else (key, None)
        yield GridRow(key, kind, 0, cells, place, tuple(choice_words("main", key).values()))


def fact_label(key: str) -> str:
    if key.partition(".")[0] in form.ADDITIONAL_LABELS:
        return form.ADDITIONAL_LABELS[key.partition(".")[0]]
    return form.front_label(key) or key


def _fact_keys(passport: Passport, section: str) -> Iterator[str]:
    if section == "additional":
        yield "additional"
        yield from (f"footnotes.{index}" for index in range(len(passport.footnotes)))
        return
    for key in form.FRONT_LABELS:
        if key == "programmes.{}":
            yield from (key.format(index) for index in range(len(passport.programmes)))
        elif key == "approval.amendments.{}.protocol_number":
            for index in range(len(passport.approval.amendments)):
                yield from (f"approval.amendments.{index}.{field}" for field in ("protocol_number", "protocol_date"))
        elif "{" not in key and key != "format":
            yield key


def _dug(document: Any, key: str) -> Any:
    for part in key.split("."):
        document = document[int(part)] if isinstance(document, (list, tuple)) else document[part]
    return document
