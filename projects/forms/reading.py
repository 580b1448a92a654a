"""What projects, requests and redactions to look at; it lives in the address bar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from organisations.forms.days import DayField
from organisations.models import Organisation
from projects.cells import date_text
from projects.models import ChangeRequest, Level, Redaction
from projects.selectors import SORTS


class ProjectFilter(forms.Form):
    """The filter of the list of projects; it lives in the address bar."""

    q = forms.CharField(label="Слова из названия", required=False, max_length=200)
    level = forms.ChoiceField(label="Уровень", required=False, choices=[("", "любой"), *Level.choices])
    territory = forms.ModelChoiceField(
        label="Территория", required=False, queryset=Organisation.objects.none(), empty_label="любая"
    )

    def __init__(self, *args: Any, territories: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Arguments of ``projects_listed``; nonsense in the address filters and sorts nothing."""
        self.is_valid()
        said, sort = self.cleaned_data, self.data.get("sort", "name")
        return {
            "level": said.get("level", ""),
            "territory": said["territory"].pk if said.get("territory") else None,
            "text": said.get("q", ""),
            "sort": sort if sort.lstrip("-") in SORTS else "name",
        }


class RequestFilter(forms.Form):
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "любое"), *ChangeRequest.State.choices])


class RedactionsForm(forms.Form):
    """Two redactions to compare; they live in the address bar."""

    old = forms.TypedChoiceField(label="Было", coerce=int, required=False)
    new = forms.TypedChoiceField(label="Стало", coerce=int, required=False)

    def __init__(self, *args: Any, redactions: Iterable[Redaction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.number, _redaction_label(row)) for row in redactions]
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class OnDateForm(forms.Form):
    on = DayField(label="Какая редакция действовала на дату", required=False)


def _redaction_label(redaction: Redaction) -> str:
    return f"{redaction}, с {date_text(redaction.in_force_from)}"
