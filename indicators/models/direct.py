"""Figures that a person of the ministry enters, where no school is the source."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from indicators.models.catalogue import Indicator
from indicators.models.fields import ExactDecimalField, bounded, known
from indicators.models.periods import append_only
from indicators.querysets import DirectFigureQuerySet
from jobs.models import StoredFile
from organisations.models import Organisation


class DirectKind(models.TextChoices):
    ACTUAL = "actual", "Факт"
    FORECAST = "forecast", "Прогноз"


@append_only
class DirectFigure(models.Model):
    """A value of an indicator in a year at one node, entered directly: an actual with its evidence, or a forecast.

    Nothing is changed here: a correction is the next ``number`` with its own reason, and what stood before stays to be
    seen. ``value`` None withdraws what was entered. ``as_of`` is the day that an actual was measured on.
    """

    kind = models.CharField("вид", max_length=10, choices=DirectKind)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="direct_figures", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("год")
    number = models.PositiveIntegerField()
    value = ExactDecimalField("значение", null=True)
    as_of = models.DateField("на какую дату", null=True)
    reason = models.TextField("основание")
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now())

    objects = DirectFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "внесённое значение"
        verbose_name_plural = "внесённые значения"
        ordering: ClassVar = ["indicator", "organisation", "year", "kind", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "organisation", "year", "kind", "number"], name="direct_figure_once"
            ),
            known("kind", DirectKind, "direct_figure_kind"),
            bounded("value", "direct_figure_bounds"),
            models.CheckConstraint(
                condition=Q(number__gte=1, year__range=(1990, 2199)) & ~Q(reason=""), name="direct_figure_told"
            ),
            models.CheckConstraint(condition=Q(as_of=None) | Q(as_of__year=F("year")), name="direct_figure_as_of"),
            models.CheckConstraint(
                condition=Q(kind="forecast", as_of=None)
                | Q(value=None)
                | Q(kind="actual", as_of__isnull=False, file__isnull=False),
                name="direct_figure_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return "отозвано" if self.value is None else str(self.value)
