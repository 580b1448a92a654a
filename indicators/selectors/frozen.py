"""What opening a period froze for an organisation, kept by the process: four pages of every form ask for it.

The database refuses to change these rows. They are kept by the id of the period and the moment when it was opened, so
that an id which comes again, in a database brought back from a copy, finds nothing of another period.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from indicators.formulas import Node, operands, parse
from indicators.models import Measurement, PeriodOrganisation, PeriodTarget, Question, Submission
from organisations.prepared import Prepared

_PLACES, _ROSTERS = 20_000, 500
"""How much is kept: organisations of the periods that are filled in, and (period, roster group, kind)."""


_PLACE = Prepared(
    lambda period, organisation: PeriodOrganisation.objects.filter(
        period=period, organisation=organisation
    ).values_list("roster_group_id", "kind")
)


@dataclass(frozen=True)
class Measured:
    """An indicator of a period: its formula, the codes of its questions, the target of the whole (None: there is none).

    ``of_result``: it measures a result, and has a number of its own among those.
    """

    measurement: Measurement
    tree: Node
    codes: frozenset[str]
    target: Decimal | None
    of_result: bool


def questions_of(submission: Submission) -> tuple[Question, ...]:
    """What is asked of this organisation, in order: each question once, over all its projects of the period."""
    return _questions(*_roster(submission))


def measured_of(submission: Submission) -> tuple[Measured, ...]:
    """Indicators of the organisation's projects, in order, for which it is asked everything that they need."""
    return _measured(*_roster(submission))


def _roster(submission: Submission) -> tuple[int, dt.datetime, int | None, str]:
    period = submission.period
    return period.pk, period.opened_at, *_place(period.pk, period.opened_at, submission.organisation_id)


@lru_cache(_PLACES)
def _place(period_id: int, _opened_at: dt.datetime, organisation_id: int) -> tuple[int | None, str]:
    (place,) = _PLACE.all(period_id, organisation_id)
    return place


@lru_cache(_ROSTERS)
def _questions(_period_id: int, _opened_at: dt.datetime, group_id: int | None, kind: str) -> tuple[Question, ...]:
    asked = Question.objects.filter(projects__roster_groups=group_id).order_by("position").distinct()
    return tuple(question for question in asked if question.is_asked_of(kind))


@lru_cache(_ROSTERS)
def _measured(period_id: int, opened_at: dt.datetime, group_id: int | None, kind: str) -> tuple[Measured, ...]:
    codes = {question.code for question in _questions(period_id, opened_at, group_id, kind)}
    rows = Measurement.objects.filter(project__roster_groups=group_id).select_related("project", "indicator")
    whole = dict(
        PeriodTarget.objects.filter(measurement__in=rows, organisation=None).values_list("measurement", "value")
    )
    found = []
    # Opening a period wrote them in the order of the passport.
    for row in rows.order_by("project_id", "pk"):
        tree = parse(row.formula)
        if operands(tree) <= codes:
            of_result = row.indicator.result_id is not None
            found.append(Measured(row, tree, operands(tree), whole.get(row.pk), of_result))
    return tuple(found)
