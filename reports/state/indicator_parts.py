"""Indicators and results with yearly targets as parts of a project: what plan and fact say of each year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from indicators.selectors.plan_fact import Cell, Row, plan_fact
from projects.models import Project
from projects.status import Status
from reports.models import PartKind
from reports.state.parts import Part

_UNCOUNTED = frozenset({Status.PENDING, Status.NOT_PLANNED})
_COLOURS = frozenset({Status.GREEN, Status.YELLOW, Status.RED})


def indicator_parts(project: Project, today: dt.date) -> Iterator[Part]:
    """Every planned year of every indicator and measured result, over the whole territory. Constant queries."""
    for row in plan_fact(project, None).rows:
        yield from _parts(row, today)


def _parts(row: Row, today: dt.date) -> Iterator[Part]:
    cells = [cell for cell in row.cells if cell.status is not Status.NOT_PLANNED]
    current = _current(cells)
    opening = max((cell.year for cell in cells if cell.status in _COLOURS and _is_settled(cell, today)), default=None)
    indicator = row.indicator
    for cell in cells:
        yield Part(
            kind=PartKind.INDICATOR if indicator.result_id is None else PartKind.RESULT,
            row_id=indicator.row_id,
            source_id=indicator.pk,
            position=indicator.position,
            number=indicator.number,
            name=indicator.name,
            unit=indicator.unit,
            year=cell.year,
            status=cell.status,
            is_current=cell is current,
            is_settled=_is_settled(cell, today),
            opens=cell.year == opening,
            target=cell.target,
            actual=cell.actual,
            ratio=cell.ratio,
            forecast=cell.forecast.value if cell.forecast else None,
            due=dt.date(cell.year, 12, 31),
            as_of=cell.as_of if cell.actual is not None else None,
            expected=cell.coverage.expected if cell.coverage else None,
            submitted=cell.coverage.submitted if cell.coverage else None,
            accepted=cell.coverage.accepted if cell.coverage else None,
        )


def _current(cells: list[Cell]) -> Cell | None:
    """The last year of which anything is known or overdue; before there is one, the first that is planned."""
    counted = [cell for cell in cells if cell.status not in _UNCOUNTED]
    return counted[-1] if counted else next(iter(cells), None)


def _is_settled(cell: Cell, today: dt.date) -> bool:
    """Whether no more forms are awaited: the period is closed or its deadline is over, or the ministry entered it."""
    if cell.period is None:
        return True
    return not cell.period.is_open or timezone.localdate(cell.period.deadline) < today
