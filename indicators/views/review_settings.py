"""How forms are reviewed: the ministry's settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.forms.review import AnomalyRuleForm, ReviewRoutesForm
from indicators.models import AnomalyRule, ReviewRoute
from indicators.services import ValidationFailed
from indicators.services.anomalies import anomaly_rule_save
from indicators.services.review_settings import review_routes_save
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.models import Project
from projects.refusals import show_errors


@require_http_methods(["GET", "HEAD", "POST"])
def review_settings(request: SignedInRequest) -> HttpResponse:
    """Which projects the municipality reviews first, and what counts as odd. Two forms, each with a button."""
    require(request.user, Action.MANAGE_PERIODS)
    managed = Project.objects.visible_to(request.user).filter(
        access_of(request.user).below("territory__path", Action.MANAGE_PERIODS)
    )
    twice = ReviewRoute.objects.filter(project__in=managed, municipality_first=True).values_list(
        "project_id", flat=True
    )
    routes, rule = ReviewRoutesForm(managed=managed, initial={"projects": list(twice)}), AnomalyRuleForm.now()
    if request.method == "POST" and request.POST.get("form") == "rule":
        rule = AnomalyRuleForm(request.POST)
        if rule.is_valid():
            try:
                anomaly_rule_save(**rule.cleaned_data, actor=request.user)
            except ValidationFailed as error:
                show_errors(rule, error)
            else:
                messages.success(request, "Правило записано. Ожидающие формы пересмотрят в течение четверти часа.")
                return redirect("indicators:review_settings")
    elif request.method == "POST":
        routes = ReviewRoutesForm(request.POST, managed=managed)
        if routes.is_valid():
            review_routes_save(projects=managed, twice=routes.cleaned_data["projects"], actor=request.user)
            messages.success(request, "Порядок проверки записан.")
            return redirect("indicators:review_settings")
    context = {
        "title": "Как проверяют формы",
        "breadcrumbs": [("Проверка форм", reverse("indicators:review")), ("Настройка", "")],
        "routes": routes,
        "rule": rule,
        "rules": AnomalyRule.objects.all()[:20],
    }
    return render(
        request, "indicators/review_settings.html", context, status=422 if routes.errors or rule.errors else 200
    )
