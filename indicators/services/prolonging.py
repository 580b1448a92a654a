"""Moving the deadline of an open period on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from indicators.models import Prolongation, ReportingPeriod
from indicators.services.deadlines import database_now
from indicators.services.errors import StateConflict, ValidationFailed
from indicators.services.telling import tell_prolonged
from organisations.access import require
from organisations.models import User
from organisations.roles import Action


@transaction.atomic
def period_prolong(*, period: ReportingPeriod, deadline: dt.datetime, reason: str, actor: User) -> ReportingPeriod:
    """Move the deadline of an open period on, and tell everybody whose form is not handed in.

    Forms that were sent late stay late. Raises ``ValidationFailed`` («deadline», «reason») and ``StateConflict``
    where the period is closed. The clock is the database's.
    """
    locked: ReportingPeriod = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    for part in locked.projects.select_related("territory"):
        require(actor, Action.MANAGE_PERIODS, part.territory)
    if not locked.is_open:
        raise StateConflict("Период уже закрыт: его срок не продлить.")
    if not reason.strip():
        raise ValidationFailed({"reason": "Напишите, почему срок продлён."})
    if deadline <= locked.deadline:
        raise ValidationFailed({"deadline": "Новый срок должен быть позже прежнего."})
    if deadline <= database_now():
        raise ValidationFailed({"deadline": "Этот срок уже прошёл."})
    Prolongation.objects.create(
        period=locked, before=locked.deadline, deadline=deadline, reason=reason.strip(), prolonged_by=actor
    )
    locked.deadline = deadline
    locked.version += 1
    locked.save(update_fields=["deadline", "version"])
    tell_prolonged(locked, reason.strip())
    return locked
