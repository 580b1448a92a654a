"""What a service refused, shown at the fields of the form that was sent."""

from __future__ import annotations

from django import forms

from projects.services.errors import ValidationFailed


def show_errors(form: forms.BaseForm, refused: ValidationFailed) -> None:
    """Put each sentence at its field, or above the form where it has no such field."""
    for field, sentence in refused.errors.items():
        form.add_error(field if field in form.fields else None, sentence)
