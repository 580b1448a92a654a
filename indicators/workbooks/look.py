"""How our workbooks look and print, what may be typed into their cells; words in them are never formulas."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from indicators.answers import Given
from indicators.models import Question
from projects.passport.typography import number

NOT_OURS = "к нам не относится"
YES, NO = "да", "нет"
EMPTY_STAYS = "Пустая ячейка ничего не меняет: убрать ответ можно на странице формы."

# A spreadsheet keeps 15 significant digits of a number; what has more is written as text.
_DIGITS = 15
_ILLEGAL = re.compile("[\ud800-\udfff\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CELL_LIMIT = 32_000
_BASE = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_BOX = {"border": 1, "border_color": "#9AA5B1"}
_LINE_HEIGHT = 13.5
# A fixed day: the same forms give the same bytes.
_MADE = dt.datetime(1980, 1, 1)  # noqa: DTZ001

TITLE = {"bold": True, "font_size": 14}
SOFT = {"font_color": "#4A5568"}
HEAD = {"bold": True, "bg_color": "#E8EEF5", "text_wrap": True, "align": "center", "valign": "vcenter", **_BOX}
CELL = {"text_wrap": True, **_BOX}
CENTRED = {**CELL, "align": "center"}
SHUT = {**_BOX, "bg_color": "#E2E6EA", "font_color": "#4A5568", "align": "right"}
FIELD = {**_BOX, "bg_color": "#FFF9E0", "locked": False, "align": "right"}
WORDS = {**FIELD, "text_wrap": True, "align": "left"}
_NUMBER_FORMATS = {"integer": "#,##0", "decimal": "#,##0.0#########", "boolean": "General"}


class Book:
    """A workbook in the making. ``long``: row after row in constant memory, for thousands of rows."""

    def __init__(self, title: str, *, long: bool = False) -> None:
        self._out = io.BytesIO()
        memory = "constant_memory" if long else "in_memory"
        self._book = xlsxwriter.Workbook(self._out, {memory: True, "default_format_properties": _BASE})
        self._book.set_properties({"title": plain(title)[:255], "author": "Веха", "created": _MADE})
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str, widths: Sequence[float], *, head_row: int, frozen: tuple[int, int]) -> Sheet:
        """A protected sheet, printed on A4 across with its header on every page. Rows and columns count from 1."""
        sheet = self._book.add_worksheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(*frozen)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.8, right=0.4, top=0.8, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head_row - 1)
        sheet.hide_gridlines(2)
        sheet.set_footer("&L&A&RСтраница &P из &N")
        return Sheet(self, sheet)

    def look(self, properties: Mapping[str, Any]) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(dict(properties))
        return self._looks[key]

    def content(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


class Sheet:
    """Cells of a sheet by row and column from 1, each with its look."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book, self.raw = book, sheet

    def text(self, row: int, column: int, text: str, look: Mapping[str, Any]) -> None:
        quoted = {"quote_prefix": True} if text.startswith(_FORMULA_STARTS) else {}
        words = plain(text)[:_CELL_LIMIT]
        if words:
            self.raw.write_string(row - 1, column - 1, words, self._book.look({**look, **quoted}))
        else:
            self.raw.write_blank(row - 1, column - 1, None, self._book.look(look))

    def question(self, row: int, column: int, name: str, hint: str, look: Mapping[str, Any]) -> None:
        """The name with its hint below, in softer ink."""
        if not hint:
            self.text(row, column, name, look)
            return
        soft, usual = self._book.look(SOFT), self._book.look({})
        half = _CELL_LIMIT // 2
        parts = [usual, plain(name)[:half], soft, f"\n{plain(hint)}"[:half]]
        self.raw.write_rich_string(row - 1, column - 1, *parts, self._book.look(look))

    def figure(self, row: int, column: int, given: Given, question: Question, look: Mapping[str, Any]) -> None:
        """An answer or an earlier figure in the form in which it is typed; nothing leaves the cell empty."""
        look = {**look, "num_format": _NUMBER_FORMATS[question.kind]}
        if given.not_applicable:
            self.text(row, column, NOT_OURS, look)
        elif given.value is None:
            self.text(row, column, "", look)
        elif question.kind == "boolean":
            self.text(row, column, YES if given.value else NO, look)
        elif _too_long(given.value):
            self.text(row, column, f"{given.value:f}".replace(".", ","), look)
        else:
            self.raw.write_number(row - 1, column - 1, float(given.value), self._book.look(look))

    def height(self, row: int, points: float | None = None, *, hidden: bool = False) -> None:
        self.raw.set_row(row - 1, points, None, {"hidden": True} if hidden else {})

    def hide_column(self, column: int) -> None:
        self.raw.set_column(column - 1, column - 1, 1, None, {"hidden": True})

    def allow(self, rows: tuple[int, int], column: int, question: Question) -> None:
        """Let only answers to the question be typed into these rows of a column; its hint shows beside the cell."""
        first, last = rows
        rule = _rule(question, xl_rowcol_to_cell(first - 1, column - 1))
        rule |= {
            "ignore_blank": True,
            "input_title": "Ответ",
            "input_message": _cut(plain(" ".join(filter(None, (what_to_type(question), question.hint)))), 255),
            "error_title": "Так ответить нельзя",
            "error_message": _cut(what_to_type(question), 255),
        }
        self.raw.data_validation(first - 1, column - 1, last - 1, column - 1, rule)


def plain(text: str) -> str:
    """A text without what XML cannot hold; control characters the library itself writes as OOXML has them."""
    return _ILLEGAL.sub("", text)


def lines_high(text: str, width: float) -> float:
    """The height in points of a cell that shows a text whole: not every program finds it by itself."""
    lines = sum(max(1, math.ceil(len(paragraph) / width)) for paragraph in text.split("\n"))
    return min(409.0, lines * _LINE_HEIGHT + 4)


def what_to_type(question: Question) -> str:
    """«Целое число, от 0 до 100.»"""
    if question.kind == "boolean":
        words = "Выберите из списка: да или нет"
    else:
        kind = "Целое число" if question.kind == "integer" else "Число"
        words = f"{kind}{_bounds(question)}"
    return f"{words}, либо «{NOT_OURS}»." if question.may_not_apply else f"{words}."


def _bounds(question: Question) -> str:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None:
        return f" от {number(low)} до {number(high)}"
    if low is not None:
        return f" не меньше {number(low)}"
    return f" не больше {number(high)}" if high is not None else ""


def _rule(question: Question, cell: str) -> dict[str, Any]:
    if question.kind == "boolean":
        return {"validate": "list", "source": [YES, NO, NOT_OURS] if question.may_not_apply else [YES, NO]}
    conditions = [f"ISNUMBER({cell})"]
    if question.kind == "integer":
        conditions.append(f"{cell}=INT({cell})")
    if question.minimum is not None:
        conditions.append(f"{cell}>={question.minimum:f}")
    if question.maximum is not None:
        conditions.append(f"{cell}<={question.maximum:f}")
    formula = f"AND({','.join(conditions)})"
    if question.may_not_apply:
        formula = f'OR({cell}="{NOT_OURS}",{formula})'
    return {"validate": "custom", "value": f"={formula}"}


def _too_long(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) > _DIGITS or value.adjusted() >= _DIGITS


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
