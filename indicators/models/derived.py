"""What follows from accepted forms. Each table has one writer and can be made again to the same values."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from indicators.models.catalogue import BaseIndicator, Indicator
from indicators.models.fields import ExactDecimalField, bounded
from indicators.models.periods import PeriodReopening, ReportingPeriod, RosterGroup, append_only, frozen
from indicators.models.submissions import Submission
from indicators.querysets import RolledUpValueQuerySet
from organisations.models import Organisation


@frozen
class Fact(models.Model):
    """An accepted figure of one organisation for one period. Written when its form is accepted, and never changed: a
    reopening withdraws it, and :class:`indicators.models.Acceptance` keeps what it was.

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


class NodeParts(models.Model):
    """What the totals of a node are folded from: the sums over the organisations below it that are on the rosters of
    the same projects, so that a change at one organisation reads its neighbours and not the country.

    One row holds a whole group, because a row for each figure takes several times as long to write. Two tables stand
    side by side in it as parallel arrays: by base indicator (``total`` of the values, or of values by weights; the
    number of ``reporters``; total ``weight``; ``least`` and ``greatest``), and by kind of organisation its coverage.
    Written by :mod:`indicators.rollup` alone.
    """

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    roster_group = models.ForeignKey(RosterGroup, models.CASCADE, related_name="+", db_index=False)
    base_indicators = ArrayField(models.BigIntegerField())
    total = ArrayField(ExactDecimalField())
    reporters = ArrayField(models.BigIntegerField())
    weight = ArrayField(ExactDecimalField(null=True))
    least = ArrayField(ExactDecimalField(null=True))
    greatest = ArrayField(ExactDecimalField(null=True))
    kinds = ArrayField(models.CharField(max_length=20))
    expected = ArrayField(models.BigIntegerField())
    submitted = ArrayField(models.BigIntegerField())
    accepted = ArrayField(models.BigIntegerField())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "organisation", "roster_group"], name="node_parts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.roster_group}"


class RollUpMark(models.Model):
    """Something changed that the totals above one organisation (None: all of the period) depend on.

    Written in the transaction of the change, never joined with another one's, so writers do not wait for one another;
    taken by the roll-up of the period. No foreign keys, because they would lock what they point at.
    """

    period_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["period_id"], name="roll_up_mark_period")]

    def __str__(self) -> str:
        return f"{self.period_id}: {self.organisation_id or 'all'}"


class RollUpAudit(models.Model):
    """One nightly comparison of what is kept with what accepted facts come to. It reports and repairs nothing.

    ``differences`` counts all; ``listed`` describes the first of them: period, organisation, indicator (None: the parts
    of a node), what is «kept» and what is «right», None where there is nothing.
    """

    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    periods = models.PositiveIntegerField(default=0)
    compared = models.PositiveBigIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    listed = models.JSONField(default=list)

    class Meta:
        verbose_name = "сверка сводов"
        verbose_name_plural = "сверки сводов"
        ordering: ClassVar = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%d.%m.%Y}: {self.differences}"


@append_only
class PastValue(models.Model):
    """What an indicator came to at a node before a closed period was opened for correction."""

    reopening = models.ForeignKey(PeriodReopening, models.PROTECT, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    value = ExactDecimalField(null=True)
    operands = models.JSONField(default=dict)
    expected = models.PositiveIntegerField()
    submitted = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = "прежнее значение показателя"
        verbose_name_plural = "прежние значения показателей"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reopening", "indicator", "organisation"], name="past_value_once"),
        ]

    def __str__(self) -> str:
        return "не определено" if self.value is None else str(self.value)
