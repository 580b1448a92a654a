"""How late a control point is a deviation and how late is critical: settings with a date of effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from jobs.services import enqueue
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.services.saving import row_save
from reports.models import PlanThreshold


@dataclass(frozen=True)
class PlanRule:
    """Both in calendar days."""

    red_after: int
    slip: int


# What holds until the ministry sets its own: a month of delay is critical, a fortnight of foreseen delay is told.
FIRST = PlanRule(red_after=30, slip=14)


def plan_rule_on(day: dt.date, known: Iterable[PlanThreshold]) -> PlanRule:
    """The rule as it holds on a day; ``known`` are the latest first, as the model orders them."""
    row = next((row for row in known if row.effective_from <= day), None)
    return PlanRule(row.red_after, row.slip) if row else FIRST


@transaction.atomic
def plan_threshold_save(*, effective_from: dt.date, red_after: int, slip: int, actor: User) -> PlanThreshold:
    """Set the thresholds of control points from a day on; naming the day again mends them.

    Raises ``ValidationFailed`` by field.
    """
    require(actor, Action.EDIT_CATALOGUE)
    row = PlanThreshold.objects.select_for_update().filter(effective_from=effective_from).first()
    row = row or PlanThreshold(effective_from=effective_from)
    row.red_after, row.slip = red_after, slip
    row_save(row)
    enqueue(handler="reports.states", arguments={}, title="Состояние проектов", key="states")
    return row
