"""Work of this room that outlives a request."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from jobs.handlers import Progress, handler
from jobs.services import enqueue
from milestones.services.reminders import plan_reminders_send


@shared_task(name="milestones.remind")
def ask_to_remind() -> None:
    """The beat only asks; the job is tried again when it fails, and two beats make one job."""
    enqueue(handler="milestones.remind", arguments={}, title="Напоминания о плане мероприятий", key="remind")


@handler("milestones.remind")
def remind(_arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return {"rows": plan_reminders_send(today=timezone.localdate())}
