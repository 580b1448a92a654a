"""Planned, contracted and executed of every line that is counted, by year, with the status of each."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from finance.counting import Block, Entered, Line, blocks_of
from finance.models import ExecutionEntry, ExecutionThreshold, FinanceLine, PlannedAmount
from finance.status import Control, control_of, judge, percent_of
from organisations.models import ExceptionalDay
from organisations.working_days import ProductionCalendar
from projects.models import Project
from projects.status import Status


@dataclass(frozen=True)
class Latest:
    """What is known of a line in a year as of some day: the last figure of each kind, and the days they are of."""

    contracted: Decimal | None = None
    executed: Decimal | None = None
    contracted_on: dt.date | None = None
    executed_on: dt.date | None = None


@dataclass(frozen=True)
class MoneyState:
    """A line in a year, in roubles. Lines of one project and year add up to its money: none repeats another.

    ``line`` is a source of a result, or the result itself where its money is told as one sum. ``expected`` is the share
    of the plan that should be executed by ``control``, in percent; both None while no quarter is due. ``percent`` is
    execution in percent of the plan, as it is.
    """

    project_id: int
    line: FinanceLine
    result_id: int | None
    source: str | None
    year: int
    planned: Decimal | None
    contracted: Decimal | None
    executed: Decimal | None
    as_of: dt.date | None
    percent: Decimal | None
    expected: Decimal | None
    control: dt.date | None
    status: Status


@dataclass
class Money:
    """What is known of the money of projects on a day: their blocks, the last figures, and what is expected by when."""

    blocks: Mapping[int, list[Block]]
    latest: Mapping[tuple[int, int], Latest]
    thresholds: Sequence[ExecutionThreshold]
    calendar: ProductionCalendar
    today: dt.date
    _controls: dict[int, Control | None] = field(default_factory=dict)

    def control(self, year: int) -> Control | None:
        if year not in self._controls:
            self._controls[year] = control_of(year, self.today, self.thresholds, self.calendar)
        return self._controls[year]

    def state(self, line: Line, year: int) -> MoneyState:
        known, control = self.latest.get((line.pk, year), Latest()), self.control(year)
        planned = line.amounts.get(year)
        return MoneyState(
            project_id=line.row.project_id,
            line=line.row,
            result_id=line.row.result_id,
            source=line.source,
            year=year,
            planned=planned,
            contracted=known.contracted,
            executed=known.executed,
            as_of=known.executed_on,
            percent=percent_of(known.executed, planned),
            expected=control.share if control else None,
            control=control.day if control else None,
            status=judge(planned=planned, executed=known.executed, as_of=known.executed_on, control=control),
        )


def known_money(projects: Iterable[Project], *, today: dt.date) -> Money:
    """Everything that the states of money are made of. Six queries, however many projects there are."""
    blocks = blocks_by_project(projects)
    return Money(
        blocks=blocks,
        latest=latest_entries(FinanceLine.objects.filter(project__in=blocks).current(), until=today),
        thresholds=list(ExecutionThreshold.objects.all()),
        calendar=ExceptionalDay.objects.calendar(),
        today=today,
    )


def money_states(projects: Iterable[Project], *, today: dt.date) -> list[MoneyState]:
    """The state of each counted line by year, in document order, of what was known on ``today``.

    Lines in force only; those that a later redaction dropped keep their figures and are not judged. Six queries,
    however many projects there are.
    """
    money = known_money(projects, today=today)
    return [
        money.state(line, year)
        for blocks in money.blocks.values()
        for line, year in counted_lines(blocks, money.latest)
    ]


def blocks_by_project(projects: Iterable[Project]) -> dict[int, list[Block]]:
    """The blocks of section 4 in force by the id of the project. Two queries."""
    found: dict[int, list[Line]] = {project.pk: [] for project in projects}
    rows = FinanceLine.objects.filter(project__in=list(found)).current().order_by("project", "position", "pk")
    planned: dict[int, dict[int, Decimal]] = defaultdict(dict)
    amounts = PlannedAmount.objects.filter(line__in=rows.order_by())
    for line_id, year, amount in amounts.values_list("line_id", "year", "amount"):
        planned[line_id][year] = amount
    for row in rows:
        found[row.project_id].append(Line(row, planned.get(row.pk, {})))
    return {project_id: blocks_of(lines) for project_id, lines in found.items()}


def latest_entries(lines: QuerySet[FinanceLine], *, until: dt.date) -> dict[tuple[int, int], Latest]:
    """The last figures on or before a day, by the id of the line and the year. Two queries."""
    said: dict[tuple[int, int], dict[str, Any]] = defaultdict(dict)
    for name in ("contracted", "executed"):
        rows = (
            ExecutionEntry.objects.filter(line__in=lines.order_by(), as_of__lte=until, **{f"{name}__isnull": False})
            .order_by("line_id", "year", "-as_of")
            .distinct("line_id", "year")
        )
        for line_id, year, value, day in rows.values_list("line_id", "year", name, "as_of"):
            said[line_id, year] |= {name: value, f"{name}_on": day}
    return {key: Latest(**values) for key, values in said.items()}


def counted_lines(blocks: Iterable[Block], latest: Entered) -> Iterable[tuple[Line, int]]:
    """Each line that is counted with its years."""
    years_entered: dict[int, set[int]] = defaultdict(set)
    for line_id, year in latest:
        years_entered[line_id].add(year)
    for block in blocks:
        if block.is_sum:
            continue
        lines = [*block.added, *([block.heading] if block.heading else [])]
        years = sorted({year for line in lines for year in (*line.amounts, *years_entered.get(line.pk, ()))})
        counted = {year: {line.pk for line in block.counted(year, latest)} for year in years}
        yield from ((line, year) for line in lines for year in years if line.pk in counted[year])
