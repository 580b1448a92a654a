"""Filters of the review queue, and what a reviewer writes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict

from indicators.selectors.review_queue import (
    QueueFilters,
    municipalities_to_choose,
    periods_to_choose,
    projects_to_choose,
)

_CHOSEN = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")


class ReviewFilters(forms.Form):
    """The filter of the queue, kept in its address; nonsense in the address filters nothing."""

    period = forms.TypedChoiceField(label="Период", required=False, coerce=int, empty_value=None)
    municipality = forms.TypedChoiceField(label="Муниципалитет", required=False, coerce=int, empty_value=None)
    project = forms.TypedChoiceField(label="Проект", required=False, coerce=int, empty_value=None)
    late = forms.ChoiceField(label="Срок", required=False, choices=[("", "Все"), ("1", "С опозданием")])

    def __init__(self, data: QueryDict, *, user: Any) -> None:
        super().__init__(data)
        for name, rows in (
            ("period", [(row.pk, str(row)) for row in periods_to_choose(user)]),
            ("municipality", list(municipalities_to_choose(user).values_list("pk", "short_name"))),
            ("project", list(projects_to_choose(user).values_list("pk", "short_title"))),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Все"), *rows]

    def chosen(self) -> QueueFilters:
        self.is_valid()
        said = self.cleaned_data
        return QueueFilters(
            period=said.get("period"),
            municipality=said.get("municipality"),
            project=said.get("project"),
            late=said.get("late") == "1",
        )


class ReturnForm(forms.Form):
    comment = forms.CharField(
        label="Что исправить",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Замечание увидит директор над своей формой. Назовите показатель и что с ним не так.",
        error_messages={"required": "Напишите, что исправить: без замечания форму не вернуть."},
    )


def chosen_versions(values: list[str]) -> dict[int, int]:
    """Ticked forms as «id:version», each at the version that the reviewer saw; anything else is passed over."""
    found = (_CHOSEN.fullmatch(value) for value in values)
    return {int(match[1]): int(match[2]) for match in found if match}
