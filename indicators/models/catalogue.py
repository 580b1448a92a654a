"""What is agreed before anybody reports: indicators, their targets, base indicators, formulas, thresholds."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from indicators.models.fields import ExactDecimalField, bounded, known
from indicators.querysets import BaseIndicatorQuerySet
from organisations.models import Organisation, OrganisationKind
from projects.models import ProjectedRow, Result


class IndicatorKind(models.TextChoices):
    MAIN = "main", "Основной"
    ADDITIONAL = "additional", "Дополнительный"


class Direction(models.TextChoices):
    INCREASING = "increasing", "Рост — хорошо"
    DECREASING = "decreasing", "Снижение — хорошо"


class Indicator(ProjectedRow):
    """An indicator of the passport in force, with its methodology: a projection, rebuilt by ``indicators.section``.

    The formula in words («formula_wording») is what the passport says; what is computed is :class:`IndicatorFormula`.

    A result with yearly values is measured just as an indicator is. It has a row here too, its yardstick: ``result``
    names it, ``row_id`` is the result's. Lists of indicators leave these rows out, or show them apart.
    """

    result = models.OneToOneField(Result, models.PROTECT, null=True, related_name="yardstick")
    unit = models.TextField("единица", blank=True)
    kind = models.CharField("вид", max_length=10, choices=IndicatorKind, null=True)
    direction = models.CharField("направление", max_length=10, choices=Direction, null=True)
    federal_name = models.TextField("показатель федерального проекта", blank=True)
    base_value = ExactDecimalField("базовое значение", null=True)
    base_date = models.DateField("дата базового значения", null=True)
    formula_wording = models.TextField("формула словами", blank=True)
    base_indicators_wording = models.TextField("базовые показатели словами", blank=True)
    data_source = models.TextField("источник данных", blank=True)
    collector = models.TextField("кто собирает", blank=True)
    aggregation = models.TextField("уровень агрегирования", blank=True)
    schedule = models.TextField("периодичность", blank=True)
    methodology_note = models.TextField("дополнительно", blank=True)

    class Meta(ProjectedRow.Meta):
        verbose_name = "показатель"
        verbose_name_plural = "показатели"


@pghistory.track()
class ResultUnit(models.Model):
    """The unit that a result is measured in, as the ministry said it where the passport names none."""

    result = models.OneToOneField(Result, models.CASCADE, related_name="+")
    unit = models.CharField("единица", max_length=100)

    class Meta:
        verbose_name = "единица результата"
        verbose_name_plural = "единицы результатов"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(unit=""), name="result_unit_said")]

    def __str__(self) -> str:
        return self.unit


class Target(models.Model):
    """The target of an indicator for a year: of the whole project (no organisation), or a row of the breakdown.

    ``value`` None is «-»: not planned for that year, which is not 0. No row: the passport does not name the year.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    value = ExactDecimalField(null=True)

    class Meta:
        verbose_name = "целевое значение"
        verbose_name_plural = "целевые значения"
        ordering: ClassVar = ["indicator", "organisation", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "organisation", "year"], nulls_distinct=False, name="target_once"
            ),
            models.CheckConstraint(condition=Q(year__range=(1990, 2199)), name="target_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {'-' if self.value is None else self.value}"


class BaseIndicatorKind(models.TextChoices):
    INTEGER = "integer", "Целое число"
    DECIMAL = "decimal", "Число"
    BOOLEAN = "boolean", "Да или нет"


class EvidenceRule(models.TextChoices):
    """Whether a figure wants a file that proves it."""

    NONE = "none", "Не нужно"
    WELCOME = "welcome", "Можно приложить"
    REQUIRED = "required", "Обязательно"


class OverOrganisations(models.TextChoices):
    """How the figures of several organisations become one. Averages are taken from the leaves."""

    SUM = "sum", "Сумма"
    AVERAGE = "average", "Среднее по отчитавшимся"
    WEIGHTED_AVERAGE = "weighted_average", "Средневзвешенное"
    MINIMUM = "minimum", "Наименьшее"
    MAXIMUM = "maximum", "Наибольшее"
    COUNT_YES = "count_yes", "Число ответов «да»"


class OverTime(models.TextChoices):
    """How the figures of one organisation over the periods of a year become one."""

    SNAPSHOT = "snapshot", "На дату: берётся последнее за год"
    FLOW = "flow", "За период: складывается за год"
    CUMULATIVE = "cumulative", "Нарастающим итогом: берётся последнее"
    AVERAGE = "average", "Среднее за периоды года"


@pghistory.track()
class BaseIndicator(models.Model):
    """What an organisation counts: a figure, or yes/no (kept as 1 and 0). One catalogue for the whole region.

    ``code`` is its name in formulas. ``kinds`` are the kinds of organisation that report it; empty means all.
    ``minimum`` is 0 unless the ministry says otherwise: most things are counted.
    ``not_above`` names the figure of the same form that this one cannot exceed: a part and its whole.
    ``okei`` is the code of the unit in the All-Russian Classifier of Units of Measurement, where it has one.
    An archived one is in no new formula; formulas, questions and facts that have it keep it.
    """

    code = models.CharField("имя в формуле", max_length=60, unique=True)
    name = models.TextField("что считается")
    kind = models.CharField("вид ответа", max_length=10, choices=BaseIndicatorKind)
    unit = models.CharField("единица", max_length=100, blank=True)
    okei = models.CharField("код ОКЕИ", max_length=4, blank=True)
    hint = models.TextField("подсказка", blank=True)
    evidence = models.CharField("подтверждение", max_length=10, choices=EvidenceRule, default=EvidenceRule.NONE)
    minimum = ExactDecimalField("не меньше", null=True, blank=True, default=0)
    maximum = ExactDecimalField("не больше", null=True, blank=True)
    over_organisations = models.CharField("по организациям", max_length=20, choices=OverOrganisations)
    over_time = models.CharField("по времени", max_length=12, choices=OverTime)
    weight = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="вес")
    not_above = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="не больше показателя"
    )
    may_not_apply = models.BooleanField("бывает неприменим", default=False)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=OrganisationKind), default=list, blank=True, verbose_name="кто считает"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BaseIndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "базовый показатель"
        verbose_name_plural = "базовые показатели"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z_][a-z0-9_]*$")
                & ~Q(code__in=["organisations", "expected", "min", "max", "round"]),
                name="base_indicator_code",
                violation_error_message="Имя: строчные латинские буквы, цифры и «_», и не слово языка формул.",
            ),
            known("kind", BaseIndicatorKind, "base_indicator_kind"),
            known("evidence", EvidenceRule, "base_indicator_evidence"),
            models.CheckConstraint(condition=Q(okei__regex=r"^([0-9]{3,4})?$"), name="base_indicator_okei"),
            known("over_organisations", OverOrganisations, "base_indicator_over_organisations"),
            known("over_time", OverTime, "base_indicator_over_time"),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(minimum__lte=F("maximum")),
                name="base_indicator_bounds_order",
                violation_error_message="Наименьшее значение больше наибольшего.",
            ),
            bounded("minimum", "base_indicator_minimum"),
            bounded("maximum", "base_indicator_maximum"),
            models.CheckConstraint(
                condition=Q(over_organisations="weighted_average", weight__isnull=False)
                | (~Q(over_organisations="weighted_average") & Q(weight=None)),
                name="base_indicator_weight",
                violation_error_message="Вес нужен средневзвешенному, и только ему.",
            ),
            models.CheckConstraint(
                condition=Q(kind="boolean", over_organisations="count_yes", over_time__in=["snapshot", "cumulative"])
                | (~Q(kind="boolean") & ~Q(over_organisations="count_yes")),
                name="base_indicator_yes_is_counted",
                violation_error_message="«Да» считают по организациям, по времени берут последнее; у чисел «да» нет.",
            ),
            models.CheckConstraint(
                condition=(Q(weight=None) | ~Q(weight=F("id"))) & (Q(not_above=None) | ~Q(not_above=F("id"))),
                name="base_indicator_not_its_own_measure",
                violation_error_message="Показатель не может быть весом или пределом самому себе.",
            ),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=["school", "kindergarten", "college", "centre"]),
                name="base_indicator_kinds",
                violation_error_message="Отчитываются только школы, детские сады, колледжи и центры.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class IndicatorFormula(models.Model):
    """How an indicator is computed from base indicators, as the ministry wrote it. One for an indicator."""

    indicator = models.OneToOneField(Indicator, models.PROTECT, related_name="formula")
    text = models.CharField("формула", max_length=1000)
    operands = models.ManyToManyField(BaseIndicator, related_name="formulas")
    written_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "формула показателя"
        verbose_name_plural = "формулы показателей"

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class Threshold(models.Model):
    """From which share of the target on a deviation is none (green) or not critical (yellow), in percent.

    The one with the latest date of effect not after the period's end holds; opening a period freezes it.
    """

    effective_from = models.DateField("действует с", unique=True)
    green = ExactDecimalField("без отклонений от, %")
    yellow = ExactDecimalField("отклонение не критическое от, %")

    class Meta:
        verbose_name = "пороги отклонений"
        verbose_name_plural = "пороги отклонений"
        ordering: ClassVar = ["-effective_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(yellow__gte=0, green__gte=F("yellow"), green__lte=1000), name="threshold_order"
            ),
        ]

    def __str__(self) -> str:
        return f"с {self.effective_from:%d.%m.%Y}: {self.green} / {self.yellow}"
