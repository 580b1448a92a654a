"""Deadlines: the rules they are counted by, moving one, and whom to hurry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.forms.deadlines import DeadlineRuleForm, ProlongForm
from indicators.forms.periods import PeriodForm
from indicators.models import DeadlineRule, PeriodKind, ReportingPeriod
from indicators.selectors.completeness import by_municipality
from indicators.selectors.late import heads_of, late_forms
from indicators.services.deadlines import deadline_rule_save, rule_for, rule_words
from indicators.services.errors import StateConflict, ValidationFailed
from indicators.services.prolonging import period_prolong
from indicators.services.reminders import remind_by_hand
from indicators.views.reading import deadline_words
from indicators.views.review import require_overview
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.passport.typography import plural
from projects.refusals import show_errors

PER_PAGE = 50
REMIND_AT_ONCE = 5000
"""How many forms one press of a button reminds of, at the most."""


@require_http_methods(["GET", "HEAD", "POST"])
def deadline_rules(request: SignedInRequest) -> HttpResponse:
    """The rule of each kind of period, those to come and those that held before; a new one is set here."""
    require(request.user, Action.MANAGE_PERIODS)
    today = timezone.localdate()
    form = DeadlineRuleForm(request.POST or None, initial={"effective_from": today, **_usual(PeriodKind.QUARTER)})
    if request.method == "POST" and form.is_valid():
        row = deadline_rule_save(**form.cleaned_data, actor=request.user)
        messages.success(request, f"Правило сохранено: {rule_words(row)}. Сроки открытых периодов остались прежними.")
        return redirect("indicators:deadline_rules")
    context = {
        "title": "Правила сроков",
        "breadcrumbs": [("Периоды", reverse("indicators:periods")), ("Правила сроков", "")],
        "rules": [(kind.label, rule_for(kind, today)) for kind in PeriodKind],
        "history": DeadlineRule.objects.order_by("-effective_from", "kind"),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "indicators/deadline_rules.html", context, status=status)


@require_safe
def period_deadline(request: SignedInRequest) -> HttpResponse:
    """The deadline by the rule for the period that is being described: a part of the page of opening."""
    require(request.user, Action.MANAGE_PERIODS)
    described = PeriodForm(request.GET, user=request.user)
    described.is_valid()
    proposal = described.proposal
    form = PeriodForm(user=request.user, initial={"deadline_date": proposal.day if proposal else None})
    form.proposal = proposal
    return render(request, "indicators/period_deadline.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def period_prolonging(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move the deadline of an open period on, with a reason that everybody concerned will read."""
    row = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    require(request.user, Action.MANAGE_PERIODS)
    form = ProlongForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                period_prolong(period=row, deadline=form.moment, reason=form.cleaned_data["reason"], actor=request.user)
            except ValidationFailed as error:
                show_errors(form, error)
            except StateConflict as error:
                messages.error(request, str(error))
                return redirect("indicators:period", pk=pk)
            else:
                messages.success(request, "Срок продлён. Все, кто ещё не сдал форму, получат уведомление.")
                return redirect("indicators:period", pk=pk)
    context = {
        "title": f"Продлить срок: {row}",
        "breadcrumbs": [*_crumbs(row), ("Продление срока", "")],
        "period": row,
        "deadline": deadline_words(row.deadline, timezone.now()),
        "form": form,
    }
    return render(request, "indicators/period_prolong.html", context, status=status)


@require_safe
def period_late(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whom to hurry: who has not handed in, how to reach the head, and when they were last reminded."""
    require_overview(request)
    row = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    places = by_municipality(row, request.user)
    place = chosen_place(request, [node.organisation_id for node in places])
    page = Paginator(late_forms(row, request.user, municipality=place), PER_PAGE).get_page(request.GET.get("page"))
    heads = heads_of(page.object_list)
    today = timezone.localdate()
    context = {
        "title": f"Кого поторопить: {row}",
        "breadcrumbs": [*_crumbs(row), ("Кого поторопить", "")],
        "period": row,
        "deadline": deadline_words(row.deadline, timezone.now()),
        "places": [node for node in places if node.counts.not_sent],
        "place": place,
        "page": page,
        "rows": [
            {
                "form": form,
                "heads": heads.get(form.organisation_id, []),
                "today": form.reminded_at is not None and timezone.localdate(form.reminded_at) == today,
            }
            for form in page
        ],
        "days_late": (today - timezone.localdate(row.deadline)).days,
        "may_remind": row.is_open and access_of(request.user).allows(Action.REMIND),
    }
    return render(request, "indicators/period_late.html", context)


@require_POST
def period_remind(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remind the ticked heads, or all of the list; nobody hears of it twice a day."""
    row = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    require(request.user, Action.REMIND)
    place = chosen_place(request, None)
    rows = late_forms(row, request.user, municipality=place)
    if "all" not in request.POST:
        rows = rows.filter(pk__in=[int(pk) for pk in request.POST.getlist("form") if _is_number(pk)])
    forms = list(rows.values_list("pk", flat=True)[:REMIND_AT_ONCE])
    told = remind_by_hand(period=row, forms=forms, actor=request.user)
    if not forms:
        messages.error(request, "Отметьте, кому напомнить.")
    elif told:
        heads = plural(told, "руководителю", "руководителям", "руководителям")
        messages.success(request, f"Напоминание отправлено {heads}. Второй раз за день портал не напоминает.")
    else:
        messages.info(request, "Всем отмеченным сегодня уже напоминали, или у них нет учётной записи.")
    address = reverse("indicators:period_late", args=[pk])
    return redirect(f"{address}?municipality={place}" if place else address)


def chosen_place(request: SignedInRequest, known: list[int] | None) -> int | None:
    """The municipality of the address; what is not among those known chooses nothing."""
    text = request.GET.get("municipality", "")
    chosen = int(text) if _is_number(text) else None
    return chosen if known is None or chosen in known else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _usual(kind: PeriodKind) -> dict[str, Any]:
    rule = rule_for(kind, timezone.localdate())
    return {
        "kind": kind,
        "working_days": rule.working_days,
        "remind_before": rule.remind_before,
        "remind_every": rule.remind_every,
    }


def _crumbs(row: ReportingPeriod) -> list[tuple[str, str]]:
    return [("Периоды", reverse("indicators:periods")), (str(row), reverse("indicators:period", args=[row.pk]))]
