"""Printing documents off the request."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from jobs.handlers import Progress, handler
from jobs.storage import store_file
from reports.documents.comparison import Comparison, render_comparison
from reports.documents.dataset import Dataset, render_dataset
from reports.documents.passport import render as render_passport
from reports.documents.report import Report, render_report
from reports.models import DocumentKind, GeneratedDocument
from reports.services import HANDLER

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
    if document.kind == DocumentKind.PASSPORT and document.redaction:
        return render_passport(document.redaction.passport, document.format)
    if document.kind == DocumentKind.COMPARISON:
        return render_comparison(Comparison.model_validate(document.snapshot), document.format)
    if document.kind == DocumentKind.PROGRESS:
        return render_report(Report.model_validate(document.snapshot), document.format)
    return render_dataset(Dataset.model_validate(document.snapshot), document.format)


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
