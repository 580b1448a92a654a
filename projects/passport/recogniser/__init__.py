"""From paragraphs and tables to a passport: the one recogniser behind every reader.

A table is told by its column titles, then by the heading above it; a paragraph by the section it stands in. No part
is required, no order is assumed, and a passport of another region, level or number of years reads the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import ValidationError

from jobs.files.errors import UnreadableFile
from projects.passport import form_words, headings, titles, values
from projects.passport.intermediate import Document, Paragraph, squash
from projects.passport.limits import check_length
from projects.passport.lookalikes import mended
from projects.passport.pages import Sheet, is_footnote, mend
from projects.passport.recogniser.breakdown import read_breakdown
from projects.passport.recogniser.draft import Draft
from projects.passport.recogniser.finance import explain_marks, read_finance, unit_in
from projects.passport.recogniser.front import read_front
from projects.passport.recogniser.general import looks_general, read_general
from projects.passport.recogniser.indicators import read_indicators
from projects.passport.recogniser.methodology import read_methodology
from projects.passport.recogniser.participants import read_participants
from projects.passport.recogniser.plan import control_levels, read_plan
from projects.passport.recogniser.results import read_results
from projects.passport.recogniser.territory import territory
from projects.passport.schema import Passport
from projects.passport.titles import Columns

NOT_A_PASSPORT = (
    "В файле не нашлось ни одного раздела паспорта проекта: проверьте, тот ли файл выбран, и загрузите паспорт."
)
TOO_LONG = "В файле есть текст, который не помещается в паспорт: проверьте, тот ли это файл."
_GOAL = re.compile(
    r"^цел[ьи]( (регионального|муниципального|федерального|национального)? ?проекта)?\s*[:–—-]?\s*", re.IGNORECASE
)
_READERS: dict[str, Callable[[Sheet, Columns, Draft], None]] = {
    "indicators": read_indicators,
    "results": read_results,
    "finance": read_finance,
    "participants": read_participants,
    "plan": read_plan,
    "methodology": read_methodology,
}


def recognise(document: Document) -> Passport:
    """The passport that a document holds. Raises :class:`UnreadableFile` where it holds none."""
    check_length(document)
    reading = _Reading(formal=document.formal)
    try:
        for part in mend(document):
            if isinstance(part, Paragraph):
                reading.paragraph(part)
            else:
                reading.sheet(part)
        return reading.finish(document)
    except ValidationError as problem:
        raise UnreadableFile(TOO_LONG) from problem


class _Reading:
    """Walks through the parts of a document and remembers under which heading it is."""

    def __init__(self, *, formal: bool) -> None:
        self.draft = Draft()
        self._formal = formal
        self._section = "front"
        self._front: list[str] = []
        self._goal: list[str] = []
        self._above: str | None = None
        self._sheets = 0

    def paragraph(self, paragraph: Paragraph) -> None:
        text = squash(paragraph.text)
        section = headings.section_of(text) if paragraph.heading or not self._formal else None
        if section and not (
            self._section == "front"
            and section in {"annex", "indicators", "results", "other"}
            and self._sheets == 0
            and not _numbered(text)
        ):
            self._section, self._above = section, None
            unit = unit_in(text) if section == "finance" else None
            if unit:
                self.draft.front["finance_unit"] = unit
            return
        in_place = self._section == "plan" if self._formal else self._sheets > 0
        levels = control_levels(text) if in_place else {}
        if levels:
            self.draft.control_levels.update(levels)
        elif self._section == "front":
            self._front.append(paragraph.text)
        elif form_words.says_nothing(text):
            return
        elif self._section == "notes" or (is_footnote(text) and not self._formal):
            self.draft.footnotes.append(text)
        elif self._section == "additional":
            self.draft.additional.append(text)
        elif self._section == "indicators" and not self.draft.indicators:
            self._goal.append(text)
        else:
            self._above = text

    def sheet(self, sheet: Sheet) -> None:
        self._sheets += 1
        columns = titles.columns_of(sheet.header, sheet.heading or self._section) if sheet.header else None
        if columns is not None:
            self._known(sheet, columns)
        elif self._section == "front" and not looks_general(sheet.rows):
            # A stamp of approval is often laid out as a table without borders.
            self._front += [cell for row in sheet.header + sheet.rows for cell in row.cells if cell]
            self._sheets -= 1
        elif looks_general(sheet.header + sheet.rows) and "short_title" not in self.draft.front:
            self._section = "general"
            read_general(Sheet([], sheet.header + sheet.rows, sheet.heading), self.draft)
        elif self._section == "additional":
            self.draft.additional += [
                ": ".join(squash(cell) for cell in row.cells if cell) for row in sheet.header + sheet.rows
            ]
        elif self._section == "indicators" and not self.draft.indicators:
            self._goal += [squash(cell) for row in sheet.header + sheet.rows for cell in row.cells if cell]

    def _known(self, sheet: Sheet, columns: Columns) -> None:
        if columns.section == "breakdown":
            read_breakdown(sheet, columns, self.draft, None if sheet.formal else self._above)
        else:
            _READERS[columns.section](sheet, columns, self.draft)
        self._above = None

    def finish(self, document: Document) -> Passport:
        draft = self.draft
        read_front(self._front, draft)
        for note in document.footnotes:
            levels = control_levels(note)
            draft.control_levels.update(levels)
            if not levels:
                draft.footnotes.append(squash(note))
        front = draft.front
        lists = (
            draft.indicators,
            draft.results,
            draft.tasks,
            draft.finance,
            draft.participants,
            draft.plan,
            draft.breakdown,
        )
        if not any(lists) and not self._formal and not (front.get("short_title") or front.get("curator")):
            raise UnreadableFile(NOT_A_PASSPORT)
        _settle(front, self._front, document)
        goal = squash(" ".join(self._goal))
        announced = _GOAL.match(mended(goal))
        goal = goal[announced.end() :] if announced else goal
        order = list(Passport.model_fields)
        draft.unread.sort(key=lambda cell: (order.index(cell.section), -1 if cell.row is None else cell.row))
        return Passport(
            **front,
            goal=goal or None,
            indicators=tuple(draft.indicators),
            tasks=tuple(draft.tasks),
            results=tuple(draft.results),
            finance=tuple(explain_marks(draft.finance, draft.footnotes)),
            participants=tuple(draft.participants),
            plan=tuple(draft.plan),
            control_levels=draft.control_levels,
            breakdown=tuple(draft.breakdown),
            methodology=tuple(draft.methodology),
            additional=" ".join(filter(None, draft.additional)) or None,
            footnotes=tuple(draft.footnotes),
            unread=tuple(draft.unread),
        )


def _numbered(text: str) -> bool:
    return values.split_number(text)[0] is not None


def _settle(front: dict[str, object], lines: list[str], document: Document) -> None:
    """Fill what the front page and section 1 say only together: the title, the level, the territory."""
    full = front.pop("full_title", None)
    regional = front.pop("regional_title", None)
    if regional and front.get("level") == "municipal":
        front.setdefault("parent_title", regional)
    else:
        full = full or regional
    tail = str(front.pop("title_tail", "") or "")
    if full and (not front.get("title") or len(str(full)) > len(str(front["title"]))):
        front["title"] = full
    if not front.get("title"):
        front["title"] = front.get("short_title")
    if front.get("level") is None:
        everything = " ".join(document.words()).casefold()
        counts = {
            level: everything.count(stem + " проекта")
            for level, stem in (("regional", "регионального"), ("municipal", "муниципального"))
        }
        most = max(counts, key=lambda level: counts[level])
        front["level"] = most if counts[most] else None
    above = squash(" ".join([*lines, tail, str(front.get("title") or "")]))
    said = front.pop("said_territory", None)
    if said is not None:
        front["territory"] = None if said == form_words.NO_TERRITORY else said or None
        return
    front["territory"] = territory(front["level"], above, squash(" ".join(document.words())))  # type: ignore[arg-type]
