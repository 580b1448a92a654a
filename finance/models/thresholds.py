"""By when how much of a year's plan is expected to be executed."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q


@pghistory.track()
class ExecutionThreshold(models.Model):
    """Shares of the year's plan expected by the end of each quarter, in percent.

    The one with the latest date of effect not after the quarter's end holds. What is executed, over what is expected,
    is no deviation from 100 % on and no critical one from ``yellow`` percent on. ``working_days`` after the quarter's
    end figures are due. Source: thresholds are settings with a date of effect (domain notes, §3).
    """

    effective_from = models.DateField("действует с", unique=True)
    first = models.DecimalField("ожидается за I квартал, %", max_digits=5, decimal_places=2)
    second = models.DecimalField("за полугодие, %", max_digits=5, decimal_places=2)
    third = models.DecimalField("за 9 месяцев, %", max_digits=5, decimal_places=2)
    fourth = models.DecimalField("за год, %", max_digits=5, decimal_places=2)
    yellow = models.DecimalField("отклонение не критическое от, % ожидаемого", max_digits=5, decimal_places=2)
    working_days = models.PositiveSmallIntegerField("рабочих дней на сведения после окончания квартала")

    class Meta:
        verbose_name = "пороги исполнения"
        verbose_name_plural = "пороги исполнения"
        ordering: ClassVar = ["-effective_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    first__gte=0,
                    second__gte=F("first"),
                    third__gte=F("second"),
                    fourth__gte=F("third"),
                    fourth__lte=100,
                ),
                name="execution_shares_rise",
            ),
            models.CheckConstraint(
                condition=Q(yellow__gte=0, yellow__lte=100, working_days__lte=120), name="execution_threshold_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"с {self.effective_from:%d.%m.%Y}"
