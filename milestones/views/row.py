"""One row of an event plan: how it stands, what became of it, and saying so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.storage import download
from milestones.forms import AssigneeForm, EvidenceForm, ProgressForm, UndoForm
from milestones.models import PlanEvidence, PlanProgress, PlanRow
from milestones.responsible import accounts_of, candidates, may_write
from milestones.selectors.history import history_of
from milestones.selectors.plan import kind_word
from milestones.selectors.states import states_of
from milestones.services import assignee_set, completion_undo, evidence_add, evidence_remove, progress_save
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.refusals import show_errors
from projects.services.errors import StaleVersion, StateConflict, ValidationFailed


@require_http_methods(["GET", "HEAD", "POST"])
def plan_row(request: SignedInRequest, pk: int, row_pk: int) -> HttpResponse:
    """The row with its history; a POST says what became of it."""
    row = _row(request, pk, row_pk)
    if request.method != "POST":
        return _page(request, row)
    _require_writer(request, row)
    form = ProgressForm(request.POST)
    if form.is_valid():
        try:
            progress_save(row=row, actor=request.user, **form.cleaned_data)
        except ValidationFailed as refused:
            show_errors(form, refused)
        except (StaleVersion, StateConflict) as refused:
            form.add_error(None, str(refused))
            return _page(request, row, form=form, status=409)
        else:
            messages.success(request, "Сохранено.")
            return _to(row)
    return _page(request, row, form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_row_undo(request: SignedInRequest, pk: int, row_pk: int) -> HttpResponse:
    """Take back that the row was done, with a reason."""
    row = _row(request, pk, row_pk)
    _require_writer(request, row)
    form = UndoForm(request.POST or None, initial={"version": _progress(row).version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                completion_undo(row=row, actor=request.user, **form.cleaned_data)
            except (StaleVersion, StateConflict) as refused:
                messages.error(request, str(refused))
                return _to(row)
            except ValidationFailed as refused:
                show_errors(form, refused)
            else:
                messages.success(request, "Отметка о выполнении снята.")
                return _to(row)
    context = {"title": "Отменить выполнение", "row": row, "form": form, "breadcrumbs": _crumbs(row, "Отмена")}
    return render(request, "milestones/row_undo.html", context, status=status)


@require_POST
def plan_row_assign(request: SignedInRequest, pk: int, row_pk: int) -> HttpResponse:
    """Make an account responsible for the row, or give the row back to those whom the plan names."""
    row = _row(request, pk, row_pk)
    require(request.user, Action.WRITE_PROGRESS, row.project.territory)
    form = AssigneeForm(request.POST, people=candidates(row.project.territory))
    if not form.is_valid():
        return _page(request, row, assignee=form, status=422)
    try:
        assignee_set(row=row, version=form.cleaned_data["version"], assignee=form.chosen, actor=request.user)
    except (StaleVersion, StateConflict) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Ответственный записан.")
    return _to(row)


@require_POST
def plan_evidence_add(request: SignedInRequest, pk: int, row_pk: int) -> HttpResponse:
    """Take a file in."""
    row = _row(request, pk, row_pk)
    _require_writer(request, row)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, evidence=form, status=422)
    file = form.upload
    try:
        evidence_add(row=row, name=file.name or "", content=file.read(), actor=request.user)
    except ValidationFailed as refused:
        show_errors(form, refused)
        return _page(request, row, evidence=form, status=422)
    except StateConflict as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Файл приложен.")
    return _to(row)


@require_safe
def plan_evidence_file(request: SignedInRequest, pk: int, row_pk: int, evidence: int) -> FileResponse:
    """The file, for whoever may see the project at this very moment."""
    return download(_evidence(_row(request, pk, row_pk), evidence).file)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_evidence_remove(request: SignedInRequest, pk: int, row_pk: int, evidence: int) -> HttpResponse:
    """Ask once more, then take the file away."""
    row = _row(request, pk, row_pk)
    _require_writer(request, row)
    found = _evidence(row, evidence)
    if request.method != "POST":
        context = {"title": "Убрать файл", "row": row, "evidence": found, "breadcrumbs": _crumbs(row, "Файл")}
        return render(request, "milestones/evidence_remove.html", context)
    try:
        evidence_remove(evidence=found, actor=request.user)
    except StateConflict as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Файл убран.")
    return _to(row)


def _row(request: HttpRequest, pk: int, row_pk: int) -> PlanRow:
    """A row of a project that the person sees, also one that a redaction dropped."""
    project = project_or_404(request, pk)
    rows = PlanRow.objects.select_related("project__territory", "progress__assignee", "control_point")
    row = rows.filter(project=project, pk=row_pk).first()
    if row is None:
        raise Http404
    return row


def _evidence(row: PlanRow, pk: int) -> PlanEvidence:
    found = PlanEvidence.objects.filter(row=row, pk=pk).select_related("file", "row").first()
    if found is None:
        raise Http404
    return found


def _progress(row: PlanRow) -> PlanProgress:
    progress: PlanProgress = getattr(row, "progress", None) or PlanProgress(row=row)
    return progress


def _require_writer(request: SignedInRequest, row: PlanRow) -> None:
    if not may_write(request.user, row):
        raise PermissionDenied(Action.WRITE_PROGRESS.value)


def _to(row: PlanRow) -> HttpResponse:
    return redirect("milestones:row", row.project_id, row.pk)


def _crumbs(row: PlanRow, *here: str) -> list[tuple[str, str]]:
    above = [("План мероприятий", reverse("milestones:project", args=[row.project_id]))]
    name = row.number or row.name
    own = [(name, reverse("milestones:row", args=[row.project_id, row.pk])), *((title, "") for title in here)]
    return crumbs(row.project) + above + own


def _page(
    request: SignedInRequest,
    row: PlanRow,
    *,
    form: ProgressForm | None = None,
    assignee: AssigneeForm | None = None,
    evidence: EvidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a row. What was refused stands in its form as it was typed; after a conflict it can be sent again."""
    row = _fresh(row)
    progress = _progress(row)
    (state,) = states_of(PlanRow.objects.filter(pk=row.pk), today=timezone.localdate())
    writer = row.archived_at is None and may_write(request.user, row)
    staff = writer and access_of(request.user).allows(Action.WRITE_PROGRESS, row.project.territory)
    said = {name: getattr(progress, name) for name in ("completed_on", "forecast", "comment")}
    people = candidates(row.project.territory) if staff else []
    sent = [part for part in (form, assignee, evidence) if part is not None]
    context: dict[str, Any] = project_context(request, row.project, "milestones:project")
    context |= {
        "breadcrumbs": _crumbs(row),
        "forms": sent,
        "row": row,
        "line": state,
        "kind_word": kind_word(row),
        "progress": progress,
        "accounts": accounts_of([row])[row.pk],
        "form": (form or ProgressForm(initial=said)) if writer else None,
        "version": form["version"].value() if form and status == 422 else progress.version,
        "undo": UndoForm() if writer else None,
        "assignee": (
            assignee or AssigneeForm(people=people, initial={"assignee": progress.assignee_id}) if staff else None
        ),
        "evidence_form": (evidence or EvidenceForm()) if writer else None,
        "evidence": PlanEvidence.objects.filter(row=row).select_related("file", "added_by"),
        "leading": states_of(
            PlanRow.objects.current().filter(control_point=row).order_by("position"), today=timezone.localdate()
        ),
        "history": history_of(row),
    }
    return render(request, "milestones/row.html", context, status=status)


def _fresh(row: PlanRow) -> PlanRow:
    rows = PlanRow.objects.select_related("project__territory", "progress__assignee", "control_point")
    return rows.get(pk=row.pk)
