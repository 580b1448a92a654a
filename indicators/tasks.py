"""Work of this room that outlives a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pghistory
from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from indicators.models import ReportingPeriod, RollUpMark, Submission
from indicators.municipality_report import report_of
from indicators.rollup import audit_all, fold_marks
from indicators.services.anomalies import spreads_refresh
from indicators.services.errors import StateConflict
from indicators.services.filling_for import HANDLER, FilledFor, forms_fill_for, in_chunks
from indicators.services.marks import ask_to_roll_up
from indicators.services.reminders import reminders_send
from indicators.workbooks.reading import read_municipality_book
from jobs.files.errors import UnreadableFile
from jobs.handlers import Progress, Refused, handler
from jobs.models import StoredFile
from jobs.services import enqueue
from jobs.storage import forget_file
from organisations.models import User
from projects.changes import projects_changed

_ROWS_AT_ONCE = 200
_TOO_LONG = timedelta(minutes=2)
"""For a mark to wait: its own job has been tried by then."""


@shared_task(name="indicators.remind")
def ask_to_remind() -> None:
    """The beat only asks; the job is tried again when it fails, and two beats make one job."""
    enqueue(handler="indicators.remind", arguments={}, title="Напоминания о сроках", key="remind")


@handler("indicators.remind")
def remind(_arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return {"rounds": reminders_send()}


@handler("indicators.roll_up")
def roll_up(arguments: dict[str, Any], progress: Progress) -> dict[str, Any] | None:
    """Compute the totals of one period that were marked. Running it twice changes nothing."""
    period = ReportingPeriod.objects.filter(pk=arguments["period_id"]).first()
    if period is None:
        return None
    progress(10, f"Свод: {period}")
    with transaction.atomic():
        changed = fold_marks(period_id=period.pk)
        if changed:
            projects = period.projects.values_list("project_id", flat=True)
            projects_changed(projects, after=settings.STATE_GATHERS_SECONDS)
    return {"changed": changed}


@shared_task(name="indicators.fold_what_waits")
def fold_what_waits() -> None:
    """Every minute: ask again for marks that wait long, because their roll-up was given up with its dying workers."""
    waiting = RollUpMark.objects.filter(made_at__lt=Now() - _TOO_LONG).values("period_id")
    for period in ReportingPeriod.objects.filter(pk__in=waiting).order_by("pk"):
        ask_to_roll_up(period)


@shared_task(name="indicators.audit_tonight")
def audit_tonight() -> None:
    """The beat only asks; two beats make one job."""
    enqueue(handler="indicators.audit", arguments={}, title="Сверка сводов с принятыми формами", key="audit")


@handler("indicators.audit")
def audit(_arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Hold everything that is kept against what accepted facts come to; repairs nothing."""
    done = audit_all(say=progress)
    return {"compared": done.compared, "differences": done.differences}


@shared_task(name="indicators.look_at_peers")
def look_at_peers() -> None:
    """Four times an hour: where forms wait for review, compare them with all that were handed in by now."""
    waiting = Submission.objects.waiting().values("period")
    for period in ReportingPeriod.objects.filter(pk__in=waiting):
        enqueue(handler="indicators.find_anomalies", arguments={"period_id": period.pk}, key=f"period:{period.pk}")


@handler("indicators.find_anomalies")
def find_anomalies(arguments: dict[str, Any], progress: Progress) -> dict[str, Any] | None:
    """Look at the forms of one period anew for what is odd. Running it twice changes nothing."""
    period = ReportingPeriod.objects.filter(pk=arguments["period_id"]).first()
    if period is None:
        return None
    progress(10, f"Необычные ответы: {period}")
    return {"judged": spreads_refresh(period=period)}


@handler(HANDLER)
def read_municipality_workbook(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Write a workbook of a municipality into the drafts of its organisations; the workbook itself is not kept.

    Running it twice writes nothing twice: what stands in a form already is no change.
    """
    stored = StoredFile.objects.filter(pk=arguments["file"]).first()
    if stored is None:
        raise Refused(
            "Книга уже прочитана, а отчёт о ней не сохранился: загрузите её ещё раз, дважды ничего не запишется."
        )
    period, actor = ReportingPeriod.objects.get(pk=arguments["period"]), User.objects.get(pk=arguments["actor"])
    progress(5, "Читаем книгу")
    try:
        book = read_municipality_book(stored.read())
        if book.mark.period != period.pk:
            raise UnreadableFile("Эта книга от другого отчётного периода: загрузите её на странице того периода.")
        outcomes: list[FilledFor] = []
        with pghistory.context(user=actor.pk, job=HANDLER):
            for rows in in_chunks(book.forms, _ROWS_AT_ONCE):
                progress(10 + 85 * len(outcomes) // len(book.forms), f"Записано форм: {len(outcomes)}")
                outcomes += forms_fill_for(period=period, rows=rows, overwrite=arguments["overwrite"], actor=actor)
    except (UnreadableFile, StateConflict) as refusal:
        forget_file(stored)
        raise Refused(str(refusal)) from refusal
    forget_file(stored)
    return {
        "url": reverse("indicators:municipality_report", args=[period.pk, arguments["file"]]),
        "label": "Посмотреть, что принято",
        "report": report_of(outcomes, book.sheet),
    }
