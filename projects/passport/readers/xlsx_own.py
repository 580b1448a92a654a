"""Our own workbook read back to the very document it was printed from, by its visible labels and column titles.

People edit it: sheets may be renamed, rows and columns moved, added or hidden to make room, values retyped. What is
no value of its kind then is kept as it was written, as everywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from jobs.files.cells import Cell
from jobs.files.errors import UnreadableFile
from jobs.files.workbook import Grid
from projects.passport import values
from projects.passport import workbook_form as form
from projects.passport.intermediate import squash
from projects.passport.recogniser.indicators import direction_of, kind_of
from projects.passport.rules import finance_source, plan_kind
from projects.passport.schema import FORMAT, Passport, decimal_text

_HEADER_WITHIN = 30
_EXACT = re.compile(r"-?\d{1,24}([.,]\d{1,12})?", re.ASCII)
_DATES = {"base.date", "due", "start", "end", "approval.protocol_date"}
_NUMBERS = {"base.value", "total", "employment"}
_KEPT_WORDS = {"row", "task"}
_LEVELS = {label: key for key, label in form.LEVELS.items()}
_KINDS = {label: key for key, label in form.INDICATOR_KINDS.items()}
_DIRECTIONS = {label: key for key, label in form.DIRECTIONS.items()}
_OTHER_SHEETS = {
    "front": form.FRONT_COLUMNS,
    "control_levels": form.CONTROL_LEVEL_COLUMNS,
    "additional": form.ADDITIONAL_COLUMNS,
    "unread": form.UNREAD_COLUMNS,
    "continuations": form.CONTINUATION_COLUMNS,
}

Line = dict[str, Cell]
Place = tuple[str, int | None, str]


def is_own(grids: list[Grid]) -> bool:
    """Whether a workbook says of itself, in a line that a person can read, that it is a passport in our form."""
    for grid in grids:
        for cells in grid.rows.values():
            texts = [cell.text for _, cell in sorted(cells.items())][:3]
            if form.FORMAT_LABEL in texts and FORMAT in texts:
                return True
    return False


def read_own(grids: list[Grid]) -> Passport:
    """The passport of our own workbook. Raises :class:`UnreadableFile` where what was typed fits no passport."""
    try:
        return Passport.model_validate(_OwnReader(grids).form())
    except ValidationError as problem:
        raise UnreadableFile(
            "В таблице есть текст, который не помещается в паспорт: сократите его и загрузите файл снова."
        ) from problem


@dataclass(slots=True)
class _Sheet:
    """The rows of a sheet under its header, by the names of the fields; ``years`` are those of its columns."""

    years: list[str]
    rows: list[Line]


class _OwnReader:
    def __init__(self, grids: list[Grid]) -> None:
        self._sheets: dict[str, _Sheet] = {}
        for grid in grids:
            found = _sheet(grid)
            # Of two sheets with one header the first is the section; a copy of it is a draft of somebody.
            if found is not None and found[0] not in self._sheets:
                self._sheets[found[0]] = found[1]
        self._ends = self._continuations()
        self._unread = list(self._unread_cells())
        self._shown = {(place, raw) for place, raw, shown in self._unread if shown}
        self._confirmed: set[tuple[Place, str]] = set()
        self._new: list[tuple[Place, str]] = []

    def form(self) -> dict[str, Any]:
        found = self._front()
        for section in form.SHEETS:
            if section != "results":
                found[section] = [self._row(section, index, line) for index, line in enumerate(self._rows(section))]
        found |= self._tasks_and_results()
        for row in found["plan"]:
            day = row.get("start")
            row["kind"] = plan_kind(row.get("number"), dt.date.fromisoformat(day) if day else None)
        for row in found["finance"]:
            row["source"] = finance_source(row.get("name"))
        found["control_levels"] = {
            self._text(line["short"]): self._text(line["meaning"])
            for line in self._rows("control_levels")
            if "short" in line and "meaning" in line
        }
        notes = [
            (self._text(line["label"]), self._text(line["text"])) for line in self._rows("additional") if len(line) > 1
        ]
        said = [text for label, text in notes if label == form.ADDITIONAL_LABELS["additional"]]
        found["additional"] = "\n".join(said) or None
        found["footnotes"] = [text for label, text in notes if label == form.ADDITIONAL_LABELS["footnotes"]]
        found["unread"] = self._kept_unread()
        return found

    def _rows(self, section: str) -> list[Line]:
        return self._sheets[section].rows if section in self._sheets else []

    def _text(self, cell: Cell) -> str:
        """The words of a cell with the end that did not fit into it."""
        found = form.continued(cell.text)
        if found and found[1] in self._ends:
            return found[0] + self._ends[found[1]]
        return cell.typed or cell.text

    def _continuations(self) -> dict[int, str]:
        parts: dict[int, list[tuple[int, str]]] = {}
        for line in self._rows("continuations"):
            text, part = (_whole(line.get(key)) for key in ("text", "part"))
            if text is not None and part is not None and "words" in line:
                parts.setdefault(text, []).append((part, line["words"].text))
        return {text: "".join(words for _, words in sorted(found)) for text, found in parts.items()}

    def _unread_cells(self) -> Iterator[tuple[Place, str, bool]]:
        for line in self._rows("unread"):
            if {"section", "field", "raw"} <= set(line):
                section, field = form.place_of(line["section"].text, line["field"].text)
                at = _whole(line.get("line"))
                place = (section, None if at is None else at - 1, field)
                shown = "shown" in line and line["shown"].text == form.SHOWN
                yield place, self._text(line["raw"]), shown

    def _kept_unread(self) -> list[dict[str, Any]]:
        """What is still unread: a cell that holds something else by now is no longer, a new one is."""
        kept = [(place, raw) for place, raw, shown in self._unread if not shown or (place, raw) in self._confirmed]
        return [
            {"section": section, "row": row, "field": field, "raw": raw}
            for (section, row, field), raw in [*kept, *self._new]
        ]

    def _is_shown(self, place: Place, text: str) -> bool:
        """Whether a cell only shows what was written in the document in the place of a value."""
        if (place, text) in self._shown:
            self._confirmed.add((place, text))
            return True
        return False

    def _words(self, place: Place, cell: Cell | None) -> str | None:
        if cell is None:
            return None
        text = self._text(cell)
        return None if self._is_shown(place, text) else text

    def _keep(self, place: Place, text: str) -> None:
        if text := squash(text):
            self._new.append((place, text))

    def _decimal(self, place: Place, cell: Cell | None) -> str | None:
        text = self._words(place, cell)
        if cell is None or text is None:
            return None
        found = cell.value if isinstance(cell.value, Decimal) else exact_number(text)
        if found is None:
            self._keep(place, text)
        return None if found is None else decimal_text(found)

    def _day(self, place: Place, cell: Cell | None) -> str | None:
        text = self._words(place, cell)
        if cell is None or text is None:
            return None
        found = cell.value if isinstance(cell.value, dt.date) else values.date(text)
        if found is None:
            self._keep(place, text)
        return found.isoformat() if found else None

    def _choice(self, place: Place, cell: Cell | None) -> str | None:
        text = self._words(place, cell)
        if text is None:
            return None
        word = squash(text).casefold()
        found: str | None = None
        if place[2] in {"level", "parent_level"}:
            found = _LEVELS.get(word)
        elif place[2] == "kind":
            found = _KINDS.get(word) or kind_of(word)
        elif place[2] == "direction":
            found = _DIRECTIONS.get(word) or direction_of(word)
        if found is None:
            self._keep(place, text)
        return found

    def _value(self, place: Place, key: str, cell: Cell | None) -> str | None:
        """The value of a cell by the name of its field, dotted for those of the front sheet."""
        if key in _DATES or key.endswith(".protocol_date"):
            return self._day(place, cell)
        if key in _NUMBERS:
            return self._decimal(place, cell)
        if key in {"level", "parent_level", "direction"} or (key == "kind" and place[0] == "indicators"):
            return self._choice(place, cell)
        return self._words(place, cell)

    def _row(self, section: str, index: int, line: Line) -> dict[str, Any]:
        row: dict[str, Any] = {"id": line["id"].text if "id" in line else None}
        for key in form.COLUMNS[section]:
            if key not in _KEPT_WORDS:
                _put(row, key, self._value((section, index, key), key, line.get(key)))
        if section in form.YEARLY:
            row[form.YEARLY[section]] = self._by_year(section, index, line)
        return row

    def _by_year(self, section: str, index: int, line: Line) -> dict[str, str | None] | None:
        """The values of the years of a row. Money has no years without any; «х» in each says that it has a table."""
        found: dict[str, str | None] = {}
        years, absent = self._sheets[section].years, 0
        for year in years:
            cell = line.get(year)
            if cell is not None and cell.text in form.ABSENT_YEARS:
                absent += 1
            elif cell is None:
                if section in form.EMPTY_IS_NULL:
                    found[year] = None
            elif cell.text == form.NO_VALUE:
                found[year] = None
            else:
                found[year] = self._decimal((section, index, f"{form.YEARLY[section]}.{year}"), cell)
        if section != "finance":
            return found
        money: dict[str, str | None] = {year: value for year, value in found.items() if value is not None}
        return money or ({} if years and absent == len(years) else None)

    def _tasks_and_results(self) -> dict[str, Any]:
        tasks: list[dict[str, Any]] = []
        results: list[dict[str, Any]] = []
        for line in self._rows("results"):
            if "row" in line and squash(line["row"].text).casefold() == form.TASK:
                at = len(tasks)
                row = {key: self._words(("tasks", at, key), line.get(key)) for key in ("number", "name")}
                tasks.append(row | {"id": line["id"].text if "id" in line else None})
            else:
                results.append(self._row("results", len(results), line))
                results[-1]["task"] = line.get("task")
        for index, row_of in enumerate(results):
            row_of["task"] = self._task(index, row_of["task"], len(tasks))
        return {"tasks": tasks, "results": results}

    def _task(self, index: int, cell: Any, count: int) -> int | None:
        place: Place = ("results", index, "task")
        text = self._words(place, cell)
        if text is None:
            return None
        at = _whole(cell)
        if at is None or not 1 <= at <= count:
            self._keep(place, text)
            return None
        return at - 1

    def _front(self) -> dict[str, Any]:
        found: dict[str, Any] = {"format": FORMAT}
        for line in self._rows("front"):
            key = form.front_key(line["label"].text) if "label" in line else None
            if key is None or key == "format":
                continue
            section, _, field = key.partition(".")
            value = self._value((section, None, field or section), key, line.get("value"))
            _put(found, key, value)
        unit = str(found.pop("finance_unit", None) or "")
        found["finance_unit"] = "thousand" if unit.strip().casefold().startswith("тыс") else "million"
        found["programmes"] = [
            text for _, text in sorted(found.get("programmes", {}).items(), key=_place_in_list) if text
        ]
        approval = found.setdefault("approval", {})
        approval["amendments"] = [row for _, row in sorted(approval.get("amendments", {}).items(), key=_place_in_list)]
        return found


def _place_in_list(entry: tuple[str, Any]) -> int:
    return int(entry[0])


def _put(target: dict[str, Any], key: str, value: Any) -> None:
    first, _, rest = key.partition(".")
    if rest:
        _put(target.setdefault(first, {}), rest, value)
    else:
        target[first] = value


def exact_number(text: str) -> Decimal | None:
    if _EXACT.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return values.number(text)


def _whole(cell: Cell | None) -> int | None:
    number = None if cell is None else cell.value if isinstance(cell.value, Decimal) else exact_number(cell.text)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _sheet(grid: Grid) -> tuple[str, _Sheet] | None:
    """Which sheet of ours this is, by its column titles, and its rows; None for a sheet that somebody added."""
    header = _header(grid)
    if header is None:
        return None
    section, at = header
    columns, years = _columns(section, grid, at)
    rows: list[Line] = []
    for number in sorted(row for row in grid.rows if row > at):
        cells = grid.rows[number]
        line = {key: cells[column] for key, column in columns.items() if column in cells}
        if line.keys() - {"id"}:
            rows.append({key: cell for key, cell in line.items() if cell.text != form.EMPTY_ROW})
    return section, _Sheet(years, rows)


def _header(grid: Grid) -> tuple[str, int] | None:
    """The section of a sheet and the row of its header: the first row that holds most of the titles of a section."""
    for number in sorted(grid.rows)[:_HEADER_WITHIN]:
        titles = {squash(cell.text).casefold() for cell in grid.rows[number].values()}
        best, most = None, 0
        for section, columns in {**form.COLUMNS, **_OTHER_SHEETS}.items():
            known = sum(_matches(title, titles) for title in columns.values())
            if known > max(most, 1) and known * 3 >= len(columns) * 2:
                best, most = section, known
        if best:
            return best, number
    return None


def _matches(title: str, titles: set[str]) -> bool:
    word = title.casefold()
    return word in titles or any(known.startswith(f"{word}, ") for known in titles if word == "всего")


def _columns(section: str, grid: Grid, at: int) -> tuple[dict[str, int], list[str]]:
    """The column of every field and year, and the years in order; the ids stand in a hidden one, titled or not."""
    by_title = {title.casefold(): key for key, title in (form.COLUMNS | _OTHER_SHEETS)[section].items()}
    columns: dict[str, int] = {}
    years: list[str] = []
    for column, cell in sorted(grid.rows[at].items()):
        title = squash(cell.text).casefold()
        year = form.year_in(title) if section in form.YEARLY else None
        key = "id" if title == form.ID_TITLE.casefold() else by_title.get(title) or by_title.get(title.split(",")[0])
        if year and year not in columns:
            columns[year] = column
            years.append(year)
        elif key and key not in columns:
            columns[key] = column
    if section in form.SHEETS and "id" not in columns:
        untitled = grid.hidden - set(grid.rows[at])
        if untitled:
            columns["id"] = min(untitled)
    return columns, sorted(years)
