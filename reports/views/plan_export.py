"""Event plans as files: exactly what the pages show, as filtered."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milestones.forms import PlanFilter, WeekFilter
from milestones.selectors.plan import filtered, kind_word, plan_of
from milestones.selectors.week import week_of
from milestones.states import PlanRowState
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import in_force, project_or_404
from reports.documents.dataset import Column, Dataset, Value
from reports.moment import as_of_now
from reports.views.files import dataset_file

_COLUMNS = (
    Column(title="№"),
    Column(title="Наименование"),
    Column(title="Вид"),
    Column(title="Ведёт к"),
    Column(title="Состояние"),
    Column(title="Контрольная точка под угрозой"),
    Column(title="Начало", kind="date"),
    Column(title="Окончание", kind="date"),
    Column(title="Окончание по первой редакции", kind="date"),
    Column(title="Выполнено", kind="date"),
    Column(title="Прогноз", kind="date"),
    Column(title="Причина прогноза"),
    Column(title="К плану", kind="number", unit="дней"),
    Column(title="Ответственный"),
    Column(title="Ответственный на портале"),
    Column(title="Вид документа"),
    Column(title="Уровень контроля"),
    Column(title="Комментарий"),
)


@require_safe
def plan_export(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """The plan of a project, filtered as its page is."""
    project = project_or_404(request, pk)
    redaction = in_force(project)
    plan = plan_of(project, redaction, today=timezone.localdate())
    lines = filtered(plan.lines, PlanFilter(request.GET, results=plan.results).chosen())
    dataset = Dataset(
        title=f"План мероприятий: {project.short_title}",
        lines=(f"{redaction or 'Редакции ещё нет'}. {as_of_now()}",),
        columns=_COLUMNS,
        # Words that are no dates («31.11.2020») stand in the columns of dates as the document has them.
        rows=tuple(
            _cells(line.of, line.accounts, line.row.start or line.start.text, line.row.end or line.end.text)
            for line in lines
        ),
    )
    return dataset_file(dataset, f"План мероприятий, {project.short_title}", ending)


@require_safe
def week_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """What is overdue and due by the end of next week, filtered as the page is and uncut."""
    require(request.user, Action.REQUEST_DOCUMENTS)
    found = week_of(request.user, today=timezone.localdate(), **WeekFilter(request.GET, user=request.user).chosen())
    dataset = Dataset(
        title="Что на этой неделе",
        lines=(as_of_now(),),
        columns=(Column(title="Когда"), Column(title="Проект"), *_COLUMNS),
        rows=tuple(
            (title, line.row.project.short_title, *_cells(line.of, line.accounts, line.row.start, line.row.end))
            for _, title, lines in found.parts
            for line in lines
        ),
    )
    return dataset_file(dataset, f"Неделя с {found.monday:%d.%m.%Y}", ending)


def _cells(of: PlanRowState, accounts: Iterable[User], start: Value, end: Value) -> tuple[Value, ...]:
    row = of.row
    return (
        row.number,
        row.name,
        kind_word(row),
        row.control_point.number if row.control_point else None,
        of.state.label,
        of.danger or None,
        start or None,
        end or None,
        row.first_end,
        of.actual,
        of.forecast,
        (of.progress.forecast_reason or None) if of.progress else None,
        None if of.slip is None else Decimal(of.slip),
        row.responsible or None,
        ", ".join(user.full_name for user in accounts) or None,
        row.document or None,
        row.control_level or None,
        (of.progress.comment or None) if of.progress else None,
    )
