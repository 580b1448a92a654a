"""A passport read back from its workbook by the hidden keys alone: if anything were lost, it would differ."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from projects.passport.schema import Passport, decimal_text
from reports.documents import wording
from reports.documents.passport_xlsx import TASK
from reports.documents.workbook import CONTINUATIONS, FIRST_ROW, KEY_ROW

_LABELS: dict[str, dict[str, Any]] = {
    "level": {label: key for key, label in wording.LEVELS.items()},
    "parent_level": {label: key for key, label in wording.LEVELS.items()},
    "kind": {label: key for labels in (wording.INDICATOR_KINDS, wording.PLAN_KINDS) for key, label in labels.items()},
    "direction": {label: key for key, label in wording.DIRECTIONS.items()},
    "source": {label: key for key, label in wording.SOURCES.items()},
    "finance_unit": {"млн.\u00a0рублей": "million", "тыс.\u00a0рублей": "thousand"},
}


class Reading:
    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self._ends: dict[tuple[str, str], str] = {}
        if CONTINUATIONS in self.book.sheetnames:
            for row in self.book[CONTINUATIONS].iter_rows(min_row=FIRST_ROW, values_only=True):
                at = (str(row[0]), str(row[1]))
                self._ends[at] = self._ends.get(at, "") + str(row[3])

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        sheet = self.book[name]
        keys = [cell.value for cell in sheet[KEY_ROW]]
        for line in sheet.iter_rows(min_row=FIRST_ROW):
            cells = zip(keys, line, strict=True)
            yield {str(key): self._value(name, str(key), cell) for key, cell in cells}

    def _value(self, sheet: str, key: str, cell: Any) -> Any:
        value = cell.value
        if isinstance(value, str):
            value = unescape(value + self._ends.get((sheet, cell.coordinate), ""))
        return _plain(key, value)

    def passport(self) -> Passport:
        front = {row["key"]: _plain(row["key"], row["value"]) for row in self.rows("Основные положения")}
        unread = [
            {key: row[key] for key in ("section", "field", "raw")} | {"row": _whole(row["row"])}
            for row in self.rows("Записи без значения")
        ]
        self._raws = {(entry["section"], entry["row"], entry["field"]): entry["raw"] for entry in unread}
        tasks_results = list(self.rows("Задачи и результаты"))
        tasks = [row for row in tasks_results if row["row"] == TASK]
        results = [row for row in tasks_results if row["row"] != TASK]
        for row in results:
            row["task"] = None if row["task"] is None else _whole(row["task"]) - 1
        notes = list(self.rows("Дополнительно"))
        form: dict[str, Any] = {
            "indicators": self._section("indicators", self.rows("Показатели")),
            "tasks": [{key: row[key] for key in ("id", "number", "name")} for row in tasks],
            "results": self._section("results", results, drop=("row",)),
            "finance": self._section("finance", self.rows("Финансирование")),
            "participants": self._section("participants", self.rows("Участники")),
            "plan": self._section("plan", self.rows("План мероприятий")),
            "control_levels": {row["short"]: row["meaning"] for row in self.rows("Уровни контроля")},
            "breakdown": self._section("breakdown", self.rows("Показатели по территориям")),
            "methodology": self._section("methodology", self.rows("Методика")),
            "additional": next((row["text"] for row in notes if row["key"] == "additional"), None),
            "footnotes": [row["text"] for row in notes if row["key"] == "footnotes"],
            "unread": unread,
        }
        for key, value in front.items():
            _put(form, key, self._read("", None, key, value) if "." in key else value)
        _lists(form)
        return Passport.model_validate(form)

    def _section(self, section: str, rows: Any, drop: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        found = []
        for index, row in enumerate(rows):
            form: dict[str, Any] = {}
            years = str(row["years"]).split() if row.get("years") else []
            for key, value in row.items():
                first, _, last = key.partition(".")
                if key == "years" or key in drop or (first in {"targets", "amounts"} and last not in years):
                    continue
                _put(form, key, self._read(section, index, key, value))
            if years == ["–"]:
                form["amounts" if section == "finance" else "targets"] = {}
            found.append(form)
        return found

    def _read(self, section: str, row: int | None, key: str, value: Any) -> Any:
        """None where the cell only shows what was written there."""
        where = (section, row, key) if section else (key.partition(".")[0], None, key.partition(".")[2])
        return None if value is not None and self._raws.get(where) == value else value


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return decimal_text(Decimal(repr(value)))
    return _LABELS.get(key, {}).get(value, value)


def _whole(value: Any) -> Any:
    return None if value is None else int(value)


def _put(form: dict[str, Any], key: str, value: Any) -> None:
    first, _, rest = key.partition(".")
    if rest:
        _put(form.setdefault(first, {}), rest, value)
    else:
        form[first] = value


def _lists(form: dict[str, Any]) -> None:
    """Numbered keys of the front sheet as lists."""
    form["programmes"] = list(form.get("programmes", {}).values())
    form["approval"]["amendments"] = list(form["approval"].get("amendments", {}).values())
