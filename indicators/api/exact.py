"""JSON in and out without losing a digit: numbers are decimals, never binary fractions."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BYTES = 1_000_000
"""A form of a hundred questions takes ten thousand."""


class ExactJson(BaseParser):
    """39.47 stays 39.47. NaN, infinity, a name twice, a lone half of a surrogate pair and NUL are refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - the framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        try:
            text = codecs.decode(stream.read(MAX_BYTES + 1), "utf-8")
            if len(text) > MAX_BYTES:
                raise ParseError("Too long.")
            found = json.loads(text, parse_float=Decimal, parse_constant=_refused, object_pairs_hook=_each_name_once)
            _check_texts(found)
        except (ValueError, RecursionError) as error:
            raise ParseError(str(error)) from error
        return found


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no JSON.")


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name stands twice.")
    return found


def _check_texts(found: Any) -> None:
    # What PostgreSQL cannot keep: told here once, for every text there is.
    if isinstance(found, str):
        found.encode("utf-8")
        if "\x00" in found:
            raise ValueError("NUL in a text.")
    elif isinstance(found, dict):
        for name, inner in found.items():
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(found, list):
        for inner in found:
            _check_texts(inner)


def as_typed(value: Any) -> str | None:
    """A value of JSON as a person would have typed it into the field; whether it fits is for the question to say."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**40 else "9" * 40
    if isinstance(value, Decimal):
        return format(value, "f") if -60 < value.adjusted() < 60 else str(value)
    return str(value)
