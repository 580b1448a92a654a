"""A table that is printed the same everywhere: one header and its rows for the page, workbook, CSV and PDF."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Context, Decimal
from itertools import groupby
from typing import Literal

from django.template import Context as TemplateContext
from pydantic import BaseModel, ConfigDict, ValidationInfo, field_serializer, field_validator

from projects.passport import typography
from projects.passport.schema import decimal_text
from reports.documents.check_mark import check_mark
from reports.documents.long_workbook import long_workbook
from reports.documents.passport import UnknownEndingError
from reports.documents.passport_html import template_engine
from reports.documents.pdf import html_to_pdf
from reports.documents.print_table import Cell, Head, PrintTable, Row, print_table
from reports.documents.print_table import Column as PrintColumn
from reports.documents.type_metrics import longest_word, text_width
from reports.documents.workbook import DIGITS, Book, Field, Figure
from reports.documents.workbook import Kind as FieldKind
from reports.documents.workbook import Value as SheetValue
from reports.documents.written import decimals_of, printable, without_controls

ENDINGS = ("pdf", "xlsx", "csv")
# From here on a workbook in which each cell is styled by itself takes too long to wait for.
LONG = 2000
NOTHING = "Сведения отсутствуют."

# «short» is a text that takes no more room than it needs: the number of a row.
Kind = Literal["text", "short", "number", "percent", "date"]
# Words may stand in any column, where there is no number or date: «сведения не представлены».
Value = str | Decimal | dt.date | None

_BYTE_ORDER_MARK = "\ufeff"
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]\s*\S|[\t\r\n]")
_FIELD_KINDS: dict[Kind, FieldKind] = {
    "text": "text",
    "short": "short",
    "number": "number",
    "percent": "number",
    "date": "date",
}


class Column(BaseModel):
    """A column: percents are on the scale 0–100; without ``decimals`` a number keeps its own digits.

    A number of a column ``as_before`` has no fewer of them than the number before it: beside a plan of 0,5 a fact of 6
    is «6,0».

    ``group`` is the title above it and its neighbours of the same group. Where people read, a column that stands
    ``under`` has no place of its own: its words are set below the value of the column before it («412 из 430» below a
    fact); in a file of data it is a column like any other. ``names_row``: its cells are the heads of their rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    kind: Kind = "text"
    unit: str | None = None
    decimals: int | None = None
    group: str = ""
    under: bool = False
    names_row: bool = False
    as_before: bool = False

    @property
    def heading(self) -> str:
        """The whole title, for a table that has one row of them."""
        title = f"{self.group}, {self.title}" if self.group else self.title
        return f"{title}, {self.unit}" if self.unit else title


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


def render_dataset(dataset: Dataset, ending: str, *, check_at: str = "") -> bytes:
    """The dataset as ``pdf``, ``xlsx`` or ``csv``; raises :class:`UnknownEndingError` for anything else."""
    match ending:
        case "pdf":
            return dataset_pdf(dataset, check_at=check_at)
        case "xlsx":
            return dataset_xlsx(dataset)
        case "csv":
            return dataset_csv(dataset)
    raise UnknownEndingError(f"Таблица печатается в форматах: {', '.join(ENDINGS)}")


def shown(column: Column, value: Value, decimals: int | None = None) -> str:
    """A cell as a person reads it, on the page and on paper; a dash where nothing is."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dt.date) or value is None:
        return typography.date_short(value)
    digits = column.decimals if decimals is None else decimals
    return typography.percent(value, digits) if column.kind == "percent" else typography.number(value, digits)


def _decimals(columns: Sequence[Column], row: Sequence[Value], index: int) -> int:
    """How many digits after the comma the number in a cell has."""
    column, value = columns[index], row[index]
    if column.decimals is not None:
        return column.decimals
    before = row[index - 1] if column.as_before and index else None
    return decimals_of(number for number in (value, before) if isinstance(number, Decimal))


def dataset_csv(dataset: Dataset) -> bytes:
    """The header and the rows for a spreadsheet set to Russian: UTF-8 with its mark, semicolons, decimal commas.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers have no groups and no
    sign of percent, so that they stay numbers. The title and its lines are left out: every line has the same shape.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.heading) for column in dataset.columns])
    for row in dataset.rows:
        writer.writerow([_csv_value(dataset.columns, row, index) for index in range(len(row))])
    return (_BYTE_ORDER_MARK + out.getvalue()).encode()


def _csv_value(columns: Sequence[Column], row: Sequence[Value], index: int) -> str:
    value = row[index]
    if value is None:
        return ""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, dt.date):
        return typography.date_short(value)
    text = typography.number(value, _decimals(columns, row, index))
    return text.replace(typography.THIN, "").replace(typography.MINUS, "-")


def _harmless(text: str) -> str:
    words = without_controls(text)
    return f"'{words}" if _FORMULA.match(words) else words


def dataset_xlsx(dataset: Dataset) -> bytes:
    """A workbook of one sheet with real numbers and dates; a long one has no borders and heights of its own."""
    fields, rows = sheet_of(dataset)
    if len(rows) > LONG:
        return long_workbook(dataset.title, fields, rows, dataset.lines)
    book = Book(dataset.title)
    notes = dataset.lines if rows else (*dataset.lines, NOTHING)
    book.sheet("Данные", dataset.title, fields, rows, notes=notes)
    return book.content()


def sheet_of(dataset: Dataset) -> tuple[list[Field], list[list[SheetValue]]]:
    """The columns and the cells of the table in a workbook."""
    fields = [_field(dataset, index, column) for index, column in enumerate(dataset.columns)]
    columns = dataset.columns
    return fields, [[_sheet_value(columns, row, index) for index in range(len(row))] for row in dataset.rows]


def _field(dataset: Dataset, index: int, column: Column) -> Field:
    """A column as wide as its widest cell, within reason; widths are counted in digits of about 1.9 mm.

    A title takes up to three lines: a column of figures is not as wide as a sentence above it.
    """
    title = column.heading
    cells = (text_width(shown(column, row[index]), 11) for row in dataset.rows[:500])
    widest = max(longest_word(title, 11, bold=True), text_width(title, 11, bold=True) / 2.7, *cells) / 1.85 + 2
    return Field(str(index + 1), title, min(max(9.0, round(widest, 1)), 60.0), _FIELD_KINDS[column.kind])


def _sheet_value(columns: Sequence[Column], row: Sequence[Value], index: int) -> SheetValue:
    value = row[index]
    if value is None or isinstance(value, str | dt.date):
        return value
    decimals = _decimals(columns, row, index)
    if columns[index].decimals is not None and value.adjusted() + decimals < DIGITS:
        # A quotient has endless digits; a spreadsheet keeps more of them than the column shows.
        value = Context(prec=DIGITS).plus(value)
    return Figure(value, decimals, percent=columns[index].kind == "percent")


def dataset_pdf(dataset: Dataset, *, check_at: str = "") -> bytes:
    """The table on landscape pages with its header on each. About 8 ms a row: for hundreds of rows, not thousands."""
    template = template_engine().get_template("reports/documents/dataset.html")
    context = {
        "check": check_mark(check_at),
        "title": printable(dataset.title),
        "lines": [printable(line) for line in dataset.lines],
        "table": on_paper(dataset) if dataset.rows else None,
        "nothing": NOTHING,
    }
    return html_to_pdf(template.render(TemplateContext(context, use_l10n=False, use_tz=False)))


def on_paper(dataset: Dataset) -> PrintTable:
    """The table as it is printed: groups over their columns, what stands ``under`` below its value."""
    columns = [_paper_column(column) for column in dataset.columns if not column.under]
    return print_table(columns, _paper_head(dataset), _paper_rows(dataset))


def on_screen(dataset: Dataset) -> PrintTable:
    """The same table for a page, which lays its columns out by itself."""
    return PrintTable(_paper_head(dataset), tuple(_paper_rows(dataset)), (), 0.0)


def _paper_rows(dataset: Dataset) -> list[Row]:
    return [
        Row(tuple(_paper_cell(dataset, index, row) for index, column in enumerate(dataset.columns) if not column.under))
        for row in dataset.rows
    ]


def _paper_cell(dataset: Dataset, index: int, row: tuple[Value, ...]) -> Cell:
    column = dataset.columns[index]
    text = shown(column, row[index], _decimals(dataset.columns, row, index))
    for below in dataset.columns[index + 1 : index + 2]:
        if below.under and row[index + 1] is not None:
            text = f"{text}\n{shown(below, row[index + 1])}"
    return Cell(text, _paper_column(column).align, names_row=column.names_row)


def _paper_head(dataset: Dataset) -> tuple[tuple[Head, ...], ...]:
    """One row of titles, or two where some stand under the title of a group."""
    columns = [column for column in dataset.columns if not column.under]
    if not any(column.group for column in columns):
        return (tuple(Head(column.heading) for column in columns),)
    upper: list[Head] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        own = list(members)
        upper += [Head(group, columns=len(own))] if group else [Head(column.heading, rows=2) for column in own]
    return tuple(upper), tuple(Head(column.title) for column in columns if column.group)


def _paper_column(column: Column) -> PrintColumn:
    if column.kind in {"number", "percent"}:
        return PrintColumn("number")
    return PrintColumn("centre" if column.kind in {"date", "short"} else "text")
