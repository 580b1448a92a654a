"""Text dumps with one cell a line: rows laid side by side again, as wide as their header says.

What such a dump has lost is where a row ends. The titles of the columns give the width and say what each column may
hold (a number, a date, a person, words); rows follow from that. Cells left out and cells kept as blank lines both
occur, so both are tried and the reading that leaves fewer lines over is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from projects.passport import headings, people, titles, values
from projects.passport.intermediate import Row, squash
from projects.passport.lookalikes import mended
from projects.passport.pages import is_footnote
from projects.passport.recogniser.general import label_of
from projects.passport.rules import finance_source

_ANNEX = re.compile(r"^приложени[ея]\s*(№\s?)?\d{0,2}\s*[.:–—-]?\s*", re.IGNORECASE)
_FIRST = re.compile(r"№|номер\b", re.IGNORECASE)
_SPAN = re.compile(
    r"базов\w+ значени\w*$|сроки?\b(?!.*(исполнения|достижения))|период|плановые|целевые"
    r"|значени\w+ (показател|по годам)|объ[её]м|финансов\w+ обеспечени\w+ по годам",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(всего|итого)\b", re.IGNORECASE)
_TERM = re.compile(r"(начал|окончани)\w*\W*$", re.IGNORECASE)
_BASE = re.compile(r"(значени[ея]|дата)\W*$", re.IGNORECASE)
_SECTIONS = {"indicators", "results", "finance", "participants", "plan", "breakdown", "methodology"}
_VALUES = {"total", "employment", "base_value"}
_DATES = {"start", "end", "due", "base_date"}
_LEAST_COLUMNS = 3
_WIDEST = 60
# A long passport has some ten thousand cells; its dozen tables are cut by pages into some hundreds at most.
_MOST_LINES = 50_000
_MOST_TABLES = 400


def is_stacked(lines: Sequence[str]) -> bool:
    """Whether a text may hold tables with one cell a line: no tab anywhere, and a column of numbers is announced."""
    return (
        len(lines) <= _MOST_LINES
        and any(_FIRST.match(line) for line in lines)
        and not any("\t" in line for line in lines)
    )


def unstack(lines: Sequence[str]) -> list[str]:
    """The lines of a dump with the rows of its tables laid out, cells parted by tabs. Other lines stay as they are."""
    return _Unstacking(_without_spacing([line.strip() for line in lines])).run()


def _without_spacing(lines: list[str]) -> list[str]:
    """Where every cell is followed by a blank line, those lines are spacing; of more of them some are empty cells."""
    written = [index for index, line in enumerate(lines) if line]
    spaced = sum(index + 1 >= len(lines) or not lines[index + 1] for index in written)
    if spaced < 0.9 * len(written):
        return lines
    out: list[str] = []
    blanks = 0
    for line in lines:
        if not line:
            blanks += 1
            continue
        out += [""] * ((blanks - 1) // 2 if out else 0) + [line]
        blanks = 0
    return out


@dataclass(slots=True)
class _Header:
    rows: list[list[str]]
    kinds: list[str]
    end: int
    section: str
    lines: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.rows[0])


class _Unstacking:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._out: list[str] = []
        self._section = ""
        self._searched = 0

    def run(self) -> list[str]:
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            section = headings.section_of(_ANNEX.sub("", line) or line) if line else None
            if section and section != "annex":
                self._section = section
                self._out += ["", line]
                at = self._general(at + 1) if section == "general" else at + 1
                continue
            header = self._header(at) if line else None
            if header is None:
                self._out.append(line)
                at += 1
            else:
                at = self._table(header)
        return self._out

    def _header(self, at: int) -> _Header | None:
        """The table that begins at a line: of the section it stands in, else of the one its titles name best."""
        if not (_FIRST.match(self._lines[at]) or _begins_breakdown(self._lines, at)) or self._searched > _MOST_TABLES:
            return None
        self._searched += 1
        sections = [self._section] if self._section in _SECTIONS else []
        for wanted in [*sections, *(section for section in sorted(_SECTIONS) if section not in sections)]:
            header = _header(self._lines, at, wanted)
            if header is not None:
                return header
        return None

    def _general(self, at: int) -> int:
        """Section 1: a label, then its value on the lines after it."""
        label, said = "", list[str]()
        while at < len(self._lines) and not headings.section_of(self._lines[at]):
            line = self._lines[at]
            found = label_of(line) if line else None
            if found and (said or not label):
                self._pair(label, said)
                label, said = line, []
            elif line:
                said.append(line)
            at += 1
        self._pair(label, said)
        self._out.append("")
        return at

    def _pair(self, label: str, said: list[str]) -> None:
        if label:
            self._out.append(f"{label}\t{' '.join(said)}")
        else:
            self._out += said

    def _table(self, header: _Header) -> int:
        short, full = (_rows(self._lines, header, blanks_are_cells=mode) for mode in (False, True))
        has_blanks = "" in self._lines[header.end : full.end - 1]
        best = full if has_blanks and full.left_over <= short.left_over else short
        self._out += ["", *("\t".join(row) for row in header.rows)]
        self._out += ["\t".join(row + [""] * (header.width - len(row))) for row in best.rows]
        self._out.append("")
        return best.end


def _header(lines: list[str], at: int, section: str) -> _Header | None:
    """The columns of a table whose titles begin here; None where they do not."""
    if section != "breakdown" and not _FIRST.match(lines[at]):
        return None
    tops: list[str] = []
    subs: list[str] = []
    index = at
    while index < len(lines) and len(tops) + len(subs) < _WIDEST:
        line = lines[index]
        spans = any(_SPAN.match(mended(top)) for top in tops)
        if not line:
            index += 1
            continue
        if titles.is_sub_title(line) and (spans or subs):
            subs.append(line)
        elif subs and spans:
            break
        elif index == at or titles.is_title_of(section, line) or titles.is_sub_title(line) or _SPAN.match(mended(line)):
            tops.append(line)
        else:
            break
        index += 1
    rows = _layout(tops, subs)
    width = len(rows[0])
    columns = titles.columns_of([Row(row) for row in rows], section) if width >= _LEAST_COLUMNS else None
    if columns is None or columns.section != section:
        return None
    index = _after_counts(lines, index, width)
    return _Header(rows, _kinds(columns, width), index, section, lines[at:index])


def _begins_breakdown(lines: list[str], at: int) -> bool:
    """A breakdown has no column of numbers: its first title names the territories, the next one the base value."""
    following = next((line for line in lines[at + 1 : at + 12] if line), "")
    return titles.is_title_of("breakdown", lines[at]) and bool(_SPAN.match(mended(following)))


def _layout(tops: list[str], subs: list[str]) -> list[list[str]]:
    """The titles as a table has them: what stands over several columns in the first of them, its own titles below."""
    left = list(subs)
    above: list[str] = []
    below: list[str] = []
    for top in tops:
        plain = mended(top)
        taken: list[str] = []
        if _SPAN.match(plain):
            own = (
                _TERM if plain.casefold().startswith("срок") else _BASE if plain.casefold().startswith("баз") else None
            )
            taken = (
                [sub for sub in left if own.match(mended(sub))] if own else [sub for sub in left if not _is_own(sub)]
            )
            left = [sub for sub in left if sub not in taken]
        above += [top, *[""] * (len(taken) - 1)]
        below += taken or [""]
    above += left
    below += [""] * len(left)
    return [above, below] if any(below) else [above]


def _is_own(sub: str) -> bool:
    return bool(_TERM.match(mended(sub)) or _BASE.match(mended(sub)))


def _after_counts(lines: list[str], at: int, width: int) -> int:
    """Behind the row that only numbers the columns, where there is one."""
    found, index = 0, at
    while index < len(lines) and found < width and (not lines[index] or lines[index] == str(found + 1)):
        found += bool(lines[index])
        index += 1
    return index if found == width else at


def _kinds(columns: titles.Columns, width: int) -> list[str]:
    kinds = ["words"] * width
    for role, column in columns.roles.items():
        kinds[column] = "value" if role in _VALUES else "date" if role in _DATES else kinds[column]
        kinds[column] = (
            role
            if role in {"number", "money"} or (role, columns.section) == ("name", "participants")
            else (kinds[column])
        )
    for column in columns.years.values():
        kinds[column] = "value"
    return ["person" if kind == "name" else "value" if kind == "money" else kind for kind in kinds]


@dataclass(slots=True)
class _Reading:
    rows: list[list[str]]
    end: int
    left_over: int


def _rows(lines: list[str], header: _Header, *, blanks_are_cells: bool) -> _Reading:
    reading = _Reading([], header.end, 0)
    at = header.end
    while at < len(lines):
        line = lines[at]
        if line and (_ends(line) or lines[at : at + len(header.lines)] == header.lines):
            if lines[at : at + len(header.lines)] != header.lines:
                break
            at += len(header.lines)
            continue
        grouped = bool(reading.rows) and len(reading.rows[-1]) == 1
        row, at = _row(lines, at, header) if blanks_are_cells else _short_row(lines, at, header, grouped)
        if row is None:
            continue
        if len(row) == 1 and not _may_be_group(row[0]):
            reading.left_over += 1
        reading.rows.append(row)
    reading.end = at
    return reading


def _ends(line: str) -> bool:
    """Whether a line between rows is the end of the table: a heading, a footnote, the titles of another table."""
    if headings.section_of(line) or is_footnote(line) or _FIRST.fullmatch(line.removesuffix(" п/п").strip()):
        return True
    return line.startswith("Приложение") and len(line) < 30


def _row(lines: list[str], at: int, header: _Header) -> tuple[list[str] | None, int]:
    """A row of as many lines as there are columns, blank ones included; a group where words stand alone."""
    cells = lines[at : at + header.width]
    if len(cells) == header.width and any(cells) and _fits(cells, header):
        return cells, at + header.width
    line = lines[at]
    if not line:
        return None, at + 1
    alone = cells[0] and not any(cells[1:])
    return [line], at + (len(cells) if alone else 1)


def _fits(cells: list[str], header: _Header) -> bool:
    """Whether every cell may stand in its column. Words over the years are a note instead of money."""
    first = cells[0]
    numbered = header.kinds[0] == "number"
    if numbered and first and values.row_number(first) is None:
        return False
    if not first and not (len(cells) > 1 and cells[1] and header.section == "finance"):
        return False
    if numbered and not any(cells[1:]):
        return False
    wrong = [index for index, cell in enumerate(cells) if cell and not _may_hold(header.kinds[index], cell)]
    return not wrong or (len(wrong) == 1 and header.section == "finance" and not any(cells[wrong[0] + 1 :]))


def _short_row(lines: list[str], at: int, header: _Header, grouped: bool) -> tuple[list[str] | None, int]:
    """A row without its empty cells: each line goes to the next column that may hold it."""
    line = lines[at]
    if not line:
        return None, at + 1
    numbered = header.kinds[0] == "number"
    own_line = header.section == "finance" and (finance_source(line) or _TOTAL.match(mended(line)))
    has_values = at + 1 < len(lines) and values.is_atomic(lines[at + 1])
    if numbered and values.row_number(line) is None and not own_line:
        return [line], at + 1
    if not numbered and not has_values:
        return [line], at + 1
    row: list[str] = []
    for column, kind in enumerate(header.kinds):
        while at < len(lines) and not lines[at]:
            at += 1
        cell = lines[at] if at < len(lines) else ""
        fits = bool(cell) and _may_hold(kind, cell) and not (column > 1 and _begins(lines, at, header))
        # Where every row has its group above it, words before the next number are the next group.
        if (
            column == header.width - 1
            and kind == "words"
            and grouped
            and numbered
            and _is_next(row[0], lines[at + 1 : at + 3])
        ):
            fits = False
        note = not fits and _is_note(lines, at, header, row, kind)
        row.append(cell if fits or note else "")
        at += fits or note
    return row, at


def _is_next(number: str, following: list[str]) -> bool:
    line = next((text for text in following if text), "").rstrip(".")
    return number.rstrip(".").isdigit() and line.isdigit() and int(line) == int(number.rstrip(".")) + 1


def _begins(lines: list[str], at: int, header: _Header) -> bool:
    """Whether a new row begins at a line: words of a source, or a number with words and not a figure after it."""
    line = lines[at]
    if header.section == "finance" and (finance_source(line) or _TOTAL.match(mended(line))):
        return True
    if headings.section_of(line) is not None and not values.is_atomic(line):
        return True
    following = next((text for text in lines[at + 1 : at + 3] if text), "")
    dotted = bool(re.fullmatch(r"\d{1,3}(\.\d{1,3})+\.?|\d{1,3}\.", line))
    return dotted and header.kinds[0] == "number" and bool(following) and not values.is_atomic(following)


def _is_note(lines: list[str], at: int, header: _Header, row: list[str], kind: str) -> bool:
    """Words where the first sum of a result should stand."""
    if header.section != "finance" or kind != "value" or at >= len(lines) or any(row[2:]) or len(row) > 3:
        return False
    line = lines[at]
    return values.row_number(line) is None and not _begins(lines, at, header) and not values.is_atomic(line)


def _may_hold(kind: str, cell: str) -> bool:
    text = squash(cell)
    if kind == "number":
        return values.row_number(text) is not None
    if values.is_dash(text):
        return True
    if kind == "value":
        return values.number(text) is not None or bool(re.fullmatch(r"[хХxX]+", text))
    if kind == "date":
        return any(True for _ in values.dates(text)) and len(text) < 40
    if kind == "person":
        return any(True for _ in people.named_in(text)) and len(text) < 80
    return values.number(text) is None


def _may_be_group(text: str) -> bool:
    return not values.is_atomic(text) and values.row_number(text) is None
