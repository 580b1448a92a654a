"""Workbooks made for the tests as ministries make them: the same blocks as the Word files, in cells."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from projects.passport import headings, values
from tests.projects.passport.word import Block, Cell, Span, package


@dataclass(frozen=True)
class Layout:
    """How a workbook is laid out; ``widest`` merges paragraphs over that many columns."""

    a_sheet_a_section: bool = False
    gaps: bool = True
    typed: bool = False
    top: int = 0
    left: int = 0
    widest: int = 1
    shuffled: bool = False


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(blocks: Sequence[Block], layout: Layout | None = None) -> bytes:
    """The blocks one under another, or a sheet a section."""
    layout = layout or Layout()
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, part in enumerate(_sheets(blocks, split=layout.a_sheet_a_section), 1):
        sheet = book.create_sheet(f"Лист{number}")
        at = 1 + layout.top
        for block in part:
            at = _put(sheet, at, block, layout)
    return saved(book)


def _sheets(blocks: Sequence[Block], *, split: bool) -> Iterable[list[Block]]:
    parts: list[list[Block]] = [[]]
    for block in blocks:
        section = headings.section_of(block) if isinstance(block, str) else None
        if split and section and parts[-1] and not _is_heading(parts[-1][-1]):
            parts.append([])
        parts[-1].append(block)
    return parts


def _is_heading(block: Block) -> bool:
    """An annex and its title stand on one sheet."""
    return isinstance(block, str) and not block.startswith("Проект не")


def _put(sheet: Worksheet, at: int, block: Block, layout: Layout) -> int:
    first = 1 + layout.left
    if isinstance(block, str):
        sheet.cell(at, first, block)
        if layout.widest > 1:
            sheet.merge_cells(start_row=at, start_column=first, end_row=at, end_column=first + layout.widest - 1)
        return at + 1
    rows = _shuffled(block) if layout.shuffled else block
    open_cells: dict[int, int] = {}
    for number, row in enumerate(rows, at):
        column = first
        for cell in row:
            span = cell if isinstance(cell, Span) else Span(cell)
            if span.down == "continue":
                _grow(sheet, open_cells[column], number, column, span.across)
            else:
                open_cells[column] = number
                if span.text:
                    sheet.cell(number, column, typed(span.text) if layout.typed else span.text)
                _style(sheet, number, column, span.text, layout)
                if span.across > 1:
                    _merge(sheet, number, number, column, span.across)
            column += span.across
    return at + len(rows) + layout.gaps


def _merge(sheet: Worksheet, top: int, bottom: int, column: int, across: int) -> None:
    sheet.merge_cells(start_row=top, start_column=column, end_row=bottom, end_column=column + across - 1)


def _grow(sheet: Worksheet, top: int, bottom: int, column: int, across: int) -> None:
    """A cell merged downwards takes one more row."""
    last = get_column_letter(column + across - 1)
    for merged in list(sheet.merged_cells.ranges):
        if merged.coord == f"{get_column_letter(column)}{top}:{last}{bottom - 1}":
            sheet.unmerge_cells(merged.coord)
    _merge(sheet, top, bottom, column, across)


def typed(text: str) -> Any:
    """What Excel makes of a text that is typed into it: a number or a date where it looks like one."""
    day = values.date(text)
    if day is not None:
        return day
    number = values.number(text)
    return float(number) if number is not None and not text.startswith("0") and "*" not in text else text


def _style(sheet: Worksheet, row: int, column: int, text: str, layout: Layout) -> None:
    cell = sheet.cell(row, column)
    if layout.typed and text.endswith(" %") and isinstance(cell.value, float):
        sheet.cell(row, column, cell.value / 100).number_format = "0%"
    elif layout.typed and isinstance(cell.value, dt.date):
        cell.number_format = "DD.MM.YYYY"


def _shuffled(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """The columns of a table without merged cells in another order, the number of the row kept first."""
    width = len(rows[0])
    if any(len(row) != width and len(row) > 1 for row in rows) or width < 4:
        return rows
    order = [0, *random.Random(width).sample(range(1, width), width - 1)]
    return [[row[column] for column in order] if len(row) == width else row for row in rows]


_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def raw_book(sheet: str, *, main: str = _MAIN, strings: str = "<sst/>") -> bytes:
    """A workbook of one sheet around the XML of its cells, as only a program would write it."""
    relations = f'<Relationships xmlns="{_PACKAGE}">{{}}</Relationships>'
    relation = f'<Relationship Id="{{0}}" Type="{_RELATIONS}/{{1}}" Target="{{2}}"/>'
    sheets = '<sheets><sheet name="Лист1" r:id="rId1"/></sheets>'
    return package(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": relations.format(relation.format("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATIONS}">{sheets}</workbook>',
            "xl/_rels/workbook.xml.rels": relations.format(
                relation.format("rId1", "worksheet", "worksheets/sheet1.xml")
                + relation.format("rId2", "sharedStrings", "/xl/sharedStrings.xml")
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SPREADSHEET}">{sheet}</worksheet>',
            "xl/sharedStrings.xml": strings.replace("<sst", f'<sst xmlns="{_SPREADSHEET}"', 1),
        }
    )
