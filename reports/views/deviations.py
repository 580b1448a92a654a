"""Deviations: their list, one of them with its history, and what people write about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from indicators.views.requests import version_of
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.refusals import show_errors
from reports.deviations.forms import CloseForm, DeviationFilters, ExplainForm, ReportForm
from reports.deviations.selectors import FIRST_SORT, deviations_listed, earlier_of, history_of, part_of, people_to_own
from reports.deviations.services import deviation_close, deviation_explain, deviation_report
from reports.deviations.words import told
from reports.documents.dataset import Column, Dataset
from reports.models import Deviation, DeviationState
from reports.moment import as_of_now
from reports.state.links import part_link
from reports.views.files import dataset_file

PER_PAGE = 50


@require_safe
def deviations(request: SignedInRequest) -> HttpResponse:
    """Deviations of the projects that the person sees, those without an end first."""
    filters = DeviationFilters(request.GET, user=request.user)
    page = Paginator(deviations_listed(request.user, filters.chosen()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Отклонения",
        "filters": [filters[name] for name in filters.fields],
        "page": page,
        "today": timezone.localdate(),
        "first_sort": FIRST_SORT,
        "may_export": access_of(request.user).allows(Action.READ_DEVIATIONS),
    }
    return render(request, "reports/deviations/list.html", context)


@require_safe
def deviations_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    require(request.user, Action.READ_DEVIATIONS)
    filters = DeviationFilters(request.GET, user=request.user)
    rows = deviations_listed(request.user, filters.chosen())
    dataset = Dataset(
        title="Отклонения",
        lines=(*filters.lines(), as_of_now()),
        columns=(
            Column(title="Проект"),
            Column(title="Территория"),
            Column(title="Что отклоняется"),
            Column(title="№"),
            Column(title="Наименование"),
            Column(title="Год"),
            Column(title="Отклонение"),
            Column(title="Было при открытии"),
            Column(title="Открыто", kind="date"),
            Column(title="Состояние"),
            Column(title="Причина"),
            Column(title="Мера"),
            Column(title="Кто отвечает"),
            Column(title="Срок меры", kind="date"),
            Column(title="Отчёт о мере"),
            Column(title="Закрыто", kind="date"),
            Column(title="Чем закончилось"),
        ),
        rows=tuple(
            (
                row.project.short_title,
                row.project.territory.short_name,
                row.get_kind_display(),
                row.number,
                row.name,
                str(row.year) if row.year else None,
                row.get_status_display(),
                row.told,
                timezone.localdate(row.opened_at),
                row.get_state_display(),
                row.reason or None,
                row.measure or None,
                row.owner.full_name if row.owner else None,
                row.due,
                row.report or None,
                timezone.localdate(row.closed_at) if row.closed_at else None,
                row.closing or None,
            )
            for row in rows
        ),
    )
    return dataset_file(dataset, "Отклонения", ending)


@require_safe
def deviation(request: SignedInRequest, pk: int) -> HttpResponse:
    """One deviation: the figure, the reason, the measure, and everything that happened."""
    return _page(request, _visible(request, pk), {})


@require_POST
def explain(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write the reason and give the measure to somebody."""
    row = _visible(request, pk)
    require(request.user, Action.EXPLAIN_DEVIATIONS, row.project.territory)
    form = ExplainForm(request.POST, deviation=row, people=people_to_own(row.project.territory))
    return _write(request, row, "explain", form, deviation_explain, "Записано: причина, мера и срок.")


@require_POST
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """The owner tells what was done."""
    row = _visible(request, pk)
    if row.owner_id != request.user.pk:
        raise PermissionDenied("owner")
    return _write(request, row, "report", ReportForm(request.POST), deviation_report, "Отчёт записан.")


@require_POST
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close it by hand, with a comment."""
    row = _visible(request, pk)
    require(request.user, Action.EXPLAIN_DEVIATIONS, row.project.territory)
    return _write(request, row, "close", CloseForm(request.POST), deviation_close, "Отклонение закрыто.")


def _visible(request: SignedInRequest, pk: int) -> Deviation:
    rows = Deviation.objects.select_related("project__territory", "owner", "explained_by", "closed_by")
    return visible_or_404(rows, request.user, pk=pk)


def _write(
    request: SignedInRequest, row: Deviation, name: str, form: forms.Form, service: Callable[..., Any], done: str
) -> HttpResponse:
    """Hand a form to its service; what is refused comes back on the page with what was typed."""
    if form.is_valid():
        try:
            service(deviation=row, version=version_of(request), actor=request.user, **form.cleaned_data)
        except ValidationFailed as refused:
            show_errors(form, refused)
        except (StaleVersion, StateConflict) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("reports:deviation", pk=row.pk)
    return _page(request, _visible(request, row.pk), {name: form}, status=422)


def _page(request: SignedInRequest, row: Deviation, sent: dict[str, forms.Form], status: int = 200) -> HttpResponse:
    may_explain = not row.is_closed and access_of(request.user).allows(Action.EXPLAIN_DEVIATIONS, row.project.territory)
    is_explained = row.state == DeviationState.EXPLAINED
    shown: dict[str, forms.Form] = {}
    if may_explain:
        shown["explain"] = ExplainForm(deviation=row, people=people_to_own(row.project.territory))
        if is_explained:
            shown["close"] = CloseForm()
    if is_explained and row.owner_id == request.user.pk:
        shown["report"] = ReportForm()
    part = part_of(row)
    today = timezone.localdate()
    context = {
        "title": str(row),
        "breadcrumbs": [
            ("Отклонения", reverse("reports:deviations")),
            (row.project.short_title, reverse("reports:overview", args=[row.project_id])),
            ("Отклонение", ""),
        ],
        "row": row,
        "part": part,
        "now": told(part) if part else "",
        "figure": part_link(part) if part else "",
        "today": today,
        "history": history_of(row),
        "earlier": earlier_of(row),
        "overdue": is_explained and row.reported_at is None and row.due is not None and row.due < today,
        "forms": shown | sent,
        "failed": next(iter(sent.values()), None),
    }
    return render(request, "reports/deviations/detail.html", context, status=status)
