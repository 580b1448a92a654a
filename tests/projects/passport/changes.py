"""Small changes to a faultless passport, to be put together: a row, a cell, more lines of money, more people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from projects.passport import Passport
from projects.passport.rules import finance_source, plan_kind
from projects.passport.schema import Amounts, Base, FinanceRow, Indicator, Methodology, Participant, PlanRow, Unread
from tests.projects.passport import northern

Change = Callable[[Passport], Passport]
D = Decimal
DAY = dt.date


def put(section: str, row: int, **values: Any) -> Change:
    """Some fields of one row replaced."""

    def change(passport: Passport) -> Passport:
        rows = list(getattr(passport, section))
        rows[row] = rows[row].model_copy(update=values)
        return passport.model_copy(update={section: tuple(rows)})

    return change


def field(**values: Any) -> Change:
    """Some fields of the passport itself replaced."""
    return lambda passport: passport.model_copy(update=values)


def rows(section: str, make: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Change:
    return lambda passport: passport.model_copy(update={section: make(getattr(passport, section))})


def unread(section: str, row: int | None, name: str, raw: str) -> Change:
    def change(passport: Passport) -> Passport:
        item = Unread(section=section, row=row, field=name, raw=raw)
        return passport.model_copy(update={"unread": (*passport.unread, item)})

    return change


def both(*changes: Change) -> Change:
    def change(passport: Passport) -> Passport:
        for one in changes:
            passport = one(passport)
        return passport

    return change


def same(passport: Passport) -> Passport:
    return passport


def years(*values: str, first: int = 2021) -> Amounts:
    return {str(first + index): D(value) for index, value in enumerate(values)}


def targets(*values: str) -> Change:
    """Targets of the first indicator, and of its breakdown with it, so that only their course is wrong."""
    made = years(*values)
    return both(put("indicators", 0, targets=made), rows("breakdown", lambda _: ()))


def line(number: str | None, name: str, *values: str, note: str | None = None) -> FinanceRow:
    amounts = years(*values) if values else None
    total = sum((amounts or {}).values(), D(0)) if amounts else None
    return FinanceRow(number=number, name=name, source=finance_source(name), amounts=amounts, total=total, note=note)


def money(*lines: FinanceRow) -> Change:
    return rows("finance", lambda _: lines)


def untotalled(*lines: FinanceRow) -> Change:
    """Money without the column «Всего», so that a sum is wrong in one year only."""
    dashes = (unread("finance", at, "total", "-") for at in range(len(lines)))
    return both(money(*(row.model_copy(update={"total": None}) for row in lines)), *dashes)


ROADS, BUSES = northern.RESULT_ROADS, northern.RESULT_BUSES
STARTED = Base(value=D(15), date=DAY(2021, 1, 1))
TOTAL = "Всего по региональному проекту, в том числе:"
OWN, OUTSIDE = "бюджет Северской области", "внебюджетные источники"


def plan_row(number: str, name: str, start: DAY | None, end: DAY, **more: str) -> PlanRow:
    said = {"responsible": "Полевой И.П.", "document": "Отчёт", "control_level": "РП", **more}
    return PlanRow(number=number, name=name, kind=plan_kind(number, start), start=start, end=end, **said)


def person(name: str | None, employment: str | None = "5", group: str | None = None, **more: str) -> Participant:
    value = D(employment) if employment else None
    said = {"role": "Участник", "position": "консультант", "supervisor": "Озёрная М.Л.", **more}
    return Participant(name=name, employment=value, group=group, **said)


def people(*new: Participant) -> Change:
    """More people after those who are there, numbered on."""

    def add(old: tuple[Participant, ...]) -> tuple[Participant, ...]:
        return (*old, *(row.model_copy(update={"number": str(len(old) + at)}) for at, row in enumerate(new, 1)))

    return rows("participants", add)


def percent(name: str, *values: str) -> Change:
    """One more indicator, with its formula."""
    base = Base(value=D(0), date=DAY(2021, 1, 1))
    made = Indicator(number="3", name=name, unit="процент", kind="main", base=base, targets=years(*values))
    formula = Methodology(indicator="3", formula="100 × А / Б")
    return both(rows("indicators", lambda old: (*old, made)), rows("methodology", lambda old: (*old, formula)))


def characteristic(text: str, name: str, *values: str) -> Change:
    return put("results", 0, name=name, characteristic=text, targets=years(*values))


def renamed(name: str) -> Change:
    """The first result under another name everywhere, so that the plan and the money still know it."""
    return both(put("plan", 0, name=name), put("finance", 0, name=name))
