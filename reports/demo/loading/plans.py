"""How far the event plans had come by the day on which the demo is loaded."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from milestones.models import PlanKind, PlanRow
from milestones.services import evidence_add, progress_save
from milestones.services.reminders import plan_reminders_send
from projects.passport.typography import date_short
from reports.demo.chance import choose, share
from reports.demo.loading.state import Loaded
from reports.demo.papers import paper

_LATE = 0.15
"""Which share of what should be done was done after its day."""
_STILL_OPEN = dt.timedelta(days=90)
"""How long what is overdue lies about: what was due earlier is done by now."""
_REASONS = (
    "Поставщик перенёс отгрузку оборудования.",
    "Аукцион не состоялся, закупку объявили повторно.",
    "Ждём заключения государственной экспертизы.",
)


def progress(loaded: Loaded) -> str:
    """What is past is done, some of it late; a part of the last months is overdue or expected later, with a reason."""
    today, actor = timezone.localdate(), loaded.people["administrator"]
    done = expected = 0
    rows = PlanRow.objects.filter(end__isnull=False).current().exclude(kind=PlanKind.RESULT)
    for row in rows.select_related("project__territory").order_by("project", "position"):
        assert row.end
        luck = share("plan", row.name, row.end)
        said: dict[str, dt.date | None] = {"completed_on": None, "forecast": None}
        if row.end < today - _STILL_OPEN or (row.end < today and luck > 0.5):
            late = 3 + int(luck * 40) if luck < _LATE else -int(luck * 6)
            said["completed_on"] = min(row.end + dt.timedelta(days=late), today)
            done += 1
        elif row.end < today + _STILL_OPEN and luck < 0.35:
            said["forecast"] = max(row.end, today) + dt.timedelta(days=10 + int(luck * 100))
            expected += 1
        else:
            continue
        reason = choose(_REASONS, row.name) if said["forecast"] else ""
        progress_save(row=row, version=0, **said, forecast_reason=reason, comment="", actor=actor)
    proven = rows.filter(kind=PlanKind.CONTROL_POINT, progress__completed_on__isnull=False).order_by("-end")
    for row in proven.select_related("project__territory")[:3]:
        content = paper("Акт", row.project.territory.name, (row.name[:48], f"выполнено {date_short(row.end)}"))
        evidence_add(row=row, name="Акт.png", content=content, actor=actor)
    plan_reminders_send(today=today)
    return f"выполнено {done}, с прогнозом {expected}"
