"""What became of a row of the plan: done, expected later, who answers for it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milestones.models import PlanProgress, PlanRow
from milestones.responsible import may_write
from milestones.services.reminders import tell_assigned
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.changes import projects_changed
from projects.passport.typography import date_short
from projects.services.errors import StaleVersion, StateConflict, ValidationFailed

FURTHEST_YEARS = 20
"""How far ahead a forecast may lie."""


@transaction.atomic
def progress_save(
    *,
    row: PlanRow,
    version: int,
    completed_on: dt.date | None,
    forecast: dt.date | None,
    forecast_reason: str,
    comment: str,
    actor: User,
) -> PlanProgress:
    """Say when the row was done, or when it is expected and why. What is done has no forecast any more.

    A reason is asked for whenever the forecast moves; an empty one keeps that of a forecast that stays. Raises
    ``ValidationFailed`` by field and what :func:`progress_locked` raises.
    """
    locked = progress_locked(row=row, version=version, actor=actor)
    if completed_on is None and locked.completed_on is not None:
        sentence = "Отметка о выполнении снимается кнопкой «Отменить выполнение»: она спросит причину."
        raise ValidationFailed({"completed_on": sentence})
    if completed_on is not None:
        _check_completed(locked.row, completed_on)
        forecast = None
    if forecast is not None and forecast != locked.forecast:
        _check_forecast(forecast, forecast_reason)
    reason = (forecast_reason.strip() or locked.forecast_reason) if forecast else ""
    said = (completed_on, forecast, reason, comment.strip())
    if said == (locked.completed_on, locked.forecast, locked.forecast_reason, locked.comment):
        return locked
    locked.completed_on, locked.forecast, locked.forecast_reason, locked.comment = said
    return _written(locked)


@transaction.atomic
def completion_undo(*, row: PlanRow, version: int, reason: str, actor: User) -> PlanProgress:
    """Take back that a row was done. Raises ``ValidationFailed`` («reason») without one, ``StateConflict`` where the
    row is open, and what :func:`progress_locked` raises."""
    locked = progress_locked(row=row, version=version, actor=actor)
    if locked.completed_on is None:
        raise StateConflict("Строка и так не отмечена выполненной.")
    if not reason.strip():
        raise ValidationFailed({"reason": "Напишите, почему отметку о выполнении надо снять."})
    locked.completed_on, locked.undone_reason = None, reason.strip()
    return _written(locked)


@transaction.atomic
def assignee_set(*, row: PlanRow, version: int, assignee: User | None, actor: User) -> PlanProgress:
    """Make an account responsible for a row; None gives the row back to those whom the passport names."""
    require(actor, Action.WRITE_PROGRESS, row.project.territory)
    locked = progress_locked(row=row, version=version, actor=actor)
    if assignee == locked.assignee:
        return locked
    locked.assignee = assignee
    written = _written(locked)
    if assignee is not None and assignee != actor:
        tell_assigned(locked.row, assignee)
    return written


def row_locked(*, row: PlanRow, actor: User) -> PlanRow:
    """The row, locked and judged as it stands. Raises ``PermissionDenied``; ``StateConflict`` where it was dropped."""
    found = PlanRow.objects.select_for_update(of=("self",)).select_related("project__territory", "progress__assignee")
    locked = found.get(pk=row.pk)
    if not may_write(actor, locked):
        raise PermissionDenied(Action.WRITE_PROGRESS.value)
    if locked.archived_at is not None:
        raise StateConflict("Новая редакция исключила эту строку из плана: о ней больше не пишут.")
    return locked


def progress_locked(*, row: PlanRow, version: int, actor: User) -> PlanProgress:
    """The progress of a row, locked with it; a first one is not saved yet.

    Raises ``StaleVersion`` and what :func:`row_locked` raises.
    """
    locked = row_locked(row=row, actor=actor)
    progress: PlanProgress = getattr(locked, "progress", None) or PlanProgress(row=locked)
    if progress.version != version:
        raise StaleVersion("Пока страница была открыта, о строке написал кто-то ещё. Проверьте и сохраните снова.")
    return progress


def _written(progress: PlanProgress) -> PlanProgress:
    progress.version += 1
    progress.save()
    projects_changed([progress.row.project_id])
    return progress


def _check_completed(row: PlanRow, day: dt.date) -> None:
    if day > timezone.localdate():
        raise ValidationFailed({"completed_on": "Этот день ещё не наступил: для будущего есть прогноз."})
    earliest = min((date for date in (row.project.start, row.start, row.end) if date), default=None)
    if earliest and day < earliest:
        sentence = f"Раньше {date_short(earliest)} выполнить эту строку нельзя: проверьте год."
        raise ValidationFailed({"completed_on": sentence})


def _check_forecast(day: dt.date, reason: str) -> None:
    if day < timezone.localdate():
        raise ValidationFailed({"forecast": "Этот день уже прошёл: назовите сегодняшний или более поздний."})
    if day.year > timezone.localdate().year + FURTHEST_YEARS:
        raise ValidationFailed({"forecast": "Так далеко проекты не планируют: проверьте год."})
    if not reason.strip():
        raise ValidationFailed({"forecast_reason": "Напишите, почему ожидается эта дата."})
