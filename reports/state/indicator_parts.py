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

_COLOURS = frozenset({Status.GREEN, Status.YELLOW, Status.RED})


def indicator_parts(project: Project, today: dt.date) -> Iterator[Part]:
    """Every planned year of every indicator and measured result, over the whole territory. Constant queries."""
    for row in plan_fact(project, None, today=today).rows:
        yield from _parts(row, today)


def _parts(row: Row, today: dt.date) -> Iterator[Part]:
    cells = [cell for cell in row.cells if cell.status is not Status.NOT_PLANNED]
    current = _current(cells, today)
    opening = max((cell.year for cell in cells if _may_open(cell, today)), default=None)
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
            word=cell.assessment.words if cell.assessment.by_forecast else "",
            is_current=cell is current,
            is_settled=_is_settled(cell, today),
            opens=cell.year == opening,
            target=cell.target,
            actual=cell.actual,
            ratio=cell.ratio,
            forecast=cell.forecast.value if cell.forecast else None,
            due=cell.date,
            as_of=cell.as_of if cell.actual is not None else None,
            expected=cell.coverage.expected if cell.coverage else None,
            submitted=cell.coverage.submitted if cell.coverage else None,
            accepted=cell.coverage.accepted if cell.coverage else None,
        )


def _current(cells: list[Cell], today: dt.date) -> Cell | None:
    """The last year that has a fact, a colour or is overdue; before there is one, the first that is planned.

    A year that has not begun counts for nothing yet, even if somebody foresees how it will end.
    """
    known = (cell for cell in reversed(cells) if cell.actual is not None or cell.status is not Status.PENDING)
    return next((cell for cell in known if cell.year <= today.year), next(iter(cells), None))


def _may_open(cell: Cell, today: dt.date) -> bool:
    return cell.year <= today.year and cell.status in _COLOURS and _is_settled(cell, today)


def _is_settled(cell: Cell, today: dt.date) -> bool:
    """Whether no more forms are awaited: the period is closed or its deadline is over, or the ministry entered it.

    What a person foresees is said for good, whatever forms are still to come.
    """
    if cell.period is None or cell.assessment.by_forecast:
        return True
    return not cell.period.is_open or timezone.localdate(cell.period.deadline) < today
