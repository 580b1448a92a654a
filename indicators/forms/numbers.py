"""A number as people type it, in forms other than the school's own: read in one and the same way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from indicators.answers import NotAnAnswer, read_answer


@dataclass(frozen=True)
class _AnyNumber:
    kind: str = "decimal"
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    may_not_apply: bool = False


def written(value: Decimal | None) -> str:
    """A number as it stands in a field: a decimal comma, no groups, so that it is easy to mend."""
    return "" if value is None else f"{value:f}".replace(".", ",")


class ExactNumberField(forms.Field):
    """A ``Decimal``, never through a float. Empty is None."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "control-number"})

    def to_python(self, value: Any) -> Decimal | None:
        try:
            return read_answer(str(value or ""), _AnyNumber()).value
        except NotAnAnswer as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal) else value
