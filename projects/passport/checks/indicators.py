"""Indicators: targets that go the wrong way, a base value beyond them, percent beyond 100."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from projects.passport.checks.words import field_words, finding_of
from projects.passport.schema import Direction, Finding, Indicator, Passport
from projects.passport.typography import number as written

_SHARE = re.compile(r"^(доля|удельный вес|охват|процент|уровень (?!инфляц))\b", re.IGNORECASE)
_PERCENT = re.compile(r"%|процент", re.IGNORECASE)
_CUMULATIVE = re.compile(r"нарастающ\w+ итог|накоплен\w+ итог|с начала (реализации )?проекта", re.IGNORECASE)
# Less of these is better, but «охват профилактикой заболеваемости» should grow: such words say nothing for sure.
_BAD = re.compile(
    r"снижени|сокращени|уменьшени|смертност|заболеваем|аварийн|износ|задолженност|очередност|отток|преступност"
    r"|безработиц|просроч|потер|не (имеющ|обеспеч|охвачен|соответств)|втор\w+ смен|нужда|требующ|отсутстви",
    re.IGNORECASE,
)
# A rate of growth or of fulfilment may well be above 100 %, and a change below 0.
_MAY_EXCEED = re.compile(
    r"темп|индекс|прирост|\bрост|\bк уровню|отношени|исполнени|выполнени|перевыполн|увеличени|динамик|изменени"
    r"|снижени|сокращени|рентабельн|производительност|соотношени|по сравнению",
    re.IGNORECASE,
)
_HUNDRED = Decimal(100)
Yearly = list[tuple[str, Decimal]]


def _planned(targets: dict[str, Decimal | None]) -> Yearly:
    return [(year, value) for year, value in sorted(targets.items()) if value is not None]


def _is_share(indicator: Indicator) -> bool:
    return bool(_SHARE.match(indicator.name or "") or _PERCENT.match(indicator.unit or ""))


def _directions(passport: Passport) -> list[Direction | None]:
    """Which way each indicator says it should go; a sub-indicator goes the way of its heading."""
    said = {row.number: row.direction for row in passport.indicators if row.direction}
    return [row.direction or said.get((row.number or "").rpartition(".")[0]) for row in passport.indicators]


def _trend(values: Sequence[Decimal]) -> Direction | None:
    """Which way most of the steps go."""
    steps = [later - earlier for earlier, later in pairwise(values)]
    up, down = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return "increasing" if up > down else "decreasing" if down > up else None


def not_monotone(passport: Passport) -> Iterator[Finding]:
    """``indicator.not_monotone``: a cumulative target that falls, or one that should fall and rises.

    What is counted anew every year (buses bought, events held) may go up and down: without a direction only shares
    and what says «нарастающим итогом» are looked at, and only where their targets rise otherwise.
    """
    directions = _directions(passport)
    for index, row in enumerate(passport.indicators):
        planned = _planned(row.targets)
        direction = directions[index] or _likely_growth(row, planned)
        if direction is None:
            continue
        for (before, earlier), (year, later) in pairwise(planned):
            if later == earlier or (later > earlier) == (direction == "increasing"):
                continue
            turn = "меньше" if direction == "increasing" else "больше"
            way = "расти" if direction == "increasing" else "снижаться"
            words = (
                f"значение за {year} год {written(later)} {turn}, чем за {before} год ({written(earlier)}),"
                f" а показатель должен {way}."
            )
            yield finding_of(
                passport,
                "indicator.not_monotone",
                "warning",
                "indicators",
                index,
                f"targets.{year}",
                words,
                written(later),
            )


def _likely_growth(row: Indicator, planned: Yearly) -> Direction | None:
    name = row.name or ""
    if not (_is_share(row) or _CUMULATIVE.search(name)) or _MAY_EXCEED.search(name) or _BAD.search(name):
        return None
    values = [value for _, value in planned]
    if row.base.value is not None:
        values.insert(0, row.base.value)
    rises = _trend(values) == "increasing" or (len(values) > 1 and values[-1] > values[0])
    return "increasing" if rises else None


def base_beyond_target(passport: Passport) -> Iterator[Finding]:
    """``indicator.base_beyond_target``: a base value that is better already than the first target."""
    directions = _directions(passport)
    for index, row in enumerate(passport.indicators):
        planned = _planned(row.targets)
        if not planned or row.base.value is None:
            continue
        year, first = planned[0]
        direction = directions[index]
        if direction is None:
            direction = _trend([value for _, value in planned])
            if direction == "decreasing" and not _is_share(row):
                continue
        beyond = {"increasing": row.base.value > first, "decreasing": row.base.value < first}
        if direction is None or not beyond[direction]:
            continue
        turn, way = ("больше", "расти") if direction == "increasing" else ("меньше", "снижаться")
        words = (
            f"базовое значение {written(row.base.value)} {turn}, чем значение за {year} год ({written(first)}),"
            f" а показатель должен {way}."
        )
        yield finding_of(
            passport,
            "indicator.base_beyond_target",
            "warning",
            "indicators",
            index,
            "base.value",
            words,
            written(row.base.value),
        )


def percent_range(passport: Passport) -> Iterator[Finding]:
    """``indicator.percent_range``: a share below 0 or above 100 %, in section 2 and in its breakdown."""
    shares: set[str] = set()
    for index, row in enumerate(passport.indicators):
        if not _is_share(row) or _MAY_EXCEED.search(row.name or ""):
            continue
        shares.update(filter(None, (row.number, row.name)))
        yield from _out_of_range(passport, "indicators", index, row.base.value, row.targets)
    for index, part in enumerate(passport.breakdown):
        if part.indicator in shares:
            yield from _out_of_range(passport, "breakdown", index, part.base.value, part.targets)


def _out_of_range(
    passport: Passport, section: str, index: int, base: Decimal | None, targets: dict[str, Decimal | None]
) -> Iterator[Finding]:
    values = {"base.value": base, **{f"targets.{year}": value for year, value in targets.items()}}
    for field, value in values.items():
        if value is not None and not 0 <= value <= _HUNDRED:
            words = f"{field_words(field)} {written(value)} %: процент бывает только от 0 до 100."
            yield finding_of(passport, "indicator.percent_range", "error", section, index, field, words, written(value))
