"""«Ночная сверка»: what is kept against what accepted forms come to."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from indicators.models import ReportingPeriod
from indicators.selectors.audits import audits, differences_of
from indicators.services.recomputing import period_recompute
from organisations.access import access_of
from organisations.roles import Action
from organisations.views.requests import SignedInRequest


@require_safe
def roll_up_audits(request: SignedInRequest) -> HttpResponse:
    """The last nights, and the differences that the newest one found."""
    access = access_of(request.user)
    if not access.holds_at_root(Action.READ_SUBMISSIONS):
        raise PermissionDenied
    nights = audits()
    found = differences_of(nights[0]) if nights else []
    context = {
        "title": "Ночная сверка сводов",
        "breadcrumbs": [("Периоды", reverse("indicators:periods")), ("Ночная сверка", "")],
        "nights": nights,
        "found": found,
        "periods": list(dict.fromkeys(row.period for row in found)),
        "may_recompute": access.holds_at_root(Action.MANAGE_PERIODS),
    }
    return render(request, "indicators/roll_up_audits.html", context)


@require_POST
def period_recomputing(request: SignedInRequest, pk: int) -> HttpResponse:
    """Compute a period anew: a worker does it, and the next night looks again."""
    if not access_of(request.user).holds_at_root(Action.MANAGE_PERIODS):
        raise PermissionDenied
    period = ReportingPeriod.objects.filter(pk=pk).first()
    if period is None:
        raise Http404
    period_recompute(period=period, actor=request.user)
    messages.success(request, f"Свод за {period} пересчитывается по принятым формам. Следующая сверка проверит его.")
    return redirect("indicators:roll_up_audits")
