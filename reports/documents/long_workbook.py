"""Registers of thousands of rows as workbooks: written row by row in constant memory, without styles of each cell.

What :mod:`reports.documents.workbook` prints takes a second for a thousand rows; this one for ten thousand.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from projects.passport import typography
from projects.passport.workbook_form import CELL_LIMIT
from reports.documents.timeless_zip import timeless
from reports.documents.workbook import (
    FIRST_DATE,
    Field,
    Figure,
    Value,
    escaped,
    figure_format,
    fits,
    like_a_formula,
    row_height,
)


def long_workbook(
    title: str, fields: Sequence[Field], rows: Iterable[Sequence[Value]], notes: Sequence[str] = ()
) -> bytes:
    """The bytes of a workbook of one sheet: a title, notes, a header that stays in sight, and the rows."""
    out = io.BytesIO()
    # Words are written as words, never as formulas, links or numbers.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, {**options, "strings_to_numbers": False})
    book.set_properties({"title": escaped(title)[:255], "author": "Веха"})
    bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8EEF5", "border": 1})
    large = book.add_format({"bold": True, "font_size": 14})
    sheet = book.add_worksheet("Данные")
    for place, field in enumerate(fields):
        sheet.set_column(place, place, field.width)
    sheet.write_string(0, 0, escaped(title), large)
    for line, note in enumerate(notes, 2):
        sheet.write_string(line, 0, escaped(note))
    head = len(notes) + 2
    sheet.set_row(head, row_height(fields, [field.title for field in fields], bold=True))
    for place, field in enumerate(fields):
        sheet.write_string(head, place, escaped(field.title), bold)
    cells = _Cells(book, sheet)
    last = head
    for last, row in enumerate(rows, head + 1):
        for place, value in enumerate(row):
            cells.write(last, place, value)
    sheet.freeze_panes(head + 1, 1)
    sheet.autofilter(head, 0, last, len(fields) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    # In inches: 20 mm, on the right 10.
    sheet.set_margins(left=0.79, right=0.4, top=0.79, bottom=0.79)
    sheet.set_footer("&L&A&RСтраница &P из &N")
    book.close()
    return timeless(out.getvalue())


class _Cells:
    """Writes cells of a sheet, each with the format of its value."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book, self._sheet = book, sheet
        self._day = book.add_format({"num_format": "DD.MM.YYYY"})
        self._words = book.add_format({"num_format": "@"})
        # A spreadsheet's leading apostrophe: the text stays a text when it is edited.
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self._figures: dict[str, Any] = {}

    def write(self, row: int, place: int, value: Value) -> None:
        if isinstance(value, Figure) and not fits(value.value):
            value = f"{value.value:f}".replace(".", ",")
        elif isinstance(value, dt.date) and value < FIRST_DATE:
            value = typography.date_short(value)
        if isinstance(value, Figure):
            self._sheet.write_number(row, place, float(value.value), self._figure(figure_format(value)))
        elif isinstance(value, dt.date):
            self._sheet.write_datetime(row, place, dt.datetime(value.year, value.month, value.day), self._day)  # noqa: DTZ001
        elif value:
            look = self._quoted if like_a_formula(value) else self._words
            self._sheet.write_string(row, place, escaped(value)[:CELL_LIMIT], look)

    def _figure(self, code: str) -> Any:
        if code not in self._figures:
            self._figures[code] = self._book.add_format({"num_format": code})
        return self._figures[code]
