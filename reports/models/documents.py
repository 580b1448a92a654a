"""The register of documents that the portal printed."""

from __future__ import annotations

import secrets
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from jobs.models import Job, StoredFile
from projects.models import ChangeRequest, Project, Redaction
from reports.querysets import GeneratedDocumentQuerySet


def new_public_id() -> str:
    """192 random bits: nobody finds a document by guessing (ASVS 11.5.1 asks for 128)."""
    return secrets.token_urlsafe(24)


class DocumentKind(models.TextChoices):
    PASSPORT = "passport", "Паспорт"
    PLAN_FACT = "plan_fact", "План и факт"
    COMPARISON = "comparison", "Сравнительная таблица"
    PROGRESS = "progress", "Отчёт о ходе реализации"
    MONITORING = "monitoring", "Отчёт мониторинга"


class DocumentFormat(models.TextChoices):
    """``docx`` is for passports and reports: a bare table is nothing to be edited on."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "DOCX"
    XLSX = "xlsx", "XLSX"


TABLE_FORMATS = [choice for choice in DocumentFormat.choices if choice[0] != DocumentFormat.DOCX]


@pghistory.track()
class GeneratedDocument(models.Model):
    """A document printed from a frozen snapshot: the same snapshot gives the same bytes.

    States follow from what is there: no ``file`` yet: its job is at work (or failed); with a ``file``: ready, and
    never changed again. The snapshot of a passport is its redaction; of other documents, ``snapshot`` itself. One about
    a ``change_request`` is for those who see the request.
    """

    public_id = models.CharField(max_length=40, unique=True, default=new_public_id, editable=False)
    kind = models.CharField("документ", max_length=10, choices=DocumentKind)
    format = models.CharField("формат", max_length=4, choices=DocumentFormat)
    title = models.TextField("название")
    project = models.ForeignKey(Project, models.PROTECT, related_name="documents")
    redaction = models.ForeignKey(Redaction, models.PROTECT, null=True, related_name="documents")
    change_request = models.ForeignKey(ChangeRequest, models.PROTECT, null=True, related_name="documents")
    snapshot = models.JSONField(null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("запрошен", db_default=Now(), editable=False)
    ready_at = models.DateTimeField("готов", null=True)

    objects = GeneratedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "документ"
        verbose_name_plural = "документы"
        ordering: ClassVar = ["-requested_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["redaction", "kind", "format"],
                condition=models.Q(redaction__isnull=False),
                name="document_once_per_redaction",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="passport", redaction__isnull=False, snapshot=None)
                | (~models.Q(kind="passport") & models.Q(snapshot__isnull=False)),
                name="document_has_its_snapshot",
            ),
            models.CheckConstraint(
                condition=models.Q(file=None, ready_at=None) | models.Q(file__isnull=False, ready_at__isnull=False),
                name="document_ready_with_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.get_format_display()}"

    @property
    def state(self) -> str:
        """One of the states of a job, as the page shows it."""
        if self.file_id:
            return "done"
        return "failed" if self.job is None else str(self.job.state)
