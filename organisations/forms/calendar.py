"""A day that the project office makes exceptional."""

from __future__ import annotations

from django import forms

from organisations.forms.days import DayField


class ExceptionalDayForm(forms.Form):
    day = DayField(label="День")
    is_working = forms.TypedChoiceField(
        label="Каким он будет",
        choices=[("no", "Нерабочим"), ("yes", "Рабочим")],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(
        label="Основание",
        max_length=300,
        help_text="Например: праздник области по закону № 12-З или постановление о переносе выходных дней.",
    )
