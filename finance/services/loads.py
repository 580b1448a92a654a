"""Taking execution from a workbook: keep what was typed, show what it changes, write it when somebody confirms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from finance.entering import Outcome
from finance.loading import LoadRow, digest_of, rows_of
from finance.models import ExecutionLoad, FinanceLine
from finance.services.entering import check_date, known_of, write
from finance.services.errors import StaleVersion, StateConflict
from finance.workbook import FilledExecution
from jobs.storage import store_file
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.models import Project

CHANGED = "Пока вы смотрели, сведения изменились. Ничего не записано: предпросмотр составлен заново, проверьте его."
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@transaction.atomic
def execution_load_create(
    *, project: Project, name: str, content: bytes, book: FilledExecution, actor: User
) -> ExecutionLoad:
    """Keep a filled workbook of the project until somebody decides. Raises ``ValidationFailed`` for its day."""
    require(actor, Action.ENTER_EXECUTION, project.territory)
    check_date(project, book.as_of)
    return ExecutionLoad.objects.create(
        project=project,
        file=store_file(name=name, content_type=_WORKBOOK, content=content),
        as_of=book.as_of,
        unit=book.unit,
        cells={row_id: asdict(row) for row_id, row in book.rows.items()},
        actor=actor,
    )


@transaction.atomic
def execution_load_confirm(*, load: ExecutionLoad, seen: str, taken: Collection[int], actor: User) -> list[LoadRow]:
    """Write the rows of a preview that can be written, and of those that ask something the ``taken`` ones, by line.

    Returns the rows written. ``seen`` is the digest of what the person looked at: raises ``StaleVersion`` where it is
    another preview by now, ``StateConflict`` where somebody decided already or nothing is left to write.
    """
    locked = _ready(load, actor)
    rows = preview_of(locked, FinanceLine.objects.select_for_update(of=("self",)))
    if digest_of(rows) != seen:
        raise StaleVersion(CHANGED)
    written = [
        row
        for row in rows
        if row.judgement is not None
        and (
            row.outcome in (Outcome.ADDED, Outcome.CHANGED)
            or (row.outcome is Outcome.ASKED and row.judgement.given.line_id in taken)
        )
    ]
    if not written:
        raise StateConflict("Записывать нечего: отметьте строки, о которых спрошено, или исправьте книгу.")
    write((row.judgement for row in written if row.judgement), as_of=locked.as_of, actor=actor, load=locked)
    _decide(locked, ExecutionLoad.State.APPLIED)
    return written


@transaction.atomic
def execution_load_drop(*, load: ExecutionLoad, actor: User) -> ExecutionLoad:
    """Put a workbook aside for good; nothing of it is written. Raises ``StateConflict``."""
    return _decide(_ready(load, actor), ExecutionLoad.State.DROPPED)


def preview_of(load: ExecutionLoad, lines: QuerySet[FinanceLine] | None = None) -> list[LoadRow]:
    """What the workbook would change now. Three queries; ``lines`` may be locked."""
    held = (FinanceLine.objects.all() if lines is None else lines).filter(
        project_id=load.project_id, row_id__in=list(load.cells)
    )
    known = known_of(list(held.order_by("pk")), load.as_of)
    return rows_of(load, {str(row.line.row_id): row for row in known.values()})


def _ready(load: ExecutionLoad, actor: User) -> ExecutionLoad:
    locked: ExecutionLoad = (
        ExecutionLoad.objects.select_for_update(of=("self",)).select_related("project__territory").get(pk=load.pk)
    )
    require(actor, Action.ENTER_EXECUTION, locked.project.territory)
    if locked.state != ExecutionLoad.State.READY:
        raise StateConflict("Решение об этой загрузке уже принято.")
    return locked


def _decide(load: ExecutionLoad, state: ExecutionLoad.State) -> ExecutionLoad:
    ExecutionLoad.objects.filter(pk=load.pk).update(state=state, decided_at=Now())
    load.refresh_from_db()
    return load
