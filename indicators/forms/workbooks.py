"""A filled workbook of a municipality as it is uploaded."""

from __future__ import annotations

from django import forms

from jobs.forms import WorkbookForm


class MunicipalityWorkbookForm(WorkbookForm):
    overwrite = forms.BooleanField(
        label="Записать и туда, где с тех пор появился другой ответ",
        help_text="Обычно это не нужно: что организация записала сама после скачивания книги, то остаётся.",
        required=False,
    )
