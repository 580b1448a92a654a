"""Lines of money as parts of a project, one for each year that the passport plans."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from finance.selectors import MoneyState, money_states
from projects.models import Project, Result
from projects.status import Status
from reports.models import PartKind
from reports.state.parts import Part

_UNCOUNTED = frozenset({Status.PENDING, Status.NOT_PLANNED})
_COLOURS = frozenset({Status.GREEN, Status.YELLOW, Status.RED})


def money_parts(project: Project, today: dt.date) -> Iterator[Part]:
    """Every counted line of section 4 by year; together they are the money of the project. Constant queries.

    Money is judged once the figures of a quarter are due, hence what is judged is settled.
    """
    results = {row.pk: row for row in Result.objects.filter(project=project)}
    lines: dict[UUID, list[MoneyState]] = defaultdict(list)
    for state in money_states([project], today=today):
        if state.status is not Status.NOT_PLANNED:
            lines[state.line.row_id].append(state)
    for states in lines.values():
        yield from _parts(states, results)


def _parts(states: list[MoneyState], results: dict[int, Result]) -> Iterator[Part]:
    judged = [state.year for state in states if state.status not in _UNCOUNTED]
    current = max(judged, default=min(state.year for state in states))
    opening = max((state.year for state in states if state.status in _COLOURS), default=None)
    for state in states:
        result = results.get(state.result_id) if state.result_id else None
        yield Part(
            kind=PartKind.MONEY,
            row_id=state.line.row_id,
            source_id=state.line.pk,
            position=state.line.position,
            number=result.number if result else state.line.number,
            name=_name(state, result),
            unit="рубль",
            year=state.year,
            status=state.status,
            is_current=state.year == current,
            is_settled=True,
            opens=state.year == opening,
            target=state.planned,
            actual=state.executed,
            ratio=state.percent,
            due=dt.date(state.year, 12, 31),
            as_of=state.as_of,
        )


def _name(state: MoneyState, result: Result | None) -> str:
    """The source, and whose money it is: a source alone says nothing outside its table."""
    if result is None or state.source is None:
        return state.line.name
    return f"{result.name}: {state.line.name[:1].lower()}{state.line.name[1:]}"
