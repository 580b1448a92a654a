"""Whether the money of a project adds up: results, sources and the total, as planned and as executed.

The sums are those of the checks of a passport, asked of the document itself and of the same document with what was
executed in the place of what was planned. Source of the rounding rule: domain notes, §5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.counting import Block, known_sum
from finance.selectors.execution import added
from finance.selectors.states import Latest, Money
from projects.models import Redaction
from projects.passport.checks import finance as sums
from projects.passport.schema import FinanceRow, Finding, Passport
from projects.recognition import is_total

_CHECKS: tuple[Callable[[Passport], Iterator[Finding]], ...] = (
    sums.sources_sum,
    sums.project_total,
    sums.source_total,
    sums.part_exceeds_whole,
)


@dataclass(frozen=True)
class Reconciled:
    """One kind of money of a project in a year, added up three ways, in roubles; ``total`` is what was written down.

    ``findings`` are sentences with both numbers, in the unit of the document for what is planned and in roubles for
    what is executed.
    """

    title: str
    by_results: Decimal | None
    by_sources: Decimal | None
    total: Decimal | None
    findings: tuple[str, ...]


def reconciled(money: Money, blocks: Sequence[Block], redaction: Redaction, year: int) -> list[Reconciled]:
    """Planned and executed of a year. No query."""
    passport = redaction.passport
    field = f"amounts.{year}"
    totals = [block for block in blocks if block.heading and is_total(block.heading.name)]
    own = [block for block in blocks if not block.is_sum]
    whole = totals[-1].heading if totals else None
    known = money.latest.get((whole.pk, year), Latest()) if whole else Latest()
    executed = _with_executed(passport, money, blocks)
    counted = added(money, ((line, year) for block in own for line in block.counted(year, money.latest)))
    headings = [_of_block(money, block, year) for block in own]
    return [
        Reconciled(
            "План",
            known_sum(plan for plan, _ in headings),
            counted.planned,
            whole.amounts.get(year) if whole else None,
            _findings(passport, field),
        ),
        Reconciled(
            "Исполнено",
            known_sum(fact for _, fact in headings),
            counted.executed,
            known.executed,
            _findings(executed, field),
        ),
    ]


def _of_block(money: Money, block: Block, year: int) -> tuple[Decimal | None, Decimal | None]:
    """What is written for a result itself, else what its sources come to."""
    counted = added(money, ((line, year) for line in block.counted(year, money.latest)))
    if block.heading is None:
        return counted.planned, counted.executed
    known = money.latest.get((block.heading.pk, year), Latest())
    planned = block.heading.amounts.get(year, counted.planned)
    return planned, counted.executed if known.executed is None else known.executed


def _with_executed(passport: Passport, money: Money, blocks: Sequence[Block]) -> Passport:
    """The document with executed roubles for planned amounts; a result that has none of its own gets its sources'."""
    amounts: dict[str, dict[str, Decimal]] = {}
    for (line_id, year), known in money.latest.items():
        if known.executed is not None:
            amounts.setdefault(str(line_id), {})[str(year)] = known.executed
    by_row: dict[str, Mapping[str, Decimal]] = {}
    for block in blocks:
        for line in block.lines:
            by_row[str(line.row.row_id)] = amounts.get(str(line.pk), {})
        if block.heading is not None and not block.is_sum:
            years = {year for line in block.sources for year in amounts.get(str(line.pk), {})}
            folded = {year: _of_block(money, block, int(year))[1] for year in years}
            own = {year: value for year, value in folded.items() if value is not None}
            by_row[str(block.heading.row.row_id)] = {**own, **amounts.get(str(block.heading.pk), {})}
    return passport.model_copy(update={"finance": tuple(_as_executed(row, by_row) for row in passport.finance)})


def _as_executed(row: FinanceRow, by_row: Mapping[str, Mapping[str, Decimal]]) -> FinanceRow:
    return row.model_copy(update={"amounts": dict(by_row.get(row.id or "", {})) or None, "total": None})


def _findings(passport: Passport, field: str) -> tuple[str, ...]:
    return tuple(found.message for check in _CHECKS for found in check(passport) if found.field == field)
