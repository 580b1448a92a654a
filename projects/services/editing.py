"""Editing a draft section by section: what was typed is examined without a write, and saved under the version seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from organisations.models import User
from projects.models import ChangeRequest
from projects.passport import check
from projects.passport.grid import SECTIONS, Refusal, TypedRow, Written, grid_of, written
from projects.passport.schema import Finding, Passport, Row
from projects.services.proposals import draft_locked, recognise_again


class CellsRefused(Exception):
    """Some cells hold what no passport can keep; nothing was saved."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("Не сохранено: исправьте отмеченные клетки, остальное осталось на странице.")
        self.refusals = list(refusals)


@dataclass(frozen=True, slots=True)
class Edit:
    """A section as a person has it on her page: its rows in order, and its columns of years where it has such."""

    section: str
    rows: tuple[TypedRow, ...]
    years: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """The document as it would be, where each row would stand, and what the checks say to the whole of it."""

    written: Written
    findings: list[Finding]


def section_examine(*, change_request: ChangeRequest, edit: Edit) -> Examined:
    """Look at an edit without keeping it."""
    done = _written(change_request, edit)
    return Examined(done, check(done.passport))


@transaction.atomic
def section_save(
    *, change_request: ChangeRequest, edit: Edit, version: int, actor: User
) -> tuple[ChangeRequest, Examined]:
    """Keep an edit of one section: the rest of the draft stays as it is, new rows get ids, links follow their rows.

    Who has written in it does not decide about it any more.

    Raises ``StateConflict`` when the request is no longer a draft, ``StaleVersion`` when somebody wrote meanwhile,
    ``CellsRefused`` where a cell holds what no passport can.
    """
    locked = draft_locked(change_request, version)
    done = _written(locked, edit)
    if done.refusals:
        raise CellsRefused(done.refusals)
    before, done.passport = locked.passport, _identified(done.passport, edit.section)
    findings = check(done.passport)
    locked.document = done.passport.model_dump(mode="json")
    locked.findings = [finding.model_dump(mode="json") for finding in findings]
    locked.identity = recognise_again(before, done.passport, locked.territory, locked.recognised).model_dump(
        mode="json"
    )
    locked.version += 1
    locked.save(update_fields=["document", "findings", "identity", "version"])
    locked.writers.add(actor)
    return ChangeRequest.objects.get(pk=locked.pk), Examined(done, findings)


def rows_gone(change_request: ChangeRequest, passport: Passport, section: str) -> list[Row]:
    """Rows of the redaction that the request was begun from which a document no longer has."""
    if change_request.base is None:
        return []
    found: list[Row] = []
    for name in SECTIONS[section].lists:
        kept = {row.id for row in getattr(passport, name)}
        found.extend(row for row in getattr(change_request.base.passport, name) if row.id not in kept)
    return found


def _written(change_request: ChangeRequest, edit: Edit) -> Written:
    """The edit in the draft's document. A row keeps its key where the draft or its base knows it, once."""
    passport = change_request.passport
    lists = SECTIONS[edit.section].lists
    known = {row.key for row in grid_of(passport, edit.section).rows}
    if change_request.base is not None:
        known |= {row.id for name in lists for row in getattr(change_request.base.passport, name) if row.id}
    rows = []
    for row in edit.rows:
        is_known = row.key in known
        known.discard(row.key or "")
        rows.append(row if is_known else TypedRow(None, row.kind, row.cells))
    return written(passport, edit.section, rows, edit.years)


def _identified(passport: Passport, section: str) -> Passport:
    lists = {
        name: tuple(
            row if row.id else row.model_copy(update={"id": str(uuid.uuid4())}) for row in getattr(passport, name)
        )
        for name in SECTIONS[section].lists
    }
    return passport.model_copy(update=lists)
