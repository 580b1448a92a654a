"""What the portal says in a monitoring report: every figure as it was known on the last day of the period."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from finance.counting import known_sum
from finance.selectors.states import MoneyState, money_states
from finance.status import percent_of
from indicators.selectors.plan_fact import Cell, Row, plan_fact
from milestones.selectors.rules import rule_on
from milestones.selectors.states import plan_states
from milestones.states import PlanRowState, PlanState, state_of
from projects.models import Project, Redaction
from projects.passport.typography import NO_BREAK, date_short, plural
from projects.status import Status
from reports.documents.dataset import Column, Dataset, Value
from reports.documents.report import Part, Report
from reports.documents.wording import project_word
from reports.models import Deviation, MonitoringReport
from reports.monitoring.sections import SECTIONS
from reports.progress import (
    NOT_PLANNED,
    THOUSAND,
    basis_of,
    below_facts,
    cumulative_of,
    fact_of,
    plain,
    redaction_words,
    row_name,
)

_NUMBER = "№"


def monitoring_report(
    row: MonitoringReport, redaction: Redaction, user: Any, *, today: dt.date, words: Mapping[str, str] | None = None
) -> Report:
    """The report as it stands, cumulative from the start of its year; a constant number of queries.

    ``words`` are those of the staff by section, none where a page shows them in its fields.
    """
    project = row.project
    as_of = min(row.end, today)
    said = words or {}
    table = plan_fact(project, user, until=as_of)
    cumulative = cumulative_of([one.indicator for one in table.rows])
    indicators = [one for one in table.rows if one.indicator.result_id is None]
    results = [one for one in table.rows if one.indicator.result_id is not None]
    passport = redaction.passport
    level = project_word(passport.level)
    name = passport.short_title or passport.title or project.short_title
    return Report(
        title=f"Отчёт о ходе реализации {level.genitive} «{name}»",
        lines=(
            f"За {row.period_words}, нарастающим итогом с 01.01.{row.year}",
            f"Сведения на {date_short(as_of)}, паспорт: {redaction_words(redaction)}",
        ),
        parts=(
            _part("general", said, nothing="Пояснений нет."),
            _facts("indicators", said, indicators, row.year, cumulative, "Показателей в паспорте нет."),
            _facts("results", said, results, row.year, cumulative, "Результатов с годовыми значениями нет."),
            _plan(project, row.start, row.year, as_of, said),
            _money(project, row.year, as_of, said),
            _part("deviations", said, _deviations(project, row.start, as_of), "Отклонений не было."),
        ),
    )


def numbered(report: Report, registration: int, day: dt.date) -> Report:
    """The report with its number, as it is fixed."""
    return report.model_copy(update={"lines": (f"№ {registration} от {date_short(day)}", *report.lines)})


def _part(
    key: str,
    said: Mapping[str, str],
    table: Dataset | None = None,
    nothing: str = "",
    sums: Iterable[str] = (),
) -> Part:
    words = [line for line in said.get(key, "").splitlines() if line.strip()]
    explained = [f"Пояснения: {words[0]}", *words[1:]] if words else []
    return Part(
        title=SECTIONS[key],
        paragraphs=(*sums, *explained),
        table=table,
        sheet=SECTIONS[key],
        nothing="" if key == "general" and words else nothing,
    )


def _facts(
    key: str, said: Mapping[str, str], rows: Sequence[Row], year: int, cumulative: set[int], nothing: str
) -> Part:
    cells = [cell for row in rows if row.is_measured for cell in row.cells if cell.year == year]
    part = _part(key, said, _measured(rows, year, cumulative), nothing)
    return part.model_copy(update={"notes": tuple(below_facts(cells))})


def _measured(rows: Sequence[Row], year: int, cumulative: set[int]) -> Dataset:
    """The year's plan and what was reached by the last day of the period."""
    return Dataset(
        title="Показатели",
        columns=(
            Column(title=_NUMBER, kind="short"),
            Column(title="Наименование, единица измерения", names_row=True),
            Column(title=f"План на {year}{NO_BREAK}год", kind="number"),
            Column(title="Факт", kind="number", as_before=True),
            Column(title="Откуда факт", under=True),
            Column(title="Исполнение", kind="percent", decimals=1),
            Column(title="Состояние"),
            Column(title="Сведения на", kind="date"),
        ),
        rows=tuple(
            (*row_name(row, cumulative), *_figures(next((cell for cell in row.cells if cell.year == year), None)))
            for row in rows
            if row.is_measured
        ),
    )


def _figures(cell: Cell | None) -> tuple[Value, ...]:
    if cell is None:
        return (NOT_PLANNED, NOT_PLANNED, None, None, Status.NOT_PLANNED.words, None)
    return (
        NOT_PLANNED if cell.target is None else plain(cell.target),
        fact_of(cell, NOT_PLANNED),
        basis_of(cell),
        cell.ratio,
        cell.assessment.words,
        cell.as_of,
    )


def _plan(project: Project, start: dt.date, year: int, as_of: dt.date, said: Mapping[str, str]) -> Part:
    """Rows that were due or done in the period, and those still overdue; the counts are from the start of the year."""
    states = [_as_of(state, as_of) for state in plan_states([project], today=as_of)]
    since = dt.date(year, 1, 1)
    due = [state for state in states if state.row.end and since <= state.row.end <= as_of]
    counts = Counter(state.state for state in due)
    overdue = [state for state in states if state.state == PlanState.OVERDUE]
    shown = [
        state
        for state in states
        if state.state == PlanState.OVERDUE
        or (state.row.end and start <= state.row.end <= as_of)
        or (state.actual and start <= state.actual)
    ]
    sums = (
        f"С начала года срок наступил у {plural(len(due), 'строки', 'строк', 'строк')} плана: "
        f"выполнено в срок {counts[PlanState.DONE_IN_TIME]}, с опозданием {counts[PlanState.DONE_LATE]}. "
        f"Просрочено всего: {len(overdue)}."
    )
    return _part("plan", said, _plan_table(shown), "В этом периоде сроков не было.", [sums] if states else [])


def _as_of(state: PlanRowState, day: dt.date) -> PlanRowState:
    """The row as it stood on that day: what was done later was not done yet."""
    if state.actual is None or state.actual <= day:
        return state
    before = state_of(end=state.row.end, actual=None, today=day, soon_days=rule_on(day).soon_days)
    return replace(state, actual=None, state=before)


def _plan_table(states: Sequence[PlanRowState]) -> Dataset:
    return Dataset(
        title=SECTIONS["plan"],
        columns=(
            Column(title=_NUMBER, kind="short"),
            Column(title="Результат, мероприятие, контрольная точка", names_row=True),
            Column(title="Вид"),
            Column(title="Срок", kind="date"),
            Column(title="Выполнено", kind="date"),
            Column(title="Прогноз", kind="date"),
            Column(title="Состояние"),
            Column(title="Ответственный"),
        ),
        rows=tuple(
            (
                state.row.number,
                state.row.name,
                state.row.get_kind_display() if state.row.kind else "",
                state.row.end,
                state.actual,
                state.forecast,
                ", ".join(filter(None, (state.state.label, state.danger))),
                state.row.responsible,
            )
            for state in states
        ),
    )


def _money(project: Project, year: int, as_of: dt.date, said: Mapping[str, str]) -> Part:
    """Plan, contracts and execution of the year in thousands of roubles, line by line and in all."""
    states = [state for state in money_states([project], today=as_of) if state.year == year]
    rows = [_money_row(state) for state in states]
    if len(rows) > 1:
        rows.append(_money_sum(states))
    table = Dataset(
        title=SECTIONS["money"],
        columns=(
            Column(title=_NUMBER, kind="short"),
            Column(title="Результат, источник, тыс. рублей", names_row=True),
            Column(title="План года", kind="number", decimals=1),
            Column(title="Законтрактовано", kind="number", decimals=1),
            Column(title="Исполнено", kind="number", decimals=1),
            Column(title="Исполнение", kind="percent", decimals=1),
            Column(title="Состояние"),
            Column(title="Сведения на", kind="date"),
        ),
        rows=tuple(rows),
    )
    return _part("money", said, table, "Финансирования на этот год нет.")


def _money_row(state: MoneyState) -> tuple[Value, ...]:
    result = state.line.result
    of_result = f"{result.name}: " if result and state.source else ""
    return (
        state.line.number,
        f"{of_result}{state.line.name}",
        NOT_PLANNED if state.planned is None else _thousands(state.planned),
        _thousands(state.contracted),
        _thousands(state.executed),
        state.percent,
        state.status.words,
        state.as_of,
    )


def _money_sum(states: Sequence[MoneyState]) -> tuple[Value, ...]:
    planned, contracted, executed = (
        known_sum(values)
        for values in zip(*((state.planned, state.contracted, state.executed) for state in states), strict=True)
    )
    sums = (_thousands(planned), _thousands(contracted), _thousands(executed))
    return ("", "Всего", *sums, percent_of(executed, planned), "", "")


def _thousands(roubles: Decimal | None) -> Value:
    return None if roubles is None else plain(roubles / THOUSAND)


def _deviations(project: Project, start: dt.date, as_of: dt.date) -> Dataset:
    """Those that were open on some day of the period."""
    rows = Deviation.objects.filter(project=project, opened_at__date__lte=as_of).select_related("owner")
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__date__gte=start)).order_by("opened_at", "pk")
    return Dataset(
        title=SECTIONS["deviations"],
        columns=(
            Column(title="Что"),
            Column(title="Наименование", names_row=True),
            Column(title="Отклонение"),
            Column(title="Причина"),
            Column(title="Мера"),
            Column(title="Ответственный и срок"),
            Column(title="Состояние"),
        ),
        rows=tuple(
            (
                row.get_kind_display(),
                f"{row}, {row.year} год" if row.year else str(row),
                f"{row.get_status_display()}: {row.told}",
                row.reason or "не названа",
                row.measure or "не назначена",
                f"{row.owner.full_name}, до {date_short(row.due)}" if row.owner else "",
                _state_words(row, as_of),
            )
            for row in rows
        ),
    )


def _state_words(row: Deviation, as_of: dt.date) -> str:
    closed = row.closed_at and timezone.localdate(row.closed_at)
    if closed and closed <= as_of:
        return f"закрыто {date_short(closed)}: {row.closing}"
    return "причина не названа" if not row.reason else "принята мера"
