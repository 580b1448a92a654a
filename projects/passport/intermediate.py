"""The form between a file and the recogniser: paragraphs and tables with merged cells laid out.

Every reader, of Word files, of text dumps, of whatever layout comes next, makes a :class:`Document`; what the
paragraphs and tables mean is decided afterwards and once, so a new layout is a new reader and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+")
# Soft hyphens, joiners and marks of direction: nobody sees them, and a mark can turn «100» into «001» on the page.
_INVISIBLE = re.compile(r"[\0\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2069]+")


def squash(text: str) -> str:
    """Words kept, every run of white space one plain space, what is invisible gone."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


@dataclass(slots=True)
class Paragraph:
    """``heading`` is true where the file itself says that the paragraph is a heading (by its style)."""

    text: str
    heading: bool = False


@dataclass(slots=True)
class Row:
    """A row of a table on the table's grid.

    A cell merged over several columns has its words in the first of them and nothing in the others;
    ``above`` names the columns covered by a cell merged from a row above, with the words of that cell.
    ``heading`` is true where the file itself says that the row is a repeated header.
    ``cut`` is true for the first row after a page break. ``spans`` says over how many columns each merged cell
    goes. ``group`` is whether one cell goes over the whole row, where cells are known to be merged on purpose; None
    where that must be guessed from what is filled.
    """

    cells: list[str]
    above: dict[int, str] = field(default_factory=dict)
    heading: bool = False
    cut: bool = False
    spans: dict[int, int] = field(default_factory=dict)
    group: bool | None = None

    def cell(self, column: int | None) -> str:
        return self.cells[column] if column is not None and 0 <= column < len(self.cells) else ""

    def shared(self, column: int | None) -> str:
        """The words of a cell, those of the merged cell that covers it included."""
        return self.cell(column) or (self.above.get(column, "") if column is not None else "")

    @property
    def filled(self) -> list[int]:
        return [column for column, text in enumerate(self.cells) if text]

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)

    @property
    def alone(self) -> str:
        """The words of a row that has only its first cell, as a group row over the whole table has; else empty."""
        if self.group is not None:
            return self.cells[0] if self.group else ""
        return self.cells[0] if self.cells and self.filled == [0] and len(self.cells) > 1 else ""


@dataclass(slots=True)
class Table:
    rows: list[Row]

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


Block = Paragraph | Table


@dataclass(slots=True)
class Document:
    """``formal`` is true where the file marks all its headings and all headers of its tables as such."""

    blocks: list[Block]
    footnotes: list[str] = field(default_factory=list)
    formal: bool = False

    def words(self) -> Iterator[str]:
        """Every piece of text in document order."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            else:
                for row in block.rows:
                    yield from (text for text in row.cells if text)
        yield from self.footnotes
