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
