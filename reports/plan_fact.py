"""Plan and fact as a dataset: what the page shows is what is printed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from indicators.selectors.plan_fact import Cell, PlanFact, Row
from projects.models import Project
from projects.passport.typography import number
from reports.documents.dataset import Column, Dataset, Value
from reports.documents.written import decimals_of

SHOWN_DECIMALS = 2


def plan_fact_dataset(project: Project, table: PlanFact) -> Dataset:
    """One row for each indicator or result and year that has a plan, a fact or a forecast, with status and source."""
    moment = timezone.localtime()
    return Dataset(
        title=f"План и факт: «{project.short_title}»",
        lines=(
            table.node.name,
            f"По состоянию на {moment:%d.%m.%Y %H:%M}.",
            "Факт вычислен по принятым формам организаций или внесён министерством.",
        ),
        columns=(
            Column(title="Раздел"),
            Column(title="№", kind="short"),
            Column(title="Показатель или результат", names_row=True),
            Column(title="Единица"),
            Column(title="Год", kind="short"),
            Column(title="План", kind="number"),
            Column(title="Факт", kind="number", as_before=True),
            Column(title="Исполнение, %", kind="number", decimals=1),
            Column(title="Состояние"),
            Column(title="Прогноз", kind="number"),
            Column(title="Откуда факт"),
            Column(title="Сведения на", kind="date"),
        ),
        rows=tuple(
            _row(title, row, cell)
            for title, rows, _ in table.groups
            for row in rows
            for cell in row.cells
            if not cell.is_empty
        ),
    )


def actual_of(cell: Cell) -> Decimal | None:
    """A fact as it is shown: rounded where it was rolled up, but never coarser than its plan is written."""
    digits = max(SHOWN_DECIMALS, decimals_of([cell.target]))
    if cell.actual is None or cell.direct or decimals_of([cell.actual]) <= digits:
        return cell.actual
    return cell.actual.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _row(title: str, row: Row, cell: Cell) -> tuple[Value, ...]:
    return (
        title,
        row.indicator.number,
        row.indicator.name,
        row.indicator.unit,
        str(cell.year),
        cell.target,
        actual_of(cell),
        cell.ratio,
        cell.assessment.words,
        cell.forecast.value if cell.forecast else None,
        _source(cell),
        cell.as_of,
    )


def _source(cell: Cell) -> str | None:
    """Coverage of what was rolled up; of what was entered by whom, and in which document it can be seen."""
    if cell.direct:
        evidence = f": {cell.direct.file.name}" if cell.direct.file else ""
        return f"внесено министерством{evidence}"
    if cell.coverage is None:
        return None
    return f"принято форм {number(cell.coverage.accepted)} из {number(cell.coverage.expected)}"
