"""Monitoring reports: filled by the portal, with words of the staff."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from indicators.models import PeriodKind, ReportingPeriod
from indicators.models.fields import known
from projects.models import Project
from reports.querysets import MonitoringReportQuerySet

# Half-years and nine months are periods of forms, not of monitoring.
MONITORED = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)


class MonitoringState(models.TextChoices):
    DRAFT = "draft", "Черновик"
    FIXED = "fixed", "Сформирован"


@pghistory.track()
class MonitoringReport(models.Model):
    """What a project came to in a month, a quarter or a year, cumulatively from the start of the year.

    States: ``draft`` → ``fixed``. While it is a draft its figures are those of the portal and only ``words`` are
    written, by section (:data:`reports.monitoring.sections.SECTIONS`); each version of them stays in the trail. Fixing
    freezes the whole as ``snapshot`` and gives it the next ``registration`` of the project and the year. A fixed one is
    never changed: what must be corrected becomes another report of the same period.

    ``version`` rises with every write and is sent back by forms.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="monitoring_reports")
    kind = models.CharField("период", max_length=11, choices=PeriodKind)
    year = models.PositiveSmallIntegerField("год")
    number = models.PositiveSmallIntegerField("номер периода")
    start = models.DateField()
    end = models.DateField()
    state = models.CharField("состояние", max_length=10, choices=MonitoringState, default=MonitoringState.DRAFT)
    words = models.JSONField("пояснения", default=dict)
    registration = models.PositiveIntegerField("номер отчёта", null=True)
    snapshot = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField("начат", db_default=Now())
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("изменён", db_default=Now())

    objects = MonitoringReportQuerySet.as_manager()

    class Meta:
        verbose_name = "отчёт мониторинга"
        verbose_name_plural = "отчёты мониторинга"
        ordering: ClassVar = ["-end", "-start", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "kind", "year", "number"],
                condition=Q(state="draft"),
                name="monitoring_report_one_draft",
            ),
            models.UniqueConstraint(fields=["project", "year", "registration"], name="monitoring_report_number_once"),
            known("state", MonitoringState, "monitoring_report_state"),
            models.CheckConstraint(condition=Q(kind__in=MONITORED), name="monitoring_report_kind"),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="monitoring_report_term"),
            models.CheckConstraint(
                condition=Q(state="draft", snapshot=None, registration=None)
                | Q(state="fixed", snapshot__isnull=False, registration__isnull=False),
                name="monitoring_report_fixed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Отчёт за {self.period_words}"

    @property
    def period_words(self) -> str:
        """«I квартал 2026 г.»: as periods of forms are called."""
        return str(ReportingPeriod(kind=self.kind, year=self.year, number=self.number))

    @property
    def is_draft(self) -> bool:
        return self.state == MonitoringState.DRAFT
