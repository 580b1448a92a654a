"""Projects, their redactions and the requests that change them; tasks and results as projected from the redaction."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from jobs.models import StoredFile
from organisations.models import Organisation
from projects.identity import Identity
from projects.passport.schema import Finding, Passport
from projects.querysets import ChangeRequestQuerySet, OfProjectQuerySet, ProjectQuerySet


class Level(models.TextChoices):
    FEDERAL = "federal", "Федеральный"
    REGIONAL = "regional", "Региональный"
    MUNICIPAL = "municipal", "Муниципальный"


@pghistory.track()
class Project(models.Model):
    """A project of a territory. What its passport says lies in its redactions; these columns are its projection."""

    territory = models.ForeignKey(Organisation, models.PROTECT, related_name="projects")
    level = models.CharField("уровень", max_length=10, choices=Level)
    title = models.TextField("наименование")
    short_title = models.TextField("краткое наименование")
    start = models.DateField("начало", null=True)
    end = models.DateField("окончание", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "проект"
        verbose_name_plural = "проекты"
        ordering: ClassVar = ["level", "short_title", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(start=None) | models.Q(end=None) | models.Q(start__lte=models.F("end")),
                name="project_term_order",
            ),
        ]

    def __str__(self) -> str:
        return self.short_title


@pghistory.track()
class ChangeRequest(models.Model):
    """A proposed passport: a draft document with what was noticed in it and how its rows were recognised.

    States: ``draft`` → ``approved`` (a redaction was frozen from it) | ``rejected`` (with a reason). Both are final.
    ``project`` is None until the first redaction of a new project is approved. ``base`` is the redaction that the
    proposal was begun from, None for a new project. ``version`` rises with every write and is sent back by forms, so
    that two people cannot overwrite one another unseen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        APPROVED = "approved", "Утверждён"
        REJECTED = "rejected", "Отклонён"

    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="change_requests")
    territory = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    base = models.ForeignKey("Redaction", models.PROTECT, null=True, related_name="+")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT)
    document = models.JSONField()
    findings = models.JSONField(default=list)
    identity = models.JSONField(default=dict)
    waivers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    source_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    reason = models.TextField("причина", blank=True)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "запрос на изменение"
        verbose_name_plural = "запросы на изменение"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="draft", decided_at=None) | models.Q(decided_at__isnull=False),
                name="change_request_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"Запрос № {self.pk}"

    @cached_property
    def passport(self) -> Passport:
        return Passport.model_validate(self.document)

    @cached_property
    def found(self) -> list[Finding]:
        return [Finding.model_validate(row) for row in self.findings]

    @cached_property
    def recognised(self) -> Identity:
        return Identity.model_validate(self.identity)


@pgtrigger.register(pgtrigger.Protect(name="redaction_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete))
class Redaction(models.Model):
    """An approved wording of a passport. Frozen: the database itself refuses to change or delete it.

    The one with the highest number is in force. ``document`` is canonical ``passport/1`` whose rows carry ids,
    ``sha256`` the digest of exactly that text, ``identity`` how its rows relate to each other and to the organisations.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="redactions")
    number = models.PositiveIntegerField("номер редакции")
    document = models.JSONField()
    identity = models.JSONField()
    sha256 = models.CharField(max_length=64)
    protocol_number = models.CharField("номер протокола", max_length=100, blank=True)
    protocol_date = models.DateField("дата протокола", null=True)
    change_request = models.OneToOneField(ChangeRequest, models.PROTECT, related_name="redaction")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "редакция паспорта"
        verbose_name_plural = "редакции паспортов"
        ordering: ClassVar = ["project", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="redaction_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="redaction_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"Редакция № {self.number}"

    @cached_property
    def passport(self) -> Passport:
        return Passport.model_validate(self.document)

    @cached_property
    def recognised(self) -> Identity:
        return Identity.model_validate(self.identity)


class ProjectedRow(models.Model):
    """A row of a passport's table, rebuilt from the redaction in force and never edited.

    ``row_id`` is the row's own key in the document: it survives renaming and renumbering, so that facts stay with
    their row. A row that a later redaction dropped is archived.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="%(class)ss")
    row_id = models.UUIDField()
    position = models.PositiveIntegerField()
    number = models.TextField(blank=True)
    name = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["project", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "row_id"], name="%(class)s_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


class Task(ProjectedRow):
    class Meta(ProjectedRow.Meta):
        verbose_name = "задача"
        verbose_name_plural = "задачи"


class Result(ProjectedRow):
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="results")
    due = models.DateField(null=True)
    characteristic = models.TextField(blank=True)
    federal_result = models.TextField(blank=True)
    targets = models.JSONField(default=dict)

    class Meta(ProjectedRow.Meta):
        verbose_name = "результат"
        verbose_name_plural = "результаты"
