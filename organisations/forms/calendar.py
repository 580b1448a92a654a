"""A day that the project office makes exceptional."""

from __future__ import annotations

from django import forms


class ExceptionalDayForm(forms.Form):
    day = forms.DateField(
        label="День",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )
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
