"""Tables of a document: pieces on pages, laid out on common columns, rows that a page cut put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from projects.passport import values
from projects.passport.intermediate import Row
from projects.passport.readers.pdf_grid import SNAP, Grid
from projects.passport.readers.pdf_vocabulary import Vocabulary, cell_text
from projects.passport.readers.pdf_words import Line, goes_on

_WIDEST_PADDING = 8.0
# A first column that takes more of a table than this holds words; one of numbers is narrower.
_WORDS_SHARE = 0.12
_THOUSANDS = re.compile(r"\d{3}(?:[\s\d]{4})*(?:,\d+)?\*{0,3}")
_ENDS = re.compile(r"[.;:!?]\W*$")


@dataclass(slots=True)
class Piece:
    """A table or the part of one on a page, with the lines of text in each of its cells."""

    grid: Grid
    cells: dict[tuple[int, int], list[Line]]

    @property
    def is_frame(self) -> bool:
        """Whether it is one cell alone: a frame around words, unless it goes on with a table of another page."""
        return len(self.grid.xs) == 2 and len(self.grid.ys) == 2

    @property
    def last_row(self) -> int:
        return len(self.grid.ys) - 2

    def margins(self) -> dict[tuple[int, int], tuple[float, float]]:
        """Between which places the words of each cell stand: its borders without the padding of this table."""
        boxes = self.grid.cells()
        gaps = [line.left - boxes[first][0] for first, lines in self.cells.items() for line in lines]
        padding = min(max(min(gaps, default=0.0), 0.0), _WIDEST_PADDING)
        return {first: (box[0] + padding, box[2] - padding) for first, box in boxes.items()}

    def row_words(self, row: int) -> list[tuple[int, str]]:
        """The words that begin in a row, by their columns."""
        return sorted(
            (first[1], " ".join(line.text for line in lines)) for first, lines in self.cells.items() if first[0] == row
        )

    @property
    def merges(self) -> bool:
        """Whether some row is one cell over the whole width."""
        return len(self.grid.xs) > 2 and any(map(self._is_whole, {first[0] for first in self.cells}))

    def _is_whole(self, row: int) -> bool:
        return len({self.grid.owner[row, column] for column in range(len(self.grid.xs) - 1)}) == 1

    def rows(self, words: Vocabulary, *, merges: bool) -> list[Row]:
        """The rows of the table; ``merges`` is whether the words of its groups stand in cells over the whole width.

        Where they do, a row with nothing but its first cell, in a column made for words, is no group.
        """
        wide = (self.grid.xs[1] - self.grid.xs[0]) > _WORDS_SHARE * (self.grid.xs[-1] - self.grid.xs[0])
        grid, margins = self.grid, self.margins()
        texts = {first: cell_text(lines, *margins[first], words) for first, lines in self.cells.items()}
        rows = []
        for row in range(len(grid.ys) - 1):
            cells = [""] * (len(grid.xs) - 1)
            above: dict[int, str] = {}
            seen: set[tuple[int, int]] = set()
            for column in range(len(cells)):
                first = grid.owner[row, column]
                if first == (row, column):
                    cells[column] = texts.get(first, "")
                elif first[0] < row and first not in seen:
                    above[column] = texts.get(first, "")
                seen.add(first)
            lone = merges and wide and cells[0] != "" and not any(cells[1:]) and not self._is_whole(row)
            rows.append(Row(cells, above, group=False if lone else None))
        return rows


def align(pairs: Sequence[tuple[Piece, Piece]]) -> None:
    """Give the pieces of one table, cut by pages, the columns of the piece that shows them all."""
    for before, after in pairs:
        fewer, more = sorted((before, after), key=lambda piece: len(piece.grid.xs))
        if len(fewer.grid.xs) < len(more.grid.xs):
            _refine(fewer, more.grid.xs)


def one_table(first: Grid, second: Grid) -> bool:
    """Whether two pieces may be one table: the same outer borders, and the columns of one among those of the other."""
    if abs(first.xs[0] - second.xs[0]) > 2 * SNAP or abs(first.xs[-1] - second.xs[-1]) > 2 * SNAP:
        return False
    fewer, more = sorted((first.xs, second.xs), key=len)
    return all(any(abs(x - other) <= SNAP for other in more) for x in fewer[1:-1])


def _refine(piece: Piece, xs: list[float]) -> None:
    """Lay a piece out on the columns of another piece of its table."""
    grid = piece.grid.split_at(xs[1:-1])
    before, after = (sorted(set(one.owner.values())) for one in (piece.grid, grid))
    moved = dict(zip(before, after, strict=True))
    piece.grid, piece.cells = grid, {moved[first]: lines for first, lines in piece.cells.items()}


def mend_rows(pairs: Sequence[tuple[Piece, Piece]]) -> None:
    """Move the rest of a row that a page cut to where the row begins, the last pair of pieces first.

    Only what its lines prove is moved (no cell has room for the first word of its rest); what remains doubtful is
    left to the mending that all layouts share.
    """
    for before, after in reversed(pairs):
        if len(before.grid.xs) != len(after.grid.xs):
            continue
        row = header_again(before, after)
        rest = {first: lines for first, lines in after.cells.items() if first[0] == row}
        starts = {first: before.grid.owner[before.last_row, first[1]] for first in rest}
        if rest and (_lacks_its_name(before, rest) or _continue(before, rest, starts)):
            for first, lines in rest.items():
                before.cells[starts[first]] = before.cells.get(starts[first], []) + lines
                del after.cells[first]


def header_again(before: Piece, after: Piece) -> int:
    """How many rows at the top of a piece repeat the top of the piece before it."""
    row = 0
    while row < min(before.last_row, after.last_row) and before.row_words(row) == after.row_words(row):
        row += 1
    return row


def _lacks_its_name(before: Piece, rest: dict[tuple[int, int], list[Line]]) -> bool:
    """Whether a row has its number on one page and its name, with whatever else it lacks, on the next."""
    last = dict(before.row_words(before.last_row))
    columns = {column for _, column in rest}
    return bool(values.row_number(last.get(0, ""))) and 1 in columns and not columns & last.keys()


def _continue(
    before: Piece,
    rest: dict[tuple[int, int], list[Line]],
    starts: dict[tuple[int, int], tuple[int, int]],
) -> bool:
    margins = before.margins()
    plain = amid_numbers = 0
    for first, lines in rest.items():
        start = starts[first]
        text = " ".join(line.text for line in lines)
        above = before.cells.get(start)
        if not above or start[1] != first[1]:
            return False
        if _THOUSANDS.fullmatch(text) and above[-1].text.isdigit():
            amid_numbers += 1
            continue
        if values.is_atomic(text) or values.row_number(text) or not goes_on(above[-1], lines[0], *margins[start], None):
            return False
        sentence = not _ENDS.search(above[-1].text)
        plain += (text[:1].islower() or text[:1] in "(«") and (sentence or text[:1].islower())
    # A row of its own may chance to follow a full line; that most of its cells then begin amid a sentence, hardly.
    return plain * 2 > len(rest) - amid_numbers
