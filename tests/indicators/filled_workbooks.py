"""Workbooks of the portal as people fill them in: opened, typed into and saved by another program."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from indicators.workbooks import marks

Change = Callable[[Workbook, Worksheet], None]


def edited(content: bytes, change: Change) -> bytes:
    book = load_workbook(io.BytesIO(content))
    change(book, book[marks.SHEET])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(content: bytes, answers: Mapping[str, Any], explanations: Mapping[str, str] | None = None) -> bytes:
    """Type answers (and explanations) into the workbook of a form, by the codes of questions."""

    def fill(_: Workbook, sheet: Worksheet) -> None:
        rows = question_rows(sheet)
        for code, value in answers.items():
            sheet.cell(rows[code], marks.ANSWER_COLUMN).value = value
        for code, words in (explanations or {}).items():
            sheet.cell(rows[code], marks.EXPLANATION_COLUMN).value = words

    return edited(content, fill)


def filled_row(content: bytes, name: str, answers: Mapping[str, Any]) -> bytes:
    """Type answers into the row of an organisation in the workbook of a municipality."""

    def fill(_: Workbook, sheet: Worksheet) -> None:
        for code, value in answers.items():
            cell_of(sheet, name, code).value = value

    return edited(content, fill)


def question_rows(sheet: Worksheet) -> dict[str, int]:
    column = sheet.iter_rows(min_row=marks.FIRST_QUESTION_ROW, max_col=1)
    return {str(cell.value): int(cell.row) for (cell,) in column if cell.value and cell.row}


def cell_of(sheet: Worksheet, name: str, code: str) -> Any:
    columns = [cell.value for cell in sheet[marks.MARK_ROW]]
    names = [row[1].value for row in sheet.iter_rows(min_row=marks.FIRST_FORM_ROW)]
    return sheet.cell(marks.FIRST_FORM_ROW + names.index(name), 1 + columns.index(code))


def upload(content: bytes, name: str = "Форма.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
