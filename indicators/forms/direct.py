"""What the ministry types itself: a figure with its evidence, a forecast with its reason, thresholds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from indicators.forms.numbers import ExactNumberField
from indicators.models import DirectKind
from jobs.files.attachments import ENDINGS
from jobs.forms import UploadField
from organisations.forms.days import DayField

REASON_LENGTH = 1000


class DirectFigureForm(forms.Form):
    """A figure or a forecast; the two forms of a page are told apart by ``kind``. Withdrawing asks for no value."""

    value = ExactNumberField(label="Значение", required=False)
    as_of = DayField(label="На какую дату")
    reason = forms.CharField(
        label="Основание", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3, "class": "control-text"})
    )
    file = UploadField(
        label="Подтверждающий документ",
        required=False,
        help_text="PDF, JPG, PNG, DOCX или XLSX, до 20 МБ.",
        unchosen="Выберите документ.",
        endings=",".join(ENDINGS),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        kind: str,
        year: int,
        withdraw: bool = False,
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{kind}_%s", initial={"as_of": dt.date(year, 12, 31)})
        self.withdraw = withdraw
        if kind == DirectKind.FORECAST:
            del self.fields["as_of"], self.fields["file"]
            self.fields["value"].label = "Ожидаемое значение на конец года"
            self.fields["reason"].help_text = "Из чего следует прогноз: контракты, графики, решения."
        else:
            self.fields["reason"].help_text = "Откуда значение: название документа, его номер и дата."
        if withdraw and "as_of" in self.fields:
            self.fields["as_of"].required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.withdraw:
            said["value"] = None
        elif "value" in said and said["value"] is None:
            self.add_error("value", "Напишите значение.")
        return said


class ThresholdForm(forms.Form):
    effective_from = DayField(
        label="Действуют с", help_text="Периоды, которые закончатся в этот день или позже, откроются с этими порогами."
    )
    green = ExactNumberField(label="Отклонений нет: от, % плана")
    yellow = ExactNumberField(label="Отклонение не критическое: от, % плана")
