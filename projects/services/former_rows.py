"""Rows of a draft that the project may have had before: what is proposed, and what comes of a person's answer.

Facts hang on the id of a row. Taking a row for a former one gives it that id, and with it what is kept of that row.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from projects.identity import Identity, Link
from projects.models import Project
from projects.passport.flat import ROW_LISTS
from projects.passport.matching import match
from projects.passport.schema import FinanceRow, Indicator, Passport, PlanRow, Result, Row
from projects.services.errors import StateConflict
from projects.services.row_ids import last_seen, named, sources_taken, under_headings

FactRow = Indicator | Result | FinanceRow | PlanRow
_ON_WHICH_FACTS_HANG = ("indicators", "results", "finance", "plan")


def redactions_of(project: Project | None) -> list[Passport]:
    """The passports of a project, that in force first."""
    return [redaction.passport for redaction in project.redactions.all()] if project else []


def absent_rows(document: Passport, redactions: Sequence[Passport]) -> dict[str, list[FactRow]]:
    """Rows of the project that the document does not hold, by part, each as it was worded last."""
    return {
        part: [
            row
            for rows in last_seen([getattr(passport, part) for passport in (document, *redactions)])[1:]
            for row in rows
            if _stands_alone(row)
        ]
        for part in _ON_WHICH_FACTS_HANG
    }


def rows_in_question(document: Passport, redactions: Sequence[Passport]) -> dict[str, Link]:
    """Rows that came back, and new ones that resemble a row which the document does not hold."""
    in_force = ids_of(redactions[0]) if redactions else set()
    known = {row_id for passport in redactions for row_id in ids_of(passport)}
    found: dict[str, Link] = {}
    for part, absent in absent_rows(document, redactions).items():
        rows = [row for row in getattr(document, part) if _stands_alone(row) and row.id not in in_force]
        found |= {str(row.id): Link(target=row.id, confidence="sure") for row in rows if row.id in known}
        new = [named(row, str(row.id)) for row in rows if row.id not in known]
        for m in match(new, [named(row, str(row.id)) for row in absent]):
            if m.target:
                found[m.key] = Link(target=m.target, confidence="doubtful")
    return found


def rows_taken(
    document: Passport, identity: Identity, answers: Mapping[str, str | None], redactions: Sequence[Passport]
) -> tuple[Passport, Identity]:
    """Give each answered row the id of the row that a person takes it for, or one of its own where that is None.

    A line of money brings its sources along. Raises ``StateConflict`` where an id would stand twice.
    """
    answered = {key: target for key, target in answers.items() if key in identity.former}
    ids: dict[str, str] = {}
    for key, target in answered.items():
        if target and target != key:
            ids |= {key: target, **sources_taken(document.finance, key, target, [p.finance for p in redactions])}
        elif target is None and identity.former[key].target == key:
            sources = under_headings(document.finance).get(key, [])
            ids |= {str(row_id): str(uuid.uuid4()) for row_id in (key, *(row.id for row in sources))}
    stays = ids_of(document) - ids.keys()
    if len({*ids.values(), *stays}) < len(ids) + len(stays):
        raise StateConflict("Одна строка не может быть двумя: прежняя строка уже стоит в документе.")
    former = dict(identity.former)
    for key, target in answered.items():
        del former[key]
        former[ids.get(key, key)] = Link(target=target, confidence="confirmed" if target else "none")
    return _renamed(document, identity.model_copy(update={"former": former}), ids)


def _renamed(document: Passport, identity: Identity, ids: Mapping[str, str]) -> tuple[Passport, Identity]:
    def now(key: str | None) -> Any:
        return ids.get(key or "", key)

    rows = {
        part: tuple(row.model_copy(update={"id": now(row.id)}) for row in getattr(document, part)) for part in ROW_LISTS
    }
    links = {
        part: {
            now(key): link.model_copy(update={"target": now(link.target)})
            for key, link in getattr(identity, part).items()
        }
        for part in Identity.model_fields
        if part != "former"
    }
    return document.model_copy(update=rows), identity.model_copy(update=links)


def _stands_alone(row: Row) -> bool:
    """A source of money is told by the line that it stands under, and goes with it."""
    return not (isinstance(row, FinanceRow) and row.source)


def ids_of(passport: Passport) -> set[str | None]:
    return {row.id for part in ROW_LISTS for row in getattr(passport, part)}
