"""Plan and fact of a project: indicator × year, at the whole or at one node of the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from indicators.formulas import parse, to_text
from indicators.models import (
    DirectFigure,
    Direction,
    DirectKind,
    Indicator,
    Measurement,
    PeriodTarget,
    ReportingPeriod,
    RolledUpValue,
    SubmissionState,
    Target,
    Threshold,
)
from indicators.selectors.leaves import Leaf, leaves_of
from indicators.services.freezing import thresholds_on
from indicators.status import Assessment, Status, Term, Thresholds, assess, mean_ratio, term_of
from organisations.models import REPORTING_KINDS, Organisation
from organisations.prepared import Given, Prepared
from projects.models import Project

_INDICATORS = Prepared(
    lambda project: Indicator.objects.filter(project=project).current().select_related("formula", "result")
)
_MEASUREMENTS = Prepared(
    lambda indicators: Measurement.objects.filter(indicator__in=indicators.each).select_related("period")
)
_ACCEPTED = Prepared(
    lambda indicators, territory: RolledUpValue.objects.filter(
        indicator__in=indicators.each, organisation=territory
    ).values_list("indicator_id", "period_id", "accepted")
)
_ROLLED_UP = Prepared(
    lambda indicators, periods, organisations: RolledUpValue.objects.filter(
        indicator__in=indicators.each, period__in=periods.each, organisation__in=organisations.each
    ).defer("operands")
)
_DIRECT = Prepared(
    lambda indicators, node: (
        DirectFigure.objects.filter(indicator__in=indicators.each, organisation=node).in_force().select_related("file")
    )
)
_THRESHOLDS = Prepared(lambda: Threshold.objects.all())


def _targets_at(indicators: Given, node: Given | None = None) -> QuerySet[Target, tuple[int, int, Decimal | None]]:
    rows = Target.objects.filter(indicator__in=indicators.each, organisation=node)
    return rows.values_list("indicator_id", "year", "value")


def _frozen_at(measurements: Given, node: Given | None = None) -> QuerySet[PeriodTarget, tuple[int, Decimal | None]]:
    rows = PeriodTarget.objects.filter(measurement__in=measurements.each, organisation=node)
    return rows.values_list("measurement_id", "value")


# By whether they are of the whole, which no organisation stands for: that is another statement.
_TARGETS = {whole: Prepared(_targets_at) for whole in (True, False)}
_FROZEN = {whole: Prepared(_frozen_at) for whole in (True, False)}


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
    All three are None for a year that nobody was asked about; then the ministry may have entered a figure (``direct``).
    ``target`` None: not planned. ``forecast`` is a person's, with a reason; nothing here is extrapolated. ``date`` is
    the day that the target is set for.
    """

    year: int
    date: dt.date
    target: Decimal | None
    actual: Decimal | None
    assessment: Assessment
    coverage: Coverage | None = None
    period: ReportingPeriod | None = None
    computed_at: dt.datetime | None = None
    direct: DirectFigure | None = None
    forecast: DirectFigure | None = None

    @property
    def status(self) -> Status:
        return self.assessment.status

    @property
    def ratio(self) -> Decimal | None:
        return self.assessment.ratio

    @property
    def as_of(self) -> dt.date | None:
        if self.direct:
            return self.direct.as_of
        return self.period.end if self.period else None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell of the year: neither planned nor measured nor foreseen."""
        return self.target is None and not (self.coverage or self.direct or self.forecast)


@dataclass(frozen=True)
class Row:
    """``indicator`` may be the yardstick of a result. ``formula`` is how people read it.

    Without one nothing is computed: a heading over sub-indicators, or a formula not agreed yet.
    """

    indicator: Indicator
    formula: str
    cells: tuple[Cell, ...]

    @property
    def unit_beside(self) -> str:
        """The unit, where the name does not end with it already."""
        unit = self.indicator.unit
        return "" if self.indicator.name.casefold().endswith(unit.casefold()) else unit

    @property
    def is_measured(self) -> bool:
        """Whether there is a page of figures behind it."""
        return bool(self.formula) or any(not cell.is_empty for cell in self.cells)

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
    """``rows`` are the indicators and then the results, both in the order of the passport.

    ``thresholds``: of every day, the latest first, as they judge what no period measured.
    """

    node: Organisation
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    thresholds: tuple[Threshold, ...]

    @property
    def groups(self) -> list[tuple[str, tuple[Row, ...], tuple[Summary, ...]]]:
        """Indicators and results apart, with what each year comes to; a group without rows is left out."""
        parts = (
            ("Показатели", tuple(row for row in self.rows if row.indicator.result_id is None)),
            ("Результаты", tuple(row for row in self.rows if row.indicator.result_id is not None)),
        )
        return [(title, rows, tuple(summary(rows, year) for year in self.years)) for title, rows in parts if rows]


@dataclass(frozen=True)
class Summary:
    """What the rows of a group come to in one year. ``mean``: of the ratios, each capped at 100 %.

    ``missing`` (grey) counts those whose date has passed without a fact: apart, never as 0 in the mean.
    """

    mean: Decimal | None
    counted: int
    missing: int


def summary(rows: Iterable[Row], year: int) -> Summary:
    cells = [cell for row in rows for cell in row.cells if cell.year == year]
    ratios = [cell.ratio for cell in cells if cell.ratio is not None]
    missing = sum(cell.status is Status.GREY for cell in cells)
    return Summary(mean_ratio(ratios), len(ratios), missing)


@dataclass(frozen=True)
class Actual:
    """What was measured at a node: rolled up, or computed for one organisation."""

    value: Decimal | None
    coverage: Coverage
    computed_at: dt.datetime | None = None


def plan_fact(
    project: Project,
    user: Any,
    organisation: Organisation | None = None,
    *,
    until: dt.date | None = None,
    today: dt.date | None = None,
) -> PlanFact:
    """Plan and fact of every indicator for every year that the passport or a period names.

    ``until``: facts of that day and before it alone, as periods that ended and figures measured by then tell them;
    a target whose day comes later is judged as of that day, any other one as of ``today``.
    ``organisation``: a node below the project's territory, or an organisation that reports; the whole unless given.
    The figures of an organisation are seen by those who may read its forms, nobody else gets them. A constant number
    of queries. Which period stands for a year is decided at the whole (:func:`periods_of_years`), so that a figure and
    those it consists of are always of one period.
    """
    node = organisation or project.territory
    indicators = _INDICATORS.all(project.pk)
    ids = [row.pk for row in indicators]
    measurements = [row for row in _MEASUREMENTS.all(ids) if until is None or row.period.end <= until]
    chosen = periods_of_years(measurements, project.territory_id)
    found = _Found(
        chosen=chosen,
        actuals=_actuals(list(chosen.values()), node, user),
        targets=_targets(ids, chosen, node, whole=node.pk == project.territory_id),
        direct=_direct(ids, node, until),
        thresholds=tuple(_THRESHOLDS.all()),
        deadlines=last_deadlines(measurements),
        today=today or timezone.localdate(),
        until=until,
    )
    rows = tuple(
        Row(row, _formula_text(row), tuple(_cell(row, year, found) for year in found.years)) for row in indicators
    )
    return PlanFact(node, found.years, rows, found.thresholds)


@dataclass(frozen=True)
class _Found:
    """Everything that cells are made of. Keys begin with the indicator and the year."""

    chosen: _Chosen
    actuals: dict[int, Actual]
    targets: _Targets
    direct: _Direct
    thresholds: tuple[Threshold, ...]
    deadlines: dict[tuple[int, int], dt.date]
    today: dt.date
    until: dt.date | None

    def term(self, row: Indicator, year: int) -> Term:
        own = row.result.due if row.result else None
        term = term_of(year, own, deadline=self.deadlines.get((row.pk, year)), today=self.today)
        return replace(term, today=self.until) if self.until and self.until < term.date else term

    @property
    def years(self) -> tuple[int, ...]:
        years = {year for found in (self.targets, self.chosen) for _, year in found}
        return tuple(sorted(years | {year for _, year, _ in self.direct}))


_Chosen = dict[tuple[int, int], Measurement]
"""By indicator and year."""


def periods_of_years(measurements: Sequence[Measurement], territory_id: int) -> _Chosen:
    """The measurement that stands for each indicator and year: the latest period in which anything was accepted.

    Of two that end on one day the longer one; where nothing was accepted yet the latest. One query.
    """
    indicators = list({row.indicator_id for row in measurements})
    accepted = {(indicator, period): count for indicator, period, count in _ACCEPTED.all(indicators, territory_id)}
    best: _Chosen = {}
    rank: dict[tuple[int, int], tuple[bool, dt.date, int]] = {}
    for row in measurements:
        key = (row.indicator_id, row.period.year)
        reported = accepted.get((row.indicator_id, row.period_id), 0) > 0
        own = (reported, row.period.end, -row.period.start.toordinal())
        if key not in best or own > rank[key]:
            best[key], rank[key] = row, own
    return best


def last_deadlines(measurements: Iterable[Measurement]) -> dict[tuple[int, int], dt.date]:
    """Until when forms are awaited for each indicator and year: the last deadline of its periods that are open."""
    found: dict[tuple[int, int], dt.date] = {}
    for row in measurements:
        if row.period.is_open:
            key, deadline = (row.indicator_id, row.period.year), timezone.localdate(row.period.deadline)
            found[key] = max(deadline, found.get(key, deadline))
    return found


def rolled_up(measurements: Iterable[Measurement], organisation_ids: Iterable[int]) -> dict[tuple[int, int], Actual]:
    """Rolled-up values by (measurement, node). One query."""
    by_key = {(row.indicator_id, row.period_id): row.pk for row in measurements}
    indicators, periods = {indicator for indicator, _ in by_key}, {period for _, period in by_key}
    values = _ROLLED_UP.all(list(indicators), list(periods), list(organisation_ids))
    return {
        (by_key[value.indicator_id, value.period_id], value.organisation_id): Actual(
            value.value, Coverage(value.expected, value.submitted, value.accepted), value.computed_at
        )
        for value in values
        if (value.indicator_id, value.period_id) in by_key
    }


def actual_of(leaf: Leaf) -> Actual:
    """One organisation: itself expected, and accepted or not."""
    handed_in = leaf.submission.state in {SubmissionState.SUBMITTED, SubmissionState.CHECKED, SubmissionState.ACCEPTED}
    return Actual(leaf.value, Coverage(1, int(handed_in), int(leaf.accepted)), leaf.submission.reviewed_at)


def assessed(
    measurement: Measurement, target: Decimal | None, actual: Actual | None, term: Term, forecast: DirectFigure | None
) -> Assessment:
    """The status of a measured value by what its period froze."""
    return assess(
        target=target,
        actual=actual.value if actual else None,
        decreasing=measurement.direction == Direction.DECREASING,
        thresholds=Thresholds(measurement.green, measurement.yellow),
        term=term,
        as_of=measurement.period.end,
        forecast=forecast.value if forecast else None,
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


def _targets(indicators: list[int], chosen: _Chosen, node: Organisation, *, whole: bool) -> _Targets:
    """Targets of the passport in force, and for years that were measured those frozen when the period was opened."""
    place = [] if whole else [node.pk]
    found: _Targets = {(row, year): value for row, year, value in _TARGETS[whole].all(indicators, *place)}
    values = dict(_FROZEN[whole].all([row.pk for row in chosen.values()], *place))
    for key, measurement in chosen.items():
        if measurement.pk in values:
            found[key] = values[measurement.pk]
        else:
            found.pop(key, None)
    return found


_Direct = dict[tuple[int, int, str], DirectFigure]
"""By indicator, year and kind."""


def _direct(indicators: list[int], node: Organisation, until: dt.date | None) -> _Direct:
    """What was entered for the node and not withdrawn; actuals only of days up to ``until``."""
    return {
        (row.indicator_id, row.year, row.kind): row
        for row in _DIRECT.all(indicators, node.pk)
        if row.value is not None and (until is None or row.as_of is None or row.as_of <= until)
    }


def _cell(row: Indicator, year: int, found: _Found) -> Cell:
    target = found.targets.get((row.pk, year))
    forecast = found.direct.get((row.pk, year, DirectKind.FORECAST))
    term = found.term(row, year)
    measurement = found.chosen.get((row.pk, year))
    if measurement is None:
        direct = found.direct.get((row.pk, year, DirectKind.ACTUAL))
        assessment = _assessed_directly(row, target, direct, term, forecast, found.thresholds)
        actual = direct.value if direct else None
        return Cell(year, term.date, target, actual, assessment, direct=direct, forecast=forecast)
    measured = found.actuals.get(measurement.pk)
    return Cell(
        year,
        term.date,
        target,
        measured.value if measured else None,
        assessed(measurement, target, measured, term, forecast),
        measured.coverage if measured else None,
        measurement.period,
        measured.computed_at if measured else None,
        forecast=forecast,
    )


def _assessed_directly(
    row: Indicator,
    target: Decimal | None,
    direct: DirectFigure | None,
    term: Term,
    forecast: DirectFigure | None,
    thresholds: tuple[Threshold, ...],
) -> Assessment:
    """A year that no period measured: what the ministry entered, judged by the thresholds of its day, or nothing."""
    return assess(
        target=target,
        actual=direct.value if direct else None,
        decreasing=row.direction == Direction.DECREASING,
        thresholds=Thresholds(*thresholds_on((direct and direct.as_of) or term.date, thresholds)),
        term=term,
        as_of=direct.as_of if direct else None,
        forecast=forecast.value if forecast else None,
    )


def _formula_text(row: Indicator) -> str:
    formula = getattr(row, "formula", None)
    return to_text(parse(formula.text)) if formula else ""
