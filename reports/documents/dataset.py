"""A table that is printed the same everywhere: one header and its rows for the page, workbook, CSV and PDF."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from typing import Literal

from django.template import Context
from pydantic import BaseModel, ConfigDict, ValidationInfo, field_serializer, field_validator

from projects.passport import typography
from projects.passport.schema import decimal_text
from reports.documents.long_workbook import long_workbook
from reports.documents.passport import UnknownEndingError
from reports.documents.passport_html import template_engine
from reports.documents.pdf import html_to_pdf
from reports.documents.print_table import Cell, Head, PrintTable, Row, print_table
from reports.documents.print_table import Column as PrintColumn
from reports.documents.type_metrics import text_width
from reports.documents.workbook import Book, Field, Figure
from reports.documents.workbook import Kind as FieldKind
from reports.documents.workbook import Value as SheetValue
from reports.documents.written import decimals_of, printable, without_controls

ENDINGS = ("pdf", "xlsx", "csv")
# From here on a workbook in which each cell is styled by itself takes too long to wait for.
LONG = 2000

Kind = Literal["text", "number", "percent", "date"]
# Words may stand in any column, where there is no number or date: «сведения не представлены».
Value = str | Decimal | dt.date | None

_BYTE_ORDER_MARK = "\ufeff"
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]\s*\S|[\t\r\n]")
_FIELD_KINDS: dict[Kind, FieldKind] = {"text": "text", "number": "number", "percent": "number", "date": "date"}


class Column(BaseModel):
    """A column: percents are on the scale 0–100; without ``decimals`` a number keeps its own digits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    kind: Kind = "text"
    unit: str | None = None
    decimals: int | None = None

    @property
    def heading(self) -> str:
        return f"{self.title}, {self.unit}" if self.unit else self.title


class Dataset(BaseModel):
    """A frozen table; ``lines`` stand under its title: what it covers, as of when, from which redaction.

    Frozen as JSON it comes back the same: numbers travel as strings with a point, dates as ISO, and the kind of
    the column says which strings are which.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    @field_validator("rows")
    @classmethod
    def _rows_fit(cls, rows: tuple[tuple[Value, ...], ...], info: ValidationInfo) -> tuple[tuple[Value, ...], ...]:
        columns: tuple[Column, ...] = info.data.get("columns", ())
        if any(len(row) != len(columns) for row in rows):
            raise ValueError("a row has as many cells as the table has columns")
        return tuple(tuple(_typed(column, value) for column, value in zip(columns, row, strict=True)) for row in rows)

    @field_serializer("rows", when_used="json")
    def _rows_as_json(self, rows: tuple[tuple[Value, ...], ...]) -> list[list[str | None]]:
        return [[_as_json(value) for value in row] for row in rows]


def _as_json(value: Value) -> str | None:
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, dt.date) else value


_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _typed(column: Column, value: Value) -> Value:
    """A string of JSON as the number or the date that its column holds; words stay words."""
    if isinstance(value, str):
        if column.kind in {"number", "percent"} and _DECIMAL.fullmatch(value):
            return Decimal(value)
        if column.kind == "date" and _DATE.fullmatch(value):
            return dt.date.fromisoformat(value)
    return value


def render_dataset(dataset: Dataset, ending: str) -> bytes:
    """The dataset as ``pdf``, ``xlsx`` or ``csv``; raises :class:`UnknownEndingError` for anything else."""
    match ending:
        case "pdf":
            return dataset_pdf(dataset)
        case "xlsx":
            return dataset_xlsx(dataset)
        case "csv":
            return dataset_csv(dataset)
    raise UnknownEndingError(f"Таблица печатается в форматах: {', '.join(ENDINGS)}")


def shown(column: Column, value: Value) -> str:
    """A cell as a person reads it, on the page and on paper; a dash where nothing is."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dt.date) or value is None:
        return typography.date_short(value)
    if column.kind == "percent":
        return typography.percent(value, column.decimals)
    return typography.number(value, column.decimals)


def dataset_csv(dataset: Dataset) -> bytes:
    """The header and the rows for a spreadsheet set to Russian: UTF-8 with its mark, semicolons, decimal commas.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers have no groups and no
    sign of percent, so that they stay numbers. The title and its lines are left out: every line has the same shape.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.heading) for column in dataset.columns])
    for row in dataset.rows:
        writer.writerow([_csv_value(column, value) for column, value in zip(dataset.columns, row, strict=True)])
    return (_BYTE_ORDER_MARK + out.getvalue()).encode()


def _csv_value(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, dt.date):
        return typography.date_short(value)
    text = typography.number(value, column.decimals)
    return text.replace(typography.THIN, "").replace(typography.MINUS, "-")


def _harmless(text: str) -> str:
    words = without_controls(text)
    return f"'{words}" if _FORMULA.match(words) else words


def dataset_xlsx(dataset: Dataset) -> bytes:
    """A workbook of one sheet with real numbers and dates; a long one has no borders and heights of its own."""
    fields = [_field(dataset, index, column) for index, column in enumerate(dataset.columns)]
    rows = [
        [_sheet_value(column, value) for column, value in zip(dataset.columns, row, strict=True)]
        for row in dataset.rows
    ]
    if len(rows) > LONG:
        return long_workbook(dataset.title, fields, rows, dataset.lines)
    book = Book(dataset.title)
    book.sheet("Данные", dataset.title, fields, rows, notes=dataset.lines)
    return book.content()


def _field(dataset: Dataset, index: int, column: Column) -> Field:
    """A column as wide as its widest cell, within reason; widths are counted in digits of about 1.9 mm."""
    texts = [column.heading, *(shown(column, row[index]) for row in dataset.rows[:500])]
    widest = max(text_width(text, 11) for text in texts) / 1.85 + 2
    return Field(str(index + 1), column.heading, min(max(9.0, round(widest, 1)), 60.0), _FIELD_KINDS[column.kind])


def _sheet_value(column: Column, value: Value) -> SheetValue:
    if value is None or isinstance(value, str | dt.date):
        return value
    decimals = decimals_of([value]) if column.decimals is None else column.decimals
    return Figure(value, decimals, percent=column.kind == "percent")


def dataset_pdf(dataset: Dataset) -> bytes:
    """The table on landscape pages with its header on each. About 8 ms a row: for hundreds of rows, not thousands."""
    template = template_engine().get_template("reports/documents/dataset.html")
    context = {
        "title": printable(dataset.title),
        "lines": [printable(line) for line in dataset.lines],
        "table": _on_paper(dataset) if dataset.rows else None,
    }
    return html_to_pdf(template.render(Context(context, use_l10n=False, use_tz=False)))


def _on_paper(dataset: Dataset) -> PrintTable:
    columns = [_paper_column(column) for column in dataset.columns]
    rows = []
    for row in dataset.rows:
        cells = zip(dataset.columns, columns, row, strict=True)
        rows.append(Row(tuple(Cell(shown(column, value), paper.align) for column, paper, value in cells)))
    return print_table(columns, (tuple(Head(column.heading) for column in dataset.columns),), rows)


def _paper_column(column: Column) -> PrintColumn:
    if column.kind in {"number", "percent"}:
        return PrintColumn("number")
    return PrintColumn("centre" if column.kind == "date" else "text")
