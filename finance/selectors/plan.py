"""Section 4 of the passport in force as its page shows it, line by line and by source, every digit of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from finance.models import FinanceLine, Source, Unit
from finance.units import in_unit
from projects.cells import Cell, cell, decimals_of, number_text, written_in
from projects.models import Project, Redaction
from projects.recognition import is_total


@dataclass(frozen=True)
class MoneyRow:
    """A line in document order. ``kind``: heading, source, part (transfers: a part of the line above) or total."""

    line: FinanceLine
    kind: str
    amounts: list[tuple[int, Cell]]
    total: Cell
    has_money: bool


@dataclass(frozen=True)
class SourceSum:
    """One source over all results, or all of them together: by year and in all, added up here."""

    source: Source | None
    amounts: list[tuple[int, str]]
    total: str

    @property
    def title(self) -> str:
        return self.source.label if self.source else "Всего"

    @property
    def is_part(self) -> bool:
        return self.source == Source.TRANSFERS

    @property
    def choice(self) -> str | None:
        """The filter of the page that leaves the lines that are added; a part stands under its whole."""
        return None if self.source is None or self.is_part else self.source.value


@dataclass(frozen=True)
class MoneyTable:
    years: list[int]
    rows: list[MoneyRow]
    sums: list[SourceSum]
    whole: SourceSum | None
    has_code: bool


def money_of(project: Project, redaction: Redaction | None, unit: Unit = Unit.MILLION) -> MoneyTable:
    """Section 4 of the redaction in force in a unit. Two queries, however many lines there are."""
    lines = list(FinanceLine.objects.filter(project=project).current().order_by("position").prefetch_related("amounts"))
    by_line = {line.pk: {a.year: in_unit(a.amount, unit) for a in line.amounts.all()} for line in lines}
    years = sorted({year for amounts in by_line.values() for year in amounts})
    every = [value for amounts in by_line.values() for value in amounts.values()]
    every += [in_unit(line.total, unit) for line in lines if line.total is not None]
    decimals = decimals_of(every)
    written = written_in(redaction.document, "finance") if redaction else {}
    in_totals = _in_totals(lines)
    rows = [
        MoneyRow(
            line=line,
            kind=_kind(line),
            amounts=[
                (
                    year,
                    cell(
                        number_text(by_line[line.pk].get(year), decimals),
                        written.get((line.position, f"amounts.{year}")),
                    ),
                )
                for year in years
            ],
            total=cell(
                number_text(in_unit(line.total, unit) if line.total is not None else None, decimals),
                written.get((line.position, "total")),
            ),
            has_money=bool(by_line[line.pk]) or line.total is not None,
        )
        for line in lines
    ]
    detailed = [line for line in lines if line.source and line.pk not in in_totals]
    sums = [
        _sum(source, [line for line in detailed if line.source == source], by_line, years, decimals)
        for source in _order(detailed)
    ]
    own = [line for line in detailed if line.source != Source.TRANSFERS]
    whole = _sum(None, own, by_line, years, decimals) if own else None
    return MoneyTable(years, rows, sums, whole, any(line.code for line in lines))


def _order(lines: list[FinanceLine]) -> list[Source]:
    """Sources that the passport names, in the order of the form; transfers are a part, hence last."""
    named = {line.source for line in lines}
    return [source for source in Source if source.value in named]


def _kind(line: FinanceLine) -> str:
    if line.source == Source.TRANSFERS:
        return "part"
    if line.source:
        return "source"
    return "total" if is_total(line.name) else "heading"


def _in_totals(lines: list[FinanceLine]) -> set[int]:
    """Lines under «Всего…»: they repeat what stands above and are not added again."""
    found: set[int] = set()
    under_total = False
    for line in lines:
        if line.source is None:
            under_total = _kind(line) == "total"
        if under_total:
            found.add(line.pk)
    return found


def _sum(
    source: Source | None,
    lines: list[FinanceLine],
    by_line: dict[int, dict[int, Decimal]],
    years: list[int],
    decimals: int,
) -> SourceSum:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        for year, amount in by_line[line.pk].items():
            sums[year] += amount
    return SourceSum(
        source=source,
        amounts=[(year, number_text(sums[year], decimals)) for year in years],
        total=number_text(sum(sums.values(), Decimal()), decimals),
    )
