"""Django's own elements without its templates, for pages that hold dozens of fields or hundreds of choices.

A template for each field is a fifth of the time that a form of an organisation takes, and one for each option makes a
tenth of a second of the 1,750 municipalities of a country.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_SELECTED = SafeString(" selected")


def _drawn(attributes: Mapping[str, Any]) -> SafeString:
    said = ((name, "" if value is True else value) for name, value in attributes.items() if value is not False)
    return format_html_join("", ' {}="{}"', said)


class LongSelect(forms.Select):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        chosen = set(self.format_value(value))
        options = [("" if key is None else str(key), words) for key, words in self.choices]
        rows = ((key, _SELECTED if key in chosen else "", words) for key, words in options)
        drawn = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        return format_html('<select name="{}"{}>{}</select>', name, _drawn(self.build_attrs(self.attrs, attrs)), drawn)


class QuickInput(forms.TextInput):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        text = self.format_value(value)
        own = {"type": self.input_type, "name": name, **({} if text is None else {"value": text})}
        return format_html("<input{}>", _drawn(own | self.build_attrs(self.attrs, attrs)))


class QuickTextarea(forms.Textarea):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        drawn = _drawn({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<textarea{}>\n{}</textarea>", drawn, self.format_value(value) or "")
