"""When a deadline of a plan is soon, and when people are reminded of it: settings with their dates of effect."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from milestones.forms import RuleForm
from milestones.models import PlanRule
from milestones.selectors.rules import rule_on
from milestones.services import plan_rule_save
from organisations.access import require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def plan_rules(request: SignedInRequest) -> HttpResponse:
    """The rule in force, those before and those to come; the next is set here."""
    require(request.user, Action.MANAGE_PERIODS)
    today = timezone.localdate()
    rule = rule_on(today)
    usual = {name: getattr(rule, name) for name in ("soon_days", "remind_before", "remind_every")}
    form = RuleForm(request.POST or None, initial={**usual, "effective_from": today})
    if request.method == "POST" and form.is_valid():
        saved = plan_rule_save(**form.cleaned_data, actor=request.user)
        messages.success(request, f"Правило действует с {saved.effective_from:%d.%m.%Y}.")
        return redirect("milestones:rules")
    context = {
        "title": "Сроки плана мероприятий",
        "breadcrumbs": [("Что на этой неделе", reverse("milestones:week")), ("Правила сроков", "")],
        "rule": rule,
        "history": PlanRule.objects.all(),
        "form": form,
    }
    return render(request, "milestones/rules.html", context, status=422 if form.errors else 200)
