"""Figures of many lines as of one date, typed into a table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from finance.entry_table import EntryRow, as_it_stands, as_typed, lines_to_enter, refused, touched
from finance.forms import DayForm
from finance.models import Unit
from finance.services import RowsOvertaken, RowsRefused, ValidationFailed, execution_enter
from finance.services.entering import check_date, known_of
from finance.status import QUARTER_ENDS
from finance.views.requests import usual_unit
from organisations.access import require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project
from projects.passport.typography import plural
from projects.refusals import show_errors


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: SignedInRequest, pk: int) -> HttpResponse:
    """The lines of the project for a day (``?as_of=&unit=``), to type into and to correct."""
    project = project_or_404(request, pk)
    require(request.user, Action.ENTER_EXECUTION, project.territory)
    day = day_form(request, project)
    if not day.is_valid():
        return _page(request, project, day, [])
    as_of, unit = day.cleaned_data["as_of"], Unit(day.cleaned_data["unit"])
    lines = lines_to_enter(project)
    rows = as_it_stands(lines, known_of(lines, as_of), unit)
    if request.method != "POST":
        return _page(request, project, day, rows)
    rows = as_typed(rows, request.POST, unit)
    if any(row.errors for row in rows):
        return _page(request, project, day, rows)
    try:
        done = execution_enter(project=project, as_of=as_of, rows=touched(rows, as_of), actor=request.user)
    except RowsRefused as refusal:
        return _page(request, project, day, refused(rows, refusal.errors, overtaken=False))
    except RowsOvertaken as refusal:
        return _page(request, project, day, refused(rows, refusal.errors, overtaken=True), status=409)
    written = sum(row.is_written for row in done)
    said = plural(written, "строка записана", "строки записаны", "строк записано") if written else "Ничего не изменено"
    messages.success(request, f"{said}. Прежние числа остаются в истории строки.")
    return redirect(f"{reverse('finance:enter', args=[pk])}?as_of={as_of}&unit={unit}")


def day_form(request: SignedInRequest, project: Project) -> DayForm:
    """The day and the unit of the address or of what was sent; usually the end of the last quarter. A day that no
    figures can be of is an error of the form."""
    said = request.POST if request.method == "POST" else request.GET
    usual = {"as_of": last_quarter_end(timezone.localdate()).isoformat(), "unit": usual_unit(request).value}
    form = DayForm({name: said.get(name) or value for name, value in usual.items()})
    if form.is_valid():
        try:
            check_date(project, form.cleaned_data["as_of"])
        except ValidationFailed as refusal:
            show_errors(form, refusal)
    return form


def last_quarter_end(today: dt.date) -> dt.date:
    """The end of the last quarter that is over."""
    ends = (dt.date(year, *end) for year in (today.year - 1, today.year) for end in QUARTER_ENDS)
    return max(end for end in ends if end < today)


def _page(
    request: SignedInRequest, project: Project, day: DayForm, rows: list[EntryRow], status: int | None = None
) -> HttpResponse:
    wrong = [row for row in rows if row.errors]
    context: dict[str, Any] = {
        **project_context(request, project, "finance:project"),
        "breadcrumbs": [
            *crumbs(project),
            ("Финансы", reverse("finance:project", args=[project.pk])),
            ("Внести исполнение", ""),
        ],
        "day": day,
        "rows": rows,
        "wrong": wrong,
        "unit": Unit(day.cleaned_data["unit"]) if "unit" in day.cleaned_data else Unit.MILLION,
        "as_of": day.cleaned_data.get("as_of"),
    }
    return render(request, "finance/enter.html", context, status=status or (422 if wrong or day.errors else 200))
