"""How an indicator is computed: the formula beside what the passport says about it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from indicators.forms.catalogue import FormulaForm
from indicators.models import BaseIndicator, Indicator
from indicators.section import unit_in_words
from indicators.selectors.formula_check import formula_check
from indicators.services import ValidationFailed, formula_save, result_unit_save
from indicators.views.project import SECTION
from organisations.access import require, visible_or_404
from organisations.models import User
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import FRONT
from projects.refusals import show_errors


@require_http_methods(["GET", "HEAD", "POST"])
def formula(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write the formula of an indicator; opened periods keep the one they were opened with."""
    indicator = _indicator(request, pk)
    kept = getattr(indicator, "formula", None)
    form = FormulaForm(
        request.POST if request.method == "POST" else None,
        asks_unit=_asks_unit(indicator),
        initial={"text": kept.text if kept else "", "unit": indicator.unit},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save(indicator, form, request.user)
        except ValidationFailed as error:
            show_errors(form, error)
        else:
            noun = "результата" if indicator.result_id else "показателя"
            messages.success(request, f"Формула {noun} {indicator.number} сохранена.")
            return redirect(SECTION, pk=indicator.project_id)
    back = reverse(SECTION, args=[indicator.project_id])
    context = {
        "title": indicator.name,
        "breadcrumbs": [
            ("Проекты", reverse("projects:list")),
            (indicator.project.short_title, reverse(FRONT, args=[indicator.project_id])),
            ("Показатели", back),
            ("Формула", ""),
        ],
        "indicator": indicator,
        "form": form,
        "check": formula_check(str(form["text"].value() or "")),
        "base_indicators": BaseIndicator.objects.current(),
        "back": back,
    }
    return render(request, "indicators/formula.html", context, status=422 if form.errors else 200)


@require_POST
def formula_live_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the formula in the field is understood as, while it is being typed."""
    _indicator(request, pk)
    return render(
        request, "indicators/formula_check.html", {"check": formula_check(request.POST.get("text", "")[:1000])}
    )


@transaction.atomic
def _save(indicator: Indicator, form: FormulaForm, actor: User) -> None:
    formula_save(indicator=indicator, text=form.cleaned_data["text"], actor=actor)
    if "unit" in form.cleaned_data:
        result_unit_save(indicator=indicator, unit=form.cleaned_data["unit"], actor=actor)


def _asks_unit(indicator: Indicator) -> bool:
    """Whether it is a result whose passport does not tell in what it is measured."""
    result = indicator.result
    return result is not None and not unit_in_words(result.name, result.characteristic)


def _indicator(request: SignedInRequest, pk: int) -> Indicator:
    rows = Indicator.objects.current().select_related("project__territory", "formula", "result")
    indicator = visible_or_404(rows, request.user, pk=pk)
    require(request.user, Action.EDIT_CATALOGUE, indicator.project.territory)
    return indicator
