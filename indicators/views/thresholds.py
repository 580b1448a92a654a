"""From which share of the plan on a deviation is none, or not critical: settings with their dates of effect."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.forms.direct import ThresholdForm
from indicators.models import Threshold
from indicators.services import ValidationFailed, threshold_save
from indicators.services.freezing import thresholds_on
from indicators.views.review import require_overview
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.refusals import show_errors


@require_http_methods(["GET", "HEAD", "POST"])
def thresholds(request: SignedInRequest) -> HttpResponse:
    """All thresholds, the latest first; the ministry adds the next, or mends one by naming its day again."""
    if request.method == "POST":
        require(request.user, Action.EDIT_CATALOGUE)
    require_overview(request)
    form = ThresholdForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = threshold_save(**form.cleaned_data, actor=request.user)
        except ValidationFailed as refused:
            show_errors(form, refused)
        else:
            messages.success(
                request, f"Пороги действуют с {row.effective_from:%d.%m.%Y}. Открытые периоды хранят свои."
            )
            return redirect("indicators:thresholds")
    rows = list(Threshold.objects.all())
    green, yellow = thresholds_on(timezone.localdate(), rows)
    context = {
        "title": "Пороги отклонений",
        "rows": rows,
        "green": green,
        "yellow": yellow,
        "form": form,
        "may_edit": access_of(request.user).allows(Action.EDIT_CATALOGUE),
    }
    return render(request, "indicators/thresholds.html", context, status=422 if form.errors else 200)
