"""Why a closed period is opened again, and until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from indicators.forms.review import ReasonForm
from organisations.forms.days import DayField


class PeriodReopenForm(ReasonForm):
    """``deadline`` is a moment of the portal's clock, once the form is valid."""

    deadline_date = DayField(label="Сдать до: день")
    deadline_time = forms.TimeField(
        label="Сдать до: время",
        widget=forms.TimeInput(attrs={"type": "time", "class": "control-date"}, format="%H:%M"),
        initial=dt.time(18),
    )
    deadline: dt.datetime

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if {"deadline_date", "deadline_time"} <= said.keys():
            self.deadline = timezone.make_aware(dt.datetime.combine(said["deadline_date"], said["deadline_time"]))
        return said
