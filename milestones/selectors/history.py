"""What happened to a row of the plan: what was said of it, the files attached to it, and what redactions changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from jobs.models import StoredFile
from milestones.models import PlanProgress, PlanRow
from organisations.models import User
from projects.passport.typography import date_short


@dataclass(frozen=True)
class RowEvent:
    """``lines`` say one thing each; ``person`` is None where the portal itself did it."""

    at: dt.datetime
    person: User | None
    lines: tuple[str, ...]


def history_of(row: PlanRow) -> list[RowEvent]:
    """Everything that happened to the row, the latest first. Five queries."""
    found = [*_progress(row), *_files(row), *_redactions(row)]
    people = User.objects.in_bulk({person for _, person, _ in found if person})
    events = [RowEvent(at, people.get(person or 0), lines) for at, person, lines in found]
    return sorted(events, key=lambda event: event.at, reverse=True)


_Planned = dict[str, str | None]
_WORDS = {
    "number": "номер",
    "name": "наименование",
    "responsible": "ответственный",
    "document": "вид документа",
    "control_level": "уровень контроля",
}
_Told = tuple[dt.datetime, int | None, tuple[str, ...]]


def _progress(row: PlanRow) -> Iterator[_Told]:
    events = apps.get_model("milestones", "PlanProgressEvent").objects.filter(row_id=row.pk)
    before: Any = PlanProgress()
    for event in events.select_related("pgh_context", "assignee").order_by("pgh_id"):
        if lines := tuple(_said(before, event)):
            yield event.pgh_created_at, _actor(event), lines
        before = event


def _said(before: Any, after: Any) -> Iterator[str]:
    """What an event says that the one before it did not."""
    if after.completed_on != before.completed_on:
        if after.completed_on:
            yield f"Выполнено {date_short(after.completed_on)}"
        else:
            yield f"Отметка о выполнении {date_short(before.completed_on)} снята: {after.undone_reason}"
    if (after.forecast, after.forecast_reason) != (before.forecast, before.forecast_reason):
        if after.forecast:
            yield f"Ожидается {date_short(after.forecast)}: {after.forecast_reason}"
        elif not after.completed_on:
            yield f"Прогноз {date_short(before.forecast)} снят"
    if after.comment != before.comment:
        yield f"Комментарий: {after.comment}" if after.comment else "Комментарий убран"
    if after.assignee_id != before.assignee_id:
        yield f"Отвечает {after.assignee.full_name}" if after.assignee_id else "Отвечает тот, кого называет план"


def _files(row: PlanRow) -> Iterator[_Told]:
    events = list(
        apps.get_model("milestones", "PlanEvidenceEvent")
        .objects.filter(row_id=row.pk)
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    names = dict(StoredFile.objects.filter(pk__in=[event.file_id for event in events]).values_list("pk", "name"))
    for event in events:
        done = "Приложен" if event.pgh_label == "insert" else "Убран"
        yield event.pgh_created_at, _actor(event), (f"{done} файл «{names.get(event.file_id, '')}»",)


def _actor(event: Any) -> int | None:
    return (event.pgh_context.metadata if event.pgh_context else {}).get("user")


def _redactions(row: PlanRow) -> Iterator[_Told]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT redaction.number, redaction.approved_at, redaction.approved_by_id, to_jsonb(planned)
            FROM projects_redaction AS redaction
            LEFT JOIN LATERAL jsonb_to_recordset(redaction.document -> 'plan')
                 AS planned (id uuid, number text, name text, start date, "end" date, responsible text,
                             document text, control_level text) ON planned.id = %s
            WHERE redaction.project_id = %s
            ORDER BY redaction.number
            """,
            [row.row_id, row.project_id],
        )
        found = [(number, at, person, json.loads(planned or "null")) for number, at, person, planned in cursor]
    before: _Planned | None = None
    was_there = False
    for number, at, person, now in found:
        if lines := _changed(before, now, was_there=was_there):
            yield at, person, tuple(f"Редакция № {number}: {line}" for line in lines)
        before, was_there = now, was_there or now is not None


def _changed(before: _Planned | None, now: _Planned | None, *, was_there: bool) -> list[str]:
    """What a redaction says of the row that the one before it did not, one thing each."""
    if now is None:
        return [] if before is None else ["строка исключена из плана"]
    lines = ["строка вернулась в план"] if before is None and was_there else []
    if before is None or (before["start"], before["end"]) != (now["start"], now["end"]):
        lines.append(_term(now))
    if before is not None:
        lines += [
            f"{word}: {now[name] or 'пусто'}"
            for name, word in _WORDS.items()
            if (now[name] or "") != (before[name] or "")
        ]
    return lines


def _term(planned: _Planned) -> str:
    start, end = (dt.date.fromisoformat(day) if day else None for day in (planned["start"], planned["end"]))
    if not start and not end:
        return "срок не указан"
    return f"срок {date_short(start)} – {date_short(end)}" if start else f"срок {date_short(end)}"
