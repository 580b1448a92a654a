"""What is due this week and next, and what is overdue, across the projects that a person sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from milestones.models import PlanKind, PlanRow
from milestones.responsible import accounts_of
from milestones.selectors.plan import is_assigned, kind_word
from milestones.selectors.states import states_of
from milestones.states import PlanRowState, PlanState
from organisations.models import User


@dataclass(frozen=True)
class WeekLine:
    of: PlanRowState
    accounts: tuple[User, ...]

    @property
    def row(self) -> PlanRow:
        return self.of.row

    @property
    def kind_word(self) -> str:
        return kind_word(self.row)

    @property
    def is_assigned(self) -> bool:
        return is_assigned(self.of)


@dataclass(frozen=True)
class Week:
    """Three lists by the deadline, the earliest first; ``monday`` begins this week."""

    monday: dt.date
    overdue: list[WeekLine]
    this_week: list[WeekLine]
    next_week: list[WeekLine]

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)

    @property
    def parts(self) -> list[tuple[str, str, list[WeekLine]]]:
        """Their keys and titles, the most urgent first."""
        return [
            ("overdue", "Просрочено", self.overdue),
            ("this", f"Эта неделя, до {self.sunday:%d.%m}", self.this_week),
            ("next", f"Следующая неделя, до {self.sunday + dt.timedelta(days=7):%d.%m}", self.next_week),
        ]


def week_of(user: Any, *, today: dt.date, project: int | None = None, kind: str = "", mine: bool = False) -> Week:
    """Rows that the person may see: open ones whose deadline has passed, and all that are due by the end of next week.

    ``mine`` keeps those that the person is responsible for. Four queries.
    """
    monday = today - dt.timedelta(days=today.weekday())
    rows = PlanRow.objects.visible_to(user).current().filter(end__lt=monday + dt.timedelta(days=14))
    rows = rows.filter(Q(progress__completed_on=None) | Q(end__gte=monday))
    if project is not None:
        rows = rows.filter(project=project)
    if kind:
        rows = rows.filter(kind=kind)
    states = states_of(rows.order_by("end", "project", "position"), today=today)
    accounts = accounts_of(state.row for state in states)
    lines = [WeekLine(state, accounts[state.row.pk]) for state in states]
    if mine:
        lines = [line for line in lines if user in line.accounts]
    week = Week(monday, [], [], [])
    for line in lines:
        if line.of.state == PlanState.OVERDUE:
            week.overdue.append(line)
        elif line.row.end and line.row.end <= week.sunday:
            week.this_week.append(line)
        else:
            week.next_week.append(line)
    return week


def points_around(user: Any, *, today: dt.date, days: int, limit: int) -> list[PlanRowState]:
    """Control points that a person sees and that are due so many days around today, the earliest first; of the past
    only those that are still open. Three queries."""
    near = dt.timedelta(days=days)
    rows = PlanRow.objects.visible_to(user).current().filter(kind=PlanKind.CONTROL_POINT)
    rows = rows.filter(end__range=(today - near, today + near), progress__completed_on=None)
    return states_of(rows.order_by("end", "project", "position")[:limit], today=today)
