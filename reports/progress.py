"""The progress report of a year (отчёт о ходе реализации), gathered into one frozen report that every format prints.

Its arrangement is that of real ones: the goal, who answers for the project, indicators and results with plan and fact
of the years that have passed and the plan of those to come, money by result and year in thousands of roubles.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from finance.models import FinanceLine, Source
from indicators.models import Indicator, OverTime, Question
from indicators.selectors.plan_fact import Cell, PlanFact, Row, plan_fact
from indicators.status import Status
from projects.models import Project, Redaction, Result
from projects.passport.intermediate import squash
from projects.passport.people import people_in_cell
from projects.passport.schema import Passport, Person, decimal_text
from projects.passport.typography import NO_BREAK, date_short, number
from projects.recognition import is_total
from reports.documents.dataset import Column, Dataset, Value
from reports.documents.report import Part, Report
from reports.documents.wording import ProjectWord, project_word
from reports.documents.written import decimals_of
from reports.plan_fact import actual_of

THOUSAND = Decimal(1_000)
NOT_PLANNED = "-"
ENTERED = "внесено"
_CUMULATIVE = re.compile(r"нарастающ\w+\s+итог", re.IGNORECASE)
_MARK = "(нарастающим итогом)"
_MARKED = re.compile(r"[\s,]*\(\s*нарастающ\w+\s+итогом\s*\)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class MoneyRow:
    """What one result costs, in thousands of roubles; a year that is absent was not planned."""

    number: str
    name: str
    note: str
    amounts: Mapping[int, Decimal]


def usual_year(years: Sequence[int], today: dt.date) -> int:
    """The year that a person most likely asks about: the one that runs, or the nearest of the project."""
    return max((year for year in years if year <= today.year), default=min(years, default=today.year))


@dataclass(frozen=True)
class Progress:
    """What the portal knows of a project, from which the report of any of its years is made."""

    project: Project
    redaction: Redaction
    table: PlanFact
    money: list[MoneyRow]

    @property
    def years(self) -> list[int]:
        """Every year that the passport or a period names."""
        return sorted({*self.table.years, *(year for row in self.money for year in row.amounts)})


def progress_of(project: Project, redaction: Redaction, user: Any) -> Progress:
    """A constant number of queries."""
    return Progress(project, redaction, plan_fact(project, user), money_of_results(project))


def progress_report(progress: Progress, *, year: int, today: dt.date) -> Report:
    """The report of a year: facts of that year and of those before it, plans of all years."""
    passport = progress.redaction.passport
    words = project_word(passport.level)
    table, years = progress.table, progress.years
    cumulative = cumulative_of([row.indicator for row in table.rows])
    indicators = [row for row in table.rows if row.indicator.result_id is None]
    results = [row for row in table.rows if row.indicator.result_id is not None]
    return Report(
        title=f"Реализация {words.genitive} «{passport.short_title or passport.title or progress.project.short_title}»",
        lines=(
            f"Отчёт о ходе реализации за {year} год",
            f"Составлен {date_short(today)} по паспорту: {redaction_words(progress.redaction)}",
        ),
        parts=(
            _goal(passport),
            _responsible(passport, words),
            Part(title=f"Участники {words.genitive}", items=_participants(passport), nothing="Участники не названы."),
            Part(
                title="Показатели проекта",
                table=_measured("Показатель", indicators, years, year, cumulative),
                sheet="Показатели",
                nothing="Показателей в паспорте нет.",
            ),
            Part(
                title="Результаты проекта в цифрах",
                table=_measured("Результат", results, years, year, cumulative),
                sheet="Результаты",
                nothing="Результатов с годовыми значениями в паспорте нет.",
            ),
            Part(
                title="Объём финансирования",
                table=_money(progress.money, years),
                sheet="Финансирование",
                nothing="Финансирование в паспорте не указано.",
            ),
            Part(title="Примечания", notes=_notes(progress, year)),
        ),
    )


def redaction_words(redaction: Redaction) -> str:
    protocol = f", протокол от {date_short(redaction.protocol_date)} № {redaction.protocol_number}"
    return f"редакция № {redaction.number}{protocol if redaction.protocol_number else ''}"


def _goal(passport: Passport) -> Part:
    """The form of the passport has no place for the functional customer; where there is one, section 5 names it."""
    names = (row.name or row.position for row in passport.participants if _is_customer(row.role))
    customers = (f"Функциональный заказчик – {name}" for name in dict.fromkeys(filter(None, names)))
    return Part(title="Цель проекта", paragraphs=(passport.goal or "Цель в паспорте не указана.", *customers))


def _is_customer(role: str | None) -> bool:
    return "заказчик" in (role or "").casefold()


def _responsible(passport: Passport, words: ProjectWord) -> Part:
    people = (
        (f"Куратор {words.genitive}", passport.curator),
        (f"Руководитель {words.genitive}", passport.head),
        (f"Администратор {words.genitive}", passport.administrator),
    )
    title = "Ответственные участники"
    return Part(
        title=title,
        table=Dataset(
            title=title,
            columns=(
                Column(title="Роль", names_row=True),
                Column(title="Фамилия, инициалы"),
                Column(title="Должность"),
            ),
            rows=tuple((role, person.name or "", person.position or "") for role, person in people if _named(person)),
        ),
        sheet="Ответственные",
        nothing="Ответственные в паспорте не названы.",
    )


def _named(person: Person) -> bool:
    return bool(person.name or person.position)


def _participants(passport: Passport) -> tuple[str, ...]:
    """Everybody of section 5 once, in its order; those who answer for the project stand above already.

    There they have full names and here initials, by the form itself.
    """
    people = (passport.curator, passport.head, passport.administrator)
    above = {_known_as(person.name, person.position) for person in people}
    rows = (
        (row.name, row.position)
        for row in passport.participants
        if not _is_customer(row.role) and _known_as(row.name, row.position) not in above
    )
    return tuple(dict.fromkeys(filter(None, (", ".join(filter(None, row)) for row in rows))))


def _known_as(name: str | None, position: str | None) -> tuple[object, ...]:
    return tuple(named.key for named in people_in_cell(name)), squash(position or "").casefold()


def cumulative_of(indicators: Sequence[Indicator]) -> set[int]:
    """Those counted from the start of the project: the passport says so, or a figure of their formula is counted so."""
    about = dict(Result.objects.filter(yardstick__in=indicators).values_list("pk", "characteristic"))
    said = {
        row.pk
        for row in indicators
        if any(_CUMULATIVE.search(text) for text in (*_wordings(row), about.get(row.result_id or 0, "")))
    }
    counted = Question.objects.filter(measurements__indicator__in=indicators, over_time=OverTime.CUMULATIVE)
    return said | set(counted.order_by().values_list("measurements__indicator", flat=True))


def _wordings(row: Indicator) -> tuple[str, ...]:
    return row.name, row.unit, row.formula_wording, row.aggregation, row.schedule, row.methodology_note


def _measured(title: str, rows: Sequence[Row], years: Sequence[int], year: int, cumulative: set[int]) -> Dataset:
    """Plan and fact of each year up to the reported one, with what the fact is based on; then plans alone."""
    columns = [
        Column(title=f"№{NO_BREAK}п/п", kind="short"),
        Column(title=f"{title}, единица измерения", names_row=True),
    ]
    for one in years:
        columns.append(Column(title="план", kind="number", group=str(one)))
        if one <= year:
            columns.append(Column(title="факт", kind="number", group=str(one), as_before=True))
            columns.append(Column(title="откуда факт", group=str(one), under=True))
    return Dataset(
        title=title,
        columns=tuple(columns),
        rows=tuple((*row_name(row, cumulative), *_values(row, years, year)) for row in rows),
    )


def row_name(row: Row, cumulative: set[int]) -> tuple[str, str]:
    """Number and name, with the unit and the mark at its end, each once wherever the passport has it."""
    name, unit = _MARKED.sub("", row.indicator.name), row.indicator.unit
    if not name.casefold().endswith(unit.casefold()):
        name = f"{name}, {unit}"
    marked = row.indicator.pk in cumulative and not _CUMULATIVE.search(name)
    return row.indicator.number, f"{name} {_MARK}" if marked else name


def _values(row: Row, years: Sequence[int], year: int) -> Iterator[Value]:
    cells = {cell.year: cell for cell in row.cells}
    heading = not row.is_measured
    for one in years:
        cell = cells.get(one)
        absent = "" if heading else NOT_PLANNED
        yield absent if cell is None or cell.target is None else plain(cell.target)
        if one <= year:
            yield absent if cell is None else fact_of(cell, absent)
            yield None if cell is None else basis_of(cell)


def fact_of(cell: Cell, absent: str) -> Value:
    """Zero, not planned and not reported are three things."""
    actual = actual_of(cell)
    if actual is None:
        # What is foreseen is no fact: its colour has no place in the column of facts.
        status = Status.PENDING if cell.assessment.by_forecast else cell.status
        return absent if status is Status.NOT_PLANNED else status.words
    return plain(actual)


def plain(value: Decimal) -> Decimal:
    """Without zeros behind it, as a frozen number is: the page shows what the document will."""
    return Decimal(decimal_text(value))


def basis_of(cell: Cell) -> str | None:
    if cell.direct:
        return ENTERED
    if cell.coverage is None:
        return None
    return f"{number(cell.coverage.accepted)}{NO_BREAK}из{NO_BREAK}{number(cell.coverage.expected)}"


def _notes(progress: Progress, year: int) -> tuple[str, ...]:
    """What the signs in the tables mean, and until when a year is told that is not over in them."""
    passed = [cell for row in progress.table.rows for cell in row.cells if cell.year <= year]
    days = sorted({cell.as_of for cell in passed if cell.as_of and (cell.as_of.month, cell.as_of.day) != (12, 31)})
    told = (f"Факт за {day.year} год – по сведениям на {date_short(day)}." for day in days)
    return (f"Знак «{NOT_PLANNED}»: не запланировано.", *below_facts(passed), *told)


def below_facts(cells: Sequence[Cell]) -> Iterator[str]:
    """What the words below facts mean."""
    if any(basis_of(cell) and not cell.direct for cell in cells):
        yield "Под фактом стоит, сколько форм организаций принято и сколько ожидалось."
    if any(cell.direct for cell in cells):
        yield f"«{ENTERED.capitalize()}»: значение внесло министерство и приложило подтверждающий документ."


def money_of_results(project: Project) -> list[MoneyRow]:
    """Section 4 by result, in thousands of roubles; its totals and the federal results that it quotes are left out.

    A result has the money of its own line, or where only its sources have some, theirs; transfers are a part of them.
    """
    lines = list(FinanceLine.objects.filter(project=project).current().order_by("position").prefetch_related("amounts"))
    groups: list[list[FinanceLine]] = []
    for line in lines:
        if line.source is None:
            groups.append([line])
        elif groups:
            groups[-1].append(line)
    return [
        MoneyRow(group[0].number, group[0].name, group[0].note, _amounts(group))
        for group, after in zip_longest(groups, groups[1:])
        if not is_total(group[0].name) and not _only_groups(group, after)
    ]


def _only_groups(group: Sequence[FinanceLine], after: Sequence[FinanceLine] | None) -> bool:
    """A line without money of which the next one is a part («1» above «1.1») says nothing of a result."""
    head = group[0]
    part = bool(after and head.number and after[0].number.startswith(f"{head.number}."))
    return part and len(group) == 1 and not head.note and not head.amounts.all()


def _amounts(group: Sequence[FinanceLine]) -> dict[int, Decimal]:
    own = {row.year: row.amount / THOUSAND for row in group[0].amounts.all()}
    if own:
        return own
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for line in group[1:]:
        if line.source != Source.TRANSFERS:
            for row in line.amounts.all():
                sums[row.year] += row.amount / THOUSAND
    return dict(sums)


def _money(rows: Sequence[MoneyRow], years: Sequence[int]) -> Dataset:
    decimals = decimals_of(amount for row in rows for amount in row.amounts.values())
    noted = any(row.note for row in rows)
    columns = [Column(title=f"№{NO_BREAK}п/п", kind="short"), Column(title="Результат", names_row=True)]
    columns += [Column(title=str(year), kind="number", decimals=decimals) for year in years]
    columns += [Column(title="Примечание")] * noted
    return Dataset(
        title="Объём финансирования",
        columns=tuple(columns),
        rows=tuple(
            (
                row.number,
                f"{row.name}, тыс. рублей",
                *(row.amounts.get(year, NOT_PLANNED) for year in years),
                *[row.note] * noted,
            )
            for row in rows
        ),
    )
