"""The field of a day."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms


class DayField(forms.DateField):
    """A day, chosen in the calendar of the browser or typed as people write it."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "Такой даты нет: напишите её как 31.12.2026."}

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **options)
