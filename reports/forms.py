"""What is asked of a person who wants a document."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from projects.models import Redaction
from reports.models import TABLE_FORMATS, DocumentFormat


class PassportRequestForm(forms.Form):
    """A redaction of this project and a format."""

    redaction = forms.ModelChoiceField(Redaction.objects.none(), label="Редакция", empty_label=None)
    format = forms.ChoiceField(choices=DocumentFormat, label="Формат")

    def __init__(self, *args: object, redactions: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["redaction"].queryset = redactions  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """The file in the hands of a reader. It is read through and never kept, so it may be of any kind."""

    file = forms.FileField(
        label="Ваш файл",
        help_text="PDF, DOCX или XLSX. Файл нигде не сохраняется: портал только сравнит его с тем, что составил.",
        error_messages={
            "required": "Выберите файл, который нужно сверить.",
            "missing": "Выберите файл, который нужно сверить.",
            "invalid": "Файл не дошёл: выберите его ещё раз.",
            "empty": "Файл пустой: выберите другой.",
        },
    )


class TableFormatForm(forms.Form):
    format = forms.ChoiceField(choices=TABLE_FORMATS)


class PlanFactRequestForm(TableFormatForm):
    """A node of the tree (empty: the whole) and a format."""

    node = forms.CharField(required=False)


class DocumentFormatForm(forms.Form):
    format = forms.ChoiceField(choices=DocumentFormat)


class ProgressRequestForm(DocumentFormatForm):
    """A year of the project and a format."""

    year = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: object, years: Sequence[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
