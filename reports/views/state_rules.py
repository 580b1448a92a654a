"""By which rules parts and projects get their colour, and the thresholds of control points."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.models import Threshold
from indicators.services.errors import ValidationFailed
from indicators.services.freezing import thresholds_on
from organisations.access import access_of, require
from organisations.forms.days import DayField
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.refusals import show_errors
from reports.models import PlanThreshold
from reports.state.thresholds import plan_rule_on, plan_threshold_save


class PlanThresholdForm(forms.Form):
    effective_from = DayField(label="Действуют с")
    red_after = forms.IntegerField(
        label="Критическая просрочка: больше чем, дней",
        min_value=0,
        max_value=365,
        help_text="До этого срока просроченная точка жёлтая.",
    )
    slip = forms.IntegerField(
        label="Заметный сдвиг прогноза: от, дней",
        min_value=1,
        max_value=365,
        help_text="Точка, которую ждут позже плана на столько дней, становится жёлтой заранее.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def state_rules(request: SignedInRequest) -> HttpResponse:
    """The rules in words with today's thresholds; the ministry adds the next ones of control points."""
    require(request.user, Action.READ_DEVIATIONS)
    if request.method == "POST":
        require(request.user, Action.EDIT_CATALOGUE)
    form = PlanThresholdForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = plan_threshold_save(**form.cleaned_data, actor=request.user)
        except ValidationFailed as refused:
            show_errors(form, refused)
        else:
            messages.success(request, f"Пороги контрольных точек действуют с {row.effective_from:%d.%m.%Y}.")
            return redirect("reports:state_rules")
    today = timezone.localdate()
    rows = list(PlanThreshold.objects.all())
    green, yellow = thresholds_on(today, Threshold.objects.all())
    context = {
        "title": "Как определяется состояние",
        "breadcrumbs": [("Как определяется состояние", "")],
        "rows": rows,
        "rule": plan_rule_on(today, rows),
        "green": green,
        "yellow": yellow,
        "form": form,
        "may_edit": access_of(request.user).allows(Action.EDIT_CATALOGUE),
    }
    return render(request, "reports/state/rules.html", context, status=422 if form.errors else 200)
