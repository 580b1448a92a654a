"""When forms are due: the rule, how a deadline was moved, and when people were reminded of it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from indicators.models.fields import known
from indicators.models.periods import PeriodKind, ReportingPeriod


@pghistory.track()
class DeadlineRule(models.Model):
    """«До 5-го рабочего дня после окончания квартала», and when people are reminded.

    For each kind of period the rule with the latest date of effect not after the period's end holds. ``remind_before``
    and ``remind_every`` count working days before the deadline and between reminders after it; 0: none.
    """

    kind = models.CharField("вид периода", max_length=12, choices=PeriodKind)
    effective_from = models.DateField("действует с")
    working_days = models.PositiveSmallIntegerField("рабочих дней после окончания периода")
    remind_before = models.PositiveSmallIntegerField("напомнить за столько рабочих дней до срока")
    remind_every = models.PositiveSmallIntegerField("после срока напоминать раз в столько рабочих дней")

    class Meta:
        verbose_name = "правило срока"
        verbose_name_plural = "правила сроков"
        ordering: ClassVar = ["kind", "-effective_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "effective_from"], name="deadline_rule_once"),
            known("kind", PeriodKind, "deadline_rule_kind"),
            models.CheckConstraint(
                condition=Q(working_days__range=(1, 120), remind_before__lte=30, remind_every__lte=30),
                name="deadline_rule_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.working_days}-й рабочий день"


class Prolongation(models.Model):
    """A deadline that was moved, by whom and why. Written once and never changed; forms sent before stay late."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="prolongations")
    before = models.DateTimeField("был")
    deadline = models.DateTimeField("стал")
    reason = models.CharField("причина", max_length=500)
    prolonged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prolonged_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "продление срока"
        verbose_name_plural = "продления срока"
        ordering: ClassVar = ["-prolonged_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(deadline__gt=F("before")), name="prolongation_forward"),
            models.CheckConstraint(condition=~Q(reason=""), name="prolongation_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.deadline:%d.%m.%Y %H:%M}"


class Reminder(models.Model):
    """A round of reminders about one period. The constraint is what keeps two workers from making it twice.

    ``day`` is the day it was due on, ``told`` how many heads it reached.
    """

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="reminders")
    day = models.DateField()
    told = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "day"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.period}, {self.day:%d.%m.%Y}: {self.told}"
