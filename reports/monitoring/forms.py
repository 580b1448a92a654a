"""What people type about monitoring reports."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.models import PeriodKind
from reports.models.monitoring import MONITORED
from reports.monitoring.sections import SECTIONS, WORDS_LIMIT


class BeginForm(forms.Form):
    """Which period the report is about."""

    kind = forms.ChoiceField(label="Период", choices=[(kind, PeriodKind(kind).label) for kind in MONITORED])
    number = forms.IntegerField(
        label="Номер месяца или квартала",
        min_value=1,
        max_value=12,
        initial=1,
        help_text="Для года – 1.",
    )
    year = forms.IntegerField(label="Год", min_value=2000, max_value=2100)


class WordsForm(forms.Form):
    """The words of the staff, a field for each section."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, title in SECTIONS.items():
            label = "Общие сведения о ходе реализации" if key == "general" else f"Пояснения: {title.lower()}"
            self.fields[key] = forms.CharField(
                label=label,
                required=False,
                max_length=WORDS_LIMIT,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"max_length": f"Не больше {WORDS_LIMIT} знаков."},
            )


class FixForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
