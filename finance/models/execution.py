"""What was contracted and executed of a line, as of a date, and the workbooks that such figures come from."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear, Now

from finance.models.plan import FinanceLine
from jobs.models import StoredFile
from projects.models import Project
from projects.querysets import OfProjectQuerySet

LIMIT = Decimal(10) ** 15
"""A quadrillion roubles: what is this large is a slip of the finger."""

MOST_KOPECKS = 2


class Unit(models.TextChoices):
    """What money is typed and shown in. It is always kept in roubles."""

    ROUBLE = "rouble", "рублей"
    THOUSAND = "thousand", "тыс. рублей"
    MILLION = "million", "млн рублей"

    @property
    def power(self) -> int:
        """How many digits a sum of roubles is longer."""
        return {"rouble": 0, "thousand": 3, "million": 6}[self.value]

    @property
    def inside(self) -> str:
        return {"rouble": "в рублях", "thousand": "в тысячах рублей", "million": "в миллионах рублей"}[self.value]


def _bounded(field: str) -> models.CheckConstraint:
    """Refuse NaN too, which sorts above every number."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__gt": -LIMIT, f"{field}__lt": LIMIT}) | Q(**{field: None}),
        name=f"execution_{field}_bounds",
    )


@pghistory.track()
class ExecutionEntry(models.Model):
    """A line of money as of a date: contracted and executed, each cumulative from the start of the year, in roubles.

    A correction changes the row and raises its ``version``; what it said before stays in its history. None is «not
    said», which is not 0; where both are None the entry was withdrawn, and ``explanation`` says why. A negative
    execution is money that was returned. It hangs on the line's own row, so that it survives every redaction.
    """

    line = models.ForeignKey(FinanceLine, models.PROTECT, related_name="entries", db_index=False)
    year = models.PositiveSmallIntegerField("год")
    as_of = models.DateField("на дату")
    contracted = models.DecimalField("законтрактовано, рублей", max_digits=18, decimal_places=MOST_KOPECKS, null=True)
    executed = models.DecimalField("исполнено, рублей", max_digits=18, decimal_places=MOST_KOPECKS, null=True)
    explanation = models.TextField("пояснение", blank=True)
    load = models.ForeignKey("finance.ExecutionLoad", models.PROTECT, null=True, related_name="entries")
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "сведения об исполнении"
        verbose_name_plural = "сведения об исполнении"
        ordering: ClassVar = ["line", "as_of"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "as_of"], name="execution_entry_once"),
            models.CheckConstraint(
                condition=Q(year=ExtractYear("as_of"), year__range=(1990, 2199)), name="execution_year_of_date"
            ),
            models.CheckConstraint(
                condition=Q(executed__isnull=False) | Q(contracted__isnull=False) | ~Q(explanation=""),
                name="execution_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(contracted=None) | Q(contracted__gte=0), name="execution_contracted_sign"
            ),
            _bounded("contracted"),
            _bounded("executed"),
        ]
        indexes: ClassVar = [models.Index(fields=["line", "year", "-as_of"], name="execution_latest")]

    def __str__(self) -> str:
        return f"на {self.as_of:%d.%m.%Y}: {self.executed}"

    @property
    def is_withdrawn(self) -> bool:
        return self.executed is None and self.contracted is None


@pghistory.track()
class ExecutionLoad(models.Model):
    """A workbook with execution as of a date, kept until somebody decides on it.

    States: ``ready`` → ``applied`` | ``dropped``. ``cells`` are what was typed by the row ids of lines, as strings in
    the ``unit`` of the workbook; what they would change is computed anew whenever it is looked at.
    """

    class State(models.TextChoices):
        READY = "ready", "Ждёт решения"
        APPLIED = "applied", "Внесена"
        DROPPED = "dropped", "Отменена"

    project = models.ForeignKey(Project, models.PROTECT, related_name="execution_loads")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    as_of = models.DateField("на дату")
    unit = models.CharField("единица", max_length=10, choices=Unit)
    cells = models.JSONField()
    state = models.CharField("состояние", max_length=10, choices=State, default=State.READY)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка исполнения"
        verbose_name_plural = "загрузки исполнения"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="ready", decided_at=None)
                | Q(state__in=["applied", "dropped"], decided_at__isnull=False),
                name="execution_load_decided",
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="execution_load_unit"),
        ]

    def __str__(self) -> str:
        return f"Исполнение из файла «{self.file.name}»"
