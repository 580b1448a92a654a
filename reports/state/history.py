"""Everything that a figure of the passport ever was: planned by redaction, measured by period and version, entered.

Tables are plain texts with the day and the person of each change, so that an auditor reads them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from finance.models import FinanceLine
from finance.section import ROUBLES
from indicators.models import DirectFigure, DirectKind, Indicator, PastValue, RolledUpValue
from milestones.models import PlanRow
from organisations.models import User
from projects.models import Project, Redaction
from projects.passport.schema import Passport, decimal_text
from projects.passport.typography import date_short, number
from projects.templatetags.ru import upto
from reports.models import Deviation, PartKind


@dataclass(frozen=True)
class Cell:
    """``is_changed``: it differs from the cell above it."""

    text: str
    is_changed: bool = False
    is_number: bool = False
    href: str = ""


@dataclass(frozen=True)
class Table:
    """Rows in the order of time, the latest first; the first cell of a row is its head."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


_LISTS = {
    PartKind.INDICATOR: "indicators",
    PartKind.RESULT: "results",
    PartKind.CONTROL_POINT: "plan",
    PartKind.MONEY: "finance",
}


@dataclass(frozen=True)
class Wording:
    """A row of the passport as one redaction had it; None where it did not."""

    redaction: Redaction
    passport: Passport
    row: Any


def wordings(project: Project, kind: PartKind, row_id: UUID) -> list[Wording]:
    """The row in every redaction, the first one first. One query."""
    found = []
    for redaction in project.redactions.select_related("approved_by").order_by("number"):
        passport = redaction.passport
        rows = getattr(passport, _LISTS[kind])
        found.append(Wording(redaction, passport, next((row for row in rows if row.id == str(row_id)), None)))
    return found


def planned(kind: PartKind, found: Sequence[Wording]) -> Table:
    """What each redaction planned; what it changed is marked."""
    values = [_planned_values(kind, one) for one in found]
    columns = list(dict.fromkeys(name for row in values for name in row))
    if kind != PartKind.CONTROL_POINT:
        columns.sort()
    rows, before = [], None
    for one, row in zip(found, values, strict=True):
        cells = [Cell(f"№ {one.redaction.number} от {date_short(one.redaction.protocol_date)}", href=_redaction(one))]
        for name in columns:
            text = row.get(name, "—") if one.row is not None else "нет строки"
            changed = before is not None and before.get(name, "—") != text
            cells.append(Cell(text, changed, is_number=True))
        cells.append(Cell(_approved(one.redaction)))
        rows.append(tuple(cells))
        before = {name: row.get(name, "—") if one.row is not None else "нет строки" for name in columns}
    title = "План по редакциям паспорта" + (", млн рублей" if kind == PartKind.MONEY else "")
    return Table(title, ("Редакция", *columns, "Кто утвердил"), tuple(rows[::-1]))


def _planned_values(kind: PartKind, one: Wording) -> dict[str, str]:
    if one.row is None:
        return {}
    if kind == PartKind.CONTROL_POINT:
        return {"Срок": date_short(one.row.end), "Ответственный": one.row.responsible or "—"}
    if kind == PartKind.MONEY:
        unit = ROUBLES[one.passport.finance_unit] / 1_000_000
        money = {**(one.row.amounts or {}), "Всего": one.row.total}
        return {name: number(amount * unit) for name, amount in money.items() if amount is not None}
    return {year: _value(value) for year, value in one.row.targets.items()}


def _redaction(one: Wording) -> str:
    return reverse("projects:redaction", args=[one.redaction.project_id, one.redaction.number])


def _approved(redaction: Redaction) -> str:
    moment = timezone.localtime(redaction.approved_at)
    return f"{redaction.approved_by.short_name}, {moment:%d.%m.%Y %H:%M}"


def measured(indicator: Indicator) -> Table:
    """What was rolled up over the territory, every version of every period. Two queries."""
    node = indicator.project.territory_id
    rows: list[tuple[dt.date, int, tuple[Cell, ...]]] = []
    now = RolledUpValue.objects.filter(indicator=indicator, organisation=node).select_related("period")
    past = PastValue.objects.filter(indicator=indicator, organisation=node)
    past = past.select_related("reopening__period", "reopening__actor")
    last: dict[int, int] = {}
    for value in past:
        reopening = value.reopening
        last[reopening.period_id] = max(last.get(reopening.period_id, 0), reopening.number)
        told = f"{reopening.actor.short_name}, {_moment(reopening.at)}: {reopening.reason}"
        rows.append((reopening.period.end, reopening.number, _measured_row(reopening.period, value, told)))
    for value in now:
        version = last.get(value.period_id, 0) + 1
        state = "идёт сбор" if value.period.is_open else "действует"
        rows.append((value.period.end, version, _measured_row(value.period, value, state)))
    rows.sort(key=lambda row: row[:2], reverse=True)
    cells = tuple((row[0], Cell(f"версия {version}"), *row[1:]) for _, version, row in rows)
    return Table(
        "Факт по отчётным периодам",
        ("Период", "Версия", "Факт", "Принято форм", "Посчитано", "Почему изменилось, кто и когда"),
        cells,
    )


def _measured_row(period: Any, value: RolledUpValue | PastValue, told: str) -> tuple[Cell, ...]:
    return (
        Cell(str(period)),
        Cell(_value(value.value, 2) if value.value is not None else "не определено", is_number=True),
        Cell(f"{number(value.accepted)} из {number(value.expected)}", is_number=True),
        Cell(_moment(value.computed_at)),
        Cell(told),
    )


def entered(indicator: Indicator) -> Table:
    """What the ministry entered itself, actuals and forecasts, every version. One query."""
    figures = DirectFigure.objects.filter(indicator=indicator, organisation=indicator.project.territory_id)
    rows = figures.select_related("entered_by").order_by("-entered_at", "-pk")
    return Table(
        "Внесено министерством",
        ("Год", "Что", "Значение", "Основание", "Кто и когда"),
        tuple(
            (
                Cell(str(row.year)),
                Cell("прогноз" if row.kind == DirectKind.FORECAST else f"факт на {date_short(row.as_of)}"),
                Cell("отозвано" if row.value is None else _value(row.value), is_number=True),
                Cell(row.reason),
                Cell(f"{row.entered_by.short_name}, {_moment(row.entered_at)}"),
            )
            for row in rows
        ),
    )


def progressed(point: PlanRow) -> Table:
    """When a control point was done or expected, everything that was ever said of it. Two queries."""
    events = apps.get_model("milestones", "PlanProgressEvent").objects.filter(row_id=point.pk)
    found = list(events.select_related("pgh_context").order_by("-pgh_id"))
    actors = [(event.pgh_context.metadata if event.pgh_context else {}).get("user") for event in found]
    people = User.objects.in_bulk([pk for pk in actors if pk])
    return Table(
        "Ход выполнения",
        ("Записано", "Выполнено", "Прогноз", "Причина прогноза", "Кто"),
        tuple(
            (
                Cell(_moment(event.pgh_created_at)),
                Cell(date_short(event.completed_on)),
                Cell(date_short(event.forecast)),
                Cell(event.forecast_reason or event.undone_reason or "—"),
                Cell(people[actor].short_name if actor in people else "—"),
            )
            for event, actor in zip(found, actors, strict=True)
        ),
    )


def executed(line: FinanceLine) -> Table:
    """What was said of the money of a line, every version of every day, in million roubles. One query."""
    events = apps.get_model("finance", "ExecutionEntryEvent").objects.filter(line_id=line.pk)
    return Table(
        "Исполнение, млн рублей",
        ("На дату", "Версия", "Законтрактовано", "Исполнено", "Пояснение", "Кто и когда"),
        tuple(
            (
                Cell(date_short(event.as_of)),
                Cell(f"версия {event.version}"),
                Cell(_millions(event.contracted), is_number=True),
                Cell(_millions(event.executed), is_number=True),
                Cell(event.explanation or "—"),
                Cell(f"{event.entered_by.short_name}, {_moment(event.entered_at)}"),
            )
            for event in events.select_related("entered_by").order_by("-as_of", "-pgh_id")
        ),
    )


def deviations_of(deviations: Iterable[Deviation]) -> Table:
    """Deviations of the figure, the latest first."""
    return Table(
        "Отклонения",
        ("Открыто", "Что", "Причина", "Мера", "Чем закончилось"),
        tuple(
            (
                Cell(_moment(row.opened_at), href=reverse("reports:deviation", args=[row.pk])),
                Cell(f"{row.year} год: {row.told}" if row.year else row.told),
                Cell(row.reason or "—"),
                Cell(row.measure or "—"),
                Cell(row.closing or "ещё открыто"),
            )
            for row in deviations
        ),
    )


def _value(value: Decimal | None, decimals: int | None = None) -> str:
    return upto(value, decimals)


def _millions(roubles: Decimal | None) -> str:
    return _value(None if roubles is None else Decimal(decimal_text(roubles / 1_000_000)))


def _moment(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"
