"""The reader of PDFs that hold text: words and ruled lines first, then tables by their lines, paragraphs by their ends.

A PDF knows neither words nor tables, only letters and lines with their places. What they were is told by geometry, in
the same way for every producer; what they mean is told by the recogniser, as for any other layout.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from jobs.files.archive import ENCRYPTED
from jobs.files.errors import UnreadableFile
from projects.passport.intermediate import Block, Document, Paragraph, Table
from projects.passport.readers import pdf_extraction
from projects.passport.readers.pdf_grid import grids
from projects.passport.readers.pdf_margins import without_margins
from projects.passport.readers.pdf_table import Piece, align, header_again, mend_rows, one_table
from projects.passport.readers.pdf_vocabulary import Vocabulary, cell_text, joined
from projects.passport.readers.pdf_words import Line, Word, goes_on, lines_of, paragraphs

NO_TEXT = (
    "В PDF нет текста, только изображения страниц: распознайте текст или загрузите паспорт в формате .docx или .txt."
)
DAMAGED_PDF = "Файл PDF повреждён и не открывается: сохраните документ в PDF заново и загрузите его ещё раз."
EMPTY = "В PDF нет ни одного слова: проверьте, тот ли файл выбран, и загрузите паспорт."
TOO_HEAVY = "PDF слишком велик или сложен для паспорта: сохраните из него только паспорт и загрузите его снова."
_REFUSALS = {"password": ENCRYPTED, "damaged": DAMAGED_PDF, "pages": TOO_HEAVY, "words": TOO_HEAVY}
_WAIT = 14.0
_FEW_WORDS = 5
_NEAR_THE_END = 16.0


def read_pdf(content: bytes) -> Document:
    """Paragraphs and tables of a PDF; raises :class:`UnreadableFile` with one Russian sentence."""
    started = time.monotonic()
    extracted = _extracted(content)
    close = _close_gap(extracted)
    pages = [_Page(page, close) for page in extracted]
    words = sum(len(page.words) for page in pages)
    pictures = sum(page.pictures for page in pages)
    if pictures and words <= _FEW_WORDS * len(pages) and pictures >= len(pages):
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
        raise UnreadableFile(DAMAGED_PDF)
    command = [sys.executable, "-I", str(Path(pdf_extraction.__file__))]
    try:
        # The command is ours and holds nothing of the file, which comes in by the pipe.
        done = subprocess.run(command, input=content, capture_output=True, timeout=_WAIT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as problem:
        raise UnreadableFile(TOO_HEAVY) from problem
    if done.returncode:
        raise UnreadableFile(TOO_HEAVY if done.returncode < 0 or b"MemoryError" in done.stderr else DAMAGED_PDF)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise UnreadableFile(_REFUSALS[answer["refused"]])
    pages: list[dict[str, Any]] = answer["pages"]
    return pages


def _close_gap(pages: list[dict[str, Any]]) -> float:
    """The widest gap that parts no words: letters may be spread where the file has its spaces written."""
    spaced = [word[-1] for page in pages for word in page["words"]]
    return 0.6 if sum(spaced) > 0.3 * len(spaced) else 0.1


class _Page:
    """A page: its words, then its tables and the lines outside them."""

    def __init__(self, page: dict[str, Any], close: float) -> None:
        self.width: float = page["width"]
        self.height: float = page["height"]
        self.pictures: int = page["pictures"]
        self.words = [
            Word(text, left, right, top, bottom, base, bool(turned), 0.0 if spaced else close)
            for text, left, right, top, bottom, base, turned, spaced in page["words"]
        ]
        self._rules = [(x0, y0, x1, y1) for x0, y0, x1, y1 in page["lines"]]
        self.pieces: list[Piece] = []
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
                self.pieces.append(Piece(table, {place: lines_of(words) for place, words in cells.items()}))
        self.lines = lines_of(free)


class _Assembly:
    """Pages put one after another: blocks in reading order."""

    def __init__(self, pages: list[_Page]) -> None:
        self._pages = pages
        for page, lines in zip(pages, without_margins([(page.height, page.lines) for page in pages]), strict=True):
            page.lines = lines
        pairs = self._pairs()
        align(pairs)
        self._margins = self._find_margins()
        self._words = Vocabulary()
        for page in pages:
            self._words.learn(page.lines, *self._margins[page.size])
            for piece in page.pieces:
                margins = piece.margins()
                for first, lines in piece.cells.items():
                    self._words.learn(lines, *margins[first])
        self._bare = {id(after) for before, after in pairs if not header_again(before, after)}
        self._whole = self._find_wholes(pairs)
        self._merging = {self._whole[id(piece)] for page in pages for piece in page.pieces if piece.merges}
        mend_rows(pairs)
        self._blocks: list[Block] = []
        self._last: tuple[list[Line], _Page] | None = None

    def document(self) -> Document:
        for page in self._pages:
            lines = page.lines
            for piece in page.pieces:
                above = [line for line in lines if line.base <= piece.grid.ys[0]]
                lines = [line for line in lines if line.base > piece.grid.ys[0]]
                self._paragraphs(above, page)
                if piece.is_frame:
                    self._blocks += self._inside(piece)
                else:
                    self._table(piece)
                self._last = None
            self._paragraphs(lines, page)
        return Document(self._blocks)

    def _table(self, piece: Piece) -> None:
        """A table, or the rest of the one before, where no header of its own parts them."""
        rows = piece.rows(self._words, merges=self._whole[id(piece)] in self._merging)
        last = self._blocks[-1] if self._blocks else None
        if id(piece) in self._bare and isinstance(last, Table):
            rows[0].cut = True
            last.rows += rows
        else:
            self._blocks.append(Table(rows))

    def _inside(self, frame: Piece) -> list[Paragraph]:
        margins = frame.margins()
        return [
            Paragraph(text)
            for first, lines in frame.cells.items()
            for text in cell_text(lines, *margins[first], self._words).split("\n")
        ]

    def _find_wholes(self, pairs: list[tuple[Piece, Piece]]) -> dict[int, int]:
        """For every piece (by its id) the first piece of the table it belongs to."""
        whole = {id(piece): id(piece) for page in self._pages for piece in page.pieces}
        for before, after in pairs:
            whole[id(after)] = whole[id(before)]
        return whole

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
            if sum(line.right > right - _NEAR_THE_END for line in lines) < 2:
                right = max(right, size[0] - left, *(grid.xs[-1] for grid in tables[:1]))
            margins[size] = left, right
        return margins

    def _paragraphs(self, lines: list[Line], page: _Page) -> None:
        if not lines:
            return
        left, right = self._margins[page.size]
        groups = paragraphs(lines, left, right)
        if self._last is not None and self._last[1] is not page:
            last = self._last[0]
            if groups[0][0].text[:1].islower() and goes_on(last[-1], groups[0][0], left, right, None):
                groups[0] = last + groups[0]
                self._blocks.pop()
        self._blocks += [Paragraph(joined(group, left, right, self._words)) for group in groups]
        self._last = groups[-1], page

    def _pairs(self) -> list[tuple[Piece, Piece]]:
        """The last table of a page with the first of the next one, where these may be one that the page cuts."""
        pairs: list[tuple[Piece, Piece]] = []
        before: Piece | None = None
        for page in self._pages:
            if page.pieces and before is not None and one_table(before.grid, page.pieces[0].grid):
                pairs.append((before, page.pieces[0]))
            if page.pieces:
                last = page.pieces[-1]
                before = last if all(line.base < last.grid.ys[-1] for line in page.lines) else None
        return pairs
