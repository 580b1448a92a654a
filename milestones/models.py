"""The event plan in force: results, activities and control points, in document order; and what became of each."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jobs.models import StoredFile
from projects.models import Project, ProjectedRow, Result


class PlanKind(models.TextChoices):
    RESULT = "result", "Результат"
    ACTIVITY = "activity", "Мероприятие"
    CONTROL_POINT = "control_point", "Контрольная точка"


class ControlLevel(models.Model):
    """An entry of the project's own dictionary of control levels: «РП» is the head of the project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="control_levels")
    position = models.PositiveIntegerField()
    code = models.TextField()
    meaning = models.TextField()

    class Meta:
        verbose_name = "уровень контроля"
        verbose_name_plural = "уровни контроля"
        ordering: ClassVar = ["project", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "code"], name="control_level_once")]

    def __str__(self) -> str:
        return f"{self.code} – {self.meaning}"


class PlanRow(ProjectedRow):
    """A row of the plan. Document order is data: an activity leads to the next control point after it.

    ``first_start`` and ``first_end`` are the dates of the first redaction in which the row had a deadline.
    """

    kind = models.CharField("вид", max_length=15, choices=PlanKind, null=True)
    start = models.DateField("начало", null=True)
    end = models.DateField("окончание", null=True)
    first_start = models.DateField("начало по первой редакции", null=True)
    first_end = models.DateField("окончание по первой редакции", null=True)
    responsible = models.TextField("ответственный", blank=True)
    document = models.TextField("вид документа", blank=True)
    control_level = models.TextField("уровень контроля", blank=True)
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="plan_rows")
    control_point = models.ForeignKey("self", models.SET_NULL, null=True, related_name="activities")

    class Meta(ProjectedRow.Meta):
        verbose_name = "строка плана"
        verbose_name_plural = "строки плана"
        indexes: ClassVar = [models.Index(fields=["end"], condition=Q(archived_at=None), name="plan_row_due")]


@pghistory.track()
class PlanProgress(models.Model):
    """What became of a row of the plan: one for each row that anybody wrote about. It stays with its row for ever.

    A row is open until ``completed_on`` says when it was done; then it has no forecast any more. ``undone_reason`` says
    why the last completion was taken back. ``assignee`` is the account that staff made responsible by hand; without one
    those whom the passport names are. ``version`` rises with every write and is sent back by forms.
    """

    row = models.OneToOneField(PlanRow, models.PROTECT, related_name="progress")
    completed_on = models.DateField("выполнено", null=True)
    forecast = models.DateField("прогноз", null=True)
    forecast_reason = models.CharField("причина прогноза", max_length=1000, blank=True)
    comment = models.TextField("комментарий", max_length=4000, blank=True)
    undone_reason = models.CharField("почему выполнение отменено", max_length=1000, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="ответственный", null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "ход выполнения"
        verbose_name_plural = "ход выполнения"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(forecast=None, forecast_reason="") | (Q(forecast__isnull=False) & ~Q(forecast_reason="")),
                name="plan_forecast_reason",
            ),
            models.CheckConstraint(condition=Q(completed_on=None) | Q(forecast=None), name="plan_done_or_forecast"),
        ]

    def __str__(self) -> str:
        return f"{self.row}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class PlanEvidence(models.Model):
    """A file that proves what is said of a row."""

    row = models.ForeignKey(PlanRow, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["row", "file"], name="plan_evidence_once")]

    def __str__(self) -> str:
        return f"{self.file}"


@pghistory.track()
class PlanRule(models.Model):
    """When a deadline is soon and when people are reminded of it, in calendar days.

    The rule with the latest date of effect not after today holds. ``remind_every`` 0: once, when the deadline passed.
    """

    effective_from = models.DateField("действует с", unique=True)
    soon_days = models.PositiveSmallIntegerField("скоро срок: за столько дней")
    remind_before = models.PositiveSmallIntegerField("напомнить за столько дней до срока")
    remind_every = models.PositiveSmallIntegerField("после срока напоминать раз в столько дней")

    class Meta:
        verbose_name = "правило плана мероприятий"
        verbose_name_plural = "правила плана мероприятий"
        ordering: ClassVar = ["-effective_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(soon_days__lte=365, remind_before__lte=365, remind_every__lte=365), name="plan_rule_days"
            ),
        ]

    def __str__(self) -> str:
        return f"с {self.effective_from:%d.%m.%Y}: за {self.soon_days}"


class PlanReminder(models.Model):
    """A row of the plan of which people were reminded. The constraint keeps two workers from doing it twice.

    ``day`` is the day it was due on, not the one on which a delayed job came round to it.
    """

    row = models.ForeignKey(PlanRow, models.CASCADE, related_name="reminders", db_index=False)
    day = models.DateField()
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["row", "day"], name="plan_reminder_once")]

    def __str__(self) -> str:
        return f"{self.row}, {self.day:%d.%m.%Y}"
