"""One workbook for all forms of a municipality: the coordinator gathers figures offline and uploads them as drafts."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from indicators.forms.workbooks import MunicipalityWorkbookForm
from indicators.models import PeriodOrganisation, Question, ReportingPeriod
from indicators.selectors.municipality_forms import municipalities_of, municipality_forms
from indicators.services import StateConflict
from indicators.services.filling_for import HANDLER, municipality_workbook_upload
from indicators.views.downloads import as_workbook
from indicators.views.review import require_overview
from indicators.workbooks.municipality_book import municipality_book
from jobs.files.errors import UnreadableFile
from jobs.models import Job
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.passport.typography import number, plural

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def municipality_workbook(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where the workbooks of a period are downloaded, and uploaded by who may fill in for schools."""
    period = _period(request, pk)
    bound = request.method == "POST"
    if bound:
        require(request.user, Action.FILL_FOR_SCHOOLS)
    form = MunicipalityWorkbookForm(request.POST if bound else None, request.FILES if bound else None)
    if bound and form.is_valid():
        file = form.upload
        try:
            job = municipality_workbook_upload(
                period=period,
                name=file.name or "книга",
                content=cast(BinaryIO, file),
                size=file.size or 0,
                overwrite=form.cleaned_data["overwrite"],
                actor=request.user,
                back=request.path,
            )
        except (UnreadableFile, StateConflict) as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("jobs:detail", job.pk)
    context = {
        "title": "Формы муниципалитета в Excel",
        "breadcrumbs": _crumbs(period, "Excel"),
        "period": period,
        "municipalities": municipalities_of(period, request.user),
        "form": form,
        "may_fill": period.is_open and access_of(request.user).allows(Action.FILL_FOR_SCHOOLS),
    }
    return render(request, "indicators/municipality_workbook.html", context, status=422 if form.errors else 200)


@require_safe
def municipality_workbook_file(request: SignedInRequest, pk: int, municipality: int) -> HttpResponse:
    period = _period(request, pk)
    seen: dict[int, PeriodOrganisation] = {
        place.organisation_id: place for place in municipalities_of(period, request.user)
    }
    if municipality not in seen:
        raise Http404
    forms = municipality_forms(period, seen[municipality], request.user)
    return as_workbook(municipality_book(forms), f"Формы, {period}, {seen[municipality].short_name}.xlsx")


@require_safe
def municipality_report(request: SignedInRequest, pk: int, file: UUID) -> HttpResponse:
    """What came of an uploaded workbook, for who uploaded it: school by school, cell by cell."""
    period = _period(request, pk)
    jobs = Job.objects.visible_to(request.user).filter(handler=HANDLER, arguments__file=str(file))
    job = jobs.filter(arguments__period=period.pk, state="done").first()
    if job is None or job.result is None:
        raise Http404
    report = job.result["report"]
    wrong = _wrong_cells(period, report)
    schools = [school for school in report["schools"] if school["form"]]
    taken = f"Принято {number(report['taken'])} из {plural(report['filled'], 'ячейки', 'ячеек', 'ячеек')}"
    context = {
        "title": "Что принято из книги",
        "breadcrumbs": _crumbs(period, "Excel", reverse("indicators:municipality_workbook", args=[pk])),
        "period": period,
        "report": report,
        "said": taken,
        "report_kind": "warning" if wrong else "success",
        "wrong": wrong,
        "page": Paginator(wrong, PER_PAGE).get_page(request.GET.get("page")),
        "told": sum(len(school["errors"]) for school in report["schools"]),
        "schools": Paginator(schools, PER_PAGE).get_page(request.GET.get("schools")),
    }
    return render(request, "indicators/municipality_report.html", context)


def _wrong_cells(period: ReportingPeriod, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Cells that were not taken, and rows that were not taken whole, in the order of the sheet."""
    names = dict(Question.objects.filter(period=period).values_list("code", "name"))
    found = []
    for school in report["schools"]:
        own = {"form": school["form"], "school": school["name"], "row": school["row"]}
        if school["refused"]:
            found.append({**own, "place": f"строка {number(school['row'])}", "name": "", "text": school["refused"]})
        found += [{**own, **error, "name": names.get(error["code"], "")} for error in school["errors"]]
    return found


def _period(request: SignedInRequest, pk: int) -> ReportingPeriod:
    require_overview(request)
    row: ReportingPeriod = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    return row


def _crumbs(period: ReportingPeriod, here: str, above: str = "") -> list[tuple[str, str]]:
    crumbs = [
        ("Периоды", reverse("indicators:periods")),
        (str(period), reverse("indicators:period", args=[period.pk])),
        (here, above),
    ]
    return [*crumbs, ("Что принято", "")] if above else crumbs
