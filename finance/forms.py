"""Filters of the money page, the day and unit of figures to enter, thresholds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from finance.models import Unit
from finance.selectors.execution import Chosen
from organisations.forms.days import DayField
from projects.typed import NotAnAnswer, read_number

UNIT_COOKIE = "money_unit"
UNIT_SECONDS = 365 * 24 * 60 * 60
Choices = Sequence[tuple[Any, str]]


class MoneyFilters(forms.Form):
    """The state of the page lies in its address; what is no choice counts as not chosen."""

    year = forms.ChoiceField(label="Год")
    result = forms.ChoiceField(label="Результат")
    source = forms.ChoiceField(label="Источник")
    unit = forms.ChoiceField(label="Единица", choices=Unit.choices)

    def __init__(
        self, data: QueryDict, *, years: Sequence[int], results: Choices, sources: Choices, today: dt.date, usual: Unit
    ) -> None:
        last = [year for year in years if year <= today.year]
        usual_year = str(last[-1] if last else years[0] if years else today.year)
        known = {
            "year": [str(year) for year in years],
            "result": [str(key) for key, _ in results],
            "source": [key for key, _ in sources],
            "unit": Unit.values,
        }
        chosen = {name: data.get(name, "") for name in known}
        self.said = {name: value for name, value in chosen.items() if value in known[name]}
        super().__init__(initial={"year": usual_year, "unit": usual, **self.said})
        self.fields["year"].choices = [(year, year) for year in known["year"]]  # type: ignore[attr-defined]
        self.fields["result"].choices = [("", "Все результаты"), *results]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", "Все источники"), *sources]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Chosen:
        result = self.said.get("result")
        return Chosen(int(self.initial["year"]), int(result) if result else None, self.said.get("source", ""))

    @property
    def shown_in(self) -> Unit:
        return Unit(self.initial["unit"])


class DayForm(forms.Form):
    """As of which day figures are entered, and in what."""

    as_of = DayField(label="На дату", help_text="Нарастающим итогом с начала года.")
    unit = forms.ChoiceField(label="Единица", choices=Unit.choices)


class PercentField(forms.Field):
    """A ``Decimal`` on the scale 0-100, never through a float."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "control-number"})

    def to_python(self, value: Any) -> Decimal | None:
        typed = str(value or "").strip()
        try:
            return read_number(typed) if typed else None
        except NotAnAnswer as error:
            raise forms.ValidationError(str(error)) from error


class ThresholdForm(forms.Form):
    effective_from = DayField(
        label="Действуют с", help_text="Кварталы, которые закончатся в этот день или позже, оцениваются так."
    )
    first = PercentField(label="Ожидается за I квартал, % плана года")
    second = PercentField(label="За полугодие, %")
    third = PercentField(label="За 9 месяцев, %")
    fourth = PercentField(label="За год, %")
    yellow = PercentField(label="Отклонение не критическое: от, % ожидаемого")
    working_days = forms.IntegerField(
        label="Рабочих дней на сведения после окончания квартала", min_value=0, max_value=120
    )
