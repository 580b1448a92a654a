"""Opening a closed period for correction."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.forms.reopening import PeriodReopenForm
from indicators.models import ReportingPeriod
from indicators.services import StateConflict, ValidationFailed
from indicators.services.reopening import closed_that_change, period_reopen
from organisations.access import require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def period_reopening(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why and until when; what the period came to before stays as a version of it."""
    row = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    require(request.user, Action.MANAGE_PERIODS)
    form = PeriodReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            period_reopen(period=row, reason=form.cleaned_data["reason"], deadline=form.deadline, actor=request.user)
        except StateConflict as error:
            messages.error(request, str(error))
            return redirect("indicators:period", pk=pk)
        except ValidationFailed as error:
            for field, sentence in error.errors.items():
                form.add_error("deadline_date" if field == "deadline" else field, sentence)
        else:
            messages.success(request, f"Период снова открыт: {row}; прежние значения сохранены.")
            return redirect("indicators:period", pk=pk)
    context = {
        "title": f"Открыть снова: {row}",
        "breadcrumbs": [
            ("Периоды", reverse("indicators:periods")),
            (str(row), reverse("indicators:period", args=[pk])),
            ("Открыть снова", ""),
        ],
        "period": row,
        "form": form,
        "later": closed_that_change(row).order_by("number"),
    }
    return render(request, "indicators/period_reopen.html", context, status=422 if form.errors else 200)
