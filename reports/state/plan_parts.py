"""Control points of the event plan as parts of a project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from milestones.models import PlanKind
from milestones.selectors import plan_states
from milestones.states import PlanRowState, PlanState
from projects.models import Project
from projects.status import Status
from reports.models import PartKind, PlanThreshold
from reports.state.parts import Part
from reports.state.thresholds import PlanRule, plan_rule_on


def plan_parts(project: Project, today: dt.date) -> Iterator[Part]:
    """Every control point that has a date. Constant queries."""
    rule = plan_rule_on(today, PlanThreshold.objects.all())
    for state in plan_states([project], today=today):
        if state.row.kind == PlanKind.CONTROL_POINT and state.row.end is not None:
            yield _part(state, rule)


def _part(state: PlanRowState, rule: PlanRule) -> Part:
    row = state.row
    status, word = colour_of(state, rule)
    return Part(
        kind=PartKind.CONTROL_POINT,
        row_id=row.row_id,
        source_id=row.pk,
        position=row.position,
        number=row.number,
        name=row.name,
        status=status,
        word=word,
        danger=state.danger,
        is_current=True,
        is_settled=True,
        opens=True,
        due=row.end,
        actual_on=state.actual,
        forecast_on=state.forecast,
    )


def colour_of(state: PlanRowState, rule: PlanRule) -> tuple[Status, str]:
    """A colour and its word. What was done late deviates no more: the word still says that it was late."""
    late = state.slip or 0
    if state.is_done:
        return Status.GREEN, state.state.label
    if state.state == PlanState.OVERDUE:
        assert state.row.end is not None
        overdue = (state.today - state.row.end).days
        return (Status.RED if overdue > rule.red_after else Status.YELLOW), state.state.label
    if late >= rule.slip:
        return Status.YELLOW, "ожидается позже срока"
    return Status.PENDING, state.state.label
