"""Elements that are drawn without Django's templates are drawn as these would draw them."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from indicators.forms.widgets import QuickRadio

CHOICES = [("да", "Да"), ("нет", "Нет"), ("a&b", "<b>")]


@pytest.mark.parametrize("value", [None, "", "да", "нет", "a&b", "<script>"])
@pytest.mark.parametrize("attrs", [{"id": "q"}, {"id": "q", "required": True, "class": 'z"<'}])
def test_a_radio(value: Any, attrs: dict[str, Any]) -> None:
    for _ in range(2):
        drawn = QuickRadio(attrs={"data-x": 1}, choices=CHOICES).render("n", value, attrs)
        assert drawn == forms.RadioSelect(attrs={"data-x": 1}, choices=CHOICES).render("n", value, attrs)
