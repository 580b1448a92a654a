"""The execution of one project as its page shows it: by year, line by line, and lines that are archived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.counting import Block, Line
from finance.models import ExecutionEntry, FinanceLine, Source
from finance.selectors.states import Latest, Money, counted_lines
from finance.status import Control, percent_of
from projects.models import Project
from projects.recognition import is_total
from projects.status import Status


@dataclass(frozen=True)
class Sums:
    """Money of one line, or of several added up, in roubles. None is «not said», which is not 0."""

    planned: Decimal | None = None
    contracted: Decimal | None = None
    executed: Decimal | None = None

    @property
    def remainder(self) -> Decimal | None:
        """What of the plan is not executed yet; negative where more was executed."""
        return None if self.planned is None or self.executed is None else self.planned - self.executed

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.executed, self.planned)

    @property
    def marks(self) -> list[str]:
        """What a reader must not overlook."""
        found = []
        if self.executed is not None and self.executed > (self.planned or 0):
            found.append("больше плана" if self.planned is not None else "без плана")
        if self.executed is not None and self.executed < 0:
            found.append("возврат")
        if self.executed is not None and self.contracted is not None and self.contracted < self.executed:
            found.append("законтрактовано меньше исполненного")
        return found


@dataclass(frozen=True)
class Row:
    """A line in a year. ``kind``: heading, source, part or total; ``added``: its figures are sums of other lines."""

    line: FinanceLine
    kind: str
    sums: Sums
    as_of: dt.date | None = None
    status: Status | None = None
    added: bool = False


@dataclass(frozen=True)
class OfYear:
    """The money of a project in a year."""

    year: int
    sums: Sums

    @property
    def contracted_bar(self) -> int:
        return _bar(self.sums.contracted, self.sums.planned)

    @property
    def executed_bar(self) -> int:
        return _bar(self.sums.executed, self.sums.planned)


@dataclass(frozen=True)
class Chosen:
    """What the page is filtered by: a year always, a result and a source where they were chosen."""

    year: int
    result: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Execution:
    money: Money
    blocks: Sequence[Block]
    chosen: Chosen
    years: tuple[OfYear, ...]
    rows: tuple[Row, ...]
    whole: Sums
    archived: tuple[ExecutionEntry, ...]

    @property
    def control(self) -> Control | None:
        return self.money.control(self.chosen.year)


def years_of(money: Money, project: Project) -> list[int]:
    """The years with a plan or with figures, by lines that are counted."""
    return sorted({year for _, year in counted_lines(money.blocks[project.pk], money.latest)})


def execution_of(project: Project, money: Money, chosen: Chosen) -> Execution:
    """The execution of a year as filtered, the sums of all years, and figures of archived lines. One query."""
    blocks = money.blocks[project.pk]
    counted = [
        (line, year)
        for line, year in counted_lines(blocks, money.latest)
        if (chosen.result is None or line.row.result_id == chosen.result)
        and (not chosen.source or line.source == chosen.source)
    ]
    years = sorted({year for _, year in counted})
    return Execution(
        money=money,
        blocks=blocks,
        chosen=chosen,
        years=tuple(OfYear(year, added(money, ((line, y) for line, y in counted if y == year))) for year in years),
        rows=tuple(_rows(money, blocks, chosen)),
        whole=added(money, ((line, year) for line, year in counted if year == chosen.year)),
        archived=tuple(
            ExecutionEntry.objects.filter(line__project=project, line__archived_at__isnull=False)
            .select_related("line")
            .order_by("line__position", "line_id", "as_of")
        ),
    )


def added(money: Money, lines: Iterable[tuple[Line, int]]) -> Sums:
    """Lines of years added up; None where no line says anything."""
    planned: list[Decimal] = []
    contracted: list[Decimal] = []
    executed: list[Decimal] = []
    for line, year in lines:
        known = money.latest.get((line.pk, year), Latest())
        for held, value in (
            (planned, line.amounts.get(year)),
            (contracted, known.contracted),
            (executed, known.executed),
        ):
            if value is not None:
                held.append(value)
    return Sums(*(sum(held, Decimal(0)) if held else None for held in (planned, contracted, executed)))


def _rows(money: Money, blocks: Sequence[Block], chosen: Chosen) -> Iterator[Row]:
    year = chosen.year
    for block in blocks:
        if chosen.result is not None and (block.heading is None or block.heading.row.result_id != chosen.result):
            continue
        counted = block.counted(year, money.latest)
        sources = list(_sources(money, block, counted, blocks, chosen))
        if block.heading is not None and (sources or not chosen.source):
            yield _heading(money, block, block.heading, counted, blocks, chosen)
        yield from sources


def _heading(
    money: Money, block: Block, heading: Line, counted: list[Line], blocks: Sequence[Block], chosen: Chosen
) -> Row:
    year = chosen.year
    kind = "total" if is_total(heading.name) else "heading"
    own = money.state(heading, year)
    if chosen.source:
        return Row(heading.row, kind, Sums())
    if any(line.pk == heading.pk for line in counted):
        return Row(heading.row, kind, Sums(own.planned, own.contracted, own.executed), own.as_of, own.status)
    parts = _of_project(blocks, year, money) if block.is_sum and kind == "total" else counted
    sums = added(money, ((line, year) for line in parts))
    return Row(heading.row, kind, Sums(own.planned, sums.contracted, sums.executed), added=True)


def _sources(money: Money, block: Block, counted: list[Line], blocks: Sequence[Block], chosen: Chosen) -> Iterator[Row]:
    year = chosen.year
    held = {line.pk for line in counted}
    under = ""
    for line in block.sources:
        under = under if line.is_part else line.source or ""
        if chosen.source and under != chosen.source and line.source != chosen.source:
            continue
        state = money.state(line, year)
        kind = "part" if line.is_part else "source"
        own = Sums(state.planned, state.contracted, state.executed)
        if block.is_sum and own.executed is None and own.contracted is None:
            same = [other for other in _of_project(blocks, year, money) if other.source == line.source]
            sums = added(money, ((other, year) for other in same))
            yield Row(line.row, kind, Sums(own.planned, sums.contracted, sums.executed), added=True)
        else:
            status = state.status if line.pk in held else None
            yield Row(line.row, kind, own, state.as_of, status)


def _of_project(blocks: Sequence[Block], year: int, money: Money) -> list[Line]:
    return [line for block in blocks if not block.is_sum for line in block.counted(year, money.latest)]


def _bar(part: Decimal | None, whole: Decimal | None) -> int:
    """Whole percent, from 0 to 100, for the picture: the figures stand beside it as they are."""
    return int(min(max(percent_of(part, whole) or Decimal(0), Decimal(0)), Decimal(100)))


def sources_of(money: Money, project: Project) -> list[tuple[str, str]]:
    """The sources that the passport names, in the order of the form; transfers are a part of one."""
    named = {line.source for block in money.blocks[project.pk] for line in block.sources}
    return [(value, label) for value, label in Source.choices if value in named and value != Source.TRANSFERS]
