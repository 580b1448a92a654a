"""A table on paper: cells, rows and the layout that WeasyPrint is told to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from reports.documents.columns import Measured, column_widths, line_count
from reports.documents.type_metrics import longest_word, text_width

Align = Literal["text", "number", "centre"]

# Landscape A4 between margins of 20 and 10 mm (GOST R 7.0.97), see passport.css.
PAGE_WIDTH = 267.0
TEXT_SIZE = 10.0
# Padding of a cell on both sides (2.4 mm) and its border (0.2), as in passport.css; the rest is what the renderer
# adds to a text when it rounds the advances of the glyphs.
_PADDING = 3.1
# No word of a passport is this wide; an address or a run of underscores may be broken.
_WIDEST_WORD = 48.0
# A row of up to so many lines moves to the next page whole; a longer one would leave a hole behind.
_WHOLE_LINES = 9
# A line of a table and what a row adds to its lines, in millimetres, as in passport.css.
LINE = TEXT_SIZE * 1.15 * 25.4 / 72
ROW_EXTRA = 1.6


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of the header; ``mark`` is the sign of a footnote."""

    title: str
    columns: int = 1
    rows: int = 1
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str = ""
    align: Align = "text"
    columns: int = 1
    mark: str = ""
    names_row: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``strong`` rows are set bold, ``joined`` ones stay on the page of the row after them."""

    cells: tuple[Cell, ...]
    strong: bool = False
    joined: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``equal`` columns (the years) are as wide as the widest of them; only ``text`` columns grow."""

    align: Align = "text"
    equal: bool = False


def title_height(title: Head, width: float) -> float:
    """How high the cell of a header is, in millimetres, in columns of that width together."""
    room = width - _PADDING
    words = f"{title.title}{title.mark}".split("\n")
    return sum(line_count(text_width(line, TEXT_SIZE), room) for line in words) * LINE + ROW_EXTRA


@dataclass(frozen=True, slots=True)
class PrintTable:
    head: tuple[tuple[Head, ...], ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    height: float

    @property
    def colgroup(self) -> SafeString:
        """The columns with their widths in millimetres."""
        return format_html_join("", '<col style="width:{}mm">', ((f"{width:.2f}",) for width in self.widths))


def print_table(columns: Sequence[Column], head: tuple[tuple[Head, ...], ...], rows: Sequence[Row]) -> PrintTable:
    """Lay a table out: widths of its columns, which rows stay whole on a page, and about how high it is (mm)."""
    return table_of_widths(_widths(columns, head, rows), head, rows)


def table_of_widths(widths: tuple[float, ...], head: tuple[tuple[Head, ...], ...], rows: Sequence[Row]) -> PrintTable:
    """The same for a table whose columns have their widths (mm), as where several tables share them."""
    lines = [_lines(row, widths) for row in rows]
    laid_out = tuple(replace(row, whole=count <= _WHOLE_LINES) for row, count in zip(rows, lines, strict=True))
    height = sum(count * LINE + ROW_EXTRA for count in [*lines, *(2 for _ in head)])
    return PrintTable(head=head, rows=laid_out, widths=widths, height=height)


def _widths(columns: Sequence[Column], head: tuple[tuple[Head, ...], ...], rows: Sequence[Row]) -> tuple[float, ...]:
    titles = _leaf_titles(len(columns), head)
    measured = [_measure(index, column, titles[index], rows) for index, column in enumerate(columns)]
    equal = [one for one, column in zip(measured, columns, strict=True) if column.equal]
    common = max([_under_a_title(head, len(equal)), *(one.floor for one in equal)])
    for one in equal:
        one.floor = common
    inner = column_widths(measured, PAGE_WIDTH - _PADDING * len(columns))
    return tuple(width + _PADDING for width in inner)


def _under_a_title(head: tuple[tuple[Head, ...], ...], count: int) -> float:
    """How wide each of ``count`` equal columns must be for the title above them all to take three lines at most."""
    titles = [cell.title for cells in head for cell in cells if cell.columns == count > 1]
    return max((text_width(title, TEXT_SIZE) * 1.2 / 3 / count - _PADDING for title in titles), default=0.0)


def _leaf_titles(count: int, head: tuple[tuple[Head, ...], ...]) -> list[str]:
    """The words that stand in each column of the header alone; a title over several columns wraps between them."""
    titles = [""] * count
    taken: set[tuple[int, int]] = set()
    for line, cells in enumerate(head):
        column = 0
        for cell in cells:
            while (line, column) in taken:
                column += 1
            taken.update((line + down, column + right) for down in range(cell.rows) for right in range(cell.columns))
            if cell.columns == 1:
                titles[column] = f"{titles[column]} {cell.title}{cell.mark}"
            column += cell.columns
    return titles


def _measure(index: int, column: Column, title: str, rows: Sequence[Row]) -> Measured:
    floor = longest_word(title, TEXT_SIZE)
    lengths = []
    for row in rows:
        cell = _cell_at(row, index)
        length = 0.0
        if cell is not None and cell.text:
            text = cell.text + cell.mark
            length = text_width(text, TEXT_SIZE, bold=row.strong)
            floor = max(floor, longest_word(text, TEXT_SIZE, bold=row.strong))
        lengths.append(length)
    return Measured(floor=min(floor, _WIDEST_WORD), lengths=lengths, grows=column.align == "text")


def _cell_at(row: Row, index: int) -> Cell | None:
    """The cell that stands in that column alone."""
    column = 0
    for cell in row.cells:
        if column == index:
            return cell if cell.columns == 1 else None
        column += cell.columns
    return None


def _lines(row: Row, widths: Sequence[float]) -> int:
    column, lines = 0, 1
    for cell in row.cells:
        width = sum(widths[column : column + cell.columns]) - _PADDING
        lines = max(lines, line_count(text_width(cell.text, TEXT_SIZE, bold=row.strong), width))
        column += cell.columns
    return lines
