"""Indicators at one organisation: computed when read, from its accepted facts, with the formula of the roll-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import prefetch_related_objects

from indicators.folding import fold
from indicators.formulas import evaluate, parse
from indicators.models import Fact, Measurement, PeriodOrganisation, ReportingPeriod, Submission, SubmissionState
from indicators.selectors.forms import leaf_values


@dataclass(frozen=True)
class Leaf:
    """``value`` None: not accepted, or «не определено». ``operands`` holds the organisation's own figures."""

    submission: Submission
    value: Decimal | None
    operands: dict[str, Decimal | None]

    @property
    def accepted(self) -> bool:
        return self.submission.state == SubmissionState.ACCEPTED


def leaves_of(measurements: Sequence[Measurement], organisation_ids: Collection[int]) -> dict[tuple[int, int], Leaf]:
    """Values by (measurement, organisation), for the organisations that count for the measurement. Five queries.

    That is who is on the roster of its project and of a kind that it concerns, as at opening.
    """
    prefetch_related_objects(measurements, "operands", "period")
    chains = _chains({row.period for row in measurements})
    facts = _facts(measurements, chains, organisation_ids)
    kinds = _kinds(measurements, organisation_ids)
    forms = Submission.objects.filter(
        period__in={row.period_id for row in measurements}, organisation__in=organisation_ids
    )
    by_period: dict[int, list[Submission]] = defaultdict(list)
    for form in forms:
        by_period[form.period_id].append(form)
    return {
        (row.pk, form.organisation_id): _leaf(row, form, kind, chains[row.period_id], facts)
        for row in measurements
        for form in by_period[row.period_id]
        if (kind := kinds.get((row.project_id, form.organisation_id))) and row.concerns(kind)
    }


def _kinds(measurements: Sequence[Measurement], organisation_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """The kinds of those on a roster, by project of the period and organisation."""
    rows = PeriodOrganisation.objects.filter(
        organisation__in=organisation_ids, roster_group__projects__in={row.project_id for row in measurements}
    )
    found = rows.order_by().values_list("roster_group__projects", "organisation_id", "kind")
    return {(project, organisation): kind for project, organisation, kind in found}


_Facts = dict[tuple[int, int, int], Decimal]
"""By organisation, base indicator and period."""


def _chains(periods: set[ReportingPeriod]) -> dict[int, list[int]]:
    """For each period the ids of those of its kind in the year up to it, oldest first."""
    known = ReportingPeriod.objects.filter(kind__in={p.kind for p in periods}, year__in={p.year for p in periods})
    ordered = sorted(known, key=lambda period: period.number)
    return {
        period.pk: [
            p.pk for p in ordered if (p.kind, p.year) == (period.kind, period.year) and p.number <= period.number
        ]
        for period in periods
    }


def _facts(
    measurements: Sequence[Measurement], chains: dict[int, list[int]], organisation_ids: Collection[int]
) -> _Facts:
    rows = Fact.objects.filter(
        period__in={pk for chain in chains.values() for pk in chain},
        base_indicator__in={question.base_indicator_id for row in measurements for question in row.operands.all()},
        organisation__in=organisation_ids,
    )
    found = rows.values_list("organisation_id", "base_indicator_id", "period_id", "value")
    return {(organisation, base, period): value for organisation, base, period, value in found}


def _leaf(measurement: Measurement, form: Submission, kind: str, chain: list[int], facts: _Facts) -> Leaf:
    if form.state != SubmissionState.ACCEPTED:
        return Leaf(form, None, {})
    operands = {}
    for question in measurement.operands.all():
        # What its kind is not asked in this period does not count, though it reported it earlier in the year.
        figures = [facts.get((form.organisation_id, question.base_indicator_id, pk)) for pk in chain]
        *earlier, now = figures if question.is_asked_of(kind) else [None]
        operands[question.code] = fold(question.over_time, earlier, now)
    return Leaf(form, evaluate(parse(measurement.formula), leaf_values(operands, accepted=True)), operands)
