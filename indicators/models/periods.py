"""A reporting period and what opening it freezes: who reports, where they stand, what is asked and how it counts.

The forms, the roll-up and plan/fact of a period read these tables and never the live catalogue or the live tree. So a
school that moves or closes, or a formula that is written anew, changes no figure of a period that was opened before.
"""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from indicators.models.catalogue import (
    BaseIndicator,
    BaseIndicatorKind,
    Direction,
    EvidenceRule,
    Indicator,
    OverOrganisations,
    OverTime,
)
from indicators.models.fields import ExactDecimalField, known
from indicators.querysets import PeriodQuerySet
from organisations.models import Organisation, OrganisationKind
from projects.models import Project


class PeriodKind(models.TextChoices):
    MONTH = "month", "Месяц"
    QUARTER = "quarter", "Квартал"
    HALF_YEAR = "half_year", "Полугодие"
    NINE_MONTHS = "nine_months", "Девять месяцев"
    YEAR = "year", "Год"


PERIODS_IN_YEAR = {"month": 12, "quarter": 4, "half_year": 2, "nine_months": 1, "year": 1}
_MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV")


# The database itself refuses to change a row that opening a period froze.
frozen = pgtrigger.register(pgtrigger.Protect(name="frozen", operation=pgtrigger.Update))
# And neither to change nor to delete what is told of the past.
append_only = pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))


class PeriodState(models.TextChoices):
    OPEN = "open", "Открыт"
    CLOSED = "closed", "Закрыт"


@pghistory.track()
class ReportingPeriod(models.Model):
    """A period for which organisations report, region-wide: one form for each organisation, over all its projects.

    States: ``open`` → ``closed``. After the deadline a submission is still possible, marked late, until the period is
    closed. Periods of one kind never overlap: the database refuses it (constraint ``period_no_overlap``, written in
    SQL because an exclusion over a word needs an extension that the embedded server lacks).
    """

    kind = models.CharField("вид", max_length=12, choices=PeriodKind)
    year = models.PositiveSmallIntegerField("год")
    number = models.PositiveSmallIntegerField("номер в году")
    start = models.DateField("начало")
    end = models.DateField("окончание")
    deadline = models.DateTimeField("срок сдачи")
    state = models.CharField("состояние", max_length=10, choices=PeriodState, default=PeriodState.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "отчётный период"
        verbose_name_plural = "отчётные периоды"
        ordering: ClassVar = ["-end", "-start", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "year", "number"], name="period_once"),
            known("kind", PeriodKind, "period_kind"),
            models.CheckConstraint(
                condition=Q(kind="month", number__range=(1, 12))
                | Q(kind="quarter", number__range=(1, 4))
                | Q(kind="half_year", number__range=(1, 2))
                | Q(kind__in=["nine_months", "year"], number=1),
                name="period_number",
            ),
            models.CheckConstraint(
                condition=Q(start__lte=F("end"), start__year=F("year"), end__year=F("year")), name="period_term"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | Q(state="closed", closed_at__isnull=False),
                name="period_closed",
            ),
        ]

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return f"{_MONTHS[self.number - 1]} {self.year} г."
            case PeriodKind.QUARTER:
                return f"{_ROMAN[self.number - 1]} квартал {self.year} г."
            case PeriodKind.HALF_YEAR:
                return f"{_ROMAN[self.number - 1]} полугодие {self.year} г."
            case PeriodKind.NINE_MONTHS:
                return f"9 месяцев {self.year} г."
            case _:
                return f"{self.year} год"

    @property
    def is_open(self) -> bool:
        return self.state == PeriodState.OPEN


class PeriodProject(models.Model):
    """A project for which a period is open, the node its figures are totalled at, and what it asks."""

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="projects")
    project = models.ForeignKey(Project, models.PROTECT, related_name="periods")
    territory = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    territory_path = models.CharField(max_length=200)
    questions: models.ManyToManyField[Question, models.Model] = models.ManyToManyField(
        "Question", related_name="projects"
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "project"], name="period_project_once")]

    def __str__(self) -> str:
        return f"{self.project}, {self.period}"


@pghistory.track()
class ReviewRoute(models.Model):
    """How the forms of a project are reviewed: by the ministry alone, or by the municipality first.

    Opening a period freezes it in each form (``Submission.levels``): two where one project of the form wants two.
    """

    project = models.OneToOneField(Project, models.CASCADE, related_name="review_route")
    municipality_first = models.BooleanField("сначала проверяет муниципалитет", default=False)

    def __str__(self) -> str:
        return "муниципалитет, затем министерство" if self.municipality_first else "министерство"


@append_only
class PeriodReopening(models.Model):
    """A correction of a closed period, or of an earlier one whose figures it adds up over the year.

    What it came to before stays as its version ``number`` (``PastValue``).
    """

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reopenings")
    number = models.PositiveIntegerField()
    reason = models.TextField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["period", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "number"], name="period_reopening_once"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(reason=""), name="period_reopening_told"),
        ]

    def __str__(self) -> str:
        return f"{self.period}: версия {self.number}"


class RosterGroup(models.Model):
    """The organisations that must report for exactly these projects.

    A roster kept as a row for each project and organisation would multiply every figure in the roll-up by the number
    of projects that share it. Organisations fall into a few groups instead; figures are summed once within a group,
    and only the sums are handed to the group's projects. ``key`` is the sorted list of project ids.
    """

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="roster_groups")
    key = models.TextField()
    projects = models.ManyToManyField(PeriodProject, related_name="roster_groups")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "key"], name="roster_group_once")]

    def __str__(self) -> str:
        return self.key


@frozen
class PeriodOrganisation(models.Model):
    """An organisation as it stood when the period was opened.

    ``roster_group`` says for which projects it must report; None: it reports nothing (a region, a municipality, a
    school that no project concerns). ``path`` is the one of :class:`organisations.models.Organisation` on that day.
    """

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="organisations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="places")
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    path = models.CharField(max_length=200)
    depth = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.TextField()
    short_name = models.TextField()
    sort_key = models.TextField()
    roster_group = models.ForeignKey(RosterGroup, models.PROTECT, null=True, related_name="organisations")

    class Meta:
        ordering: ClassVar = ["sort_key", "organisation_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "organisation"],
                include=["parent", "roster_group", "kind"],  # the roll-up needs no more, and reads the index alone
                name="period_organisation_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["period", "path"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="period_organisation_path",
            ),
            models.Index(fields=["period", "parent"], name="period_organisation_parent"),
            models.Index(fields=["period", "sort_key"], name="period_organisation_by_name"),
        ]

    def __str__(self) -> str:
        return self.short_name


@frozen
class Question(models.Model):
    """A base indicator as it is asked in a period, its rules frozen. Asked once, however many projects need it."""

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="questions")
    base_indicator = models.ForeignKey(BaseIndicator, models.PROTECT, related_name="questions")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    name = models.TextField()
    kind = models.CharField(max_length=10, choices=BaseIndicatorKind)
    unit = models.CharField(max_length=100, blank=True)
    okei = models.CharField(max_length=4, blank=True)
    hint = models.TextField(blank=True)
    evidence = models.CharField(max_length=10, choices=EvidenceRule, default=EvidenceRule.NONE)
    minimum = ExactDecimalField(null=True)
    maximum = ExactDecimalField(null=True)
    over_organisations = models.CharField(max_length=20, choices=OverOrganisations)
    over_time = models.CharField(max_length=12, choices=OverTime)
    weight = models.ForeignKey(BaseIndicator, models.PROTECT, null=True, related_name="+")
    not_above = models.ForeignKey(BaseIndicator, models.PROTECT, null=True, related_name="+")
    may_not_apply = models.BooleanField(default=False)
    kinds = ArrayField(models.CharField(max_length=20, choices=OrganisationKind), default=list)

    class Meta:
        ordering: ClassVar = ["period", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "base_indicator"], name="question_once"),
            models.UniqueConstraint(fields=["period", "code"], name="question_code_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_asked_of(self, kind: str) -> bool:
        """Whether organisations of this kind report it."""
        return not self.kinds or kind in self.kinds


@frozen
class Measurement(models.Model):
    """An indicator as it is computed in a period: formula, direction, thresholds and wording frozen.

    ``kinds`` are the kinds of organisation it concerns, those that are asked for one of its operands; empty means
    everybody on the project's roster. Only they are in its coverage and in ``organisations`` and ``expected`` of its
    formula: a share of schools is over schools, although colleges report other figures of the same project.
    """

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="measurements")
    project = models.ForeignKey(PeriodProject, models.CASCADE, related_name="measurements")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements")
    number = models.TextField(blank=True)
    name = models.TextField(blank=True)
    unit = models.TextField(blank=True)
    direction = models.CharField(max_length=10, choices=Direction)
    formula = models.CharField(max_length=1000)
    operands = models.ManyToManyField(Question, related_name="measurements")
    kinds = ArrayField(models.CharField(max_length=20, choices=OrganisationKind), default=list)
    green = ExactDecimalField()
    yellow = ExactDecimalField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "indicator"], name="measurement_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    def concerns(self, kind: str) -> bool:
        """Whether organisations of this kind, where they are on the roster, count for it."""
        return not self.kinds or kind in self.kinds


@frozen
class PeriodTarget(models.Model):
    """The target of the period's year as it stood at opening: of the whole (no organisation) or of one node."""

    measurement = models.ForeignKey(Measurement, models.CASCADE, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    value = ExactDecimalField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measurement", "organisation"], nulls_distinct=False, name="period_target_once"
            ),
        ]

    def __str__(self) -> str:
        return "-" if self.value is None else str(self.value)
