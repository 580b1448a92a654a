"""Days that the project office itself made exceptional, beside the production calendar that comes with the portal."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from organisations.querysets import ExceptionalDayQuerySet


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ExceptionalDay(models.Model):
    """A day that is not what the country's calendar says: a holiday of the region, a decree of a new year."""

    day = models.DateField("день", unique=True)
    is_working = models.BooleanField("рабочий")
    reason = models.CharField("основание", max_length=300)

    objects = ExceptionalDayQuerySet.as_manager()

    class Meta:
        verbose_name = "исключение в календаре"
        verbose_name_plural = "исключения в календаре"
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="exceptional_day_reason")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}: {'рабочий' if self.is_working else 'нерабочий'}, {self.reason}"
