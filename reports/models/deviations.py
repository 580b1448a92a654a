"""A part of a project that deviates from its plan, and what is done about it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from indicators.models.fields import known
from projects.models import Project
from reports.models.state import STATUSES, PartKind
from reports.querysets import DeviationQuerySet


class DeviationState(models.TextChoices):
    OPEN = "open", "Без причины"
    EXPLAINED = "explained", "Принята мера"
    CLOSED = "closed", "Закрыто"


@pghistory.track()
class Deviation(models.Model):
    """A yellow or red part, from the day on which the portal noticed it.

        open ──explain──▶ explained ──close, with a comment──▶ closed
          │                  │  ▲ explain anew, the owner reports
          └──────────────────┴──the part is without deviations again, or gone──▶ closed, by the portal

    It opens and closes by itself (``reports.deviations.lifecycle``). What staff closed while the part was still
    deviating opens again, as a new one, only after the part recovered (``recovered_at``) or became worse. ``status`` is
    the colour of the part, kept up to date until it is closed; ``told`` is the figure as it was when this opened.
    Source: domain notes, §3: a deviation asks for its reason, a measure, an owner and a date.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="deviations")
    kind = models.CharField("что", max_length=15, choices=PartKind)
    row_id = models.UUIDField()
    year = models.PositiveSmallIntegerField("год", null=True)
    number = models.TextField(blank=True)
    name = models.TextField(blank=True)
    told = models.TextField(blank=True)
    status = models.CharField("отклонение", max_length=15, choices=STATUSES)
    state = models.CharField("состояние", max_length=10, choices=DeviationState, default=DeviationState.OPEN)
    opened_at = models.DateTimeField("открыто", db_default=Now())
    reason = models.TextField("причина", blank=True)
    measure = models.TextField("мера", blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due = models.DateField("срок меры", null=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)
    report = models.TextField("отчёт о мере", blank=True)
    reported_at = models.DateTimeField(null=True)
    closing = models.TextField("чем закончилось", blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("закрыто", null=True)
    recovered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = DeviationQuerySet.as_manager()

    class Meta:
        verbose_name = "отклонение"
        verbose_name_plural = "отклонения"
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "kind", "row_id", "year"],
                condition=~Q(state="closed"),
                nulls_distinct=False,
                name="deviation_one_at_a_time",
            ),
            known("kind", PartKind, "deviation_kind"),
            known("state", DeviationState, "deviation_state"),
            models.CheckConstraint(condition=Q(status__in=["yellow", "red"]), name="deviation_status"),
            models.CheckConstraint(
                condition=~Q(state="explained")
                | (Q(owner__isnull=False, due__isnull=False) & ~Q(reason="") & ~Q(measure="")),
                name="deviation_explained",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(closing="")
                | ~Q(state="closed") & Q(closed_at=None),
                name="deviation_closed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "kind", "row_id", "-id"], name="deviation_of_part"),
            models.Index(fields=["owner"], condition=Q(state="explained"), name="deviation_owned"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def is_closed(self) -> bool:
        return self.state == DeviationState.CLOSED
