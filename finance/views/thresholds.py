"""By when how much of a year's plan is expected: settings with their dates of effect."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from finance.forms import ThresholdForm
from finance.models import ExecutionThreshold
from finance.services import ValidationFailed, execution_threshold_save
from finance.status import threshold_on
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.refusals import show_errors


@require_http_methods(["GET", "HEAD", "POST"])
def thresholds(request: SignedInRequest) -> HttpResponse:
    """What holds today and since when; the ministry adds the next, or mends one by naming its day again."""
    if request.method == "POST":
        require(request.user, Action.EDIT_CATALOGUE)
    form = ThresholdForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = execution_threshold_save(**form.cleaned_data, actor=request.user)
        except ValidationFailed as refusal:
            show_errors(form, refusal)
        else:
            messages.success(request, f"Пороги исполнения действуют с {row.effective_from:%d.%m.%Y}.")
            return redirect("finance:thresholds")
    rows = list(ExecutionThreshold.objects.all())
    context = {
        "title": "Пороги исполнения",
        "rows": rows,
        "today": threshold_on(timezone.localdate(), rows),
        "form": form,
        "may_edit": access_of(request.user).allows(Action.EDIT_CATALOGUE),
    }
    return render(request, "finance/thresholds.html", context, status=422 if form.errors else 200)
