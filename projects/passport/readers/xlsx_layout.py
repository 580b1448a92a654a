"""Sheets of a workbook as paragraphs and tables: where a heading ends and a table begins, whatever the cells.

A workbook has no paragraphs: a heading, a footnote and a group of people are all a row with one cell. What such a row
is shows by what stands around it.
"""

from __future__ import annotations

import re

from jobs.files.cells import Cell
from jobs.files.errors import UnreadableFile
from jobs.files.workbook import NO_SHEETS, Grid
from projects.passport import headings, titles, values
from projects.passport.intermediate import Block, Document, Paragraph, Row, Table, squash
from projects.passport.pages import is_footnote

_NUMBER_TITLE = re.compile(r"№|номер\b|п/п", re.IGNORECASE)
_MAX_COLUMNS = 200
_MAX_LAID_OUT = 3_000_000

TOO_WIDE = (
    "В таблице Excel слишком много строк и столбцов для паспорта: оставьте в ней только паспорт и загрузите снова."
)


def lay_out(grids: list[Grid]) -> Document:
    """The paragraphs and tables of the sheets, one sheet after another; hidden rows and columns left out."""
    blocks: list[Block] = []
    room = _MAX_LAID_OUT
    for grid in grids:
        sheet = _SheetLayout(grid)
        room -= sheet.size
        if room < 0:
            raise UnreadableFile(TOO_WIDE)
        blocks += sheet.blocks()
    if not blocks:
        raise UnreadableFile(NO_SHEETS)
    return Document(blocks)


class _SheetLayout:
    """One sheet: its rows in sight, on the columns in which anything in sight begins."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._numbers = [number for number in sorted(grid.rows) if number not in grid.unseen_rows]
        self._cells: dict[int, dict[int, Cell]] = {}
        for number in self._numbers:
            seen = {column: cell for column, cell in grid.rows[number].items() if self._is_seen(number, column)}
            # A cell of blanks is an empty one.
            seen = {column: cell for column, cell in seen.items() if squash(cell.text)}
            if seen:
                self._cells[number] = seen
        self._numbers = [number for number in self._numbers if number in self._cells]
        used = {column for cells in self._cells.values() for column in cells}
        self._columns = sorted(used)[:_MAX_COLUMNS]
        self.size = len(self._columns) * len(self._numbers)

    def _is_seen(self, number: int, column: int) -> bool:
        area = self._grid.areas.get((number, column))
        if area is None:
            return column not in self._grid.hidden
        return any(each not in self._grid.hidden for each in range(area.left, area.right + 1))

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        if self._numbers and headings.section_of(self._grid.name):
            blocks.append(Paragraph(self._grid.name))
        rows: list[int] = []
        for at, number in enumerate(self._numbers):
            if self._is_paragraph(at, rows):
                blocks += self._table(rows)
                rows = []
                blocks.append(Paragraph(next(iter(self._cells[number].values())).text))
            else:
                rows.append(number)
        return blocks + self._table(rows)

    def _is_paragraph(self, at: int, table: list[int]) -> bool:
        """Whether a row with one cell stands for itself and not among the rows of the table above it."""
        number = self._numbers[at]
        if len(self._cells[number]) > 1:
            return False
        text = squash(next(iter(self._cells[number].values())).text)
        if not table:
            return True
        if is_footnote(text):
            return True
        if headings.section_of(text) and self._opens(at, text):
            return True
        after = self._numbers[at + 1] if at + 1 < len(self._numbers) else None
        parted = number - table[-1] > 1
        # Set off by an empty row, and no row of the table after it: a note under the table or a title of the next.
        return parted and (after is None or len(self._cells[after]) == 1 or self._begins_header(at + 1))

    def _opens(self, at: int, text: str) -> bool:
        """Whether a heading begins a section: it has a number of its own, an empty row above or a header below."""
        numbered = values.split_number(text)[0] is not None or bool(
            re.match(r"(раздел|приложение)\b", text, re.IGNORECASE)
        )
        parted = at > 0 and self._numbers[at] - self._numbers[at - 1] > 1
        return numbered or parted or any(self._begins_header(later) for later in range(at + 1, at + 4))

    def _begins_header(self, at: int) -> bool:
        if at >= len(self._numbers):
            return False
        rows = [self._row(number) for number in self._numbers[at : at + 5]]
        return titles.header_depth(rows, 0) > 0

    def _row(self, number: int) -> Row:
        cells = self._cells[number]
        above = self._grid.above.get(number, {})
        return Row(
            [cells[column].text.strip() if column in cells else "" for column in self._columns],
            {place: above[column] for place, column in enumerate(self._columns) if column in above},
        )

    def _table(self, numbers: list[int]) -> list[Block]:
        """A table on the columns that its own rows use; a cell merged over most of it stands for a whole row."""
        if not numbers:
            return []
        used = {column for number in numbers for column in self._cells[number]}
        columns = [column for column in self._columns if column in used]
        numbered: int | None = None
        rows: list[Row] = []
        for number in numbers:
            first = next(iter(sorted(self._cells[number])))
            if _NUMBER_TITLE.match(squash(self._cells[number][first].text)):
                numbered = first
            rows.append(self._row_on(number, columns, numbered))
        return [Table(rows)]

    def _row_on(self, number: int, columns: list[int], numbered: int | None) -> Row:
        """A row; in the column ``numbered`` a number of a row that a spreadsheet took for a day is one again."""
        cells, above = self._cells[number], self._grid.above.get(number, {})
        texts = [cells[column].text.strip() if column in cells else "" for column in columns]
        if numbered in cells and cells[numbered].typed:
            texts[columns.index(numbered)] = cells[numbered].typed
        if len(cells) == 1 and len(columns) > 1:
            column = next(iter(cells))
            area = self._grid.areas.get((number, column))
            covered = sum(area.left <= each <= area.right for each in columns) if area else 1
            if covered * 2 > len(columns):
                texts = [cells[column].text.strip(), *[""] * (len(columns) - 1)]
        return Row(texts, {place: above[column] for place, column in enumerate(columns) if column in above})
