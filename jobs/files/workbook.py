"""The reader of workbooks: the sheets that a person sees, straight from the XML of the checked archive."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from jobs.files.archive import DAMAGED, MEGABYTE, UNPACKS_TOO_BIG, WITH_DOCTYPE, Archive, check_size
from jobs.files.cells import Cell, CellReader, Formats, rich_text
from jobs.files.errors import UnreadableFile

_MAX_CELLS = 200_000
_LETTERS_A_CELL = 60
_MAX_MERGES = 100_000
_MAX_COVERED = 1_000_000
_MAX_COLUMN = 16_384
_MAX_SHEETS = 200
# A sheet may declare each of its 1,048,576 rows with nothing in them; it is read in pieces and never kept whole.
_MAX_PART = 110 * MEGABYTE
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_OFFICE_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

OLD_BOOK = "Это таблица старого формата Excel (.xls): откройте её в Excel и сохраните как .xlsx."
NO_SHEETS = "В таблице Excel нет ни одного листа с данными: проверьте, тот ли это файл, и загрузите его снова."


@dataclass(frozen=True, slots=True)
class Area:
    """A merged cell: its rows and columns from the first to the last of each."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """A sheet: rows by their number, cells by the number of their column, from 1; only what is not empty.

    What a merged cell covers has nothing of its own in ``rows``; ``above`` has, by row and column, the words of the
    cell that reaches down to it. ``hidden`` are the columns that are not shown.
    """

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    above: dict[int, dict[int, str]] = field(default_factory=dict)
    areas: dict[tuple[int, int], Area] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    unseen_rows: set[int] = field(default_factory=set)


def opened(content: bytes, *, otherwise: str) -> Archive:
    """The archive of a workbook; ``otherwise`` is the sentence for a file that is none. Raises ``UnreadableFile``."""
    check_size(len(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(OLD_BOOK)
    archive = Archive(content) if content.startswith(b"PK") else None
    if archive is None or "xl/workbook.xml" not in archive.names:
        raise UnreadableFile(otherwise)
    return archive


def read_grids(archive: Archive, most: int = _MAX_CELLS) -> list[Grid]:
    """The sheets of a workbook in order, hidden ones left out.

    Raises :class:`UnreadableFile` where the workbook is damaged or holds more than ``most`` cells: as it stands, more
    than any passport.
    """
    return _BookReader(archive, most).grids()


class _Budget:
    """How much a workbook may still hold: cells may be many, or long, but not without end."""

    def __init__(self, cells: int) -> None:
        self.cells, self.letters, self.covered = cells, cells * _LETTERS_A_CELL, _MAX_COVERED

    def spend(self, *, letters: int = 0, covered: int = 0) -> None:
        self.cells -= not covered
        self.letters -= letters
        self.covered -= covered
        if self.cells < 0 or self.letters < 0 or self.covered < 0:
            raise UnreadableFile(UNPACKS_TOO_BIG)


class _BookReader:
    def __init__(self, archive: Archive, most: int) -> None:
        self._archive = archive
        self._part = self._main_part()
        self._book = archive.xml(self._part)
        self._targets = self._relations(self._part)
        self._budget = _Budget(most)
        self._strings = self._shared_strings()
        properties = self._book.find("{*}workbookPr")
        since_1904 = properties is not None and _is_on(properties.get("date1904"))
        styles = self._by_kind("styles")
        self._cells = CellReader(Formats(archive.xml(styles) if styles else None), self._shared, since_1904=since_1904)

    def grids(self) -> list[Grid]:
        grids: list[Grid] = []
        seen: set[str] = set()
        for sheet in self._book.iterfind("{*}sheets/{*}sheet"):
            key = sheet.get(_OFFICE_RELATION) or sheet.get(_STRICT_RELATION) or ""
            kind, part = self._targets.get(key, ("", ""))
            if sheet.get("state", "visible") != "visible" or kind != "worksheet" or len(grids) >= _MAX_SHEETS:
                continue
            # No program writes one part as two sheets; read as often as it is named, it would be a bomb.
            if part in seen:
                continue
            seen.add(part)
            if part not in self._archive.names:
                raise UnreadableFile(DAMAGED)
            grids.append(_SheetReader(self._cells, self._budget, sheet.get("name", "")).read(self._archive, part))
        if not grids:
            raise UnreadableFile(NO_SHEETS)
        return grids

    def _main_part(self) -> str:
        found = [part for kind, part in self._relations("").values() if kind == "officeDocument"]
        part = found[0] if found else "xl/workbook.xml"
        if part not in self._archive.names:
            raise UnreadableFile(DAMAGED)
        return part

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and target of every relation of a part, by the key of the relation."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._archive.names:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self._archive.xml(rels):
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], path)
        return found

    def _by_kind(self, kind: str) -> str | None:
        return next(
            (part for known, part in self._targets.values() if known == kind and part in self._archive.names), None
        )

    def _shared_strings(self) -> list[str]:
        part = self._by_kind("sharedStrings")
        if part is None:
            return []
        strings: list[str] = []
        for item in _elements(self._archive, part, ("si",)):
            strings.append(rich_text(item))
            self._budget.spend(letters=len(strings[-1]))
            _forget(item)
        return strings

    def _shared(self, index: int) -> str:
        return self._strings[index] if index < len(self._strings) else ""


_EMPTY_CELL = re.compile(rb'<c r="[^<>]*/>')
_EMPTY_ROW = re.compile(rb'<row r="[^<>]*(?:/>|></row>)')
_LONGEST_REST = MEGABYTE


def _without_empty(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a sheet without its empty cells and rows, which a parser would spend most of its time on.

    Only those are left out that say where they are, so that nothing moves.
    """
    rest = b""
    for piece in pieces:
        window = rest + piece
        # Whole rows where there are any, so that what became empty is seen to be.
        end = window.rfind(b"</row>")
        end = end + len(b"</row>") if end >= 0 else window.rfind(b">") + 1
        if len(window) - end > _LONGEST_REST:
            end = len(window)
        rest = window[end:]
        yield _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", window[:end]))
    yield rest


def _elements(archive: Archive, part: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """The elements of a part as they come, so that a part of any length costs the memory of one of them."""
    parser = etree.XMLPullParser(
        ("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    tail = b""
    try:
        for piece in _without_empty(archive.pieces(part, _MAX_PART)):
            window = tail + piece
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"<!DOCTYPE" in piece[:4096].replace(b"\0", b""):
                raise UnreadableFile(WITH_DOCTYPE)
            tail = piece[-16:]
            parser.feed(piece)
            yield from _ended(parser)
        root = parser.close()
        yield from _ended(parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise UnreadableFile(DAMAGED) from problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(WITH_DOCTYPE)


def _ended(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    return (element for _, element in parser.read_events() if isinstance(element, etree._Element))


def _forget(element: etree._Element) -> None:
    """Free an element that has been read, and those before it: a parser keeps them else."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


class _SheetReader:
    """Reads one sheet: its rows as they come, then what its merged and its hidden cells say of them."""

    def __init__(self, cells: CellReader, budget: _Budget, name: str) -> None:
        self._cells, self._budget = cells, budget
        self._grid = Grid(name)
        self._hidden_rows: set[int] = set()
        self._filtered: tuple[int, int] | None = None
        self._areas: list[Area] = []
        self._last = 0

    def read(self, archive: Archive, part: str) -> Grid:
        for element in _elements(archive, part, ("row", "cols", "mergeCell", "autoFilter")):
            tag = element.tag.rpartition("}")[2]
            if tag == "row":
                self._row(element)
                _forget(element)
            elif tag == "cols":
                self._columns(element)
            elif tag == "mergeCell":
                self._area(element.get("ref", ""))
            elif (area := area_of(element.get("ref", ""))) is not None:
                self._filtered = (area.top, area.bottom)
        self._unsee()
        self._merge()
        return self._grid

    def _row(self, element: etree._Element) -> None:
        said = element.get("r", "")
        number = int(said) if re.fullmatch(r"\d{1,7}", said) else self._last + 1
        self._last = number
        # A group that is folded up is still a part of the document: one click shows it.
        if _is_on(element.get("hidden")) and element.get("outlineLevel", "0") == "0":
            self._hidden_rows.add(number)
        cells: dict[int, Cell] = {}
        column = 0
        for child in element:
            if not isinstance(child.tag, str) or not child.tag.endswith("}c"):
                continue
            place = _REFERENCE.fullmatch(child.get("r", ""))
            column = column_number(place[1]) if place else column + 1
            cell = self._cells.read(child) if len(child) else None
            if cell is not None and column <= _MAX_COLUMN:
                cells[column] = cell
                self._budget.spend(letters=len(cell.text))
        if cells:
            self._grid.rows[number] = cells

    def _columns(self, element: etree._Element) -> None:
        for column in element:
            first, last = column.get("min", ""), column.get("max", "")
            if not _is_on(column.get("hidden")) or column.get("outlineLevel", "0") != "0":
                continue
            if re.fullmatch(r"\d{1,5}", first) and re.fullmatch(r"\d{1,5}", last):
                self._grid.hidden.update(range(int(first), min(int(last), _MAX_COLUMN) + 1))

    def _area(self, reference: str) -> None:
        area = area_of(reference)
        if area is not None and (area.top, area.left) != (area.bottom, area.right):
            self._areas.append(area)
            if len(self._areas) > _MAX_MERGES:
                raise UnreadableFile(UNPACKS_TOO_BIG)

    def _unsee(self) -> None:
        """Rows hidden by hand are not what a person sees; those that a filter holds back are only out of sight."""
        top, bottom = self._filtered or (1, 0)
        self._grid.unseen_rows = {
            row for row in self._hidden_rows if row in self._grid.rows and not top < row <= bottom
        }

    def _merge(self) -> None:
        numbers = sorted(self._grid.rows)
        for area in self._areas:
            self._grid.areas[area.top, area.left] = area
            anchor = self._grid.rows.get(area.top, {}).get(area.left)
            for number in numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]:
                cells = self._grid.rows[number]
                self._budget.spend(covered=1 + min(len(cells), area.right - area.left + 1))
                # What was typed under a merged cell before it was merged is not on the sheet.
                for column in [column for column in cells if area.left <= column <= area.right]:
                    if (number, column) != (area.top, area.left):
                        del cells[column]
                if number > area.top and anchor is not None:
                    self._grid.above.setdefault(number, {})[area.left] = anchor.text


def _is_on(value: str | None) -> bool:
    return (value or "").casefold() in {"1", "true", "on"}


def column_number(letters: str) -> int:
    """The number of a column from 1: «A» is 1, «AA» is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def area_of(reference: str) -> Area | None:
    """«B2:D5» as an area; None for what is no reference."""
    first, _, last = reference.partition(":")
    begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if begin is None or end is None:
        return None
    return Area(int(begin[2]), column_number(begin[1]), int(end[2]), column_number(end[1]))
