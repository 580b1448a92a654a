"""A section of a passport written anew from what a person typed into its table.

Only cells that were touched are read, by the very parsing of the readers; everything else stays as it is, so that
a table sent back untouched gives the identical document. What is no value of its kind («XX», «31.11») is kept in
``unread`` as it was typed, and the checks say so. What no passport can hold is a :class:`Refusal` of that cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from projects.passport import values
from projects.passport.grid.columns import SECTIONS, CellKind, Column, Section, choice_words, columns_of
from projects.passport.grid.reading import (
    GridRow,
    Place,
    fact_kind,
    fact_place,
    grid_of,
    order_of,
    years_of,
)
from projects.passport.intermediate import squash
from projects.passport.readers.xlsx_own import exact_number
from projects.passport.recogniser.indicators import direction_of, kind_of
from projects.passport.rules import finance_source, plan_kind
from projects.passport.schema import (
    BreakdownRow,
    FinanceRow,
    Indicator,
    Methodology,
    Participant,
    Passport,
    PlanRow,
    Result,
    Row,
    Task,
    Unread,
    decimal_text,
)

LONGEST_TEXT = 50_000
MODELS: dict[str, type[Row]] = {
    "indicators": Indicator,
    "tasks": Task,
    "results": Result,
    "finance": FinanceRow,
    "participants": Participant,
    "plan": PlanRow,
    "breakdown": BreakdownRow,
    "methodology": Methodology,
}
# In these an empty cell of a year is a value that is not said; in the others the row has no such year.
_EMPTY_IS_NULL = {"indicators", "breakdown"}
_Where = tuple[str, int | None]
_TOO_LONG = "Текст длиннее 50 000 знаков: сократите его."


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as it came: ``key`` of a row of the document or None for a new one, and the cells that were touched."""

    key: str | None
    kind: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """``row`` is the place among the rows that were typed."""

    row: int
    field: str
    message: str


@dataclass(slots=True)
class Written:
    """``places`` says where each typed row came to stand, None for a new row with nothing in it."""

    passport: Passport
    places: list[_Where | None]
    refusals: list[Refusal]


@dataclass(slots=True)
class _Cells:
    """Reads single cells; what is no value is noted for ``unread``, what cannot be kept is refused."""

    section: str
    kept: list[tuple[int, str, str]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def read(self, row: int, name: str, kind: CellKind, text: str) -> Any:
        """The value of a cell as ``passport/1`` writes it in JSON; None for an empty cell and for what is no value."""
        line = _lines(text) if kind == "lines" else squash(text)
        if not line:
            return None
        if len(line) > LONGEST_TEXT:
            self.refusals.append(Refusal(row, name, _TOO_LONG))
            return None
        found = _value(self.section, name, kind, line)
        if found is None:
            self.kept.append((row, name, line))
        return found


def _lines(text: str) -> str:
    return "\n".join(squash(line) for line in text.splitlines()).strip()


def _value(section: str, name: str, kind: CellKind, line: str) -> str | None:
    match kind:
        case "number":
            number = exact_number(line)
            return None if number is None else decimal_text(number)
        case "date":
            day = values.date(line)
            return day.isoformat() if day else None
        case "choice":
            return _choice(section, name, line)
        case "row_number":
            return values.row_number(line) or _words(line)
    return _words(line)


def _words(line: str) -> str | None:
    return None if values.is_dash(line) else line


def _choice(section: str, name: str, line: str) -> str | None:
    word = line.casefold()
    for key, title in choice_words(section, name).items():
        if title.casefold() == word:
            return key
    if name == "kind":
        return kind_of(line)
    return direction_of(line) if name == "direction" else None


def written(passport: Passport, key: str, rows: Sequence[TypedRow], years: Sequence[str] | None = None) -> Written:
    """The passport with one of its :data:`SECTIONS` as these rows say it, in their order; missing rows are dropped.

    ``years`` are the columns of years that the table has now, None for those it had. New rows have no id yet.
    """
    section = SECTIONS[key]
    if key == "control_levels":
        return _levels(passport, rows)
    if not section.lists:
        return _facts(passport, section, rows)
    return _Lists(passport, section, rows, years).written()


class _Lists:
    """Sections made of lists of rows, one list or, for tasks and results, two woven together."""

    def __init__(
        self, passport: Passport, section: Section, rows: Sequence[TypedRow], years: Sequence[str] | None
    ) -> None:
        self.passport, self.section, self.rows = passport, section, rows
        had = years_of(passport, section)
        self.gone = set(had) - set(years) if years is not None else set()
        self.new_years = sorted(set(years or ()) - set(had))
        self.years = sorted({*had, *self.new_years} - self.gone)
        self.columns = columns_of(passport, section, tuple(sorted({*had, *self.new_years})))
        self.known = {row.key: row for row in grid_of(passport, section.key).rows}
        self.cells = _Cells(section.key)
        self.made: dict[str, list[Row]] = {name: [] for name in section.lists}
        self.places: list[_Where | None] = []
        self.moved: dict[_Where, int] = {}
        self.touched: set[Place] = set()
        self.under: list[int | None] = []

    def written(self) -> Written:
        seen: set[str] = set()
        for at, row in enumerate(self.rows):
            was = self.known.get(row.key or "") if row.key not in seen else None
            seen.add(row.key or "")
            self._add(at, row, was)
        if self.section.key == "results":
            self._settle_results()
        unread = self._unread()
        passport = self.passport.model_copy(
            update={**{name: tuple(made) for name, made in self.made.items()}, "unread": unread}
        )
        return Written(passport, self.places, self.cells.refusals)

    def _add(self, at: int, typed: TypedRow, was: GridRow | None) -> None:
        name = self._list_of(typed, was)
        cells = dict(typed.cells)
        if was and was.place[0] != name:  # a task becomes a result, or the reverse: every cell is read anew
            cells = {**was.cells, **cells}
        if was is None and not any(text.strip() for text in cells.values()):
            self.places.append(None)
            return
        index = len(self.made[name])
        row = self._row(at, name, was if was and was.place[0] == name else None, cells, typed)
        self.made[name].append(row)
        self.places.append((name, index))
        if was and was.place[0] == name:
            self.moved[was.place] = index
            self.touched |= {(*was.place, field) for field in cells}
        if name == "results":
            self.under.append(len(self.made["tasks"]) - 1 if self.made["tasks"] else None)

    def _list_of(self, typed: TypedRow, was: GridRow | None) -> str:
        if self.section.key != "results":
            return self.section.lists[0]
        kind = typed.kind or (was.kind if was else "result")
        return "tasks" if kind == "task" else "results"

    def _row(self, at: int, name: str, was: GridRow | None, cells: dict[str, str], typed: TypedRow) -> Row:
        model = MODELS[name]
        known: Row | None = None
        if was is not None:
            place = was.place[1]
            assert place is not None
            known = getattr(self.passport, name)[place]
        if known is not None and not cells and not self.gone and not self.new_years:
            return known
        document = (known or model()).model_dump(mode="json")
        if known is None and typed.key and "#" not in typed.key:
            document["id"] = typed.key
        for column in self.columns:
            if column.field in cells:
                self._put(at, name, document, column, cells[column.field])
        if self.section.yearly and name != "tasks":
            self._years(name, document, self.new_years if known else self.years)
        if name == "plan":
            start = document["start"]
            document["kind"] = plan_kind(document["number"], dt.date.fromisoformat(start) if start else None)
        if name == "finance":
            document["source"] = finance_source(document["name"])
        return model.model_validate(document)

    def _put(self, at: int, name: str, document: dict[str, Any], column: Column, text: str) -> None:
        first, _, rest = column.field.partition(".")
        if first not in document:  # a task has a number and a name only
            if text.strip():
                message = f"У задачи нет графы «{column.title}»: перенесите написанное в результат или очистите клетку."
                self.cells.refusals.append(Refusal(at, column.field, message))
            return
        value = self.cells.read(at, column.field, column.kind, text)
        if not rest:
            document[first] = value
        elif first == self.section.yearly:
            found = dict(document[first] or {})
            if value is None and not (name in _EMPTY_IS_NULL or (name == "results" and squash(text))):
                found.pop(rest, None)
            else:
                found[rest] = value
            # Money has no years at all where no year holds a number.
            document[first] = found or (None if name == "finance" else {})
        else:
            document[first] = {**document[first], rest: value}

    def _years(self, name: str, document: dict[str, Any], new: Sequence[str]) -> None:
        first = self.section.yearly
        had = document[first]
        found = {year: value for year, value in (had or {}).items() if year not in self.gone}
        if name in _EMPTY_IS_NULL:
            found |= {year: None for year in new if year not in found}
        if found != (had or {}):
            document[first] = found or (None if name == "finance" else {})

    def _settle_results(self) -> None:
        """Results serve the task they stand under; where nothing was moved they keep their order in the document."""
        former = {(place[0], index): place for place, index in self.moved.items()}
        now = [former.get((place[0], place[1] or 0)) for place in self.places if place]
        if now == order_of(self.passport, self.section) and None not in self.places:
            order = sorted(range(len(self.under)), key=lambda at: former["results", at][1] or 0)
            self.made["results"] = [self.made["results"][at] for at in order]
            where = {at: index for index, at in enumerate(order)}
            self.places = [
                ("results", where[place[1] or 0]) if place and place[0] == "results" else place for place in self.places
            ]
            self.moved = {
                place: where[index] if place[0] == "results" else index for place, index in self.moved.items()
            }
            return
        self.made["results"] = [
            row.model_copy(update={"task": task}) for row, task in zip(self.made["results"], self.under, strict=True)
        ]

    def _unread(self) -> tuple[Unread, ...]:
        found: list[Unread] = []
        for item in self.passport.unread:
            if item.section not in self.section.lists or not self._is_row(item.section, item.row):
                found.append(item)
                continue
            index = self.moved.get((item.section, item.row))
            replaced = (item.section, item.row, item.field) in self.touched
            year = item.field.removeprefix(f"{self.section.yearly}.")
            if index is None or replaced or year in self.gone:
                continue
            found.append(item if index == item.row else item.model_copy(update={"row": index}))
        for at, name, raw in self.cells.kept:
            place = self.places[at]
            assert place is not None
            found.append(Unread(section=place[0], row=place[1], field=name, raw=raw))
        return tuple(found)

    def _is_row(self, name: str, row: int | None) -> bool:
        return row is not None and 0 <= row < len(getattr(self.passport, name))


def _levels(passport: Passport, rows: Sequence[TypedRow]) -> Written:
    """The dictionary of control levels: two rows cannot have one short name, and each has both words."""
    found: dict[str, str] = {}
    places: list[_Where | None] = []
    refusals: list[Refusal] = []
    for at, row in enumerate(rows):
        known = row.key is not None and row.key in passport.control_levels
        was = {"short": row.key or "", "meaning": passport.control_levels[row.key or ""]} if known else {}
        cells = {**was, **{name: squash(text) for name, text in row.cells.items()}}
        short, meaning = cells.get("short", ""), cells.get("meaning", "")
        if not short and not meaning:
            places.append(None)
            continue
        for name, text, lack in (
            ("short", short, "Напишите обозначение уровня, например «РП»."),
            ("meaning", meaning, "Напишите, что означает обозначение."),
        ):
            if not text:
                refusals.append(Refusal(at, name, lack))
            elif len(text) > LONGEST_TEXT:
                refusals.append(Refusal(at, name, _TOO_LONG))
        if short in found:
            refusals.append(
                Refusal(at, "short", f"Обозначение «{short}» уже есть строкой выше: назовите уровень иначе.")
            )
        places.append(("control_levels", len(found)))
        if short and meaning:
            found.setdefault(short, meaning)
    return Written(passport.model_copy(update={"control_levels": found}), places, refusals)


def _facts(passport: Passport, section: Section, rows: Sequence[TypedRow]) -> Written:
    """Single fields, and under them the list that can grow: programmes, footnotes."""
    cells = _Cells("main")
    document = passport.model_dump(mode="json", exclude=set(MODELS))
    growing = section.kinds[0].key
    grown: list[str] = []
    places: list[_Where | None] = []
    touched: set[Place] = set()
    known = {row.key: row for row in grid_of(passport, section.key).rows}
    for at, row in enumerate(rows):
        was = known.get(row.key or "")
        if was is None or was.kind == growing:
            text = row.cells.get("value", was.cells.get("value", "") if was else "")
            # A program that was not touched stays letter for letter.
            said = text if was and "value" not in row.cells else cells.read(at, growing, "text", text)
            places.append((growing, len(grown)) if said else None)
            if said:
                grown.append(said)
            continue
        places.append(was.place)
        if "value" in row.cells:
            touched.add(fact_place(was.key))
            value = cells.read(at, was.key, fact_kind(was.key), row.cells["value"])
            if was.key == "finance_unit" and value is None:
                cells.refusals.append(Refusal(at, was.key, "Выберите единицу из списка: в ней записаны все суммы."))
            else:
                _dig(document, was.key, value)
    document[growing] = grown
    document["unread"] = [
        *(item for item in document["unread"] if (item["section"], item["row"], item["field"]) not in touched),
        *_kept_facts(cells.kept, rows, known),
    ]
    front = Passport.model_validate({name: value for name, value in document.items() if name not in MODELS})
    update = {name: getattr(front, name) for name in document}
    return Written(passport.model_copy(update=update), places, _at_value(cells.refusals))


def _kept_facts(
    kept: Iterable[tuple[int, str, str]], rows: Sequence[TypedRow], known: dict[str, GridRow]
) -> Iterable[dict[str, Any]]:
    for at, _, raw in kept:
        row = known.get(rows[at].key or "")
        if row is not None and row.kind == "":
            section, index, name = fact_place(row.key)
            yield {"section": section, "row": index, "field": name, "raw": raw}


def _at_value(refusals: Iterable[Refusal]) -> list[Refusal]:
    return [Refusal(refusal.row, "value", refusal.message) for refusal in refusals]


def _dig(document: Any, key: str, value: Any) -> None:
    *path, last = key.split(".")
    for part in path:
        document = document[int(part)] if isinstance(document, list) else document[part]
    document[last] = value
