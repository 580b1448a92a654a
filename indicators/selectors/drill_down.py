"""From a figure one level down, to the form and its answers at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from indicators.formulas import parse, to_text
from indicators.models import (
    Answer,
    DirectFigure,
    DirectKind,
    Measurement,
    PeriodOrganisation,
    PeriodTarget,
    Question,
    RolledUpValue,
    Submission,
)
from indicators.selectors.leaves import Leaf, leaves_of
from indicators.selectors.plan_fact import (
    Actual,
    Coverage,
    actual_of,
    assessed,
    last_deadlines,
    rolled_up,
)
from indicators.status import Assessment, Term, term_of
from organisations.access import access_of
from organisations.models import REPORTING_KINDS
from organisations.roles import Action

PER_PAGE = 100


@dataclass(frozen=True)
class NodeValue:
    """An indicator at one node, as the tree stood when the period was opened. ``form``: of an organisation alone."""

    place: PeriodOrganisation
    value: Decimal | None
    coverage: Coverage | None
    target: Decimal | None
    assessment: Assessment
    form: Submission | None = None

    @property
    def is_organisation(self) -> bool:
        return self.place.kind in REPORTING_KINDS


@dataclass(frozen=True)
class Figure:
    """One operand of the formula: what is counted, and its total at the node; None: nobody reported it."""

    question: Question
    value: Decimal | None


@dataclass(frozen=True)
class DrillDown:
    """``trail`` leads from the project's territory down to the node, both included. ``children`` stand one level below.

    At an organisation there are none; ``answers`` are then those of its form, by question. ``page``: which of them
    ``children`` holds, where a page was asked for.
    """

    measurement: Measurement
    formula: str
    trail: tuple[PeriodOrganisation, ...]
    node: NodeValue
    figures: tuple[Figure, ...]
    children: tuple[NodeValue, ...]
    answers: tuple[tuple[Question, Answer | None], ...] = ()
    page: Page[PeriodOrganisation] | None = None


def drill_down(
    measurement: Measurement, organisation_id: int, user: Any, *, page: str | None = None
) -> DrillDown | None:
    """A figure, what it consists of, and the level below. None where the node takes no part or is not the person's.

    Everybody who sees the project sees its totals; organisations are shown to those who may read their forms.
    ``page``: of the level below only that page, and nothing is computed for the others; all of it unless given. A
    constant number of queries.
    """
    project = measurement.project
    within = PeriodOrganisation.objects.filter(period=measurement.period_id, path__startswith=project.territory_path)
    place = within.filter(organisation=organisation_id).first()
    if place is None:
        return None
    if place.kind in REPORTING_KINDS:
        return _at_organisation(measurement, place, user)
    seen = _seen(within.filter(parent=organisation_id), measurement, user)
    shown = None if page is None else Paginator(seen, PER_PAGE).get_page(page)
    below: list[PeriodOrganisation] = list(shown.object_list if shown else seen)
    places = [place, *below]
    actuals: dict[int, Actual] = {
        key[1]: actual for key, actual in rolled_up([measurement], [row.organisation_id for row in places]).items()
    }
    organisations = [row.organisation_id for row in below if row.kind in REPORTING_KINDS]
    leaves = {key[1]: leaf for key, leaf in leaves_of([measurement], organisations).items()}
    beside = _beside(measurement, places)
    if place.organisation_id not in actuals and not below:
        return None
    children = (
        _node(row, beside, actuals, leaves)
        for row in below
        if row.organisation_id in actuals or row.organisation_id in leaves
    )
    return DrillDown(
        measurement,
        to_text(parse(measurement.formula)),
        _trail(measurement, place),
        _node(place, beside, actuals, leaves),
        _figures(measurement, place),
        tuple(children),
        page=shown,
    )


def _seen(rows: Any, measurement: Measurement, user: Any) -> Any:
    """Nodes, and of the organisations that count those whose forms the person may read."""
    on_roster = Q(kind__in=measurement.kinds or REPORTING_KINDS, roster_group__projects=measurement.project_id)
    readable = access_of(user).below("organisation__path", Action.READ_SUBMISSIONS)
    return rows.filter(~Q(kind__in=REPORTING_KINDS) | (on_roster & readable)).order_by("sort_key", "organisation_id")


def _at_organisation(measurement: Measurement, place: PeriodOrganisation, user: Any) -> DrillDown | None:
    form = Submission.objects.visible_to(user).filter(
        period=measurement.period_id,
        organisation=place.organisation_id,
        period__organisations__organisation=place.organisation_id,
        period__organisations__roster_group__projects=measurement.project_id,
    )
    if not measurement.concerns(place.kind) or not form.exists():
        return None
    leaf = leaves_of([measurement], [place.organisation_id])[measurement.pk, place.organisation_id]
    questions = list(measurement.operands.order_by("position"))
    answers = {row.question_id: row for row in Answer.objects.filter(submission=leaf.submission)}
    return DrillDown(
        measurement,
        to_text(parse(measurement.formula)),
        _trail(measurement, place),
        _node(place, _beside(measurement, [place]), {}, {place.organisation_id: leaf}),
        tuple(Figure(question, leaf.operands.get(question.code)) for question in questions),
        (),
        tuple((question, answers.get(question.pk)) for question in questions),
    )


@dataclass(frozen=True)
class _Beside:
    """What values of a measurement are judged by: targets and forecasts by place, None the whole, and their term."""

    measurement: Measurement
    targets: dict[int | None, Decimal | None]
    forecasts: dict[int, DirectFigure]
    term: Term


def _beside(measurement: Measurement, places: Iterable[PeriodOrganisation]) -> _Beside:
    ids = [row.organisation_id for row in places]
    targets = PeriodTarget.objects.filter(measurement=measurement).filter(
        Q(organisation=None) | Q(organisation__in=ids)
    )
    indicator, year = measurement.indicator, measurement.period.year
    beside = Measurement.objects.filter(indicator=indicator, period__year=year).select_related("period")
    forecasts = DirectFigure.objects.filter(
        indicator=indicator, year=year, kind=DirectKind.FORECAST, organisation__in=ids
    ).in_force()
    return _Beside(
        measurement,
        dict(targets.values_list("organisation_id", "value")),
        {row.organisation_id: row for row in forecasts},
        term_of(
            year,
            indicator.result.due if indicator.result else None,
            deadline=last_deadlines(beside).get((indicator.pk, year)),
            today=timezone.localdate(),
        ),
    )


def _node(
    place: PeriodOrganisation,
    beside: _Beside,
    actuals: dict[int, Actual],
    leaves: dict[int, Leaf],
) -> NodeValue:
    leaf = leaves.get(place.organisation_id)
    actual = actual_of(leaf) if leaf else actuals.get(place.organisation_id)
    whole = place.organisation_id == beside.measurement.project.territory_id
    target = beside.targets.get(None if whole else place.organisation_id)
    return NodeValue(
        place,
        actual.value if actual else None,
        actual.coverage if actual else None,
        target,
        assessed(beside.measurement, target, actual, beside.term, beside.forecasts.get(place.organisation_id)),
        leaf.submission if leaf else None,
    )


def _trail(measurement: Measurement, place: PeriodOrganisation) -> tuple[PeriodOrganisation, ...]:
    """Nodes from the territory down to this one."""
    ids = [int(part) for part in place.path.split(".") if part]
    rows = PeriodOrganisation.objects.filter(
        period=measurement.period_id, organisation__in=ids, path__startswith=measurement.project.territory_path
    )
    return tuple(rows.order_by("depth"))


def _figures(measurement: Measurement, place: PeriodOrganisation) -> tuple[Figure, ...]:
    kept = RolledUpValue.objects.filter(
        period=measurement.period_id, indicator=measurement.indicator_id, organisation=place.organisation_id
    ).first()
    given = kept.operands if kept else {}
    return tuple(
        Figure(question, Decimal(given[question.code]) if given.get(question.code) is not None else None)
        for question in measurement.operands.order_by("position")
    )
