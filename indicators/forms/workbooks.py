"""A filled workbook as it is uploaded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label="Заполненная книга Excel",
        help_text="Файл .xlsx, скачанный с портала.",
        # An empty file gets the same sentence as elsewhere, from the gate that all files pass.
        allow_empty_file=True,
        error_messages={
            "required": "Выберите заполненную книгу.",
            "missing": "Выберите заполненную книгу.",
            "invalid": "Файл не дошёл: выберите его ещё раз.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    @property
    def upload(self) -> UploadedFile[Any]:
        return self.cleaned_data["file"]  # type: ignore[no-any-return]


class MunicipalityWorkbookForm(WorkbookForm):
    overwrite = forms.BooleanField(
        label="Записать и туда, где с тех пор появился другой ответ",
        help_text="Обычно это не нужно: что организация записала сама после скачивания книги, то остаётся.",
        required=False,
    )
