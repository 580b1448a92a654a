"""Workbooks that can be trusted: texts are never formulas, the same content is the same bytes, sheets print well."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from projects.passport import typography
from projects.passport.workbook_form import CELL_LIMIT, CONTINUATION_COLUMNS, CONTINUATIONS, continued, continuing
from reports.documents.columns import line_count
from reports.documents.timeless_zip import timeless
from reports.documents.type_metrics import text_width

# A spreadsheet keeps 15 significant digits of a number; what has more is written as text.
DIGITS = 15
# Serial dates before March 1900 mean different days to different programs.
FIRST_DATE = dt.date(1900, 3, 1)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

TITLE_ROW, KEY_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3, 4

_FACE = "Times New Roman"
_FONT = Font(name=_FACE, size=11)
_LEGEND_FONT = Font(name=_FACE, size=10, italic=True)
_BOLD = Font(name=_FACE, size=11, bold=True)
_TITLE_FONT = Font(name=_FACE, size=14, bold=True)
_LINE = Side(style="thin", color="FF7F7F7F")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="FFE8EEF5")
_HEAD_ALIGN = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ALIGNMENTS = {
    "text": Alignment(horizontal="left", vertical="top", wrap_text=True),
    "number": Alignment(horizontal="right", vertical="top"),
    "date": Alignment(horizontal="center", vertical="top"),
    "short": Alignment(horizontal="center", vertical="top", wrap_text=True),
}

# The width of a column is counted in digits of the default face, 7 pixels each; 5 pixels are its margins.
_DIGIT, _MARGIN = 7 * 25.4 / 96, 5 * 25.4 / 96
_FONT_SIZE, _LINE_HEIGHT, _TALLEST = 11, 14.4, 409.0

Kind = Literal["text", "number", "date", "short"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and how many digits after the comma its cell shows."""

    value: Decimal
    decimals: int
    percent: bool = False


Value = str | Figure | dt.date | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a sheet: ``key`` stands in a hidden row for those who read the workbook back."""

    key: str
    title: str
    width: float
    kind: Kind = "text"
    hidden: bool = False
    choices: tuple[str, ...] = ()


_CONTINUATION_FIELDS = (
    Field("text", CONTINUATION_COLUMNS["text"], 12, "number"),
    Field("part", CONTINUATION_COLUMNS["part"], 10, "number"),
    Field("words", CONTINUATION_COLUMNS["words"], 140),
)
# Room for the words that say where a text goes on.
_PIECE_LIMIT = CELL_LIMIT - 100


def fits(value: Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of a number."""
    return len(value.normalize().as_tuple().digits) <= DIGITS and value.adjusted() < DIGITS


def figure_format(figure: Figure) -> str:
    """How a spreadsheet shows a number: groups of three, its digits after the comma, the sign of per cent."""
    digits = f".{'0' * figure.decimals}" if figure.decimals else ""
    sign = '" %"' if figure.percent else ""
    return f"#,##0{digits}{sign}"


def escaped(text: str) -> str:
    """A text as a workbook may hold it: what XML forbids becomes ``_xHHHH_``, as OOXML (ST_Xstring) has it."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def pieces(text: str) -> list[str]:
    """A text cut into as many pieces as cells it needs; a text of an ordinary length is one piece."""
    if continued(text):
        # Its own last words look like ours: they go into a cell of their own.
        return [text[:-1], text[-1:]]
    if len(escaped(text)) * 2 <= _PIECE_LIMIT:
        return [text]
    found, start, size = [], 0, 0
    for index, letter in enumerate(text):
        units = _units(letter)
        if size + units > _PIECE_LIMIT:
            found.append(text[start:index])
            start, size = index, 0
        size += units
    return [*found, text[start:]]


def _units(letter: str) -> int:
    """How much room of a cell a letter may take, written as :func:`escaped` writes it."""
    if letter == "_" or _ILLEGAL.match(letter):
        return len("_x005F_")
    return 2 if ord(letter) > 0xFFFF else 1


class Book:
    """A workbook in the making: sheets of one shape, and :meth:`content` with its bytes."""

    def __init__(self, title: str) -> None:
        self._book = Workbook()
        self._book.remove(self._book.worksheets[0])
        self._book.properties.title = escaped(title)[:255]
        self._book.properties.creator = "Веха"
        self._long: list[tuple[int, int, str]] = []
        self._numbered = 0

    def sheet(
        self,
        name: str,
        title: str,
        fields: Sequence[Field],
        rows: Iterable[Sequence[Value]],
        notes: Sequence[str] = (),
        legend: str | None = None,
    ) -> None:
        """A sheet with a title, a hidden row of keys, a header that stays in sight and rows below it.

        ``notes`` stand between the title and the header, a line each, and move both header and rows down. ``legend``
        is a line in sight that takes the place of the keys, an empty one too: such a sheet hides nothing but ids.
        """
        sheet = self._book.create_sheet(name)
        head = HEAD_ROW + len(notes)
        self._head(sheet, title, fields, head, legend)
        for line, note in enumerate(notes, HEAD_ROW):
            self._text(_at(sheet, line, 1 + _first_visible(fields)), note).font = _FONT
        last = head
        for last, row in enumerate(rows, head + 1):
            sheet.row_dimensions[last].height = row_height(fields, row)
            for column, (field, value) in enumerate(zip(fields, row, strict=True), 1):
                self._put(_at(sheet, last, column), field, value)
        _dress(sheet, fields, head, last, keys=legend is None)

    def content(self) -> bytes:
        """The bytes of the workbook: the same for the same content, on any day and in any process."""
        if self._long:
            self._continuations()
        raw = io.BytesIO()
        self._book.save(raw)
        return timeless(raw.getvalue())

    def _head(self, sheet: Worksheet, title: str, fields: Sequence[Field], row: int, legend: str | None) -> None:
        self._text(_at(sheet, TITLE_ROW, 1 + _first_visible(fields)), title).font = _TITLE_FONT
        for column, field in enumerate(fields, 1):
            if legend is None:
                self._text(_at(sheet, KEY_ROW, column), field.key)
            head = self._text(_at(sheet, row, column), field.title)
            head.font, head.alignment, head.border, head.fill = _BOLD, _HEAD_ALIGN, _BOX, _HEAD_FILL
        if legend:
            self._text(_at(sheet, KEY_ROW, 1 + _first_visible(fields)), legend).font = _LEGEND_FONT
        sheet.row_dimensions[row].height = row_height(fields, [field.title for field in fields], bold=True)

    def _put(self, cell: Cell, field: Field, value: Value) -> None:
        cell.font, cell.border, cell.alignment = _FONT, _BOX, _ALIGNMENTS[field.kind]
        if field.kind == "short":
            # What is typed here stays as it is typed: «1.10» is no number and «1.2» no day of February.
            cell.number_format = "@"
        if isinstance(value, Figure):
            self._figure(cell, value)
        elif isinstance(value, dt.date):
            if value < FIRST_DATE:
                self._text(cell, typography.date_short(value))
            else:
                cell.value = value
                cell.number_format = "DD.MM.YYYY"
        elif value is not None:
            self._text(cell, value)

    def _figure(self, cell: Cell, figure: Figure) -> None:
        if not fits(figure.value):
            self._text(cell, f"{figure.value:f}".replace(".", ","))
            return
        cell.value = float(figure.value)
        cell.number_format = figure_format(figure)

    def _text(self, cell: Cell, text: str) -> Cell:
        """Write words as words: whatever they begin with, they are not a formula, an error or a number."""
        parts = [escaped(part) for part in pieces(text)]
        if len(parts) > 1:
            self._numbered += 1
            self._long += [(self._numbered, part, words) for part, words in enumerate(parts[1:], 2)]
            parts[0] = continuing(parts[0], self._numbered)
        _words(cell, parts[0], quoted=like_a_formula(text))
        return cell

    def _continuations(self) -> None:
        """A sheet with the ends of the texts that no cell can hold whole."""
        sheet = self._book.create_sheet(CONTINUATIONS)
        self._head(sheet, CONTINUATIONS, _CONTINUATION_FIELDS, HEAD_ROW, "")
        for line, (text, part, words) in enumerate(self._long, FIRST_ROW):
            self._put(_at(sheet, line, 1), _CONTINUATION_FIELDS[0], Figure(Decimal(text), 0))
            self._put(_at(sheet, line, 2), _CONTINUATION_FIELDS[1], Figure(Decimal(part), 0))
            cell = _at(sheet, line, 3)
            self._put(cell, _CONTINUATION_FIELDS[2], None)
            sheet.row_dimensions[line].height = _TALLEST
            _words(cell, words, quoted=like_a_formula(words))
        _dress(sheet, _CONTINUATION_FIELDS, HEAD_ROW, FIRST_ROW + len(self._long) - 1, keys=False)


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell of a sheet; ours are never merged, which the types of the library cannot know."""
    return cast(Cell, sheet.cell(row, column))


def _words(cell: Cell, text: str, *, quoted: bool) -> None:
    """A text that is a text: ``quoted`` is a spreadsheet's leading apostrophe, which keeps it so when it is edited."""
    cell.value = text
    cell.data_type = "s"
    if quoted:
        cell.quotePrefix = True


def like_a_formula(text: str) -> bool:
    return text.lstrip(" \u00a0").startswith(_FORMULA_STARTS)


def _first_visible(fields: Sequence[Field]) -> int:
    return next((index for index, field in enumerate(fields) if not field.hidden), 0)


def row_height(fields: Sequence[Field], row: Sequence[Value], *, bold: bool = False) -> float:
    """The height in points that shows every text of a row whole: not every program finds it by itself."""
    lines = 1
    for field, value in zip(fields, row, strict=True):
        if isinstance(value, str) and not field.hidden:
            room = field.width * _DIGIT - _MARGIN
            for paragraph in value.split("\n"):
                wide = text_width(paragraph, _FONT_SIZE, bold=bold)
                lines = max(lines, value.count("\n") + line_count(wide, room))
    return min(_TALLEST, lines * _LINE_HEIGHT + 2)


def _dress(sheet: Worksheet, fields: Sequence[Field], head: int, last: int, *, keys: bool) -> None:
    """Widths, frozen header, lists of choices and the way the sheet is printed."""
    sheet.row_dimensions[KEY_ROW].hidden = keys
    for column, field in enumerate(fields, 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = field.width
        sheet.column_dimensions[letter].hidden = field.hidden
        if field.choices:
            validation = DataValidation("list", formula1=f'"{",".join(field.choices)}"', allow_blank=True)
            # A warning, not a wall: a cell may hold what the document said instead.
            validation.errorStyle = "warning"
            validation.add(f"{letter}{head + 1}:{letter}{last + 200}")
            sheet.add_data_validation(validation)
    sheet.freeze_panes = sheet.cell(head + 1, 2 + _first_visible(fields)).coordinate
    if last > head:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(fields))}{last}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left, sheet.page_margins.right = 20 / 25.4, 10 / 25.4
    sheet.page_margins.top, sheet.page_margins.bottom = 20 / 25.4, 20 / 25.4
    footer = sheet.oddFooter
    if footer is not None:
        footer.left.text, footer.right.text = "&A", "Страница &P из &N"
