"""Asking for documents."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jobs.models import JobState
from jobs.services import enqueue
from organisations.models import User
from projects.models import Project, Redaction
from reports.models import DocumentKind, GeneratedDocument, MonitoringReport
from reports.progress import Progress, progress_report

HANDLER = "reports.render"


@transaction.atomic
def passport_request(*, redaction: Redaction, ending: str, actor: User) -> GeneratedDocument:
    """The passport of a redaction in that format: printed once, then always the same file.

    A document whose job failed is tried again.
    """
    title = f"Паспорт проекта «{redaction.project.short_title}», редакция № {redaction.number}"
    GeneratedDocument.objects.bulk_create(
        [
            GeneratedDocument(
                kind=DocumentKind.PASSPORT,
                format=ending,
                title=title,
                project=redaction.project,
                redaction=redaction,
                requested_by=actor,
            )
        ],
        ignore_conflicts=True,
    )
    document = (
        GeneratedDocument.objects.select_for_update(of=("self",))
        .select_related("job")
        .get(redaction=redaction, kind=DocumentKind.PASSPORT, format=ending)
    )
    at_work = document.job is not None and document.job.state != JobState.FAILED
    if document.file_id is None and not at_work:
        render_later(document, actor)
    return document


@transaction.atomic
def snapshot_request(
    *,
    kind: str,
    project: Project,
    title: str,
    snapshot: dict[str, Any],
    ending: str,
    actor: User,
) -> GeneratedDocument:
    """A document of what the page shows, frozen here as ``snapshot``; one of the same snapshot is given again."""
    key = {"kind": kind, "project": project, "title": title, "format": ending, "snapshot": snapshot}
    known = GeneratedDocument.objects.filter(**key).exclude(file=None, job__state=JobState.FAILED)
    document = known.order_by("pk").first()
    if document is None:
        document = GeneratedDocument.objects.create(**key, requested_by=actor)
        render_later(document, actor)
    return document


def progress_request(*, progress: Progress, year: int, ending: str, actor: User) -> GeneratedDocument:
    """The progress report of a year as it stands today."""
    project = progress.project
    return snapshot_request(
        kind=DocumentKind.PROGRESS,
        project=project,
        title=f"Отчёт о ходе реализации проекта «{project.short_title}» за {year} год",
        snapshot=progress_report(progress, year=year, today=timezone.localdate()).model_dump(mode="json"),
        ending=ending,
        actor=actor,
    )


def monitoring_request(*, report: MonitoringReport, ending: str, actor: User) -> GeneratedDocument:
    """A monitoring report as it was fixed. Raises ``ValueError`` for a draft."""
    if report.snapshot is None:
        raise ValueError("a draft is no document yet")
    title = f"Отчёт № {report.registration} о ходе реализации проекта «{report.project.short_title}»"
    return snapshot_request(
        kind=DocumentKind.MONITORING,
        project=report.project,
        title=f"{title} за {report.period_words}",
        snapshot=report.snapshot,
        ending=ending,
        actor=actor,
    )


def render_later(document: GeneratedDocument, actor: User) -> None:
    """Have a worker print the document; its page shows how far that is."""
    document.job = enqueue(
        handler=HANDLER, arguments={"document": document.pk}, title=document.title, owner_id=actor.pk
    )
    document.save(update_fields=["job"])
