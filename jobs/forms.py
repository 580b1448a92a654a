"""Files from outside as people choose them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class UploadField(forms.FileField):
    """One file; ``endings`` are what the window of the browser offers. What a file is, the gate says that all of them
    pass, so an empty one gets the same sentence everywhere.
    """

    def __init__(self, *, unchosen: str, endings: str, **options: Any) -> None:
        super().__init__(
            allow_empty_file=True,
            error_messages={
                "required": unchosen,
                "missing": unchosen,
                "invalid": "Файл не дошёл: выберите его ещё раз.",
            },
            widget=forms.FileInput(attrs={"accept": endings}),
            **options,
        )


class FileForm(forms.Form):
    """A form whose ``file`` is an :class:`UploadField`."""

    @property
    def upload(self) -> UploadedFile[Any]:
        return self.cleaned_data["file"]  # type: ignore[no-any-return]


class WorkbookForm(FileForm):
    """A workbook that was downloaded here and filled in."""

    file = UploadField(
        label="Заполненная книга Excel",
        help_text="Файл .xlsx, скачанный с портала.",
        unchosen="Выберите заполненную книгу.",
        endings=".xlsx",
    )
