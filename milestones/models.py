"""The event plan in force: results, activities and control points, in document order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

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
    """A row of the plan. Document order is data: an activity leads to the next control point after it."""

    kind = models.CharField("вид", max_length=15, choices=PlanKind, null=True)
    start = models.DateField("начало", null=True)
    end = models.DateField("окончание", null=True)
    responsible = models.TextField("ответственный", blank=True)
    document = models.TextField("вид документа", blank=True)
    control_level = models.TextField("уровень контроля", blank=True)
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="plan_rows")
    control_point = models.ForeignKey("self", models.SET_NULL, null=True, related_name="activities")

    class Meta(ProjectedRow.Meta):
        verbose_name = "строка плана"
        verbose_name_plural = "строки плана"
