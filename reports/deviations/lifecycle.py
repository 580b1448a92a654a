"""Deviations open and close by themselves, as the parts of a project change.

Source: domain notes, §3. A part is followed once its figure is settled: yellow and red open a deviation, green closes
it. Before the date of its target an indicator has these colours by the forecast of a person alone. «Сведения не
представлены» opens none: nobody knows whether it deviates, and the list of who did not report says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models.functions import Now

from projects.models import Project
from projects.status import Status
from reports.deviations.words import told
from reports.models import Deviation, DeviationState, PartKind
from reports.state.parts import Part
from reports.state.rules import DEVIATES, is_worse

# What is foreseen in time again is «не наступил»; of what nobody reported nobody knows whether it recovered.
_RECOVERED = frozenset({Status.GREEN, Status.PENDING, Status.NOT_PLANNED})
_GONE = "Этой строки в действующей редакции больше нет или план на этот год не задан."


def deviations_follow(*, project: Project, parts: Sequence[Part]) -> None:
    """Open, update and close the deviations of a project as its parts stand. Call it under the lock of the project.

    Running it again changes nothing. Two queries, and one for each deviation that changes.
    """
    last = _last_of_each(project)
    by_key = {part.key: part for part in parts}
    for key, deviation in last.items():
        part = by_key.get(key)
        if deviation.recovered_at is None:
            _follow(deviation, part)
    Deviation.objects.bulk_create(
        Deviation(
            project=project,
            kind=part.kind,
            row_id=part.row_id,
            year=part.year,
            number=part.number,
            name=part.name,
            told=told(part),
            status=part.status,
        )
        for part in _opening(parts)
        if _is_new(part, last.get(part.key))
    )


def _last_of_each(project: Project) -> dict[tuple[str, UUID, int | None], Deviation]:
    """The latest deviation of every part that ever had one, locked: people write to them at the same time."""
    rows = Deviation.objects.select_for_update(of=("self",)).filter(project=project).order_by("pk")
    return {(row.kind, row.row_id, row.year): row for row in rows}


def _opening(parts: Iterable[Part]) -> Iterable[Part]:
    return (part for part in parts if part.opens and part.is_settled and part.status in DEVIATES)


def _is_new(part: Part, last: Deviation | None) -> bool:
    """Whether this is not the deviation that is open, nor the one that staff have settled as it was."""
    if last is None or last.recovered_at is not None:
        return True
    return last.is_closed and is_worse(part.status, last.status)


def _follow(deviation: Deviation, part: Part | None) -> None:
    """Bring one that has not recovered up to date with its part."""
    if part is None or (part.is_settled and part.status in _RECOVERED):
        _recover(deviation, part)
    elif not deviation.is_closed and part.is_settled and part.status in DEVIATES and part.status != deviation.status:
        deviation.status = part.status
        deviation.version += 1
        deviation.save(update_fields=["status", "version"])


def _recovery(part: Part) -> str:
    """A forecast that was withdrawn leaves a target that nobody has missed yet."""
    if part.status is Status.PENDING and part.kind in (PartKind.INDICATOR, PartKind.RESULT):
        return "Срок плана ещё не наступил"
    return "Отклонения больше нет"


def _recover(deviation: Deviation, part: Part | None) -> None:
    deviation.recovered_at = Now()
    changed = ["recovered_at"]
    if not deviation.is_closed:
        deviation.state = DeviationState.CLOSED
        deviation.closing = f"{_recovery(part)}: {told(part)}." if part else _GONE
        deviation.closed_at = Now()
        deviation.version += 1
        changed += ["state", "closing", "closed_at", "version"]
    deviation.save(update_fields=changed)
