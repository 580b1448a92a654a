"""The table that figures are typed into: a line a row, as it stands or as it was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.apps import apps

from finance.entering import FIELDS, Given, Known, warnings_of
from finance.models import FinanceLine, Source, Unit
from finance.units import exactly, read_amount
from projects.models import Project
from projects.recognition import is_total
from projects.typed import NotAnAnswer, read_explanation

EXPLANATION, VERSION, CONFIRMED = "explanation", "version", "confirmed"


@dataclass(frozen=True)
class EntryRow:
    """A line with the words in its fields, the sentences at them by field, and what it is asked or warned of.

    ``kind``: source, part, heading or total; a heading over sources and a total take a sum to check against.
    """

    line: FinanceLine
    known: Known
    kind: str
    checks: bool
    texts: Mapping[str, str]
    version: int
    confirmed: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    given: Given | None = None

    @property
    def question(self) -> str:
        return self.errors.get(CONFIRMED, "")

    def cell(self, name: str) -> tuple[str, str, str]:
        """The name, the words and the error of a field."""
        return f"{name}-{self.line.pk}", self.texts.get(name, ""), self.errors.get(name, "")

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        return [self.cell(name) for name in (*FIELDS, EXPLANATION)]


def lines_to_enter(project: Project) -> list[FinanceLine]:
    """The lines in force in document order."""
    return list(FinanceLine.objects.filter(project=project).current().order_by("position", "pk"))


def as_it_stands(lines: Sequence[FinanceLine], known: Mapping[int, Known], unit: Unit) -> list[EntryRow]:
    """The table before anybody typed; of what stands the same is warned as when it was entered."""
    rows = []
    for place, line in enumerate(lines):
        entry = known[line.pk].entry
        texts = {
            "contracted": exactly(entry.contracted, unit) if entry else "",
            "executed": exactly(entry.executed, unit) if entry else "",
            EXPLANATION: entry.explanation if entry else "",
        }
        kind, checks = _kind(lines, place)
        warnings = warnings_of(Given(line.pk, entry.contracted, entry.executed), known[line.pk]) if entry else ()
        version = entry.version if entry else 0
        rows.append(EntryRow(line, known[line.pk], kind, checks, texts, version, warnings=warnings))
    return rows


def as_typed(rows: Sequence[EntryRow], typed: Mapping[str, str], unit: Unit) -> list[EntryRow]:
    """The table with what was sent: the words as they were typed, what they say, and errors of what cannot be read."""
    return [_typed(row, typed, unit) for row in rows]


def _typed(row: EntryRow, typed: Mapping[str, str], unit: Unit) -> EntryRow:
    pk = row.line.pk
    if f"{VERSION}-{pk}" not in typed:
        return row
    texts = {name: typed.get(f"{name}-{pk}", "") for name in (*FIELDS, EXPLANATION)}
    said = typed[f"{VERSION}-{pk}"]
    version = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1
    errors: dict[str, str] = {}
    values = {}
    for name in FIELDS:
        try:
            values[name] = read_amount(texts[name], unit)
        except NotAnAnswer as error:
            errors[name] = str(error)
    explanation = ""
    try:
        explanation = read_explanation(texts[EXPLANATION])
    except NotAnAnswer as error:
        errors[EXPLANATION] = str(error)
    confirmed = f"{CONFIRMED}-{pk}" in typed
    given = None if errors else Given(pk, values["contracted"], values["executed"], explanation, version, confirmed)
    return replace(row, texts=texts, version=version, confirmed=confirmed, errors=errors, given=given)


def touched(rows: Sequence[EntryRow], as_of: dt.date) -> list[Given]:
    """What somebody typed over what they saw. One query, and only where a row was written meanwhile.

    A row that was left as it came is not given at all: it must not overwrite what another person wrote.
    """
    overtaken = [row for row in rows if row.given and row.version != _version(row.known)]
    seen = _seen(overtaken, as_of)
    return [row.given for row in rows if row.given and seen.get(row.line.pk, ()) != (*_values(row.given), row.version)]


def refused(rows: Sequence[EntryRow], errors: Mapping[int, Mapping[str, str]], *, overtaken: bool) -> list[EntryRow]:
    """The table with the sentences of a refusal; what somebody else wrote is the version to write over next."""
    return [
        replace(
            row,
            errors=errors[row.line.pk],
            version=_version(row.known) if overtaken else row.version,
        )
        if row.line.pk in errors
        else row
        for row in rows
    ]


def _version(known: Known) -> int:
    return known.entry.version if known.entry else 0


def _values(given: Given) -> tuple[object, ...]:
    return given.contracted, given.executed, given.explanation


def _seen(rows: Sequence[EntryRow], as_of: dt.date) -> dict[int, tuple[object, ...]]:
    """What rows said in the version that the person saw."""
    found: dict[int, tuple[object, ...]] = {row.line.pk: (None, None, "", 0) for row in rows if row.version == 0}
    if rows:
        events = apps.get_model("finance", "ExecutionEntryEvent").objects.filter(
            line__in=[row.line.pk for row in rows], as_of=as_of
        )
        versions = {row.line.pk: row.version for row in rows}
        for event in events:
            if versions[event.line_id] == event.version:
                found[event.line_id] = (event.contracted, event.executed, event.explanation, event.version)
    return found


def _kind(lines: Sequence[FinanceLine], place: int) -> tuple[str, bool]:
    line = lines[place]
    if line.source is not None:
        under_total = next((is_total(row.name) for row in reversed(lines[:place]) if row.source is None), False)
        return ("part" if line.source == Source.TRANSFERS else "source"), under_total
    if is_total(line.name):
        return "total", True
    return "heading", place + 1 < len(lines) and lines[place + 1].source is not None
