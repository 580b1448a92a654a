"""What people do about a deviation: say why and what is done, report, close."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from organisations.access import access_of, require
from organisations.models import NotificationKind, User
from organisations.roles import Action
from organisations.services.notifications import Notice, notify
from projects.passport.typography import date_short
from reports.models import Deviation, DeviationState


@transaction.atomic
def deviation_explain(
    *, deviation: Deviation, version: int, reason: str, measure: str, owner: User, due: dt.date, actor: User
) -> Deviation:
    """Say why a part deviates, what is done about it, by whom and until when; again, where that changes.

    The owner is told. Raises ``ValidationFailed`` by field, ``StateConflict`` where it is closed, ``StaleVersion``.
    """
    locked = _held(deviation, version)
    require(actor, Action.EXPLAIN_DEVIATIONS, locked.project.territory)
    reason, measure = reason.strip(), measure.strip()
    _check(locked, reason, measure, owner, due)
    is_given = locked.owner_id != owner.pk or locked.due != due or locked.measure != measure
    locked.reason, locked.measure, locked.owner, locked.due = reason, measure, owner, due
    locked.state = DeviationState.EXPLAINED
    locked.explained_by, locked.explained_at = actor, Now()
    if is_given:
        # Another measure, or another day for it: what was reported of the one before is not about this one.
        locked.report, locked.reported_at = "", None
    _save(locked)
    if is_given and owner.pk != actor.pk:
        _tell(locked, NotificationKind.MEASURE_GIVEN, f"Вам поручено до {date_short(due)}: {measure}")
    return locked


@transaction.atomic
def deviation_report(*, deviation: Deviation, version: int, report: str, actor: User) -> Deviation:
    """The owner says what came of the measure. Raises ``PermissionDenied`` for anybody else."""
    locked = _held(deviation, version)
    if locked.owner_id != actor.pk:
        raise PermissionDenied("owner")
    if locked.state != DeviationState.EXPLAINED:
        raise StateConflict("Отчитаться можно, когда мера назначена.")
    if not report.strip():
        raise ValidationFailed({"report": "Напишите, что сделано."})
    locked.report, locked.reported_at = report.strip(), Now()
    _save(locked)
    return locked


@transaction.atomic
def deviation_close(*, deviation: Deviation, version: int, closing: str, actor: User) -> Deviation:
    """Close a deviation whose measure is done although the part still deviates, with a comment.

    A new one opens when the part recovers and deviates again, or becomes worse.
    """
    locked = _held(deviation, version)
    require(actor, Action.EXPLAIN_DEVIATIONS, locked.project.territory)
    if locked.state != DeviationState.EXPLAINED:
        raise StateConflict("Сначала напишите причину и меру: без них отклонение не закрывают.")
    if not closing.strip():
        raise ValidationFailed({"closing": "Напишите, чем закончилось: это останется в истории."})
    locked.state, locked.closing = DeviationState.CLOSED, closing.strip()
    locked.closed_by, locked.closed_at = actor, Now()
    _save(locked)
    return locked


def _held(deviation: Deviation, version: int) -> Deviation:
    rows = Deviation.objects.select_for_update(of=("self",)).select_related("project__territory")
    locked = rows.get(pk=deviation.pk)
    if locked.is_closed:
        raise StateConflict("Отклонение уже закрыто: изменить его нельзя.")
    if locked.version != version:
        raise StaleVersion("Пока вы писали, отклонение изменилось. Сверьте и сохраните ещё раз.")
    return locked


def _check(locked: Deviation, reason: str, measure: str, owner: User, due: dt.date) -> None:
    errors = {}
    if not reason:
        errors["reason"] = "Напишите причину."
    if not measure:
        errors["measure"] = "Напишите, что будет сделано."
    if not may_own(owner, locked):
        errors["owner"] = "Этому человеку проект не виден: выберите другого."
    if due < timezone.localdate() and due != locked.due:
        errors["due"] = "Этот день уже прошёл: назначьте срок не раньше сегодняшнего."
    if errors:
        raise ValidationFailed(errors)


def may_own(person: User, deviation: Deviation) -> bool:
    """Whether a measure can be given to this person: they oversee projects and see this one."""
    sees = access_of(person).is_around(deviation.project.territory, Action.READ_DEVIATIONS)
    return person.is_active and sees


def _save(locked: Deviation) -> None:
    locked.version += 1
    locked.save()
    locked.refresh_from_db()


def _tell(deviation: Deviation, kind: NotificationKind, text: str) -> None:
    assert deviation.owner_id is not None
    link = reverse("reports:deviation", args=[deviation.pk])
    subject = f"deviation:{deviation.pk}:{deviation.version}"
    notify(kind=kind, notices=[Notice(deviation.owner_id, subject, text, link)])


@transaction.atomic
def measures_remind() -> int:
    """Remind of measures whose day has passed, each owner once a week for each; returns how many were told."""
    today = timezone.localdate()
    late = Deviation.objects.overdue(today).select_related("project")
    told = 0
    for row in late:
        assert row.owner_id is not None
        assert row.due is not None
        words = f"Срок меры прошёл {date_short(row.due)}: {row.measure}. Напишите, что сделано."
        notice = Notice(row.owner_id, f"deviation:{row.pk}", words, reverse("reports:deviation", args=[row.pk]))
        # The day of the round, not of the run: a second run in the same week tells nothing twice.
        rounds = (today - row.due).days // 7
        day = row.due + dt.timedelta(days=7 * rounds)
        told += notify(kind=NotificationKind.MEASURE_OVERDUE, notices=[notice], day=day)
    return told
