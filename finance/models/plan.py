"""Section 4 of the passport in force: lines of money by result and source, with the planned amount of each year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from projects.models import ProjectedRow, Result


class Source(models.TextChoices):
    FEDERAL = "federal", "Федеральный бюджет"
    STATE_FUNDS = "state_funds", "Государственные внебюджетные фонды"
    REGIONAL = "regional", "Региональный бюджет"
    MUNICIPAL = "municipal", "Муниципальные бюджеты"
    EXTRABUDGETARY = "extrabudgetary", "Внебюджетные источники"
    TRANSFERS = "transfers", "из них межбюджетные трансферты"


class FinanceLine(ProjectedRow):
    """A line in document order. Headings, results and totals have no source; transfers are a part of the line above.

    Money is kept in roubles, whatever unit the document was written in, so that no order of magnitude can slip.
    """

    source = models.CharField("источник", max_length=20, choices=Source, null=True)
    code = models.TextField("КБК", blank=True)
    note = models.TextField("примечание", blank=True)
    total = models.DecimalField("всего, рублей", max_digits=24, decimal_places=4, null=True)
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="finance_lines")

    class Meta(ProjectedRow.Meta):
        verbose_name = "строка финансирования"
        verbose_name_plural = "строки финансирования"


class PlannedAmount(models.Model):
    """What a line plans for one year, in roubles."""

    line = models.ForeignKey(FinanceLine, models.CASCADE, related_name="amounts")
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=24, decimal_places=4)

    class Meta:
        verbose_name = "плановая сумма"
        verbose_name_plural = "плановые суммы"
        ordering: ClassVar = ["line", "year"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["line", "year"], name="planned_amount_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"
