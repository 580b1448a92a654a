"""Reporting periods: opening one freezes who reports and how it counts; its page shows who has and who has not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.forms.periods import OrganisationFilters, PeriodForm, form_of_next_quarter
from indicators.models import Measurement, Question, ReportingPeriod
from indicators.selectors.completeness import Counts, by_municipality, organisations_of, periods_listed
from indicators.selectors.opening import opening_preview
from indicators.selectors.section import display
from indicators.services import StateConflict, ValidationFailed, period_close, period_open
from indicators.views.reading import deadline_words
from indicators.views.review import require_overview
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.refusals import show_errors

PER_PAGE = 50
# A region has a few dozen municipalities: only a country has a second page of them.
PLACES_PER_PAGE = 100


@require_safe
def periods(request: SignedInRequest) -> HttpResponse:
    """All periods, open ones first, each with its completeness."""
    require_overview(request)
    now = timezone.now()
    context = {
        "title": "Отчётные периоды",
        "rows": [(row, deadline_words(row.period.deadline, now)) for row in periods_listed(request.user)],
        "may_manage": access_of(request.user).allows(Action.MANAGE_PERIODS),
        "may_audit": access_of(request.user).holds_at_root(Action.READ_SUBMISSIONS),
    }
    return render(request, "indicators/periods.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def period_opening(request: SignedInRequest) -> HttpResponse:
    """Say what the period is, see who must report, and only then open it: opening freezes."""
    require(request.user, Action.MANAGE_PERIODS)
    if request.method != "POST":
        return _opening_page(request, form_of_next_quarter(request.user, timezone.localdate()))
    form = PeriodForm(request.POST, user=request.user)
    if not form.is_valid() or form.period is None or form.deadline is None:
        return _opening_page(request, form, status=422)
    if "edit" in request.POST:
        return _opening_page(request, form)
    projects = list(form.cleaned_data["projects"])
    if "confirm" in request.POST:
        said = form.cleaned_data
        try:
            opened = period_open(
                kind=said["kind"],
                year=said["year"],
                number=said["number"],
                deadline=form.deadline,
                projects=projects,
                actor=request.user,
            )
        except ValidationFailed as error:
            show_errors(form, error)
            return _opening_page(request, form, status=422)
        messages.success(request, f"Период открыт: {opened}; организации видят свои формы.")
        return redirect("indicators:period", pk=opened.pk)
    context = {
        "title": f"Открыть период: {form.period}",
        "breadcrumbs": [("Периоды", reverse("indicators:periods")), ("Открытие", "")],
        "form": form,
        "preview": opening_preview(form.period, projects),
        "period": form.period,
        "deadline": deadline_words(form.deadline, timezone.now()),
        "proposal": form.proposal,
        "by_rule": form.proposal is not None and timezone.localdate(form.deadline) == form.proposal.day,
    }
    return render(request, "indicators/period_preview.html", context)


@require_safe
def period(request: SignedInRequest, pk: int) -> HttpResponse:
    """Completeness by municipality, and the organisations with their state."""
    require_overview(request)
    row = visible_or_404(ReportingPeriod.objects.select_related("opened_by"), request.user, pk=pk)
    municipalities = by_municipality(row, request.user)
    places = Paginator(municipalities, PLACES_PER_PAGE)
    filters = OrganisationFilters(
        request.GET, municipalities=[(node.organisation_id, node.name) for node in municipalities]
    )
    forms = organisations_of(row, request.user, **filters.chosen())
    context = {
        "title": str(row),
        "breadcrumbs": [("Периоды", reverse("indicators:periods")), (str(row), "")],
        "period": row,
        "deadline": deadline_words(row.deadline, timezone.now()),
        "projects": [part.project for part in row.projects.select_related("project")],
        "places": places.get_page(request.GET.get("places")),
        "total": sum((node.counts for node in municipalities), Counts()),
        "filters": filters,
        "page": Paginator(forms, PER_PAGE).get_page(request.GET.get("page")),
        "may_manage": row.is_open and _may_close(request, row),
        "prolongations": row.prolongations.select_related("prolonged_by"),
        "reminders": row.reminders.all()[:10],
        "may_reopen": not row.is_open and _may_close(request, row),
        "reopenings": row.reopenings.select_related("actor"),
        **_frozen(row),
    }
    return render(request, "indicators/period.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def period_closing(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once more, then close: afterwards nothing in the period can be written."""
    row = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    require(request.user, Action.MANAGE_PERIODS)
    if request.method == "POST":
        try:
            period_close(period=row, actor=request.user)
        except StateConflict as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Период закрыт: {row}")
        return redirect("indicators:period", pk=pk)
    context = {
        "title": f"Закрыть период: {row}",
        "breadcrumbs": [
            ("Периоды", reverse("indicators:periods")),
            (str(row), reverse("indicators:period", args=[pk])),
            ("Закрытие", ""),
        ],
        "period": row,
        "total": sum((node.counts for node in by_municipality(row, request.user)), Counts()),
    }
    return render(request, "indicators/period_close.html", context)


def _opening_page(request: SignedInRequest, form: PeriodForm, status: int = 200) -> HttpResponse:
    context = {
        "title": "Открыть отчётный период",
        "breadcrumbs": [("Периоды", reverse("indicators:periods")), ("Открытие", "")],
        "form": form,
    }
    return render(request, "indicators/period_open.html", context, status=status)


def _may_close(request: SignedInRequest, row: ReportingPeriod) -> bool:
    access = access_of(request.user)
    return all(
        access.allows(Action.MANAGE_PERIODS, part.territory) for part in row.projects.select_related("territory")
    )


def _frozen(row: ReportingPeriod) -> dict[str, Any]:
    """What was asked and how it counted, as frozen on the day of opening."""
    measurements = Measurement.objects.filter(period=row).select_related("project__project")
    return {
        "questions": Question.objects.filter(period=row).order_by("position"),
        "measurements": [
            (measurement, display(measurement.formula))
            for measurement in measurements.order_by("project_id", "indicator__position")
        ],
    }
