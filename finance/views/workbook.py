"""Execution from a workbook: download it, upload it filled, look at what it changes, decide."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from finance.entering import Outcome
from finance.entry_table import as_it_stands, lines_to_enter
from finance.loading import digest_of
from finance.models import ExecutionLoad, Unit
from finance.services import (
    StaleVersion,
    StateConflict,
    ValidationFailed,
    execution_load_confirm,
    execution_load_create,
    execution_load_drop,
)
from finance.services.entering import known_of
from finance.services.loads import preview_of
from finance.views.entering import day_form
from finance.workbook import MAX_BYTES, TOO_BIG, execution_book, read_execution_book
from jobs.files.errors import UnreadableFile
from jobs.forms import WorkbookForm
from jobs.storage import clean_file_name
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project
from projects.passport.typography import plural

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OTHER_PROJECT = "Эта книга от другого проекта: загрузите её на странице его финансов."


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose the day and the unit of a workbook to download; take a filled one in."""
    project = project_or_404(request, pk)
    require(request.user, Action.ENTER_EXECUTION, project.territory)
    bound = request.method == "POST"
    form = WorkbookForm(request.POST if bound else None, request.FILES if bound else None)
    if bound and form.is_valid():
        try:
            return redirect("finance:load", pk, _taken(request, project, form).pk)
        except (UnreadableFile, ValidationFailed) as refusal:
            form.add_error("file", str(refusal))
    context = {
        **project_context(request, project, "finance:project"),
        "breadcrumbs": [*crumbs(project), ("Финансы", reverse("finance:project", args=[pk])), ("Excel", "")],
        "day": day_form(request, project),
        "form": form,
        "loads": ExecutionLoad.objects.filter(project=project).select_related("file", "actor")[:10],
    }
    return render(request, "finance/workbook.html", context, status=422 if form.errors else 200)


@require_safe
def workbook_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The workbook of a day in a unit (``?as_of=&unit=``), with what stands there now."""
    project = project_or_404(request, pk)
    require(request.user, Action.ENTER_EXECUTION, project.territory)
    day = day_form(request, project)
    if not day.is_valid():
        return redirect(f"{reverse('finance:workbook', args=[pk])}?{request.GET.urlencode()}")
    as_of, unit = day.cleaned_data["as_of"], Unit(day.cleaned_data["unit"])
    lines = lines_to_enter(project)
    rows = as_it_stands(lines, known_of(lines, as_of), unit)
    response = HttpResponse(execution_book(project, as_of, unit, rows), content_type=_WORKBOOK)
    name = clean_file_name(f"Исполнение на {as_of:%d.%m.%Y}, {project.short_title}.xlsx")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def load(request: SignedInRequest, pk: int, load_pk: int) -> HttpResponse:
    """What a workbook would change, cell by cell, or what became of it."""
    return _load_page(request, _load(request, pk, load_pk))


@require_POST
def load_confirm(request: SignedInRequest, pk: int, load_pk: int) -> HttpResponse:
    row = _load(request, pk, load_pk)
    require(request.user, Action.ENTER_EXECUTION, row.project.territory)
    taken = {int(line) for line in request.POST.getlist("take") if line.isascii() and line.isdigit() and len(line) < 18}
    try:
        written = execution_load_confirm(load=row, seen=request.POST.get("seen", ""), taken=taken, actor=request.user)
    except (StaleVersion, StateConflict) as refusal:
        return _load_page(request, _load(request, pk, load_pk), refused=str(refusal))
    said = plural(len(written), "строка записана", "строки записаны", "строк записано")
    messages.success(request, f"{said} на {row.as_of:%d.%m.%Y}.")
    return redirect(f"{reverse('finance:project', args=[pk])}?year={row.as_of.year}")


@require_POST
def load_drop(request: SignedInRequest, pk: int, load_pk: int) -> HttpResponse:
    row = _load(request, pk, load_pk)
    require(request.user, Action.ENTER_EXECUTION, row.project.territory)
    try:
        execution_load_drop(load=row, actor=request.user)
    except StateConflict as refusal:
        return _load_page(request, _load(request, pk, load_pk), refused=str(refusal))
    messages.success(request, "Загрузка отменена, ничего не записано.")
    return redirect("finance:workbook", pk)


def _taken(request: SignedInRequest, project: Project, form: WorkbookForm) -> ExecutionLoad:
    file = form.upload
    if (file.size or 0) > MAX_BYTES:
        raise UnreadableFile(TOO_BIG)
    content = file.read()
    book = read_execution_book(content)
    if book.project_id != project.pk:
        raise UnreadableFile(_OTHER_PROJECT)
    return execution_load_create(
        project=project, name=file.name or "исполнение.xlsx", content=content, book=book, actor=request.user
    )


def _load(request: SignedInRequest, pk: int, load_pk: int) -> ExecutionLoad:
    rows = ExecutionLoad.objects.select_related("project__territory", "file", "actor")
    return visible_or_404(rows, request.user, pk=load_pk, project=pk)


def _load_page(request: SignedInRequest, row: ExecutionLoad, refused: str = "") -> HttpResponse:
    project = row.project
    is_ready = row.state == ExecutionLoad.State.READY
    rows = preview_of(row) if is_ready else []
    shown = [found for found in rows if found.outcome is not Outcome.UNCHANGED]
    context = {
        **project_context(request, project, "finance:project"),
        "breadcrumbs": [
            *crumbs(project),
            ("Финансы", reverse("finance:project", args=[project.pk])),
            ("Excel", reverse("finance:workbook", args=[project.pk])),
            (row.file.name, ""),
        ],
        "load": row,
        "unit": Unit(row.unit),
        "rows": shown,
        "unchanged": len(rows) - len(shown),
        "writes": sum(found.outcome in (Outcome.ADDED, Outcome.CHANGED) for found in rows),
        "asks": sum(found.outcome is Outcome.ASKED for found in rows),
        "refusals": sum(found.outcome is Outcome.REFUSED for found in rows),
        "seen": digest_of(rows),
        "entries": row.entries.select_related("line").order_by("line__position") if not is_ready else [],
        "may_decide": is_ready and access_of(request.user).allows(Action.ENTER_EXECUTION, project.territory),
        "refused": refused,
    }
    return render(request, "finance/load.html", context, status=409 if refused else 200)
