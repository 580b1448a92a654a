"""Monitoring reports: begun for a period, filled by the portal, explained by people, fixed and printed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from organisations.access import access_of, require, visible_or_404
from organisations.models import User
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project
from projects.refusals import show_errors
from reports.documents.report import Report
from reports.forms import DocumentFormatForm
from reports.models import DocumentFormat, MonitoringReport
from reports.monitoring.forms import BeginForm, FixForm, WordsForm
from reports.monitoring.gathering import monitoring_report
from reports.monitoring.sections import SECTIONS
from reports.monitoring.services import monitoring_begin, monitoring_fix, monitoring_write
from reports.services import monitoring_request
from reports.views.progress import screen_parts

PAGE = "reports:monitoring"
VERSIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reports of a project, the newest period first, and the means to begin another."""
    project = project_or_404(request, pk)
    if request.method != "POST":
        today = timezone.localdate()
        return _list(request, project, BeginForm(initial={"year": today.year, "number": max(1, today.month - 1)}))
    require(request.user, Action.EXPLAIN_DEVIATIONS, project.territory)
    form = BeginForm(request.POST)
    if form.is_valid():
        try:
            made = monitoring_begin(project=project, actor=request.user, **form.cleaned_data)
        except ValidationFailed as refusal:
            show_errors(form, refusal)
        else:
            return redirect("reports:monitoring_report", made.pk)
    return _list(request, project, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """One report: a draft with its fields of words, a fixed one as it was frozen."""
    row = _visible(request, pk)
    if request.method != "POST":
        return _page(request, row)
    require(request.user, Action.EXPLAIN_DEVIATIONS, row.project.territory)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    version, words = _typed(form)
    try:
        monitoring_write(report=row, words=words, version=version, actor=request.user)
    except ValidationFailed as refusal:
        show_errors(form, refusal)
        return _page(request, row, form, status=422)
    except (StaleVersion, StateConflict) as conflict:
        return _page(request, _visible(request, pk), form, status=409, conflict=str(conflict))
    if request.POST.get("action") == "submit":
        return redirect("reports:monitoring_fix", row.pk)
    messages.success(request, "Пояснения сохранены.")
    return redirect("reports:monitoring_report", row.pk)


@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page sends by itself while people type. Refusals are sentences: the page keeps what was typed."""
    if not isinstance(request.user, User):
        return JsonResponse({"message": "сеанс закончился: войдите снова"}, status=401)
    row = MonitoringReport.objects.visible_to(request.user).select_related("project__territory").filter(pk=pk).first()
    if row is None:
        return JsonResponse({"message": "такого отчёта нет"}, status=404)
    if not access_of(request.user).allows(Action.EXPLAIN_DEVIATIONS, row.project.territory):
        return JsonResponse({"message": "изменять отчёт вам нельзя"}, status=403)
    form = WordsForm(request.POST)
    # What is refused is said at its field, the rest is kept.
    form.is_valid()
    if "version" in form.errors:
        return JsonResponse({"message": "откройте страницу заново"}, status=400)
    version, words = _typed(form)
    try:
        saved = monitoring_write(report=row, words=words, version=version, actor=request.user)
    except (StaleVersion, StateConflict) as conflict:
        return JsonResponse({"message": str(conflict)}, status=409)
    refused = {key: " ".join(map(str, found)) for key, found in form.errors.items()}
    return JsonResponse({"saved": f"{timezone.localtime():%H:%M}", "version": saved.version, "errors": refused})


@require_http_methods(["GET", "HEAD", "POST"])
def fix(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether the report shall be frozen, and freeze it."""
    row = _visible(request, pk)
    require(request.user, Action.EXPLAIN_DEVIATIONS, row.project.territory)
    if request.method != "POST":
        return _question(request, row) if row.is_draft else redirect("reports:monitoring_report", row.pk)
    form = FixForm(request.POST)
    if not form.is_valid():
        return _question(request, row, "Ответ не дошёл целиком. Нажмите ещё раз.", status=422)
    try:
        made = monitoring_fix(report=row, version=form.cleaned_data["version"], actor=request.user)
    except ValidationFailed as refusal:
        return _question(request, row, " ".join(refusal.errors.values()), status=422)
    except (StaleVersion, StateConflict) as conflict:
        return _question(request, _visible(request, pk), str(conflict), status=409)
    messages.success(request, f"Отчёт сформирован под номером {made.registration}.")
    return redirect("reports:monitoring_report", made.pk)


@require_POST
def print_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a fixed report as a document."""
    row = _visible(request, pk)
    form = DocumentFormatForm(request.POST)
    if not form.is_valid() or row.snapshot is None:
        raise Http404
    document = monitoring_request(report=row, ending=form.cleaned_data["format"], actor=request.user)
    return redirect("reports:document", public_id=document.public_id)


def _visible(request: SignedInRequest, pk: int) -> MonitoringReport:
    rows = MonitoringReport.objects.select_related("project__territory", "written_by", "begun_by")
    return visible_or_404(rows, request.user, pk=pk)


def _typed(form: WordsForm) -> tuple[int, dict[str, str]]:
    """The version, and the sections that were sent: one that was not is left as it is."""
    good = form.cleaned_data
    return good["version"], {key: good[key] for key in SECTIONS if key in form.data and key in good}


def _list(request: SignedInRequest, project: Project, form: BeginForm, *, status: int = 200) -> HttpResponse:
    rows = MonitoringReport.objects.visible_to(request.user).filter(project=project)
    context = {
        **project_context(request, project, PAGE),
        "rows": rows.select_related("written_by").defer("snapshot", "words"),
        "form": form,
        "may_write": access_of(request.user).allows(Action.EXPLAIN_DEVIATIONS, project.territory),
    }
    return render(request, "reports/monitoring/list.html", context, status=status)


def _page(
    request: SignedInRequest,
    row: MonitoringReport,
    form: WordsForm | None = None,
    *,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    may_write = row.is_draft and access_of(request.user).allows(Action.EXPLAIN_DEVIATIONS, row.project.territory)
    shown = _shown(request, row, with_words=not may_write)
    bound = form or WordsForm(initial={**row.words, "version": row.version})
    parts = [
        {**part, "field": bound[key] if may_write else None}
        for key, part in zip(SECTIONS, screen_parts(shown), strict=True)
    ]
    context = {
        **project_context(request, row.project, PAGE),
        "breadcrumbs": crumbs(row.project, "Мониторинг", row.period_words),
        "row": row,
        "report": shown,
        "parts": parts,
        "form": bound,
        "may_write": may_write,
        "conflict": conflict,
        "formats": DocumentFormat.choices,
        "versions": _versions(row),
    }
    return render(request, "reports/monitoring/report.html", context, status=status)


def _question(
    request: SignedInRequest, row: MonitoringReport, conflict: str = "", *, status: int = 200
) -> HttpResponse:
    context = {
        **project_context(request, row.project, PAGE),
        "breadcrumbs": crumbs(row.project, "Мониторинг", row.period_words),
        "row": row,
        "conflict": conflict,
        "is_over": row.end < timezone.localdate(),
    }
    return render(request, "reports/monitoring/fix.html", context, status=status)


def _shown(request: SignedInRequest, row: MonitoringReport, *, with_words: bool) -> Report:
    if row.snapshot is not None:
        return Report.model_validate(row.snapshot)
    redaction = row.project.redactions.first()
    if redaction is None:
        raise Http404
    words = row.words if with_words else None
    return monitoring_report(row, redaction, request.user, today=timezone.localdate(), words=words)


def _versions(row: MonitoringReport) -> list[dict[str, Any]]:
    """Who wrote which section when, the latest first, from the trail that the database keeps."""
    events = apps.get_model("reports", "MonitoringReportEvent").objects.filter(pgh_obj_id=row.pk)
    found = list(events.order_by("-pgh_id").defer("snapshot").select_related("written_by")[: VERSIONS + 1])
    told = []
    for after, before in zip(found, [*found[1:], None], strict=True):
        old = before.words if before else {}
        changed = [title for key, title in SECTIONS.items() if after.words.get(key, "") != old.get(key, "")]
        fixed = before is not None and before.state != after.state
        if before is None and len(found) > VERSIONS:
            break
        what = "сформирован" if fixed else ", ".join(changed) if changed else "начат"
        told.append({"at": after.written_at, "person": after.written_by, "what": what})
    return told
