"""Where each part of a project stands: derived, written by ``reports.state.recomputing`` alone."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from indicators.models.fields import ExactDecimalField, known
from indicators.status import under_way
from projects.models import Project
from projects.status import Status
from reports.querysets import PartStateQuerySet


class PartKind(models.TextChoices):
    INDICATOR = "indicator", "Показатель"
    RESULT = "result", "Результат"
    CONTROL_POINT = "control_point", "Контрольная точка"
    MONEY = "money", "Финансирование"


STATUSES = [(status.value, status.words) for status in Status]


class PartState(models.Model):
    """An indicator or a result in one year, a control point, or a line of money in one year, as it stands.

    Derived: it can be thrown away and computed again to the same rows. Pages over many projects read it, for they could
    not compute hundreds of projects while somebody waits; whatever changes a figure has its project computed anew, and
    the beat does it for all, because days pass by themselves.

    ``row_id`` is that of the passport's row and ``source_id`` the key of its projection. ``is_current``: this year is
    the one that counts for the state of the project. ``is_settled``: the figure is final for its day, so that a
    deviation may open on it; forms of an open period are still coming in. Money is in roubles.
    ``word`` replaces the usual words of the status; ``danger`` names the activities that overrun a control point.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="part_states")
    kind = models.CharField(max_length=15, choices=PartKind)
    row_id = models.UUIDField()
    year = models.PositiveSmallIntegerField(null=True)
    source_id = models.BigIntegerField()
    position = models.PositiveIntegerField()
    number = models.TextField(blank=True)
    name = models.TextField(blank=True)
    unit = models.TextField(blank=True)
    status = models.CharField(max_length=15, choices=STATUSES)
    word = models.TextField(blank=True)
    danger = models.TextField(blank=True, default="")
    is_current = models.BooleanField()
    is_settled = models.BooleanField()
    target = ExactDecimalField(null=True)
    actual = ExactDecimalField(null=True)
    ratio = ExactDecimalField(null=True)
    forecast = ExactDecimalField(null=True)
    due = models.DateField(null=True)
    actual_on = models.DateField(null=True)
    forecast_on = models.DateField(null=True)
    as_of = models.DateField(null=True)
    expected = models.PositiveIntegerField(null=True)
    submitted = models.PositiveIntegerField(null=True)
    accepted = models.PositiveIntegerField(null=True)
    computed_at = models.DateTimeField(db_default=Now())

    objects = PartStateQuerySet.as_manager()

    class Meta:
        verbose_name = "состояние части проекта"
        verbose_name_plural = "состояния частей проектов"
        ordering: ClassVar = ["project", "kind", "position", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "kind", "row_id", "year"], nulls_distinct=False, name="part_state_once"
            ),
            known("kind", PartKind, "part_state_kind"),
            models.CheckConstraint(condition=Q(status__in=list(Status)), name="part_state_status"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "kind", "status"], condition=Q(is_current=True), name="part_state_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def key(self) -> tuple[str, UUID, int | None]:
        """What the row is known by within its project."""
        return self.kind, self.row_id, self.year

    @property
    def under_way(self) -> str:
        """What an indicator or a result has reached of a target that is not due yet; ``word`` tells of a forecast."""
        return under_way(self.ratio) if self.status == Status.PENDING or self.word else ""


@pghistory.track()
class PlanThreshold(models.Model):
    """How the status of a control point becomes a colour, from a day on.

    One that is overdue is yellow, and red after more than ``red_after`` days. One that is foreseen later than planned
    by ``slip`` days or more is yellow before its day has come. Both are calendar days.
    """

    effective_from = models.DateField("действуют с", unique=True)
    red_after = models.PositiveSmallIntegerField("критическая просрочка, дней")
    slip = models.PositiveSmallIntegerField("заметный сдвиг, дней")

    class Meta:
        verbose_name = "пороги контрольных точек"
        verbose_name_plural = "пороги контрольных точек"
        ordering: ClassVar = ["-effective_from"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(red_after__lte=365, slip__range=(1, 365)), name="plan_threshold_bounds"),
        ]

    def __str__(self) -> str:
        return f"с {self.effective_from:%d.%m.%Y}: {self.red_after} / {self.slip}"
