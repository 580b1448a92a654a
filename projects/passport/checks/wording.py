"""Figures in the words of a row against its table, and the words of the methodology."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from projects.passport import values
from projects.passport.checks.resemblance import Names
from projects.passport.checks.words import finding_of, raw_of
from projects.passport.intermediate import squash
from projects.passport.matching import words
from projects.passport.schema import Finding, Indicator, Methodology, Passport
from projects.passport.typography import number as written
from projects.passport.values import is_dash

_LIMIT = r"(?P<limit>не менее|не более|не ниже|не выше|не меньше|не больше|до|свыше)(?: чем)?(?: в| у| для| до)?"
_FIGURE = re.compile(
    rf"(?:\b{_LIMIT}\s)?(?<![\d.,])(?P<value>\d{{1,3}}(?: \d{{3}})+(?:,\d+)?|\d+(?:[.,]\d+)?)\s?"
    r"(?P<unit>%|процент\w*|[а-яё]{4,})",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:^|[\s(,])(?:к|ко|в|на|до|за|по итогам|по состоянию на)\s(?:конец |концу |конца |начало |началу )?"
    r"(?:\d{1,2}\.\d{1,2}\.)?(?P<year>20\d\d)\s?(?:г\.|год\w*)?",
    re.IGNORECASE,
)
# A figure that follows one of these is a condition of the indicator («доля школ, в которых не менее 7 % …»).
_CONDITION = re.compile(r"(котор\w+|\w+(?:щи[хем]|вши[хем]|ющ[аеи][яйхе]|нны[хем])\b)[^,;(:–—]*$", re.IGNORECASE)
_SHARE = re.compile(r"^(доля|удельный вес|охват|процент)\b", re.IGNORECASE)
_LONGEST_NAME = 3000
_YEARLY = re.compile(r"20\d\d\s?(?:г\.?|года)?\s?[-–—:]\s?[^;\d]{0,12}\d")
_YEARLY_PERCENT = re.compile(r"20\d\d\s?(?:г\.?|года)?\s?[-–—:]\s?[^;%\d]{0,12}\d+(?:[.,]\d+)?\s?(?:%|процент)")


@dataclass(frozen=True, slots=True)
class _Table:
    """A row whose name may say what its own table says otherwise; ``unit`` is the beginning of what it counts."""

    section: str
    index: int
    name: str
    unit: str
    targets: dict[str, Decimal | None]
    base: Decimal | None
    last: str


def _tables(passport: Passport) -> Iterator[_Table]:
    for index, row in enumerate(passport.indicators):
        planned = [year for year, value in row.targets.items() if value is not None]
        if row.name and planned:
            said = row.unit or ("%" if re.search(r"%|процент", row.name) else "")
            percent = bool(re.match(r"%|процент", said, re.IGNORECASE) or _SHARE.match(row.name))
            unit = "%" if percent else (row.unit or "")[:4].casefold()
            yield _Table("indicators", index, row.name, unit, row.targets, row.base.value, max(planned))
    for index, result in enumerate(passport.results):
        planned = [year for year, value in result.targets.items() if value is not None]
        said = squash(result.characteristic or "")
        # Yearly values written in the characteristic may count people or rooms: then only those in percent compare.
        if result.name and planned and (_YEARLY_PERCENT.search(said) or not _YEARLY.search(said)):
            due = str(result.due.year) if result.due else ""
            last = due if due in planned else max(planned)
            yield _Table("results", index, result.name, "%", result.targets, None, last)


def text_contradicts_target(passport: Passport) -> Iterator[Finding]:
    """``indicator.text_contradicts_target``: «не менее 7 %» in a name, 8 in the table for that year.

    The year is the one that the name gives, else the last one of the row; without a year in the name a figure that
    stands in the table of another year, or as the base value, contradicts nothing.
    """
    for table in _tables(passport):
        name = squash(table.name)[:_LONGEST_NAME]
        for found in _FIGURE.finditer(name):
            figure = values.number(found["value"])
            said = _year(name, found)
            if figure is None or _is_a_year(found) or not _is_about(table, name, found, said):
                continue
            year = said or table.last
            target = table.targets.get(year)
            if target is None or target == figure:
                continue
            if said is None and figure in {table.base, *table.targets.values()}:
                continue
            raw = found[0].strip()
            message = f"в названии стоит «{raw}», а в таблице за {year} год {written(target)}."
            yield finding_of(
                passport,
                "indicator.text_contradicts_target",
                "error",
                table.section,
                table.index,
                "name",
                message,
                raw,
            )
            break


def _is_a_year(found: re.Match[str]) -> bool:
    return bool(re.fullmatch(r"(19|20|21)\d\d", found["value"]) and found["unit"].casefold().startswith("год"))


def _is_about(table: _Table, name: str, found: re.Match[str], year: str | None) -> bool:
    """Whether a figure is a target and not a part of what is measured (a speed, a condition, a size)."""
    unit = found["unit"].casefold()
    is_percent = unit.startswith(("%", "процент"))
    if is_percent != (table.unit == "%") or not (is_percent or (len(table.unit) > 2 and unit.startswith(table.unit))):
        return False
    if found["limit"] is None and (year is None or table.section != "results"):
        return False
    before = name[: found.start()]
    if _CONDITION.search(before):
        return False
    # Of a share the figure stands apart from its words: «…, не менее 80 %»; a result begins with it.
    apart = not before.strip() or before.rstrip()[-1:] in ",(–—-:" or table.section == "results" or year is not None
    return apart or bool(re.search(r"(составит|составля\w+|достигн\w+|увеличен\w*|охвачен\w*)\s?$", before.rstrip()))


def _year(name: str, figure: re.Match[str]) -> str | None:
    """The year that the name gives next to the figure: the nearest one of the same sentence."""
    found = [(abs(year.start() - figure.start()), year["year"]) for year in _YEAR.finditer(name)]
    return min(found)[1] if found else None


_LATER = re.compile(
    r"\b(будет|будут|планируется|подлежит|находится)\s(\w+\s){0,3}?(разработ|утвержд|определ|установл|согласов)"
    r"|\bв (стадии )?разработк|(методик\w+|формул\w+) (\w+\s)?(отсутству|не разработ|не утвержд)|^(отсутствует|нет)\.?$"
    r"|^не (разработан|утвержд[её]н|определ[её]н)",
    re.IGNORECASE,
)
_NONE_NEEDED = re.compile(r"показател\w* (отсутству|не (предусмотр|установл))|не требуется", re.IGNORECASE)
_REFERENCE = re.compile(r"федеральн|приказ|распоряжени|постановлени|методик", re.IGNORECASE)


def no_methodology(passport: Passport) -> Iterator[Finding]:
    """``indicator.no_methodology``: no formula, or «будет разработана».

    A passport whose methodology says that there is nothing to add needs none; a municipal one without any follows
    that of its region; where only additional indicators are explained, the main ones follow the federal methodology.
    """
    rows = passport.methodology
    none_named = not any(row.indicator for row in rows)
    if none_named and (passport.level == "municipal" or any(_says_none(row) for row in rows)):
        return
    explained = _Explained(rows)
    found = [explained.row(row) for row in passport.indicators]
    kinds = {row.kind for row, at in zip(passport.indicators, found, strict=True) if at is not None}
    told: set[int] = set()
    for index, indicator in enumerate(passport.indicators):
        if not any(value is not None for value in indicator.targets.values()):
            continue
        at = found[index]
        if at is None and (indicator.kind != "main" or kinds != {"additional"}):
            message = "нет методики расчёта: ни формулы, ни базовых показателей."
            yield finding_of(passport, "indicator.no_methodology", "warning", "indicators", index, None, message)
        elif at is not None and at not in told:
            told.add(at)
            yield from _without_formula(passport, at, rows[at])


def _says_none(row: Methodology) -> bool:
    return bool(_NONE_NEEDED.search(f"{row.formula or ''} {row.note or ''}"))


def _without_formula(passport: Passport, index: int, row: Methodology) -> Iterator[Finding]:
    raw = row.formula or raw_of(passport, "methodology", index, "formula")
    if row.formula and not is_dash(row.formula) and not _LATER.search(squash(row.formula)):
        return
    if not row.formula and row.note and _REFERENCE.search(row.note) and not _LATER.search(row.note):
        return
    if raw is None and row.note and _LATER.search(row.note):
        raw = row.note
    message = "нет формулы показателя." if raw is None or is_dash(raw) else f"вместо формулы стоит «{raw}»."
    yield finding_of(passport, "indicator.no_methodology", "warning", "methodology", index, "formula", message, raw)


class _Explained:
    """The rows of the methodology by what they explain: by the number of an indicator, else by its name."""

    def __init__(self, rows: tuple[Methodology, ...]) -> None:
        self._by_number: dict[str, int] = {}
        self._named: list[int] = []
        for at, row in enumerate(rows):
            if row.indicator:
                self._by_number.setdefault(row.indicator, at)
                self._named += [] if words(row.indicator).isdigit() else [at]
        self._names = Names(rows[at].indicator for at in self._named)

    def row(self, indicator: Indicator) -> int | None:
        """The row of an indicator, by its own number or that of its heading (3 for 3.1)."""
        number = (indicator.number or "")[:40]
        while number:
            if number in self._by_number:
                return self._by_number[number]
            number = number.rpartition(".")[0]
        at = self._names.likest(indicator.name)
        return None if at is None else self._named[at]
