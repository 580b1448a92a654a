"""The reader of PDFs that hold text: words and ruled lines first, then tables by their lines, paragraphs by their ends.

A PDF knows neither words nor tables, only letters and lines with their places. What they were is told by geometry, in
the same way for every producer; what they mean is told by the recogniser, as for any other layout.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from projects.passport.archive import DAMAGED, ENCRYPTED
from projects.passport.errors import UnreadableFile
from projects.passport.intermediate import Block, Document, Paragraph, Row, Table
from projects.passport.readers import pdf_extraction
from projects.passport.readers.pdf_grid import SNAP, Grid, grids
from projects.passport.readers.pdf_margins import without_margins
from projects.passport.readers.pdf_words import Line, Vocabulary, Word, cell_text, goes_on, joined, lines_of, paragraphs

NO_TEXT = (
    "В PDF нет текста, только изображения страниц: распознайте текст или загрузите паспорт в формате .docx или .txt."
)
EMPTY = "В PDF нет ни одного слова: проверьте, тот ли файл выбран, и загрузите паспорт."
TOO_HEAVY = "PDF слишком велик или сложен для паспорта: сохраните из него только паспорт и загрузите его снова."
_REFUSALS = {"password": ENCRYPTED, "damaged": DAMAGED, "pages": TOO_HEAVY, "words": TOO_HEAVY}
_WAIT = 14.0
_FEW_WORDS = 5
_WIDEST_PADDING = 8.0
_NEAR_THE_END = 16.0


def read_pdf(content: bytes) -> Document:
    """Paragraphs and tables of a PDF; raises :class:`UnreadableFile` with one Russian sentence."""
    started = time.monotonic()
    extracted = _extracted(content)
    close = _close_gap(extracted)
    pages = [_Page(page, close) for page in extracted]
    words = sum(len(page.words) for page in pages)
    pictures = sum(page.pictures for page in pages)
    if words <= _FEW_WORDS * len(pages) and pictures >= len(pages):
        raise UnreadableFile(NO_TEXT)
    if not words:
        raise UnreadableFile(EMPTY)
    for page in pages:
        page.lay_out()
        if time.monotonic() - started > _WAIT:
            raise UnreadableFile(TOO_HEAVY)
    return _Assembly(pages).document()


def _extracted(content: bytes) -> list[dict[str, Any]]:
    """The pages as :mod:`pdf_extraction` sees them, from a process that may fail without harm."""
    # A file cut short is not read half: its end mark is missing.
    if b"%%EOF" not in content[-2048:]:
        raise UnreadableFile(DAMAGED)
    command = [sys.executable, "-I", str(Path(pdf_extraction.__file__))]
    try:
        # The command is ours and holds nothing of the file, which comes in by the pipe.
        done = subprocess.run(command, input=content, capture_output=True, timeout=_WAIT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as problem:
        raise UnreadableFile(TOO_HEAVY) from problem
    if done.returncode:
        raise UnreadableFile(TOO_HEAVY if done.returncode < 0 or b"MemoryError" in done.stderr else DAMAGED)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise UnreadableFile(_REFUSALS[answer["refused"]])
    pages: list[dict[str, Any]] = answer["pages"]
    return pages


def _close_gap(pages: list[dict[str, Any]]) -> float:
    """The widest gap that parts no words: letters may be spread where the file has its spaces written."""
    spaced = [word[-1] for page in pages for word in page["words"]]
    return 0.6 if sum(spaced) > 0.3 * len(spaced) else 0.1


@dataclass(slots=True)
class _Piece:
    """A table or the part of one on a page, with the lines of text in each of its cells."""

    grid: Grid
    cells: dict[tuple[int, int], list[Line]]

    @property
    def is_frame(self) -> bool:
        """Whether it is one cell alone: a frame around words, unless it goes on with a table of another page."""
        return len(self.grid.xs) == 2 and len(self.grid.ys) == 2

    def margins(self) -> dict[tuple[int, int], tuple[float, float]]:
        """Between which places the words of each cell stand: its borders without the padding of this table."""
        boxes = self.grid.cells()
        gaps = [line.left - boxes[first][0] for first, lines in self.cells.items() for line in lines]
        padding = min(max(min(gaps, default=0.0), 0.0), _WIDEST_PADDING)
        return {first: (box[0] + padding, box[2] - padding) for first, box in boxes.items()}

    def table(self, words: Vocabulary) -> Table:
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
            rows.append(Row(cells, above))
        return Table(rows)


class _Page:
    """A page: its words, then its tables and the lines outside them."""

    def __init__(self, page: dict[str, Any], close: float) -> None:
        self.width: float = page["width"]
        self.height: float = page["height"]
        self.pictures: int = page["pictures"]
        self.words = [Word(*place, bool(turned), 0.0 if spaced else close) for *place, turned, spaced in page["words"]]
        self._rules = [(x0, y0, x1, y1) for x0, y0, x1, y1 in page["lines"]]
        self.pieces: list[_Piece] = []
        self.lines: list[Line] = []

    @property
    def size(self) -> tuple[int, int]:
        return round(self.width), round(self.height)

    def lay_out(self) -> None:
        tables = grids(self._rules)
        held: list[dict[tuple[int, int], list[Word]]] = [{} for _ in tables]
        free: list[Word] = []
        for word in self.words:
            for table, cells in zip(tables, held, strict=True):
                place = table.place(*word.middle)
                if place is not None:
                    cells.setdefault(place, []).append(word)
                    break
            else:
                free.append(word)
        for table, cells in zip(tables, held, strict=True):
            if cells:
                self.pieces.append(_Piece(table, {place: lines_of(words) for place, words in cells.items()}))
        self.lines = lines_of(free)


class _Assembly:
    """Pages put one after another: blocks in reading order."""

    def __init__(self, pages: list[_Page]) -> None:
        self._pages = pages
        for page, lines in zip(pages, without_margins([(page.height, page.lines) for page in pages]), strict=True):
            page.lines = lines
        self._align()
        self._margins = self._find_margins()
        self._words = Vocabulary()
        for page in pages:
            self._words.learn(page.lines, *self._margins[page.size])
            for piece in page.pieces:
                margins = piece.margins()
                for first, lines in piece.cells.items():
                    self._words.learn(lines, *margins[first])
        self._blocks: list[Block] = []
        self._last: tuple[list[Line], _Page] | None = None

    def document(self) -> Document:
        for page in self._pages:
            lines = page.lines
            for piece in page.pieces:
                above = [line for line in lines if line.base <= piece.grid.ys[0]]
                lines = [line for line in lines if line.base > piece.grid.ys[0]]
                self._paragraphs(above, page)
                self._blocks += self._inside(piece) if piece.is_frame else [piece.table(self._words)]
                self._last = None
            self._paragraphs(lines, page)
        return Document(self._blocks)

    def _inside(self, frame: _Piece) -> list[Paragraph]:
        margins = frame.margins()
        return [
            Paragraph(text)
            for first, lines in frame.cells.items()
            for text in cell_text(lines, *margins[first], self._words).split("\n")
        ]

    def _find_margins(self) -> dict[tuple[int, int], tuple[float, float]]:
        """Where the text of pages of one size begins and ends."""
        margins: dict[tuple[int, int], tuple[float, float]] = {}
        for size in {page.size for page in self._pages}:
            pages = [page for page in self._pages if page.size == size]
            lines = [line for page in pages for line in page.lines]
            tables = [piece.grid for page in pages for piece in page.pieces]
            left = min([line.left for line in lines] or [grid.xs[0] for grid in tables] or [0.0])
            right = max((line.right for line in lines), default=0.0)
            # One line that is longer than all others says little about how long a line may be.
            if sum(line.right > right - _NEAR_THE_END for line in lines) < 2 and tables:
                right = max(right, median(grid.xs[-1] for grid in tables))
            margins[size] = left, right
        return margins

    def _paragraphs(self, lines: list[Line], page: _Page) -> None:
        if not lines:
            return
        left, right = self._margins[page.size]
        groups = paragraphs(lines, left, right, self._words)
        if self._last is not None and self._last[1] is not page:
            last = self._last[0]
            if groups[0][0].text[:1].islower() and goes_on(last[-1], groups[0][0], left, right, None, self._words):
                groups[0] = last + groups[0]
                self._blocks.pop()
        self._blocks += [Paragraph(joined(group, left, right, self._words)) for group in groups]
        self._last = groups[-1], page

    def _align(self) -> None:
        """Give the pieces of one table, cut by pages, the columns of the piece that shows them all."""
        before: _Piece | None = None
        for page in self._pages:
            if page.pieces and before is not None and _one_table(before.grid, page.pieces[0].grid):
                first = page.pieces[0]
                fewer, more = sorted((before, first), key=lambda piece: len(piece.grid.xs))
                if len(fewer.grid.xs) < len(more.grid.xs):
                    _refine(fewer, more.grid.xs)
            if page.pieces:
                last = page.pieces[-1]
                before = last if all(line.base < last.grid.ys[-1] for line in page.lines) else None


def _one_table(first: Grid, second: Grid) -> bool:
    """Whether two pieces may be one table: the same outer borders, and the columns of one among those of the other."""
    if abs(first.xs[0] - second.xs[0]) > 2 * SNAP or abs(first.xs[-1] - second.xs[-1]) > 2 * SNAP:
        return False
    fewer, more = sorted((first.xs, second.xs), key=len)
    return all(any(abs(x - other) <= SNAP for other in more) for x in fewer[1:-1])


def _refine(piece: _Piece, xs: list[float]) -> None:
    """Lay a piece out on the columns of another piece of its table."""
    grid = piece.grid.split_at(xs[1:-1])
    before, after = (sorted(set(one.owner.values())) for one in (piece.grid, grid))
    moved = dict(zip(before, after, strict=True))
    piece.grid, piece.cells = grid, {moved[first]: lines for first, lines in piece.cells.items()}
