"""The execution of a project as a file: exactly what the page shows, as filtered and in its unit, every digit."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from finance.models import Unit
from finance.selectors import known_money
from finance.selectors.execution import Execution, Row, Sums, execution_of
from finance.units import in_unit
from finance.views.page import money_filters
from organisations.views.requests import SignedInRequest
from projects.frame import in_force, project_or_404
from projects.models import Project
from projects.passport.schema import decimal_text
from reports.documents.dataset import Column, Dataset, Value
from reports.moment import as_of_now
from reports.views.files import dataset_file

_KINDS = {"heading": "результат", "source": "источник", "part": "в том числе", "total": "итог"}


@require_safe
def money_export(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    project = project_or_404(request, pk)
    money = known_money([project], today=timezone.localdate())
    filters = money_filters(request, project, money)
    execution = execution_of(project, money, filters.chosen)
    dataset = execution_dataset(project, execution, filters.shown_in)
    return dataset_file(dataset, f"Исполнение за {filters.chosen.year} год, {project.short_title}", ending)


def execution_dataset(project: Project, execution: Execution, unit: Unit) -> Dataset:
    """The lines of the year, and what they come to; sums are told in the unit and not rounded."""
    redaction = in_force(project)
    sums = ("План", "Законтрактовано", "Исполнено", "Остаток")
    return Dataset(
        title=f"Исполнение за {execution.chosen.year} год: «{project.short_title}»",
        lines=(
            f"{unit.label.capitalize()}, нарастающим итогом с начала года."
            + (f" План по редакции № {redaction.number}." if redaction else ""),
            as_of_now(),
        ),
        columns=(
            Column(title="Вид строки"),
            Column(title="№"),
            Column(title="Результат и источник"),
            Column(title="КБК"),
            *(Column(title=title, kind="number", unit=unit.label) for title in sums),
            Column(title="Исполнение, %", kind="number", decimals=1),
            Column(title="На дату", kind="date"),
            Column(title="Состояние"),
            Column(title="Отметки"),
        ),
        rows=(
            *(_row(row, unit) for row in execution.rows),
            (
                "сумма",
                "",
                "Всего",
                "",
                *_sums(execution.whole, unit),
                None,
                None,
                ", ".join(execution.whole.marks) or None,
            ),
        ),
    )


def _row(row: Row, unit: Unit) -> tuple[Value, ...]:
    return (
        _KINDS[row.kind],
        row.line.number,
        row.line.name,
        row.line.code,
        *_sums(row.sums, unit),
        row.as_of,
        row.status.words if row.status else None,
        _marks(row.sums),
    )


def _marks(sums: Sums) -> str | None:
    return ", ".join(sums.marks) or None


def _sums(sums: Sums, unit: Unit) -> tuple[Value, ...]:
    return (*(_exact(v, unit) for v in (sums.planned, sums.contracted, sums.executed, sums.remainder)), sums.percent)


def _exact(value: Decimal | None, unit: Unit) -> Decimal | None:
    """Without the zeros that the database pads."""
    return None if value is None else Decimal(decimal_text(in_unit(value, unit)))
