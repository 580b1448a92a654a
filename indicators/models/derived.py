"""What follows from accepted forms. Each table has one writer and can be made again to the same values."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from indicators.models.catalogue import BaseIndicator, Indicator
from indicators.models.fields import ExactDecimalField, bounded
from indicators.models.periods import ReportingPeriod, frozen
from indicators.models.submissions import Submission
from indicators.querysets import RolledUpValueQuerySet
from organisations.models import Organisation


@frozen
class Fact(models.Model):
    """An accepted figure of one organisation for one period. Written when its form is accepted, and never changed.

    A question answered «not applicable» makes no fact: it is not a zero. Period and organisation repeat those of the
    form because the roll-up reads millions of these rows; its index holds everything that it needs.
    """

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    base_indicator = models.ForeignKey(BaseIndicator, models.PROTECT, related_name="+", db_index=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="facts", db_index=False)
    value = ExactDecimalField()

    class Meta:
        verbose_name = "принятое значение"
        verbose_name_plural = "принятые значения"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "base_indicator", "organisation"], include=["value"], name="fact_once"
            ),
            bounded("value", "fact_bounds"),
        ]

    def __str__(self) -> str:
        return str(self.value)


class RolledUpValue(models.Model):
    """The value of an indicator at a node of the tree (a municipality, a region) for a period, with its coverage.

    ``value`` None is «не определено». ``operands`` holds what the formula was given: each base indicator totalled
    over the accepted organisations below the node, a decimal as text; one that nobody reported is absent.
    Written by :mod:`indicators.rollup` alone. ``computed_at``: when it last became what it is.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="values", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    value = ExactDecimalField(null=True)
    operands = models.JSONField(default=dict)
    expected = models.PositiveIntegerField()
    submitted = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    computed_at = models.DateTimeField(db_default=Now())

    objects = RolledUpValueQuerySet.as_manager()

    class Meta:
        verbose_name = "значение показателя"
        verbose_name_plural = "значения показателей"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "indicator", "organisation"], name="rolled_up_value_once"),
            models.CheckConstraint(
                condition=Q(accepted__lte=F("submitted"), submitted__lte=F("expected")), name="rolled_up_value_coverage"
            ),
        ]

    def __str__(self) -> str:
        return "не определено" if self.value is None else str(self.value)
