"""Short ways to write down the long tables of a passport.

What follows from other cells is computed: totals of rows, results and sources, the numbers of the plan and of the
participants. So the figures of a demo passport agree, whoever changes one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.passport.rules import finance_source, plan_kind
from projects.passport.schema import decimal_text

YEARS = ("2024", "2025", "2026", "2027", "2028")
Row = dict[str, Any]


def targets(line: str) -> dict[str, str | None]:
    """«55 70 - 95 100» → targets by year; «-» is «not planned», a point stands for the decimal comma."""
    return {year: None if word == "-" else word for year, word in zip(YEARS, line.split(), strict=True)}


def indicator(
    number: str, name: str, unit: str, base: tuple[str | None, str] | None, line: str | None, **more: Any
) -> Row:
    """A row of section 2: the unit stands in the name, as in printed passports. Without ``line`` it is a heading."""
    row: Row = {"number": number, "name": f"{name}, {unit}" if unit else name, "unit": unit or None, **more}
    if base:
        row["base"] = {"value": base[0], "date": base[1]}
    if line:
        row["targets"] = targets(line)
    return row


def not_planned(indicators: Sequence[Row]) -> list[Row]:
    """The «-» of targets, kept as written."""
    return [
        {"section": "indicators", "row": index, "field": f"targets.{year}", "raw": "-"}
        for index, row in enumerate(indicators)
        for year, value in row.get("targets", {}).items()
        if value is None
    ]


# --- Money ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Money:
    """What one source gives a result, in million roubles by year; ``transfers`` is a part of it."""

    source: str
    line: str
    transfers: tuple[str, str] | None = None


@dataclass(frozen=True)
class Funded:
    """A result with its money, or with words where there is none; ``note`` of a funded one explains a footnote."""

    number: str
    name: str
    money: tuple[Money, ...] = ()
    note: str | None = None


def finance(results: Iterable[Funded], total_name: str) -> list[Row]:
    """Section 4: every result with its sources, then the project's total in all and by source."""
    rows: list[Row] = []
    by_source: dict[str, list[Decimal]] = {}
    for result in results:
        lines = [_amounts(money.line) for money in result.money]
        rows.append(_line(result.number, result.name, _sum(lines) if lines else None, result.note))
        for index, (money, amounts) in enumerate(zip(result.money, lines, strict=True), start=1):
            number = f"{result.number}.{index}"
            rows.append(_line(number, money.source, amounts))
            _add(by_source, money.source, amounts)
            if money.transfers:
                name, part = money.transfers
                rows.append(_line(f"{number}.1", name, _amounts(part)))
                _add(by_source, name, _amounts(part))
    whole = [amounts for name, amounts in by_source.items() if finance_source(name) != "transfers"]
    rows.append(_line(None, total_name, _sum(whole)))
    rows += [_line(None, name, amounts) for name, amounts in by_source.items()]
    return rows


def _amounts(line: str) -> list[Decimal]:
    return [Decimal(word) for word in line.split()]


def _sum(lines: Sequence[Sequence[Decimal]]) -> list[Decimal]:
    return [sum(column, Decimal(0)) for column in zip(*lines, strict=True)]


def _add(by_source: dict[str, list[Decimal]], name: str, amounts: list[Decimal]) -> None:
    by_source[name] = _sum([by_source[name], amounts]) if name in by_source else amounts


def _line(number: str | None, name: str, amounts: Sequence[Decimal] | None, note: str | None = None) -> Row:
    return {
        "number": number,
        "name": name,
        "source": finance_source(name),
        "amounts": dict(zip(YEARS, map(decimal_text, amounts), strict=True)) if amounts else None,
        "total": decimal_text(sum(amounts, Decimal(0))) if amounts else None,
        "note": note,
    }


# --- People -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Somebody:
    """A person of section 5, or a group of people (no name)."""

    name: str | None
    position: str
    supervisor: str


def participants(groups: Iterable[tuple[str | None, Iterable[tuple[str, Somebody, str]]]]) -> list[Row]:
    """Section 5 out of ``(group, ((role, person, employment in percent), …))``, numbered through."""
    rows: list[Row] = []
    for group, people in groups:
        for role, person, employment in people:
            rows.append(
                {
                    "number": str(len(rows) + 1),
                    "role": role,
                    "name": person.name,
                    "position": person.position,
                    "supervisor": person.supervisor,
                    "employment": employment,
                    "group": group,
                }
            )
    return rows


# --- The event plan ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A row of the plan: ``result`` and ``activity`` have a start, a control ``point`` has only its day."""

    kind: str
    name: str
    start: str | None
    end: str
    responsible: str
    document: str
    level: str


def result(name: str, start: str, end: str, responsible: str, document: str, level: str) -> Step:
    return Step("result", name, start, end, responsible, document, level)


def activity(name: str, start: str, end: str, responsible: str, document: str, level: str) -> Step:
    return Step("activity", name, start, end, responsible, document, level)


def point(name: str, day: str, responsible: str, document: str, level: str) -> Step:
    return Step("control_point", name, None, day, responsible, document, level)


def plan(steps: Iterable[Step]) -> list[Row]:
    """Appendix 1: activities are numbered after the control point that they lead to, and stand before it."""
    rows: list[Row] = []
    results = points = activities = 0
    for step in steps:
        if step.kind == "result":
            results, points, activities = results + 1, 0, 0
            number = str(results)
        elif step.kind == "activity":
            activities += 1
            number = f"{results}.{points + 1}.{activities}"
        else:
            points, activities = points + 1, 0
            number = f"{results}.{points}"
        rows.append(
            {
                "number": number,
                "name": step.name,
                "kind": plan_kind(number, None if step.start is None else dt.date.fromisoformat(step.start)),
                "start": step.start,
                "end": step.end,
                "responsible": step.responsible,
                "document": step.document,
                "control_level": step.level,
            }
        )
    return rows


# --- Breakdown --------------------------------------------------------------------------------------------------


def breakdown(
    indicator_number: str, base_date: str, lines: Mapping[str, str], unread: list[Row], start_row: int = 0
) -> list[Row]:
    """Appendix 2 for one indicator out of ``{territory: "base 2024 … 2028"}``; a «-» goes to ``unread`` as well."""
    rows: list[Row] = []
    for territory, line in lines.items():
        base, *rest = line.split()
        by_year = targets(" ".join(rest))
        unread += [
            {"section": "breakdown", "row": start_row + len(rows), "field": f"targets.{year}", "raw": "-"}
            for year, value in by_year.items()
            if value is None
        ]
        rows.append(
            {
                "indicator": indicator_number,
                "territory": territory,
                "base": {"value": base, "date": base_date},
                "targets": by_year,
            }
        )
    return rows
