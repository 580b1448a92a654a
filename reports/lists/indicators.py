"""What is counted and planned, the periods in which it is asked, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from indicators.forms.catalogue import CatalogueFilters
from indicators.models import SubmissionState
from indicators.selectors.audits import audits
from indicators.selectors.catalogue import base_indicators_listed
from indicators.selectors.completeness import periods_listed
from indicators.selectors.mine import my_submissions
from indicators.selectors.plan_fact import plan_fact
from indicators.selectors.section import TargetCell, breakdown_tables, indicator_table, results_table
from indicators.views.project import node_or_404
from indicators.views.review import require_overview
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.models import Project
from reports.documents.dataset import Column, Dataset, Value
from reports.moment import as_of_now
from reports.plan_fact import plan_fact_dataset

NOT_PLANNED = "не планируется"


def base_indicators(request: SignedInRequest) -> Dataset:
    require(request.user, Action.READ_SUBMISSIONS)
    rows = base_indicators_listed(request.user, **CatalogueFilters(request.GET).chosen())
    return Dataset(
        title="Что считают школы",
        lines=(as_of_now(),),
        columns=(
            Column(title="Что считается"),
            Column(title="Имя в формуле"),
            Column(title="Вид"),
            Column(title="Единица"),
            Column(title="Код ОКЕИ"),
            Column(title="По организациям"),
            Column(title="Вес"),
            Column(title="По времени"),
            Column(title="Не меньше", kind="number"),
            Column(title="Не больше", kind="number"),
            Column(title="Не больше показателя"),
            Column(title="Подтверждение"),
            Column(title="Кто отвечает"),
            Column(title="Формул", kind="number", decimals=0),
            Column(title="В архиве с", kind="date"),
        ),
        rows=tuple(
            (
                base.name,
                base.code,
                base.get_kind_display(),
                base.unit or None,
                base.okei or None,
                base.get_over_organisations_display(),
                base.weight.code if base.weight else None,
                base.get_over_time_display(),
                base.minimum,
                base.maximum,
                base.not_above.code if base.not_above else None,
                base.get_evidence_display(),
                row.kinds,
                Decimal(row.formulas),
                timezone.localdate(base.archived_at) if base.archived_at else None,
            )
            for row in rows
            for base in (row.base_indicator,)
        ),
    )


def periods(request: SignedInRequest) -> Dataset:
    require_overview(request)
    counted = ("Ожидается", "Принято", "На проверке", "Не сдано", "С опозданием")
    return Dataset(
        title="Отчётные периоды",
        lines=(as_of_now(),),
        columns=(
            Column(title="Период"),
            Column(title="Состояние"),
            Column(title="Срок сдачи", kind="date"),
            *(Column(title=title, kind="number", decimals=0) for title in counted),
            Column(title="Проекты"),
        ),
        rows=tuple(
            (
                str(row.period),
                row.period.get_state_display(),
                timezone.localdate(row.period.deadline),
                *(
                    Decimal(count)
                    for count in (
                        row.counts.expected,
                        row.counts.accepted,
                        row.counts.submitted,
                        row.counts.not_sent,
                        row.counts.late,
                    )
                ),
                ", ".join(row.projects),
            )
            for row in periods_listed(request.user)
        ),
    )


def my_forms(request: SignedInRequest) -> Dataset:
    """Forms of the person's own organisations: to be handed in, waiting, and those of before."""
    require(request.user, Action.WRITE_SUBMISSION)
    mine = my_submissions(request.user)
    parts = (("Надо сдать", mine.to_do), ("Отправлено и проверяется", mine.sent), ("Прежние формы", mine.past))
    return Dataset(
        title="Мои формы",
        lines=(as_of_now(),),
        columns=(
            Column(title="Раздел"),
            Column(title="Период"),
            Column(title="Организация"),
            Column(title="Состояние"),
            Column(title="Срок сдачи", kind="date"),
            Column(title="Отправлена", kind="date"),
            Column(title="Опоздание"),
            Column(title="Замечание"),
        ),
        rows=tuple(
            (
                title,
                str(row.period),
                row.organisation.short_name,
                "Не начата" if row.state == SubmissionState.DRAFT and not row.version else row.get_state_display(),
                timezone.localdate(row.period.deadline),
                timezone.localdate(row.submitted_at) if row.submitted_at else None,
                "с опозданием" if row.late else None,
                row.comment or None,
            )
            for title, rows in parts
            for row in rows
        ),
    )


def roll_up_audits(request: SignedInRequest) -> Dataset:
    if not access_of(request.user).holds_at_root(Action.READ_SUBMISSIONS):
        raise PermissionDenied
    return Dataset(
        title="Ночные сверки сводов",
        lines=(as_of_now(),),
        columns=(
            Column(title="Когда", kind="date"),
            Column(title="Периодов", kind="number", decimals=0),
            Column(title="Значений", kind="number", decimals=0),
            Column(title="Расхождений", kind="number", decimals=0),
        ),
        rows=tuple(
            (
                timezone.localdate(night.started_at),
                Decimal(night.periods),
                Decimal(night.compared),
                Decimal(night.differences),
            )
            for night in audits()
        ),
    )


def indicators(_request: SignedInRequest, project: Project) -> Dataset:
    """Indicators of the passport in force, and below them results with yearly values."""
    tables = (("Показатели", indicator_table(project, {})), ("Результаты", results_table(project)))
    years = sorted({year for _, table in tables for year in table.years})
    return Dataset(
        title=f"Показатели и план: «{project.short_title}»",
        lines=(as_of_now(),),
        columns=(
            Column(title="Раздел"),
            Column(title="№"),
            Column(title="Показатель или результат"),
            Column(title="Единица"),
            Column(title="Вид"),
            Column(title="Базовое значение", kind="number"),
            Column(title="Дата базового значения", kind="date"),
            *(Column(title=str(year), kind="number") for year in years),
            Column(title="Как считается"),
        ),
        rows=tuple(
            (
                title,
                row.indicator.number,
                row.indicator.name,
                row.indicator.unit or None,
                row.indicator.get_kind_display() if row.indicator.kind else None,
                row.indicator.base_value,
                row.indicator.base_date,
                *_targets(row.cells, years),
                row.formula or None,
            )
            for title, table in tables
            for row in table.rows
        ),
    )


def breakdown(_request: SignedInRequest, project: Project) -> Dataset:
    tables = breakdown_tables(project)
    years = sorted({year for table in tables for year in table.years})
    return Dataset(
        title=f"План по территориям: «{project.short_title}»",
        lines=(as_of_now(),),
        columns=(
            Column(title="№"),
            Column(title="Показатель"),
            Column(title="Единица"),
            Column(title="Территория"),
            *(Column(title=str(year), kind="number") for year in years),
        ),
        rows=tuple(
            (
                table.indicator.number,
                table.indicator.name,
                table.indicator.unit or None,
                name,
                *_targets(cells, years),
            )
            for table in tables
            for name, cells in (
                *((row.organisation.short_name, row.cells) for row in table.rows),
                ("По проекту в целом", table.whole),
            )
        ),
    )


def _targets(cells: Iterable[TargetCell], years: Iterable[int]) -> Iterable[Value]:
    """What is not planned is no zero, and a year that the passport does not name is neither."""
    known = {cell.year: cell for cell in cells}
    for year in years:
        cell = known.get(year)
        yield None if cell is None else NOT_PLANNED if cell.not_planned else cell.value


def methodology(_request: SignedInRequest, project: Project) -> Dataset:
    rows = (*indicator_table(project, {}).rows, *results_table(project).rows)
    return Dataset(
        title=f"Методика: «{project.short_title}»",
        lines=(as_of_now(),),
        columns=tuple(
            Column(title=title)
            for title in (
                "№",
                "Показатель или результат",
                "Формула в паспорте",
                "Базовые показатели",
                "Источник данных",
                "Кто собирает",
                "Уровень агрегирования",
                "Периодичность",
                "Дополнительно",
                "Формула в портале",
            )
        ),
        rows=tuple(
            (
                indicator.number,
                indicator.name,
                indicator.formula_wording or None,
                indicator.base_indicators_wording or None,
                indicator.data_source or None,
                indicator.collector or None,
                indicator.aggregation or None,
                indicator.schedule or None,
                indicator.methodology_note or None,
                row.formula or None,
            )
            for row in rows
            for indicator in (row.indicator,)
        ),
    )


def plan_fact_by_year(request: SignedInRequest, project: Project) -> Dataset:
    node = node_or_404(project, request.GET.get("node", ""))
    return plan_fact_dataset(project, plan_fact(project, request.user, node))
