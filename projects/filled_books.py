"""Workbooks that people fill in and send back: how they look and print; words in them are never formulas."""

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

# A spreadsheet keeps 15 significant digits of a number; what has more is written as text.
_DIGITS = 15
_ILLEGAL = re.compile("[\ud800-\udfff\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CELL_LIMIT = 32_000
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


class FilledBook:
    """A workbook in the making. ``long``: row after row in constant memory, for thousands of rows."""

    def __init__(self, title: str, *, long: bool = False) -> None:
        self._out = io.BytesIO()
        memory = "constant_memory" if long else "in_memory"
        self._book = xlsxwriter.Workbook(self._out, {memory: True, "default_format_properties": _BASE})
        self._book.set_properties({"title": plain(title)[:255], "author": "Веха", "created": _MADE})
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def new_sheet(self, name: str, widths: Sequence[float], *, head_row: int, frozen: tuple[int, int]) -> Any:
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
        return sheet

    def look(self, properties: Mapping[str, Any]) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(dict(properties))
        return self._looks[key]

    def content(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


class FilledSheet:
    """Cells of a sheet by row and column from 1, each with its look."""

    def __init__(self, book: FilledBook, sheet: Any) -> None:
        self._book, self.raw = book, sheet

    def text(self, row: int, column: int, text: str, look: Mapping[str, Any]) -> None:
        quoted = {"quote_prefix": True} if text.startswith(_FORMULA_STARTS) else {}
        words = plain(text)[:CELL_LIMIT]
        if words:
            self.raw.write_string(row - 1, column - 1, words, self._book.look({**look, **quoted}))
        else:
            self.raw.write_blank(row - 1, column - 1, None, self._book.look(look))

    def number(self, row: int, column: int, value: Decimal | None, look: Mapping[str, Any]) -> None:
        """A number exactly; as text where a spreadsheet would round it."""
        if value is None:
            self.text(row, column, "", look)
        elif _too_long(value):
            self.text(row, column, f"{value:f}".replace(".", ","), look)
        else:
            self.raw.write_number(row - 1, column - 1, float(value), self._book.look(look))

    def height(self, row: int, points: float | None = None, *, hidden: bool = False) -> None:
        self.raw.set_row(row - 1, points, None, {"hidden": True} if hidden else {})

    def hide_column(self, column: int) -> None:
        self.raw.set_column(column - 1, column - 1, 1, None, {"hidden": True})

    def restrict(
        self, rows: tuple[int, int], column: int, rule: Mapping[str, Any], *, title: str, hint: str, otherwise: str
    ) -> None:
        """Let only what a rule allows be typed into these rows of a column; the hint shows beside the cell."""
        said = {
            "ignore_blank": True,
            "input_title": title,
            "input_message": _cut(hint, 255),
            "error_title": "Так ответить нельзя",
            "error_message": _cut(otherwise, 255),
        }
        self.raw.data_validation(rows[0] - 1, column - 1, rows[1] - 1, column - 1, {**rule, **said})


def cell_name(row: int, column: int) -> str:
    """«G7»."""
    return str(xl_rowcol_to_cell(row - 1, column - 1))


def plain(text: str) -> str:
    """A text without what XML cannot hold; control characters the library itself writes as OOXML has them."""
    return _ILLEGAL.sub("", text)


def lines_high(text: str, width: float) -> float:
    """The height in points of a cell that shows a text whole: not every program finds it by itself."""
    lines = sum(max(1, math.ceil(len(paragraph) / width)) for paragraph in text.split("\n"))
    return min(409.0, lines * _LINE_HEIGHT + 4)


def _too_long(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) > _DIGITS or value.adjusted() >= _DIGITS


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
