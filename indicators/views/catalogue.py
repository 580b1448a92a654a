"""The catalogue of base indicators: what organisations count, for all projects of the region together."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.forms.catalogue import BaseIndicatorForm, CatalogueFilters
from indicators.models import BaseIndicator
from indicators.selectors.catalogue import base_indicator_history, base_indicators_listed
from indicators.services import StateConflict, ValidationFailed, base_indicator_archive, base_indicator_save
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.refusals import show_errors

PER_PAGE = 50


@require_safe
def base_indicators(request: SignedInRequest) -> HttpResponse:
    """What is counted, by which rules, and in how many formulas it stands."""
    require(request.user, Action.READ_SUBMISSIONS)
    filters = CatalogueFilters(request.GET)
    rows = base_indicators_listed(request.user, **filters.chosen())
    context = {
        "title": "Что считают школы",
        "filters": filters,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_edit": access_of(request.user).allows(Action.EDIT_CATALOGUE),
    }
    return render(request, "indicators/base_indicators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def base_indicator_create(request: SignedInRequest) -> HttpResponse:
    require(request.user, Action.EDIT_CATALOGUE)
    return _edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def base_indicator(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_or_404(BaseIndicator.objects.all(), request.user, pk=pk)
    require(request.user, Action.EDIT_CATALOGUE)
    return _edited(request, row)


@require_POST
def base_indicator_to_archive(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_or_404(BaseIndicator.objects.all(), request.user, pk=pk)
    try:
        base_indicator_archive(base_indicator=row, actor=request.user)
    except StateConflict as error:
        messages.error(request, str(error))
        return redirect("indicators:base_indicator", pk=pk)
    messages.success(request, f"«{row.name}» — в архиве.")
    return redirect("indicators:base_indicators")


def _edited(request: SignedInRequest, row: BaseIndicator | None) -> HttpResponse:
    # A copy of its own: a form writes what was typed into its instance, even when it is refused.
    instance = get_object_or_404(BaseIndicator, pk=row.pk) if row else None
    form = BaseIndicatorForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        try:
            saved = base_indicator_save(instance=row, actor=request.user, **form.cleaned_data)
        except ValidationFailed as error:
            show_errors(form, error)
        else:
            messages.success(request, f"«{saved.name}» сохранён.")
            return redirect("indicators:base_indicators")
    title = row.name if row else "Новый базовый показатель"
    context = {
        "title": title,
        "breadcrumbs": [("Что считают школы", reverse("indicators:base_indicators")), (title, "")],
        "form": form,
        "base_indicator": row,
        "history": base_indicator_history(row) if row else [],
        "used": row is not None and row.questions.exists(),
    }
    status = 200 if form.is_valid() or not form.is_bound else 422
    return render(request, "indicators/base_indicator_form.html", context, status=status)
