"""The reader of Word files, straight from the XML of the checked archive."""

from __future__ import annotations

import re

from lxml import etree

from jobs.files.archive import Archive
from jobs.files.errors import UnreadableFile
from projects.passport import headings
from projects.passport.intermediate import Block, Document, Paragraph, Row, Table, squash
from projects.passport.limits import CellBudget
from projects.passport.readers.word_fields import refuse_foreign_fields
from projects.passport.readers.word_lists import WordLists

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MAX_COLUMNS = 200
_MAX_DEPTH = 12
# A document that marks the headings of all these by their style marks every heading.
_PARTS = frozenset({"general", "indicators", "results", "finance", "participants", "additional", "plan", "methodology"})
# What was deleted or moved away by a tracked change, and the code of a field: not what a reader of the page sees.
_UNSEEN = {W + "del", W + "moveFrom", W + "instrText", W + "delText", W + "rPr", W + "pPr", W + "sectPr", _FALLBACK}


def read_docx(archive: Archive) -> Document:
    """Paragraphs and tables of a Word file; tracked changes as accepted, merged cells laid out on the grid."""
    refuse_foreign_fields(archive)
    root = archive.xml("word/document.xml")
    body = root.find(W + "body")
    if body is None:
        raise UnreadableFile("В файле Word нет текста документа: сохраните паспорт заново и загрузите его ещё раз.")
    return _WordReader(archive).document(body)


def _number(element: etree._Element | None, default: int) -> int:
    text = element.get(W + "val", "") if element is not None else ""
    return min(int(text), _MAX_COLUMNS) if re.fullmatch(r"\d{1,6}", text) else default


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get(W + "val", "true").lower() not in {"0", "false", "off"}


class _WordReader:
    def __init__(self, archive: Archive) -> None:
        def part(name: str) -> etree._Element | None:
            return archive.xml(name) if name in archive.names else None

        styles = part("word/styles.xml")
        self._lists = WordLists(part("word/numbering.xml"), styles)
        self._heading_styles = _heading_styles(styles)
        self._notes: dict[str, str] = {}
        self._used: list[str] = []
        self._boxes: list[Paragraph] = []
        self._budget = CellBudget()
        notes = part("word/footnotes.xml")
        if notes is not None:
            for note in notes.iterfind(W + "footnote"):
                if note.get(W + "type") is None:
                    self._notes[note.get(W + "id", "")] = squash(" ".join(self._paragraphs(note, 0)))

    def document(self, body: etree._Element) -> Document:
        blocks = self._blocks(body, 0)
        marks = [f"{self._mark(index)} {self._notes[key]}" for index, key in enumerate(self._used, 1)]
        return Document(blocks, marks, formal=_is_formal(blocks))

    def _blocks(self, parent: etree._Element, depth: int) -> list[Block]:
        if depth > _MAX_DEPTH:
            return []
        blocks: list[Block] = []
        for child in parent:
            if child.tag == W + "p":
                text = self._paragraph(child)
                blocks.extend(self._boxes)
                self._boxes = []
                blocks.append(Paragraph(text, self._is_heading(child)))
            elif child.tag == W + "tbl":
                blocks.append(self._table(child, depth))
            elif child.tag in {W + "sdt", W + "sdtContent", W + "ins", W + "moveTo", W + "customXml", W + "smartTag"}:
                blocks.extend(self._blocks(child, depth + 1))
        return blocks

    def _paragraphs(self, parent: etree._Element, depth: int) -> list[str]:
        """The paragraphs of a cell; a table inside a cell gives its cells as paragraphs."""
        out: list[str] = []
        for block in self._blocks(parent, depth + 1):
            if isinstance(block, Paragraph):
                out.append(block.text)
            else:
                out.extend(" ".join(filter(None, row.cells)) for row in block.rows)
        return out

    def _paragraph(self, paragraph: etree._Element) -> str:
        pieces: list[str] = []
        self._collect(paragraph, pieces, 0)
        label = self._lists.label(paragraph.find(W + "pPr"))
        return (label + "".join(pieces)).strip()

    def _is_heading(self, paragraph: etree._Element) -> bool:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return style is not None and style.get(W + "val") in self._heading_styles

    def _collect(self, parent: etree._Element, pieces: list[str], depth: int) -> None:
        if depth > 4 * _MAX_DEPTH:
            return
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._run(child, pieces, depth)
            elif tag == _MATH_TEXT:
                pieces.append(child.text or "")
            elif tag == W + "txbxContent":
                pending, self._boxes = self._boxes, []
                inside = [Paragraph(text) for text in self._paragraphs(child, depth) if text]
                self._boxes = pending + inside
            elif isinstance(tag, str) and tag not in _UNSEEN:
                self._collect(child, pieces, depth + 1)

    def _run(self, run: etree._Element, pieces: list[str], depth: int) -> None:
        looks = run.find(W + "rPr")
        if looks is not None and _is_on(looks.find(W + "vanish")):
            return
        raised = looks is not None and looks.find(f"{W}vertAlign[@{W}val='superscript']") is not None
        for child in run:
            tag = child.tag
            if tag == W + "t":
                text = child.text or ""
                pieces.append(text.translate(_RAISED) if raised and text.strip().isdigit() else text)
            elif tag in {W + "tab", W + "ptab"}:
                pieces.append("\t")
            elif tag in {W + "br", W + "cr"}:
                pieces.append("\n")
            elif tag == W + "noBreakHyphen":
                pieces.append("-")
            elif tag == W + "footnoteReference":
                pieces.append(self._note(child.get(W + "id", "")))
            elif isinstance(tag, str) and tag not in _UNSEEN:
                self._collect(child, pieces, depth + 1)

    def _note(self, key: str) -> str:
        if key not in self._notes:
            return ""
        if key not in self._used:
            self._used.append(key)
        return self._mark(self._used.index(key) + 1)

    @staticmethod
    def _mark(index: int) -> str:
        return str(index).translate(_RAISED)

    def _table(self, table: etree._Element, depth: int) -> Table:
        rows: list[Row] = []
        starts: set[int] = set()
        open_merges: dict[int, str] = {}
        for line in self._lines(table):
            row, open_merges = self._row(line, open_merges, starts, depth)
            if row is not None:
                rows.append(row)
        return Table(_without_ghost_columns(rows, starts))

    def _lines(self, table: etree._Element) -> list[etree._Element]:
        """The rows of a table, those in content controls and accepted insertions included, deleted ones not."""
        lines: list[etree._Element] = []
        for child in table:
            if child.tag == W + "tr":
                if child.find(f"{W}trPr/{W}del") is None:
                    lines.append(child)
            elif child.tag in {W + "sdt", W + "sdtContent", W + "customXml", W + "ins"}:
                lines.extend(self._lines(child))
        return lines

    def _row(
        self, line: etree._Element, merges: dict[int, str], starts: set[int], depth: int
    ) -> tuple[Row | None, dict[int, str]]:
        column = _number(line.find(f"{W}trPr/{W}gridBefore"), 0)
        cells: list[str] = [""] * column
        spans: dict[int, int] = {}
        above: dict[int, str] = {}
        still_open: dict[int, str] = {}
        for cell in self._cells(line):
            span = max(_number(cell.find(f"{W}tcPr/{W}gridSpan"), 1), 1)
            text = "\n".join(filter(None, self._paragraphs(cell, depth))).strip()
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(W + "val") != "restart":
                above[column] = still_open[column] = merges.get(column, "")
                # Words typed into the hidden half of a merged cell are not on the page.
                text = "" if column in merges else text
            elif merge is not None:
                still_open[column] = text
            starts.add(column)
            if span > 1:
                spans[column] = span
            cells += [text] + [""] * (span - 1)
            column += span
            if column > _MAX_COLUMNS:
                break
        self._budget.spend(len(cells))
        heading = _is_on(line.find(f"{W}trPr/{W}tblHeader"))
        return (Row(cells, above, heading, spans=spans) if cells else None), still_open

    def _cells(self, line: etree._Element) -> list[etree._Element]:
        cells: list[etree._Element] = []
        for child in line:
            if child.tag == W + "tc":
                cells.append(child)
            elif child.tag in {W + "sdt", W + "sdtContent", W + "customXml"}:
                cells.extend(self._cells(child))
        return cells


def _without_ghost_columns(rows: list[Row], starts: set[int]) -> list[Row]:
    """Drop grid columns in which no cell of the table begins: traces of moved borders, not columns of the page."""
    width = max((len(row.cells) for row in rows), default=0)
    kept = [column for column in range(width) if column in starts]
    place = {column: index for index, column in enumerate(kept)}
    out = []
    for row in rows:
        cells = [row.cell(column) for column in kept]
        above = {place[column]: text for column, text in row.above.items() if column in place}
        spans = {place[column]: sum(column <= at < column + span for at in kept) for column, span in row.spans.items()}
        out.append(Row(cells, above, row.heading, spans=spans))
    return out


def _heading_styles(styles: etree._Element | None) -> set[str]:
    """The identifiers of the styles of headings, by the outline level that they give to a paragraph or inherit."""
    if styles is None:
        return set()
    known = {style.get(W + "styleId", ""): style for style in styles.iterfind(W + "style")}
    return {name for name in known if _outline(name, known) in {"0", "1", "2"}}


def _outline(name: str, known: dict[str, etree._Element]) -> str:
    for _ in range(_MAX_DEPTH):
        style = known.get(name)
        if style is None:
            break
        level, parent = style.find(f"{W}pPr/{W}outlineLvl"), style.find(W + "basedOn")
        if level is not None:
            return level.get(W + "val", "")
        name = parent.get(W + "val", "") if parent is not None else ""
    return ""


def _is_formal(blocks: list[Block]) -> bool:
    """Whether every part stands under a marked heading and every table after the first has a marked header."""
    marked = {headings.section_of(block.text) for block in blocks if isinstance(block, Paragraph) and block.heading}
    tables = [block for block in blocks if isinstance(block, Table) and block.rows]
    return marked >= _PARTS and all(table.rows[0].heading for table in tables[1:])
