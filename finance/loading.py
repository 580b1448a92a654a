"""What a filled workbook would change, line by line, beside what stands there now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from finance.entering import FIELDS, Given, Judged, Known, Outcome, judged
from finance.entry_table import EXPLANATION
from finance.models import ExecutionLoad, FinanceLine, Unit
from finance.units import read_amount
from projects.typed import NotAnAnswer, read_explanation

STALE = "Эту строку записали после того, как скачали книгу."


@dataclass(frozen=True)
class LoadRow:
    """A row of the workbook; ``errors`` by field, ``questions`` are to be answered before it is written.

    ``judgement`` is what would become of it were they answered; None for a line that is not of this project.
    """

    line: FinanceLine | None
    places: Mapping[str, str]
    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    judgement: Judged | None = None

    @property
    def outcome(self) -> Outcome:
        if self.errors or self.judgement is None:
            return Outcome.REFUSED
        return Outcome.ASKED if self.questions else self.judgement.outcome

    @property
    def cells(self) -> list[str]:
        return sorted(self.places.values())

    @property
    def told(self) -> list[tuple[str, str]]:
        """Errors with the places of their cells; the row's own where no cell is to blame."""
        return [(self.places.get(name) or ", ".join(self.cells), text) for name, text in self.errors.items()]


def rows_of(load: ExecutionLoad, known: Mapping[str, Known]) -> list[LoadRow]:
    """What would become of each row, in the order of the passport; ``known`` by the row ids of lines."""
    rows = [_row(load, cells, known.get(row_id)) for row_id, cells in sorted(load.cells.items())]
    return sorted(rows, key=lambda row: row.line.position if row.line else -1)


def digest_of(rows: Sequence[LoadRow]) -> str:
    """What a person saw of a preview: confirming another one is refused."""
    seen = [
        (
            row.line.pk if row.line else None,
            str(row.outcome),
            str(row.judgement.given) if row.judgement else "",
            row.judgement.known.entry.version if row.judgement and row.judgement.known.entry else 0,
            sorted(row.errors.items()),
            row.questions,
        )
        for row in rows
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _row(load: ExecutionLoad, cells: Mapping[str, Any], known: Known | None) -> LoadRow:
    places, texts = cells["places"], cells["texts"]
    errors = dict(cells["errors"])
    if known is None:
        return LoadRow(None, places, texts, {"": "Такой строки в этом проекте нет: скачайте книгу заново."})
    row = LoadRow(known.line, places, texts)
    given = _given(load, cells, known, errors)
    if given is None:
        return replace(row, errors=errors)
    entry = known.entry
    current = replace(given, version=entry.version if entry else 0, confirmed=True)
    found = judged(current, known, load.as_of)
    if found.outcome is Outcome.UNCHANGED:
        return replace(row, judgement=found)
    asked = judged(replace(current, confirmed=False), known, load.as_of)
    questions = [STALE] if given.version != current.version else []
    questions += [asked.errors["confirmed"]] if asked.outcome is Outcome.ASKED else []
    return replace(row, errors=found.errors, questions=tuple(questions), judgement=found)


def _given(load: ExecutionLoad, cells: Mapping[str, Any], known: Known, errors: dict[str, str]) -> Given | None:
    """What the row says; an empty cell leaves what stands there. None where it cannot be read: ``errors`` say why."""
    texts, entry = cells["texts"], known.entry
    values = {name: getattr(entry, name) if entry else None for name in FIELDS}
    explanation = entry.explanation if entry else ""
    for name in FIELDS:
        try:
            if name in texts:
                values[name] = read_amount(texts[name], Unit(load.unit))
        except NotAnAnswer as error:
            errors[name] = str(error)
    try:
        if EXPLANATION in texts:
            explanation = read_explanation(texts[EXPLANATION])
    except NotAnAnswer as error:
        errors[EXPLANATION] = str(error)
    if errors:
        return None
    return Given(known.line.pk, values["contracted"], values["executed"], explanation, cells["version"])
