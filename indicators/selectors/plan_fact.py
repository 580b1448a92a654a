"""Plan and fact of a project: indicator × year, at the whole or at one node of the tree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from indicators.formulas import parse, to_text
from indicators.models import (
    Direction,
    Indicator,
    Measurement,
    PeriodTarget,
    ReportingPeriod,
    RolledUpValue,
    SubmissionState,
    Target,
)
from indicators.selectors.leaves import Leaf, leaves_of
from indicators.services.freezing import FIRST_GREEN, FIRST_YELLOW
from indicators.status import Assessment, Status, Thresholds, assess, mean_ratio
from organisations.models import REPORTING_KINDS, Organisation
from projects.models import Project


@dataclass(frozen=True)
class Coverage:
    """How many organisations must report, handed in, and were accepted. «412 из 430» is accepted of expected."""

    expected: int
    submitted: int
    accepted: int

    @property
    def is_full(self) -> bool:
        return self.accepted == self.expected


@dataclass(frozen=True)
class Cell:
    """One indicator in one year. ``actual`` None with ``coverage.accepted`` above 0 is «не определено».

    ``period`` is the one that the actual was taken from, ``as_of`` its last day, ``computed_at`` when it was rolled up.
    All three are None for a year that nobody was asked about. ``target`` None: not planned.
    """

    year: int
    target: Decimal | None
    actual: Decimal | None
    assessment: Assessment
    coverage: Coverage | None = None
    period: ReportingPeriod | None = None
    computed_at: dt.datetime | None = None

    @property
    def status(self) -> Status:
        return self.assessment.status

    @property
    def ratio(self) -> Decimal | None:
        return self.assessment.ratio

    @property
    def as_of(self) -> dt.date | None:
        return self.period.end if self.period else None


@dataclass(frozen=True)
class Row:
    """``formula`` is how people read it, empty where nothing is computed (a heading, or not agreed yet)."""

    indicator: Indicator
    formula: str
    cells: tuple[Cell, ...]

    @property
    def is_planned(self) -> bool:
        """Whether some year has a target; a heading over sub-indicators has none."""
        return any(cell.target is not None for cell in self.cells)

    @property
    def mean_ratio(self) -> Decimal | None:
        """Mean of the years, each capped at 100 %."""
        return mean_ratio(cell.ratio for cell in self.cells)


@dataclass(frozen=True)
class PlanFact:
    node: Organisation
    years: tuple[int, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Actual:
    """What was measured at a node: rolled up, or computed for one organisation."""

    value: Decimal | None
    coverage: Coverage
    computed_at: dt.datetime | None = None


def plan_fact(project: Project, user: Any, organisation: Organisation | None = None) -> PlanFact:
    """Plan and fact of every indicator for every year that the passport or a period names.

    ``organisation``: a node below the project's territory, or an organisation that reports; the whole unless given.
    The figures of an organisation are seen by those who may read its forms, nobody else gets them. A constant number
    of queries. Which period stands for a year is decided at the whole (:func:`periods_of_years`), so that a figure and
    those it consists of are always of one period.
    """
    node = organisation or project.territory
    indicators = list(Indicator.objects.filter(project=project).current().select_related("formula"))
    chosen = periods_of_years(indicators, project.territory_id)
    actuals = _actuals(list(chosen.values()), node, user)
    targets = _targets(indicators, chosen, node, whole=node.pk == project.territory_id)
    years = tuple(sorted({year for _, year in targets} | {year for _, year in chosen}))
    rows = tuple(
        Row(row, _formula_text(row), tuple(_cell(row, year, targets, chosen, actuals) for year in years))
        for row in indicators
    )
    return PlanFact(node, years, rows)


_Chosen = dict[tuple[int, int], Measurement]
"""By indicator and year."""


def periods_of_years(indicators: Sequence[Indicator], territory_id: int) -> _Chosen:
    """The measurement that stands for each indicator and year: the latest period in which anything was accepted.

    Of two that end on one day the longer one; where nothing was accepted yet the latest. Two queries.
    """
    accepted = {
        (indicator, period): count
        for indicator, period, count in RolledUpValue.objects.filter(
            indicator__in=indicators, organisation=territory_id
        ).values_list("indicator_id", "period_id", "accepted")
    }
    best: _Chosen = {}
    rank: dict[tuple[int, int], tuple[bool, dt.date, int]] = {}
    for row in Measurement.objects.filter(indicator__in=indicators).select_related("period"):
        key = (row.indicator_id, row.period.year)
        reported = accepted.get((row.indicator_id, row.period_id), 0) > 0
        own = (reported, row.period.end, -row.period.start.toordinal())
        if key not in best or own > rank[key]:
            best[key], rank[key] = row, own
    return best


def rolled_up(measurements: Iterable[Measurement], organisation_ids: Iterable[int]) -> dict[tuple[int, int], Actual]:
    """Rolled-up values by (measurement, node). One query."""
    by_key = {(row.indicator_id, row.period_id): row.pk for row in measurements}
    values = RolledUpValue.objects.filter(
        indicator__in={indicator for indicator, _ in by_key},
        period__in={period for _, period in by_key},
        organisation__in=list(organisation_ids),
    )
    return {
        (by_key[value.indicator_id, value.period_id], value.organisation_id): Actual(
            value.value, Coverage(value.expected, value.submitted, value.accepted), value.computed_at
        )
        for value in values
        if (value.indicator_id, value.period_id) in by_key
    }


def actual_of(leaf: Leaf) -> Actual:
    """One organisation: itself expected, and accepted or not."""
    handed_in = leaf.submission.state in {SubmissionState.SUBMITTED, SubmissionState.ACCEPTED}
    return Actual(leaf.value, Coverage(1, int(handed_in), int(leaf.accepted)), leaf.submission.reviewed_at)


def assessed(measurement: Measurement, target: Decimal | None, actual: Actual | None) -> Assessment:
    """The status of a measured value by what its period froze."""
    deadline = timezone.localdate(measurement.period.deadline)
    return assess(
        target=target,
        actual=actual.value if actual else None,
        decreasing=measurement.direction == Direction.DECREASING,
        thresholds=Thresholds(measurement.green, measurement.yellow),
        due=max(deadline, dt.date(measurement.period.year, 12, 31)),
        today=timezone.localdate(),
        reported=bool(actual and actual.coverage.accepted),
    )


def _actuals(measurements: list[Measurement], node: Organisation, user: Any) -> dict[int, Actual]:
    """Values at one node by measurement."""
    if node.kind not in REPORTING_KINDS:
        return {key[0]: actual for key, actual in rolled_up(measurements, [node.pk]).items()}
    if not measurements or not Organisation.objects.visible_to(user).filter(pk=node.pk).exists():
        return {}
    return {key[0]: actual_of(leaf) for key, leaf in leaves_of(measurements, [node.pk]).items()}


_Targets = dict[tuple[int, int], Decimal | None]
"""By indicator and year."""


def _targets(indicators: list[Indicator], chosen: _Chosen, node: Organisation, *, whole: bool) -> _Targets:
    """Targets of the passport in force, and for years that were measured those frozen when the period was opened."""
    organisation_id = None if whole else node.pk
    rows = Target.objects.filter(indicator__in=indicators, organisation=organisation_id)
    found: _Targets = {(row.indicator_id, row.year): row.value for row in rows}
    frozen = PeriodTarget.objects.filter(measurement__in=list(chosen.values()), organisation=organisation_id)
    values = dict(frozen.values_list("measurement_id", "value"))
    for key, measurement in chosen.items():
        if measurement.pk in values:
            found[key] = values[measurement.pk]
        else:
            found.pop(key, None)
    return found


def _cell(row: Indicator, year: int, targets: _Targets, chosen: _Chosen, actuals: dict[int, Actual]) -> Cell:
    target = targets.get((row.pk, year))
    measurement = chosen.get((row.pk, year))
    if measurement is None:
        return Cell(year, target, None, _not_measured(row, year, target))
    actual = actuals.get(measurement.pk)
    return Cell(
        year,
        target,
        actual.value if actual else None,
        assessed(measurement, target, actual),
        actual.coverage if actual else None,
        measurement.period,
        actual.computed_at if actual else None,
    )


def _not_measured(row: Indicator, year: int, target: Decimal | None) -> Assessment:
    return assess(
        target=target,
        actual=None,
        decreasing=row.direction == Direction.DECREASING,
        thresholds=Thresholds(FIRST_GREEN, FIRST_YELLOW),
        due=dt.date(year, 12, 31),
        today=timezone.localdate(),
    )


def _formula_text(row: Indicator) -> str:
    formula = getattr(row, "formula", None)
    return to_text(parse(formula.text)) if formula else ""


def by_status(rows: Iterable[Row], year: int) -> dict[Status, int]:
    """How many indicators stand where in one year; those not planned are left out."""
    counts: dict[Status, int] = defaultdict(int)
    for row in rows:
        for cell in row.cells:
            if cell.year == year and cell.status is not Status.NOT_PLANNED:
                counts[cell.status] += 1
    return dict(counts)
