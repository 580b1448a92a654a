"""Sums of section 4 that do not add up, beyond what rounding explains: half of the last digit for each addend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from projects.passport.checks.sections import repeats_from
from projects.passport.checks.words import amount, decimals, headings_of, short
from projects.passport.lookalikes import mended
from projects.passport.schema import FinanceRow, Finding, Passport

_TOTAL = re.compile(r"^(всего|итого)", re.IGNORECASE)
_CONSOLIDATED = re.compile(r"^(средства )?(консолидирован|свод)", re.IGNORECASE)
_PARTS_OF_CONSOLIDATED = {"regional", "municipal"}
Money = dict[str, Decimal]


class Addend(Protocol):
    """A line as far as it matters to what is added to what."""

    @property
    def number(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def amounts(self) -> Mapping[Any, Decimal] | None: ...


_A = TypeVar("_A", bound=Addend)


@dataclass(slots=True)
class Entry:
    """A heading, result or total with the sources that stand under it."""

    index: int
    row: FinanceRow
    sources: list[tuple[int, FinanceRow]]

    @property
    def is_total(self) -> bool:
        return bool(_TOTAL.match(mended(self.row.name or "")))


def entries_of(passport: Passport) -> list[Entry]:
    entries: list[Entry] = []
    # Where the section stands twice, the first of the two is examined: that it is there again is its own finding.
    for index, row in enumerate(passport.finance[: repeats_from(passport, "finance")]):
        if row.source is None:
            entries.append(Entry(index, row, []))
        elif entries:
            entries[-1].sources.append((index, row))
    return entries


def money_of(row: FinanceRow) -> Money:
    """Every sum of a row by the name of its field."""
    money = {f"amounts.{year}": value for year, value in (row.amounts or {}).items()}
    if row.total is not None:
        money["total"] = row.total
    return money


def _precision(passport: Passport) -> int:
    """The digits after the comma that the section is written with; padding zeros are gone from single values."""
    depths = [max(decimals(value) for value in money.values()) for row in passport.finance if (money := money_of(row))]
    return max((depth for depth in set(depths) if sum(d >= depth for d in depths) * 5 >= len(depths)), default=0)


def _differ(whole: Decimal, parts: Sequence[Decimal], precision: int) -> bool:
    digits = max([precision, *(decimals(value) for value in (whole, *parts))])
    return abs(sum(parts, Decimal(0)) - whole) > Decimal(5).scaleb(-digits - 1) * len(parts)


def _label(row: FinanceRow) -> str:
    return f"строке {row.number}" if row.number else f"строке «{short(row.name or '')}»"


def _column(field: str) -> str:
    return "во «Всего»" if field == "total" else f"за {field[8:]} год"


def _finding(code: str, index: int, row: FinanceRow, field: str, message: str) -> Finding:
    value = money_of(row).get(field)
    return Finding(
        code=code,
        severity="error",
        section="finance",
        row=index,
        number=row.number,
        field=field,
        raw=None if value is None else amount(value),
        message=message,
    )


def row_total(passport: Passport) -> Iterator[Finding]:
    """``finance.row_total``: the years of a row against its own total."""
    precision = _precision(passport)
    for index, row in enumerate(passport.finance):
        if not row.amounts or row.total is None:
            continue
        parts = list(row.amounts.values())
        if _differ(row.total, parts, precision):
            message = (
                f"По {_label(row)} сумма по годам {amount(sum(parts, Decimal(0)))},"
                f" а во «Всего» стоит {amount(row.total)}."
            )
            yield _finding("finance.row_total", index, row, "total", message)


def sources_sum(passport: Passport) -> Iterator[Finding]:
    """``finance.sources_sum``: the sources under a result or a total against it, year by year.

    Transfers are a part of the source above them and are never added; so are the regional and municipal budgets under
    a consolidated one, told by deeper numbers or by the sums themselves.
    """
    precision = _precision(passport)
    for entry in entries_of(passport):
        readings = addends([row for _, row in entry.sources])
        if not readings:
            continue
        for field, whole in money_of(entry.row).items():
            sums = [[money_of(row)[field] for row in rows if field in money_of(row)] for rows in readings]
            wrong = [parts for parts in sums if parts and _differ(whole, parts, precision)]
            if len(wrong) < len(sums) or not wrong:
                continue
            message = (
                f"По {_label(entry.row)} источники {_column(field)} дают в сумме"
                f" {amount(sum(wrong[0], Decimal(0)))}, а в строке стоит {amount(whole)}."
            )
            yield _finding("finance.sources_sum", entry.index, entry.row, field, message)


def addends(sources: Sequence[_A]) -> list[list[_A]]:
    """The ways to read which sources add up to their entry: all of them, or without the parts of a consolidated one."""
    rows = [row for row in sources if row.source != "transfers" and row.amounts]
    depths = [row.number.count(".") for row in rows if row.number]
    if depths:
        rows = [row for row in rows if not row.number or row.number.count(".") == min(depths)]
    if not rows:
        return []
    readings = [rows]
    at = next((place for place, row in enumerate(rows) if _CONSOLIDATED.match(mended(row.name or ""))), None)
    if at is not None:
        readings.append(rows[: at + 1] + [row for row in rows[at + 1 :] if row.source not in _PARTS_OF_CONSOLIDATED])
    return readings


def results_of(entries: list[Entry]) -> list[Entry]:
    """The results with money that the project's total is made of: not headings, not sums over results under them."""
    held = [entry for entry in entries if entry.row.amounts and not entry.is_total]
    headings = headings_of(entry.row.number for entry in held)
    return [entry for entry in held if entry.row.number not in headings]


def _project(entries: list[Entry]) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.is_total and entry.row.amounts), None)


def project_total(passport: Passport) -> Iterator[Finding]:
    """``finance.project_total``: the results against the total of the project."""
    precision = _precision(passport)
    entries = entries_of(passport)
    project, results = _project(entries), results_of(entries)
    if project is None or not results:
        return
    for field, whole in money_of(project.row).items():
        parts = [money_of(entry.row)[field] for entry in results if field in money_of(entry.row)]
        if parts and _differ(whole, parts, precision):
            message = (
                f"Результаты {_column(field)} дают в сумме {amount(sum(parts, Decimal(0)))},"
                f" а в итоге по проекту стоит {amount(whole)}."
            )
            yield _finding("finance.project_total", project.index, project.row, field, message)


def source_total(passport: Passport) -> Iterator[Finding]:
    """``finance.source_total``: one source over all results against its line in the project's total."""
    precision = _precision(passport)
    entries = entries_of(passport)
    project, results = _project(entries), results_of(entries)
    # Where one result gives no sources, what the others give cannot be the whole of a source.
    if project is None or not results or not all(entry.sources for entry in results):
        return
    for index, line in project.sources:
        if line.source == "transfers" or not _is_only(project, line):
            continue
        rows = [row for entry in results for _, row in entry.sources if _is_same_source(row, line, project)]
        for field, whole in money_of(line).items():
            parts = [money_of(row)[field] for row in rows if field in money_of(row)]
            if (parts or whole) and _differ(whole, parts or [Decimal(0)], precision):
                message = (
                    f"Источник «{short(line.name or '')}» по результатам {_column(field)} даёт"
                    f" {amount(sum(parts, Decimal(0)))}, а в итоге по проекту стоит {amount(whole)}."
                )
                yield _finding("finance.source_total", index, line, field, message)


def _is_only(project: Entry, line: FinanceRow) -> bool:
    """Whether the total names this source once: two lines of one source are told apart by nothing but their words."""
    return sum(row.source == line.source for _, row in project.sources) == 1


def _is_same_source(row: FinanceRow, line: FinanceRow, project: Entry) -> bool:
    return row.source == line.source and row.source is not None and bool(project.sources)


def part_exceeds_whole(passport: Passport) -> Iterator[Finding]:
    """``finance.part_exceeds_whole``: transfers larger than the source that they are a part of."""
    whole: FinanceRow | None = None
    for index, row in enumerate(passport.finance):
        if row.source != "transfers":
            whole = row
            continue
        for field, part in money_of(row).items():
            limit = money_of(whole).get(field) if whole is not None else None
            if limit is not None and whole is not None and part > limit:
                message = (
                    f"По {_label(row)} трансферты {_column(field)} составляют {amount(part)},"
                    f" это больше источника «{short(whole.name or '')}»: {amount(limit)}."
                )
                yield _finding("finance.part_exceeds_whole", index, row, field, message)
