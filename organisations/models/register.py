"""What happens to organisations, and the workbooks from which their register is loaded."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jobs.models import Job, StoredFile
from organisations.models.tree import Organisation
from organisations.querysets import RegisterLoadQuerySet


class ChangeKind(models.TextChoices):
    CREATED = "created", "Внесена в реестр"
    UPDATED = "updated", "Изменены сведения"
    MOVED = "moved", "Передана"
    CLOSED = "closed", "Закрыта"
    REOPENED = "reopened", "Закрытие отменено"
    MERGED = "merged", "Присоединена к другой организации"
    ABSORBED = "absorbed", "Приняла другую организацию"


@pghistory.track()
class RegisterLoad(models.Model):
    """A workbook read against the register below ``territory``: what it would change, until somebody decides.

    States: ``ready`` → ``applied`` (by the job ``job``) or ``dropped``. Where the register has changed since the
    preview was made, applying changes nothing: it makes the preview anew, and ``remade_at`` tells when.
    """

    class State(models.TextChoices):
        READY = "ready", "Ждёт решения"
        APPLIED = "applied", "Внесена"
        DROPPED = "dropped", "Отменена"

    territory = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.READY)
    unknown_headings = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    remade_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects = RegisterLoadQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка реестра"
        verbose_name_plural = "загрузки реестра"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="ready", decided_at=None)
                | Q(state__in=["applied", "dropped"], decided_at__isnull=False),
                name="register_load_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"Загрузка реестра из файла «{self.file.name}»"


class RegisterRow(models.Model):
    """A row of the workbook: ``cells`` as they were written, by column, and what would come of it.

    ``changes`` are cells of the register that would change: name of the column, old value, new value.
    """

    class Outcome(models.TextChoices):
        ADDED = "added", "Добавится"
        CHANGED = "changed", "Изменится"
        UNCHANGED = "unchanged", "Без изменений"
        REFUSED = "refused", "Не принята"

    class Head(models.TextChoices):
        NONE = "none", "Не указан"
        SAME = "same", "Тот же"
        NEW = "new", "Новая учётная запись"
        REPLACED = "replaced", "Смена руководителя"

    load = models.ForeignKey(RegisterLoad, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField("строка файла")
    outcome = models.CharField(max_length=10, choices=Outcome)
    head = models.CharField(max_length=10, choices=Head, default=Head.NONE)
    cells = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    sentence = models.TextField(blank=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["load", "number"], name="register_row_once"),
            models.CheckConstraint(
                condition=Q(outcome="refused") ^ Q(sentence=""), name="register_row_refused_with_sentence"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["load", "outcome", "number"], name="register_row_outcome")]

    def __str__(self) -> str:
        return f"строка {self.number}"


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class OrganisationChange(models.Model):
    """A line of an organisation's history, for people. Written once, by the service that changes the organisation.

    ``day`` is the day of the act, ``cells`` what changed: name of the field, old value, new value. ``other`` is the
    organisation that it was joined to, or that joined it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="changes")
    kind = models.CharField("что случилось", max_length=10, choices=ChangeKind)
    day = models.DateField("дата")
    reason = models.TextField("основание")
    cells = models.JSONField(default=list)
    other = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    load = models.ForeignKey(RegisterLoad, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "событие организации"
        verbose_name_plural = "события организаций"
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="organisation_change_kind"),
            models.CheckConstraint(
                condition=~Q(reason="") & (~Q(kind__in=["merged", "absorbed"]) | Q(other__isnull=False)),
                name="organisation_change_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"
