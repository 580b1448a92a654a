"""Workbooks of execution as people fill them in: opened, typed into and saved by another program."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from finance.entry_table import as_it_stands, lines_to_enter
from finance.models import Unit
from finance.services.entering import known_of
from finance.workbook import COLUMNS, FIRST_ROW, SHEET, execution_book
from projects.models import Project

Typed = Mapping[str, Mapping[str, Any]]


def book_of(project: Project, as_of: dt.date, unit: str = "thousand") -> bytes:
    """The workbook as it is downloaded."""
    lines = lines_to_enter(project)
    return execution_book(project, as_of, Unit(unit), as_it_stands(lines, known_of(lines, as_of), Unit(unit)))


def edited(content: bytes, change: Callable[[Worksheet], None]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    change(book[SHEET])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed_into(content: bytes, typed: Typed) -> bytes:
    """Type into the first row of each name."""

    def fill(sheet: Worksheet) -> None:
        rows: dict[str, int] = {}
        for number in range(FIRST_ROW, sheet.max_row + 1):
            rows.setdefault(str(sheet.cell(number, 3).value), number)
        for name, cells in typed.items():
            for field, value in cells.items():
                sheet.cell(rows[name], COLUMNS[field]).value = value

    return edited(content, fill)


def filled_execution(project: Project, as_of: dt.date, unit: str, typed: Typed) -> bytes:
    return typed_into(book_of(project, as_of, unit), typed)
