"""Lines of section 4 by themselves: a thousand times too large, or without money and without words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from projects.passport.checks.finance import Entry, entries_of, money_of, results_of
from projects.passport.checks.sections import is_section_four
from projects.passport.checks.words import amount, finding_of, headings_of
from projects.passport.schema import FinanceRow, Finding, Passport, Severity

_THOUSAND = Decimal(1000)
# How far a line may be from its neighbours and still be of their kind; and how far a thousand has to lift it.
_NEAR = Decimal(3)
_NEAR_ONE = Decimal(2)
_FAR = Decimal(100)
_HEADING = re.compile(r"справочно|федерального проекта|^задача\b", re.IGNORECASE)


def magnitude(passport: Passport) -> Iterator[Finding]:
    """``finance.magnitude``: тыс. taken for млн, once for each line.

    Surely so where a sum does not agree and agrees with one of its members divided by a thousand. Otherwise a line is
    compared with lines of its own kind: a result with the other results, a source with the same source of the other
    results, a year with the other years of the line. It is out of scale where it is a hundred times the greatest of
    them and, divided by a thousand, would be among them: money differs widely by its nature.
    """
    if not is_section_four(passport):
        return
    entries = entries_of(passport)
    results = results_of(entries)
    told: set[int] = set()
    for index, row, field in _explained(passport, entries, results):
        if index not in told:
            told.add(index)
            value = money_of(row)[field]
            yield _lifted(passport, index, row, field, value, "с теми строками, с которыми складывается", "error")
    at = _lifted_at([_whole(entry.row) for entry in results])
    if at is not None:
        entry = results[at]
        lines = {entry.index, *(index for index, _ in entry.sources)}
        if not lines & told:
            told |= lines
            yield _lifted(passport, entry.index, entry.row, "total", _whole(entry.row), "с остальными результатами")
    for same in _same_sources(results):
        at = _lifted_at([_whole(row) for _, row in same])
        if at is not None and same[at][0] not in told:
            index, row = same[at]
            told.add(index)
            yield _lifted(passport, index, row, "total", _whole(row), "с тем же источником у других результатов")
    for index, row in enumerate(passport.finance):
        if index not in told:
            yield from _years(passport, index, row)


Line = tuple[int, FinanceRow, str]


def _explained(passport: Passport, entries: list[Entry], results: list[Entry]) -> Iterator[Line]:
    """Lines a thousand times too large as the sums around them prove: in a row, in a result, in the project."""
    for index, row in enumerate(passport.finance):
        if row.amounts and row.total is not None:
            years = [(index, row, f"amounts.{year}") for year in row.amounts]
            yield from _culprit((index, row, "total"), years)
    for entry in entries:
        for field in money_of(entry.row):
            parts = [
                (index, row, field)
                for index, row in entry.sources
                if row.source != "transfers" and field in money_of(row)
            ]
            yield from _culprit((entry.index, entry.row, field), parts)
    project = next((entry for entry in reversed(entries) if entry.is_total and entry.row.amounts), None)
    for field in money_of(project.row) if project else ():
        parts = [(entry.index, entry.row, field) for entry in results if field in money_of(entry.row)]
        if project:
            yield from _culprit((project.index, project.row, field), parts)


def _culprit(whole: Line, parts: Sequence[Line]) -> Iterator[Line]:
    """The member of a sum that makes it agree when divided by a thousand; nothing where the sum agrees already."""

    def value(line: Line) -> Decimal:
        return money_of(line[1])[line[2]]

    said, total = value(whole), sum(map(value, parts), Decimal(0))
    if not parts or said <= 0 or total <= 0 or _agree(said, total):
        return
    if _agree(said / _THOUSAND, total):
        yield whole
        return
    found = [line for line in parts if _agree(said, total - value(line) + value(line) / _THOUSAND)]
    # A line so small that a thousand times it changes little proves nothing.
    if len(found) == 1 and value(found[0]) > said:
        yield found[0]


def _agree(first: Decimal, second: Decimal) -> bool:
    return abs(first - second) <= max(first, second) / 200


def _whole(row: FinanceRow) -> Decimal:
    return row.total if row.total is not None else sum((row.amounts or {}).values(), Decimal(0))


def _lifted_at(values: Sequence[Decimal], least: int = 1) -> int | None:
    """Which of several values is a thousand times the others, at least ``least`` of them: only the greatest can be."""
    if not values:
        return None
    at = max(range(len(values)), key=values.__getitem__)
    others = [value for place, value in enumerate(values) if place != at and value > 0]
    if len(others) < least or values[at] < _FAR * max(others):
        return None
    near = _NEAR if len(others) > 1 else _NEAR_ONE
    return at if min(others) / near <= values[at] / _THOUSAND <= max(others) * near else None


def _same_sources(results: list[Entry]) -> list[list[tuple[int, FinanceRow]]]:
    """The lines of each source over all results."""
    lines: dict[str | None, list[tuple[int, FinanceRow]]] = {}
    for entry in results:
        for index, row in entry.sources:
            if row.amounts:
                lines.setdefault(row.source, []).append((index, row))
    return list(lines.values())


def _years(passport: Passport, index: int, row: FinanceRow) -> Iterator[Finding]:
    """One year a thousand times the others of its line; of two years alone nobody can tell."""
    years = list((row.amounts or {}).items())
    at = _lifted_at([value for _, value in years], least=2)
    if at is not None:
        year, value = years[at]
        yield _lifted(passport, index, row, f"amounts.{year}", value, "с другими годами этой строки")


def _lifted(
    passport: Passport,
    index: int,
    row: FinanceRow,
    field: str,
    value: Decimal,
    neighbours: str,
    severity: Severity = "warning",
) -> Finding:
    unit = "млн" if passport.finance_unit == "million" else "тыс."
    column = "всего" if field == "total" else f"за {field[8:]} год"
    words = (
        f"{column} {amount(value)} {unit} рублей, это примерно в тысячу раз больше по сравнению {neighbours}:"
        " проверьте, не тысячи ли это вместо миллионов."
    )
    if unit == "тыс.":
        words = words.replace("тысячи ли это вместо миллионов", "рубли ли это вместо тысяч")
    field = field if field in money_of(row) else "amounts"
    return finding_of(passport, "finance.magnitude", severity, "finance", index, field, words, amount(value))


def result_without_money(passport: Passport) -> Iterator[Finding]:
    """``finance.result_without_money``: a result with neither money, nor sources under it, nor words instead.

    Headings over other results, and federal results quoted for reference, need no money of their own.
    """
    if not is_section_four(passport):
        return
    headings = headings_of(row.number for row in passport.finance if row.source is None)
    raw = {(item.row, item.field) for item in passport.unread if item.section == "finance"}
    for entry in entries_of(passport):
        row = entry.row
        if entry.is_total or row.amounts or row.note or row.total is not None or _is_heading(row, headings):
            continue
        if any(source.amounts or source.note for _, source in entry.sources):
            continue
        if not row.name or any(at == entry.index for at, _ in raw):
            continue
        words = "у результата нет ни денег, ни пояснения, почему их нет."
        yield finding_of(passport, "finance.result_without_money", "warning", "finance", entry.index, "amounts", words)


def _is_heading(row: FinanceRow, headings: set[str]) -> bool:
    return row.number in headings or bool(_HEADING.search((row.name or "")[:160]))
