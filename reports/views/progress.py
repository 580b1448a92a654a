"""The progress report of a project: a year on the page, and the same report as a document."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import project_context, project_or_404
from projects.models import Project
from reports.documents.dataset import on_screen
from reports.documents.report import Report
from reports.forms import ProgressRequestForm
from reports.models import DocumentFormat
from reports.progress import Progress, progress_of, progress_report, usual_year
from reports.services import progress_request


@require_safe
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """The report of a year (``?year=``), as it would be printed now."""
    project = project_or_404(request, pk)
    context = project_context(request, project, "reports:progress")
    progress = _progress(request, project)
    if progress is not None and progress.years:
        year = _year(request, progress.years)
        shown = progress_report(progress, year=year, today=timezone.localdate())
        context |= {
            "report": shown,
            "parts": screen_parts(shown),
            "years": progress.years,
            "year": year,
            "formats": DocumentFormat.choices,
            "may_request": access_of(request.user).allows(Action.REQUEST_DOCUMENTS),
        }
    return render(request, "reports/progress.html", context)


@require_POST
def print_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the report as it stands now as a document."""
    project = project_or_404(request, pk)
    require(request.user, Action.REQUEST_DOCUMENTS)
    progress = _progress(request, project)
    form = ProgressRequestForm(request.POST, years=progress.years if progress else [])
    if progress is None or not form.is_valid():
        raise Http404
    document = progress_request(
        progress=progress,
        year=form.cleaned_data["year"],
        ending=form.cleaned_data["format"],
        actor=request.user,
    )
    return redirect("reports:document", public_id=document.public_id)


def screen_parts(report: Report) -> list[dict[str, Any]]:
    """The parts of a report with their tables as a page shows them."""
    return [
        {"part": part, "table": on_screen(part.table) if part.table and part.table.rows else None}
        for part in report.parts
    ]


def _progress(request: SignedInRequest, project: Project) -> Progress | None:
    """None: no passport was approved yet, so there is nothing to report on."""
    redaction = project.redactions.first()
    return progress_of(project, redaction, request.user) if redaction else None


def _year(request: SignedInRequest, years: list[int]) -> int:
    """The year that was asked for, or the usual one where it is none of the project's."""
    asked = request.GET.get("year", "")
    return next((year for year in years if str(year) == asked), usual_year(years, timezone.localdate()))
