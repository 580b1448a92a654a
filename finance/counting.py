"""Which lines of section 4 are added to what: money is told once by results, by sources and in all. Pure.

Transfers are a part of the line above them and are never added; nor are lines under «Всего…», which repeat what stands
above, nor a heading over results of its own, nor the parts of a consolidated budget beside the whole of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from finance.models import FinanceLine, Source
from projects.passport.checks.finance import addends
from projects.passport.checks.words import headings_of
from projects.recognition import is_total


@dataclass(frozen=True, eq=False)
class Line:
    """A line with what it plans by year, in roubles."""

    row: FinanceLine
    amounts: Mapping[int, Decimal]

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def number(self) -> str:
        return self.row.number

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def source(self) -> str | None:
        return self.row.source

    @property
    def is_part(self) -> bool:
        return self.row.source == Source.TRANSFERS


Entered = Collection[tuple[int, int]]
"""Ids of lines and years that something was entered for."""


@dataclass(frozen=True, eq=False)
class Block:
    """A heading, result or total with the lines under it; ``is_sum``: it repeats what other blocks say."""

    heading: Line | None
    sources: tuple[Line, ...]
    is_sum: bool

    @property
    def lines(self) -> list[Line]:
        """The heading and what stands under it, in document order."""
        return [*([self.heading] if self.heading else []), *self.sources]

    @cached_property
    def added(self) -> tuple[Line, ...]:
        """Of several ways to read what adds up, the one that comes nearest to what the heading itself plans."""
        own = tuple(line for line in self.sources if not line.is_part)
        readings = addends(own)
        if not readings or self.heading is None:
            return own
        whole = self.heading.amounts
        chosen = min(readings, key=lambda lines: _distance(whole, lines))
        left_out = {line.pk for line in own if line.amounts} - {line.pk for line in chosen}
        return tuple(line for line in own if line.pk not in left_out)

    def counted(self, year: int, entered: Entered) -> list[Line]:
        """The lines that the money of the block in a year is made of: its sources, or the heading where it has none.

        What was entered for a result as one sum, and for none of its sources, is counted as that sum.
        """
        own = [line for line in self.added if year in line.amounts or (line.pk, year) in entered]
        heading = self.heading
        if heading is None:
            return own
        of_sources = any((line.pk, year) in entered for line in own)
        if own and (of_sources or (heading.pk, year) not in entered):
            return own
        return [heading] if year in heading.amounts or (heading.pk, year) in entered else []


def blocks_of(lines: Iterable[Line]) -> list[Block]:
    """The blocks of one project in document order."""
    found: list[tuple[Line | None, list[Line]]] = []
    for line in lines:
        if line.source is None:
            found.append((line, []))
        elif found:
            found[-1][1].append(line)
        else:
            found.append((None, [line]))
    over_others = headings_of(
        heading.number for heading, _ in found if heading and heading.amounts and not is_total(heading.name)
    )
    return [Block(heading, tuple(sources), _is_sum(heading, over_others)) for heading, sources in found]


def _is_sum(heading: Line | None, over_others: set[str]) -> bool:
    return heading is not None and (is_total(heading.name) or heading.number in over_others)


def _distance(whole: Mapping[int, Decimal], lines: Iterable[Line]) -> Decimal:
    sums: dict[int, Decimal] = {}
    for line in lines:
        for year, amount in line.amounts.items():
            sums[year] = sums.get(year, Decimal(0)) + amount
    return sum((abs(sums.get(year, Decimal(0)) - amount) for year, amount in whole.items()), Decimal(0))


def known_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """What nobody has told of any line is not zero in all."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
