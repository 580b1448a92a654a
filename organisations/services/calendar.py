"""The project office's own days in the calendar. Deadlines that were set before stay as they were told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from organisations.access import require
from organisations.models import ExceptionalDay, User
from organisations.roles import Action
from organisations.services.errors import StateConflict
from organisations.working_days import country_day


@transaction.atomic
def exceptional_day_save(*, day: dt.date, is_working: bool, reason: str, actor: User) -> ExceptionalDay:
    """Make a day working or not, for a reason. Raises ``StateConflict`` where the country has it so already."""
    require(actor, Action.EDIT_CALENDAR)
    if country_day(day).kind.is_working == is_working:
        words = "рабочий" if is_working else "нерабочий"
        raise StateConflict(f"{day:%d.%m.%Y} и так {words} день по производственному календарю.")
    row, _ = ExceptionalDay.objects.select_for_update().update_or_create(
        day=day, defaults={"is_working": is_working, "reason": reason.strip()}
    )
    return row


@transaction.atomic
def exceptional_day_remove(*, exceptional_day: ExceptionalDay, actor: User) -> None:
    """Let a day be again what the country has it to be."""
    require(actor, Action.EDIT_CALENDAR)
    ExceptionalDay.objects.filter(pk=exceptional_day.pk).delete()
