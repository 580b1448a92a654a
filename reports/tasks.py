"""Printing documents off the request."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from jobs.handlers import Progress, handler
from jobs.services import enqueue
from jobs.storage import store_file
from organisations.mail import portal_link
from projects.models import Project
from reports.deviations.services import measures_remind
from reports.documents.comparison import Comparison, render_comparison
from reports.documents.dataset import Dataset, render_dataset
from reports.documents.passport import render as render_passport
from reports.documents.report import Report, render_report
from reports.models import DocumentKind, GeneratedDocument
from reports.services import HANDLER
from reports.state.asking import STATE
from reports.state.recomputing import state_recompute

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@handler(HANDLER)
def render(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Print a document from its snapshot and keep the file; one already printed stays as it is."""
    document = GeneratedDocument.objects.select_related("redaction", "project").get(pk=arguments["document"])
    if document.file_id is None:
        progress(10, "Берём утверждённый текст" if document.redaction else "Берём зафиксированные данные")
        content = _content(document, progress)
        progress(90, "Сохраняем файл")
        _keep(document.pk, content)
    return {"url": reverse("reports:documents", args=[document.project_id]), "label": "К документам проекта"}


def _content(document: GeneratedDocument, progress: Progress) -> bytes:
    progress(30, f"Составляем {document.get_format_display()}")
    known_at = portal_link("reports:check", document.public_id)
    if document.kind == DocumentKind.PASSPORT and document.redaction:
        passport, point = document.redaction.passport, settings.MILLION_WITH_POINT
        return render_passport(passport, document.format, abbreviation_point=point, check_at=known_at)
    if document.kind == DocumentKind.COMPARISON:
        return render_comparison(Comparison.model_validate(document.snapshot), document.format, check_at=known_at)
    if document.kind in {DocumentKind.PROGRESS, DocumentKind.MONITORING}:
        return render_report(Report.model_validate(document.snapshot), document.format, check_at=known_at)
    return render_dataset(Dataset.model_validate(document.snapshot), document.format, check_at=known_at)


@transaction.atomic
def _keep(pk: int, content: bytes) -> None:
    document = GeneratedDocument.objects.select_for_update().get(pk=pk)
    if document.file_id:
        return
    # A slash in a title is no folder: of «Школа 1/2» the name of a file would else keep but what follows it.
    title = document.title.replace("/", "-").replace("\\", "-")
    document.file = store_file(
        name=f"{title}.{document.format}", content_type=CONTENT_TYPES[document.format], content=content
    )
    document.ready_at = Now()
    document.save(update_fields=["file", "ready_at"])


@handler(STATE)
def recompute_state(arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Where every part of one project stands, and its deviations. Running it twice changes nothing."""
    return {"changed": state_recompute(project_id=arguments["project"])}


@shared_task(name="reports.recompute_states")
def ask_to_recompute_states() -> None:
    """The beat only asks; two beats make one job."""
    enqueue(handler="reports.states", arguments={}, title="Состояние проектов", key="states")


@handler("reports.states")
def recompute_states(_arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """All projects, each in a transaction of its own: a write to one of them waits for that one alone."""
    ids = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    changed = 0
    for done, pk in enumerate(ids):
        if done % 20 == 0:
            progress(100 * done // len(ids), f"Проектов посчитано: {done}")
        changed += state_recompute(project_id=pk)
    return {"changed": changed}


@shared_task(name="reports.remind_of_measures")
def ask_to_remind_of_measures() -> None:
    enqueue(handler="reports.remind_of_measures", arguments={}, title="Напоминания о мерах", key="measures")


@handler("reports.remind_of_measures")
def remind_of_measures(_arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return {"told": measures_remind()}
