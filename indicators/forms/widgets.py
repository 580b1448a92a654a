"""Django's own elements without its templates, for pages that hold dozens of fields or hundreds of choices.

A template for each field is a fifth of the time that a form of an organisation takes, and one for each option makes a
tenth of a second of the 1,750 municipalities of a country.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def _drawn(attributes: Mapping[str, Any]) -> SafeString:
    """Attributes of an element, but for its value: those of a field are the same on every form that asks it."""
    said = ((name, "" if value is True else str(value)) for name, value in attributes.items() if value is not False)
    return _attributes(tuple(said))


@lru_cache(4096)
def _attributes(said: tuple[tuple[str, str], ...]) -> SafeString:
    return format_html_join("", ' {}="{}"', said)


def options(choices: tuple[tuple[str, str], ...], chosen: Collection[str]) -> SafeString:
    """Choices of a list, drawn once: a country's are the same on every page, but for the one that is chosen."""
    drawn = _options(choices)
    for key in chosen:
        sign = format_html('<option value="{}"', key)
        drawn = drawn.replace(sign, f"{sign} selected", 1)
    return SafeString(drawn)


@lru_cache(64)
def _options(rows: tuple[tuple[str, str], ...]) -> str:
    return format_html_join("\n", '<option value="{}">{}</option>', rows)


class LongSelect(forms.Select):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        choices = tuple(("" if key is None else str(key), str(words)) for key, words in self.choices)
        drawn = options(choices, self.format_value(value))
        return format_html('<select name="{}"{}>{}</select>', name, _drawn(self.build_attrs(self.attrs, attrs)), drawn)


class QuickInput(forms.TextInput):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        text = self.format_value(value)
        drawn = _drawn({"type": self.input_type, "name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<input{}>", drawn) if text is None else format_html('<input value="{}"{}>', text, drawn)


class QuickTextarea(forms.Textarea):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        drawn = _drawn({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<textarea{}>\n{}</textarea>", drawn, self.format_value(value) or "")


class QuickRadio(forms.RadioSelect):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        said = self.build_attrs(self.attrs, attrs)
        return _radio(name, tuple(self.choices), tuple(self.format_value(value)), tuple(said.items()))


@lru_cache(4096)
def _radio(
    name: str, choices: tuple[tuple[Any, Any], ...], chosen: tuple[str, ...], said: tuple[tuple[str, Any], ...]
) -> SafeString:
    return forms.RadioSelect(dict(said), choices).render(name, chosen)
