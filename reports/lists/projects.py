"""Projects, what is proposed for them, their redactions, results, people and documents."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from participants.models import Participant
from projects.forms.reading import ProjectFilter, RequestFilter
from projects.models import Project
from projects.passport.schema import decimal_text
from projects.selectors import (
    change_requests_listed,
    projects_listed,
    tasks_with_results,
    territories_with_projects,
)
from reports.documents.dataset import Column, Dataset
from reports.models import GeneratedDocument, MonitoringReport
from reports.moment import as_of_now

_READY = {"done": "готов", "failed": "не составлен"}


def projects(request: SignedInRequest) -> Dataset:
    form = ProjectFilter(request.GET, territories=territories_with_projects(request.user))
    return Dataset(
        title="Проекты",
        lines=(as_of_now(),),
        columns=(
            Column(title="Проект"),
            Column(title="Полное наименование"),
            Column(title="Уровень"),
            Column(title="Территория"),
            Column(title="Начало", kind="date"),
            Column(title="Окончание", kind="date"),
            Column(title="Редакция", kind="number", decimals=0),
            Column(title="Протокол"),
            Column(title="Дата протокола", kind="date"),
        ),
        rows=tuple(
            (
                row.short_title,
                row.title,
                row.get_level_display(),
                row.territory.short_name,
                row.start,
                row.end,
                Decimal(row.redaction_number) if row.redaction_number else None,  # type: ignore[attr-defined]
                row.protocol_number or None,  # type: ignore[attr-defined]
                row.protocol_date,  # type: ignore[attr-defined]
            )
            for row in projects_listed(request.user, **form.chosen())
        ),
    )


def change_requests(request: SignedInRequest) -> Dataset:
    if not access_of(request.user).allows(Action.PROPOSE_PASSPORT):
        require(request.user, Action.APPROVE_PASSPORT)
    form = RequestFilter(request.GET)
    form.is_valid()
    rows = change_requests_listed(request.user, state=form.cleaned_data.get("state") or "")
    return Dataset(
        title="Запросы на изменение",
        lines=(as_of_now(),),
        columns=(
            Column(title="Запрос №"),
            Column(title="Паспорт"),
            Column(title="Территория"),
            Column(title="Состояние"),
            Column(title="Кто предложил"),
            Column(title="Когда предложил", kind="date"),
            Column(title="Кто решил"),
            Column(title="Когда решил", kind="date"),
            Column(title="Причина"),
        ),
        rows=tuple(
            (
                str(row.pk),
                row.short_title or row.title or "без наименования",  # type: ignore[attr-defined]
                row.territory.short_name,
                row.get_state_display(),
                row.author.full_name,
                timezone.localdate(row.created_at),
                row.decided_by.full_name if row.decided_by else None,
                timezone.localdate(row.decided_at) if row.decided_at else None,
                row.reason or None,
            )
            for row in rows
        ),
    )


def redactions(_request: SignedInRequest, project: Project) -> Dataset:
    rows = project.redactions.select_related("approved_by").defer("document", "identity")
    return Dataset(
        title=f"Редакции паспорта: «{project.short_title}»",
        lines=(as_of_now(),),
        columns=(
            Column(title="Редакция", kind="number", decimals=0),
            Column(title="Протокол"),
            Column(title="Дата протокола", kind="date"),
            Column(title="Утверждена на портале", kind="date"),
            Column(title="Кем"),
            Column(title="SHA-256"),
            Column(title="Запрос №"),
        ),
        rows=tuple(
            (
                Decimal(row.number),
                row.protocol_number or None,
                row.protocol_date,
                timezone.localdate(row.approved_at),
                row.approved_by.full_name,
                row.sha256,
                str(row.change_request_id),
            )
            for row in rows
        ),
    )


def results(_request: SignedInRequest, project: Project) -> Dataset:
    """A row for each result beside its task; a task without results has a row of its own."""
    groups = tasks_with_results(project)
    years = sorted({year for _, found in groups for result in found for year in result.targets})
    rows = []
    for task, found in groups:
        told = str(task) if task else None
        rows += [
            (
                told,
                result.number,
                result.name,
                result.due,
                result.characteristic or None,
                result.federal_result or None,
                *(_decimal(result.targets.get(year)) for year in years),
            )
            for result in found
        ] or [(told, *[None] * (5 + len(years)))]
    return Dataset(
        title=f"Задачи и результаты: «{project.short_title}»",
        lines=(as_of_now(),),
        columns=(
            Column(title="Задача"),
            Column(title="№"),
            Column(title="Результат"),
            Column(title="Срок", kind="date"),
            Column(title="Характеристика"),
            Column(title="Результат федерального проекта"),
            *(Column(title=year, kind="number") for year in years),
        ),
        rows=tuple(rows),
    )


def participants(_request: SignedInRequest, project: Project) -> Dataset:
    people = Participant.objects.filter(project=project).current().order_by("position")
    return Dataset(
        title=f"Участники: «{project.short_title}»",
        lines=(as_of_now(),),
        columns=(
            Column(title="№"),
            Column(title="Участник"),
            Column(title="Роль в проекте"),
            Column(title="Должность"),
            Column(title="Непосредственный руководитель"),
            Column(title="Занятость", kind="percent"),
            Column(title="Результат, на который работает"),
        ),
        rows=tuple(
            (
                row.number,
                row.name or "группа участников",
                row.role or None,
                row.position_title or None,
                row.supervisor or None,
                _decimal(row.employment),
                row.group or None,
            )
            for row in people
        ),
    )


def monitoring(request: SignedInRequest, project: Project) -> Dataset:
    rows = MonitoringReport.objects.visible_to(request.user).filter(project=project).select_related("written_by")
    return Dataset(
        title=f"Отчёты мониторинга: «{project.short_title}»",
        lines=(as_of_now(),),
        columns=(
            Column(title="Период"),
            Column(title="Состояние"),
            Column(title="Номер отчёта", kind="number", decimals=0),
            Column(title="Изменён", kind="date"),
            Column(title="Кем"),
        ),
        rows=tuple(
            (
                row.period_words,
                row.get_state_display(),
                Decimal(row.registration) if row.registration else None,
                timezone.localdate(row.written_at),
                row.written_by.full_name,
            )
            for row in rows.defer("snapshot", "words")
        ),
    )


def all_documents(request: SignedInRequest) -> Dataset:
    require(request.user, Action.REQUEST_DOCUMENTS)
    rows = GeneratedDocument.objects.visible_to(request.user)
    return _documents("Документы", rows.select_related("file", "job", "project", "requested_by").defer("snapshot"))


def documents(request: SignedInRequest, project: Project) -> Dataset:
    rows = GeneratedDocument.objects.visible_to(request.user).filter(project=project)
    found = rows.select_related("file", "job", "project", "requested_by").defer("snapshot")
    return _documents(f"Документы: «{project.short_title}»", found)


def _documents(title: str, rows: Iterable[GeneratedDocument]) -> Dataset:
    return Dataset(
        title=title,
        lines=(as_of_now(),),
        columns=(
            Column(title="Документ"),
            Column(title="Проект"),
            Column(title="Формат"),
            Column(title="Готовность"),
            Column(title="Запрошен", kind="date"),
            Column(title="Кем"),
            Column(title="Размер", unit="байт", kind="number", decimals=0),
            Column(title="SHA-256"),
        ),
        rows=tuple(
            (
                row.title,
                row.project.short_title,
                row.get_format_display(),
                _READY.get(row.state, "составляется"),
                timezone.localdate(row.requested_at),
                row.requested_by.full_name,
                Decimal(row.file.size) if row.file else None,
                row.file.sha256 if row.file else None,
            )
            for row in rows
        ),
    )


def _decimal(value: object) -> Decimal | None:
    """A number of JSON or of the database, without the zeros behind it."""
    return None if value is None else Decimal(decimal_text(Decimal(str(value))))
