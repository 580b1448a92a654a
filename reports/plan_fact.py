"""Plan and fact as a dataset: what the page shows is what is printed."""

from __future__ import annotations

from django.utils import timezone

from indicators.selectors.plan_fact import Cell, PlanFact
from projects.models import Project
from projects.passport.typography import number
from reports.documents.dataset import Column, Dataset, Value

SHOWN_DECIMALS = 2


def plan_fact_dataset(project: Project, table: PlanFact) -> Dataset:
    """One row for each indicator and year that has a plan or a fact, with status and coverage in words."""
    moment = timezone.localtime()
    return Dataset(
        title=f"План и факт: «{project.short_title}»",
        lines=(
            table.node.name,
            f"По состоянию на {moment:%d.%m.%Y %H:%M}. Факт вычислен по принятым формам организаций.",
        ),
        columns=(
            Column(title="№"),
            Column(title="Показатель"),
            Column(title="Год"),
            Column(title="План", kind="number"),
            Column(title="Факт", kind="number", decimals=SHOWN_DECIMALS),
            Column(title="Исполнение, %", kind="number", decimals=1),
            Column(title="Состояние"),
            Column(title="Принято форм"),
            Column(title="Сведения на", kind="date"),
        ),
        rows=tuple(
            _row(row.indicator.number, row.indicator.name, cell)
            for row in table.rows
            for cell in row.cells
            if cell.target is not None or cell.coverage is not None
        ),
    )


def _row(indicator_number: str, name: str, cell: Cell) -> tuple[Value, ...]:
    coverage = cell.coverage
    return (
        indicator_number,
        name,
        str(cell.year),
        cell.target,
        cell.actual,
        cell.ratio,
        cell.status.words,
        f"{number(coverage.accepted)} из {number(coverage.expected)}" if coverage else None,
        cell.as_of,
    )
