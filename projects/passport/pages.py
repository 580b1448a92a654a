"""Tables put together again where pages cut them: the only place that knows about page breaks.

A cut leaves a repeated header, a row whose first cell is empty and continues the row before, a word broken by a
hyphen, or a group name that landed between two halves of a table. After :func:`mend` none of these is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from projects.passport import headings, titles, values
from projects.passport.intermediate import Block, Document, Paragraph, Row, Table, squash
from projects.passport.limits import MAX_TEXT, too_long
from projects.passport.lookalikes import cyrillic, mended
from projects.passport.rules import finance_source

_PAGE_NUMBER = re.compile(r"[-–—\s]*\d{1,3}[-–—\s]*|(стр\.?|страница)\s\d{1,3}(\s?из\s?\d{1,3})?", re.IGNORECASE)
_LONGEST_WORD = 80
_FOOTNOTE = re.compile(r"(\*+|[¹²³⁴-⁹]+\)?)\s?\S")
_ABBREVIATION = re.compile(r"\W{0,3}[А-ЯЁ]{1,5}\s?[–—-]\s?\S.{3,200}")
_OWN_LINE = re.compile(r"(всего|итого|в том числе|в т\.\s?ч|из них)", re.IGNORECASE)


@dataclass(slots=True)
class Sheet:
    """A mended table: the rows of its header, its other rows, and the section whose heading stands above it.

    ``formal`` is true where header and groups are marked as such and nothing had to be mended.
    """

    header: list[Row]
    rows: list[Row]
    heading: str = ""
    formal: bool = False


Part = Paragraph | Sheet


def is_footnote(text: str) -> bool:
    """Whether a paragraph is a footnote or a line of the list of control levels under a table."""
    text = squash(text)
    return bool(_FOOTNOTE.match(text) or _ABBREVIATION.fullmatch(cyrillic(text)))


def mend(document: Document) -> list[Part]:
    """Paragraphs and whole tables of a document, in order."""
    if document.formal:
        return list(_as_marked(document))
    mender = _Mender(_words(document))
    for block in document.blocks:
        mender.take(block)
    return mender.finish()


def _as_marked(document: Document) -> Iterator[Part]:
    """The parts of a document that marks its headings and headers: what is not marked is content."""
    section = ""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            section = (headings.section_of(block.text) if block.heading else None) or section
            yield block
        else:
            header = [row for row in block.rows if row.heading]
            rows = [row for row in block.rows if not row.heading and not row.is_empty]
            for row in rows:
                row.group = row.spans.get(0, 1) >= len(row.cells) > 1
            yield Sheet(header, rows, section, formal=True)


def _words(document: Document) -> set[str]:
    words: set[str] = set()
    for text in document.words():
        words.update(re.findall(r"[а-яёa-z]+(?:-[а-яёa-z]+)*", text.casefold()))
    return words


class _Mender:
    def __init__(self, words: set[str]) -> None:
        self._words = words
        self._parts: list[Part] = []
        self._open: Sheet | None = None
        self._between: list[Paragraph] = []
        self._heading = ""

    def take(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block)
        else:
            self._table(block)

    def finish(self) -> list[Part]:
        self._close()
        return self._parts

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = squash(paragraph.text)
        if not text or _PAGE_NUMBER.fullmatch(text):
            return
        section = headings.section_of(text)
        if section:
            self._close()
            self._heading = section
            self._parts.append(paragraph)
        elif self._open is not None:
            self._between.append(paragraph)
        else:
            self._parts.append(paragraph)

    def _close(self) -> None:
        self._open = None
        self._parts += self._between
        self._between = []

    def _table(self, table: Table) -> None:
        rows, width, at, cut = table.rows, table.width, 0, True
        while at < len(rows):
            row = rows[at]
            depth = titles.header_depth(rows, at)
            if depth:
                self._header(rows[at : at + depth])
                at, cut = at + depth, True
                continue
            at += 1
            if row.is_empty:
                continue
            if row.alone and headings.section_of(row.alone) and self._opens_section(row.alone, rows, at):
                self._paragraph(Paragraph(row.alone))
                continue
            self._row(row, cut, width)
            cut = False

    @staticmethod
    def _opens_section(text: str, rows: list[Row], at: int) -> bool:
        """A group row may sound like a heading; a heading inside a table is followed by a header of its own."""
        return at < len(rows) and (titles.header_depth(rows, at) > 0 or bool(re.match(r"\d+\.\s", squash(text))))

    def _header(self, header: list[Row]) -> None:
        if self._open is not None and self._open.header and titles.same_header(self._open.header, header):
            self._adopt_between()
            return
        self._close()
        self._begin(header)

    def _begin(self, header: list[Row]) -> None:
        self._open = Sheet(header, [], self._heading)
        self._parts.append(self._open)

    def _row(self, row: Row, cut: bool, width: int) -> None:
        if self._open is not None and cut and not self._fits(width):
            self._close()
        if self._open is None:
            self._begin([])
        elif cut:
            self._adopt_between()
        assert self._open is not None
        row.cut = (cut or row.cut) and bool(self._open.rows)
        previous = self._open.rows[-1] if self._open.rows else None
        if previous is not None and self._continues(previous, row):
            self._join(previous, row)
        else:
            self._open.rows.append(row)

    def _fits(self, width: int) -> bool:
        """Whether a table without a header may be the rest of the open one."""
        assert self._open is not None
        if not self._open.header:
            return not self._between and bool(self._open.rows) and len(self._open.rows[0].cells) == width
        used = max(len(_trimmed(row)) for row in self._open.header)
        return abs(max(len(row.cells) for row in self._open.header) - width) <= 1 or used == width

    def _adopt_between(self) -> None:
        """What stood between two pieces: footnotes stay outside, anything else is a group row of the table."""
        assert self._open is not None
        width = max([len(row.cells) for row in self._open.header + self._open.rows[:1]] or [2])
        group: list[str] = []
        for paragraph in self._between:
            if is_footnote(paragraph.text):
                self._parts.append(paragraph)
            else:
                group.append(squash(paragraph.text))
        if group:
            self._open.rows.append(Row([" ".join(group)] + [""] * (width - 1)))
        self._between = []

    @staticmethod
    def _continues(before: Row, row: Row) -> bool:
        if row.alone and before.alone:
            return row.cut and row.alone[:1].islower() and not before.alone.rstrip().endswith((".", ":"))
        if row.cells[0] or not row.filled or before.alone:
            return False
        words = [row.cells[column] for column in row.filled if not values.is_atomic(row.cells[column])]
        if any(_OWN_LINE.match(mended(text)) or finance_source(text) for text in words[:1]):
            return False
        clash = any(values.is_atomic(row.cells[column]) and before.cell(column) for column in row.filled) or any(
            values.is_atomic(before.cell(column)) and row.cell(column) for column in before.filled
        )
        if clash:
            return False
        # After a cut a dash is only a dash; elsewhere it begins a line of its own, as in a list of sub-indicators.
        lower = all(text[:1].islower() or (row.cut and not text[:1].isalpha()) for text in words)
        if len(words) < len(row.filled):
            return row.cut and (lower or 0 in row.above)
        return row.cut or (lower and bool(words)) or 0 in row.above

    def _join(self, before: Row, row: Row) -> None:
        before.cells += [""] * (len(row.cells) - len(before.cells))
        for column in row.filled:
            # Each join copies the whole text: one that goes on for ever is stopped while that is cheap.
            if len(before.cells[column]) > MAX_TEXT:
                raise too_long()
            before.cells[column] = self._joined(before.cells[column], row.cells[column])

    def _joined(self, first: str, second: str) -> str:
        """Two halves of a cell; a hyphen at the cut goes where the whole word is known from elsewhere."""
        found = re.search(r"([А-Яа-яёЁA-Za-z]+)-$", first[-_LONGEST_WORD:])
        rest = re.match(r"[а-яёa-z]+", second)
        if found and rest:
            whole = (found[1] + rest[0]).casefold()
            return (first[:-1] if whole in self._words else first) + second
        return f"{first}\n{second}" if first else second


def _trimmed(row: Row) -> list[str]:
    cells = list(row.cells)
    while cells and not cells[-1]:
        cells.pop()
    return cells
