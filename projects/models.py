"""Projects, their redactions and the requests that change them; tasks and results as projected from the redaction."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import StoredFile
from organisations.models import Organisation
from organisations.roles import Role
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
    curator = models.TextField("куратор", blank=True)
    head = models.TextField("руководитель", blank=True)
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

    States: ``draft`` → ``on_approval`` → ``approved`` (the last step of its route: a redaction was frozen from it and
    is in force) | ``rejected`` (at any step, with a reason). Both are final. From ``on_approval`` it goes back to
    ``draft`` when a step returns it with a comment or its author withdraws it. Where the route has one step, that
    decision may be made of the draft. Only a draft is edited. ``step`` is the step whose turn it is, of those that were
    copied from the route of the project when the request was sent.

    ``project`` is None until the first redaction of a new project is approved. ``base`` is the redaction that the
    proposal was begun from, None for a new project: once another is in force, the request is outdated and is carried
    over before it goes on. ``writers`` wrote the document and do not approve it. ``version`` rises with every write and
    is sent back by forms, so that two people cannot overwrite one another unseen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        ON_APPROVAL = "on_approval", "На согласовании"
        APPROVED = "approved", "Утверждён"
        REJECTED = "rejected", "Отклонён"

    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="change_requests")
    territory = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    base = models.ForeignKey("Redaction", models.PROTECT, null=True, related_name="+")
    state = models.CharField("состояние", max_length=11, choices=State, default=State.DRAFT)
    document = models.JSONField()
    findings = models.JSONField(default=list)
    identity = models.JSONField(default=dict)
    waivers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    source_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    reason = models.TextField("причина", blank=True)
    version = models.PositiveIntegerField(default=1)
    step = models.PositiveSmallIntegerField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
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
                condition=models.Q(state__in=["draft", "on_approval"], decided_at=None)
                | models.Q(state__in=["approved", "rejected"], decided_at__isnull=False),
                name="change_request_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(state="on_approval", step__isnull=False)
                | (~models.Q(state="on_approval") & models.Q(step=None)),
                name="change_request_has_its_step",
            ),
        ]

    def __str__(self) -> str:
        return f"Запрос № {self.pk}"

    @property
    def outdated_by(self) -> Redaction | None:
        """The redaction in force, where the request was begun from another one. Costs a query."""
        in_force = self.project.redactions.defer("document", "identity").first() if self.project else None
        return in_force if in_force is not None and in_force.pk != self.base_id else None

    @cached_property
    def passport(self) -> Passport:
        return Passport.model_validate(self.document)

    @cached_property
    def found(self) -> list[Finding]:
        return [Finding.model_validate(row) for row in self.findings]

    @cached_property
    def recognised(self) -> Identity:
        return Identity.model_validate(self.identity)


ANY_APPROVER = "any"


class Step(models.Model):
    """One step of a route: a role at the project's territory or above it, or one person.

    With neither it is whoever may approve passports there.
    """

    position = models.PositiveSmallIntegerField()
    role = models.CharField("роль", max_length=20, choices=Role, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        if self.person:
            return self.person.short_name
        return Role(self.role).label if self.role else "Куратор, член совета или проектный офис"

    @property
    def key(self) -> str:
        """The step as one word, for forms: ``person:12``, ``curator``, or ``any`` who may approve."""
        return f"person:{self.person_id}" if self.person_id else self.role or ANY_APPROVER


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RouteStep(Step):
    """The route that the requests of a project take; a project without one has a single step for all who approve."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="route")

    class Meta(Step.Meta):
        verbose_name = "шаг согласования"
        verbose_name_plural = "шаги согласования"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "position"], name="route_step_once"),
            models.CheckConstraint(condition=models.Q(role="") | models.Q(person=None), name="route_step_one_kind"),
        ]


class RequestStep(Step):
    """A step of one request, copied when it was sent: a route that is changed later changes nothing for it."""

    change_request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="steps")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(Step.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change_request", "position"], name="request_step_once"),
            models.CheckConstraint(condition=models.Q(role="") | models.Q(person=None), name="request_step_one_kind"),
        ]


@pgtrigger.register(pgtrigger.Protect(name="entry_is_final", operation=pgtrigger.Update | pgtrigger.Delete))
class RequestEntry(models.Model):
    """What somebody did to a request on its way, for ever: the database refuses to change or delete it.

    ``step_title`` names the step that decided, as it was called then.
    """

    class Act(models.TextChoices):
        SENT = "sent", "Отправлен на согласование"
        WITHDRAWN = "withdrawn", "Отозван автором"
        AGREED = "agreed", "Согласован"
        RETURNED = "returned", "Возвращён с замечанием"
        REJECTED = "rejected", "Отклонён"
        APPROVED = "approved", "Утверждён"
        REBASED = "rebased", "Перенесён на новую редакцию"

    change_request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="entries")
    act = models.CharField("что сделано", max_length=10, choices=Act)
    step_title = models.CharField("шаг", max_length=300, blank=True)
    comment = models.TextField("замечание", blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "запись о согласовании"
        verbose_name_plural = "ход согласования"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.actor.short_name}"


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

    @property
    def in_force_from(self) -> dt.date:
        """The day of the council's decision; without one, the day on which the portal approved it.

        A portal that is filled in with older passports knows them from later than they have been in force.
        """
        return self.protocol_date or timezone.localdate(self.approved_at)

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
