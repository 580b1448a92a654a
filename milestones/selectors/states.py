"""Where the rows of event plans stand today."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet

from milestones.models import PlanRow
from milestones.selectors.rules import rule_on
from milestones.states import PlanRowState, PlanState, overruns_point, state_of
from projects.models import Project


def plan_states(projects: Iterable[Project], *, today: dt.date) -> list[PlanRowState]:
    """Every row in force of these projects, project by project in document order. Two queries.

    A row brings its project, result, control point and progress along.
    """
    rows = _whole(PlanRow.objects.filter(project__in=list(projects)).current().order_by("project", "position"))
    return _judged(rows, rows, today)


def states_of(rows: QuerySet[PlanRow], *, today: dt.date) -> list[PlanRowState]:
    """As :func:`plan_states` for any rows, in their order; what leads to a point is read beside them. Three queries."""
    chosen = _whole(rows)
    leading = _whole(PlanRow.objects.current().filter(control_point__in=[row.pk for row in chosen])) if chosen else []
    return _judged(chosen, leading, today)


def _whole(rows: QuerySet[PlanRow]) -> list[PlanRow]:
    return list(rows.select_related("project__territory", "result", "progress__assignee", "control_point"))


def _judged(rows: list[PlanRow], leading: list[PlanRow], today: dt.date) -> list[PlanRowState]:
    soon_days = rule_on(today).soon_days
    late: dict[int | None, list[PlanRow]] = defaultdict(list)
    for row in leading:
        if row.control_point and _state(row, today, soon_days).overruns:
            late[row.control_point_id].append(row)
    states = [_state(row, today, soon_days) for row in rows]
    return [replace(state, overrun_by=tuple(late[state.row.pk])) if state.row.pk in late else state for state in states]


def _state(row: PlanRow, today: dt.date, soon_days: int) -> PlanRowState:
    progress, point = getattr(row, "progress", None), row.control_point
    actual, forecast = (progress.completed_on, progress.forecast) if progress else (None, None)
    state = state_of(end=row.end, actual=actual, today=today, soon_days=soon_days)
    overruns = point is not None and overruns_point(
        end=row.end,
        actual=actual,
        forecast=forecast,
        point_end=point.end,
        overdue=state == PlanState.OVERDUE,
    )
    return PlanRowState(row, state, today, actual, forecast, overruns=overruns, progress=progress)
