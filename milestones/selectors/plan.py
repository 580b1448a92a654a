"""The event plan of a project as its page, its chart and its file show it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from milestones.models import ControlLevel, PlanKind, PlanRow
from milestones.responsible import accounts_of
from milestones.selectors.states import plan_states
from milestones.states import PlanRowState, PlanState
from organisations.models import User
from projects.cells import Cell, cell, date_text, written_in
from projects.models import Project, Redaction

_KINDS = {"result": "результат", "activity": "мероприятие", "control_point": "контрольная точка"}
OVERRUN = "overrun"
"""Beside the states, a choice of the filter: open activities that overrun their control point, and these points."""


@dataclass(frozen=True)
class PlanLine:
    """A row in document order; ``owner`` is the result row of the plan that it stands under, if any."""

    of: PlanRowState
    start: Cell
    end: Cell
    owner: PlanRow | None
    accounts: tuple[User, ...]

    @property
    def row(self) -> PlanRow:
        return self.of.row

    @property
    def kind_word(self) -> str:
        return kind_word(self.row)

    @property
    def leads_to(self) -> str:
        """The number of the control point that an activity leads to."""
        return self.row.control_point.number if self.row.control_point else ""

    @property
    def is_assigned(self) -> bool:
        return is_assigned(self.of)


@dataclass(frozen=True)
class Plan:
    """``lines`` are what the filters leave; ``counts`` are of the whole plan, whatever is shown of it."""

    lines: list[PlanLine]
    levels: list[ControlLevel]
    results: list[PlanRow]
    counts: list[tuple[PlanState, int]]
    overrun: int
    """How many control points are overrun and not reached yet."""


def plan_of(project: Project, redaction: Redaction | None, *, today: dt.date) -> Plan:
    """Appendix 1 of the redaction in force with its progress. Four queries, whatever its length."""
    states = plan_states([project], today=today)
    written = written_in(redaction.document, "plan") if redaction else {}
    accounts = accounts_of(state.row for state in states)
    owner: PlanRow | None = None
    lines = []
    for state in states:
        row = state.row
        if row.kind == PlanKind.RESULT:
            owner = row
        lines.append(
            PlanLine(
                of=state,
                start=cell(date_text(row.start), written.get((row.position, "start"))),
                end=cell(date_text(row.end), written.get((row.position, "end"))),
                owner=owner,
                accounts=accounts[row.pk],
            )
        )
    counted = Counter(state.state for state in states)
    return Plan(
        lines=lines,
        levels=list(ControlLevel.objects.filter(project=project)),
        results=[line.row for line in lines if line.row.kind == PlanKind.RESULT],
        counts=[(state, counted[state]) for state in PlanState if counted[state]],
        overrun=sum(1 for state in states if state.overrun_by and not state.is_done),
    )


def kind_word(row: PlanRow) -> str:
    return _KINDS.get(row.kind or "", "без номера")


def is_assigned(state: PlanRowState) -> bool:
    """Whether staff made an account responsible, whoever the plan names."""
    return bool(state.progress and state.progress.assignee_id)


def filtered(lines: list[PlanLine], wanted: Mapping[str, Any]) -> list[PlanLine]:
    """The lines that fit ``state``, ``result`` (key of a result row), ``kind``, ``responsible`` (words of the plan or
    the name of an account), ``since`` and ``until`` (the deadline); an absent one lets everything through."""
    state, kind, result = wanted.get("state"), wanted.get("kind"), wanted.get("result")
    words = (wanted.get("responsible") or "").casefold()
    since, until = wanted.get("since"), wanted.get("until")
    return [
        line
        for line in lines
        if (not state or _stands(line.of, state))
        and (not kind or line.row.kind == kind)
        and (not result or (line.owner is not None and str(line.owner.pk) == result))
        and (not words or words in _people(line))
        and (not since or (line.row.end is not None and line.row.end >= since))
        and (not until or (line.row.end is not None and line.row.end <= until))
    ]


def _stands(state: PlanRowState, wanted: str) -> bool:
    return bool(state.danger) and not state.is_done if wanted == OVERRUN else state.state == wanted


def _people(line: PlanLine) -> str:
    return "\n".join([line.row.responsible, *(user.full_name for user in line.accounts)]).casefold()
