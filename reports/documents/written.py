"""The cells of a passport as a reader must see them: the value, or what was written where it should be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from projects.passport import typography
from projects.passport.schema import Passport, Unread, decimal_text

# What no XML and no printed page can hold; the line ends and the tab stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


# Initials, a sign and its number, a number and its per cent stay on one line.
_KEPT = re.compile(r"(?<=[А-ЯЁA-Z]\.) (?=[А-ЯЁA-Z]\.)|(?<=[№§]) (?=\w)|(?<=\d) (?=%)")


def without_controls(text: str) -> str:
    """A text without the characters that no page and no file of text should hold."""
    return _CONTROL.sub("", text)


def printable(text: str | None) -> str:
    """A text as it is set on a page: without control characters, its initials kept together; absent is empty."""
    return _KEPT.sub(typography.NO_BREAK, without_controls(text)) if text else ""


def decimals_of(values: Iterable[Decimal | None]) -> int:
    """The largest number of digits after the point among values, so that a column of money is even."""
    return max((_decimals(value) for value in values if value is not None), default=0)


def _decimals(value: Decimal) -> int:
    # As text: arithmetic would round what has more than 28 digits.
    return len(decimal_text(value).partition(".")[2])


class Written:
    """Looks up the cells that were not empty but held no value of their kind."""

    def __init__(self, passport: Passport) -> None:
        self._raw = {_place(entry): entry.raw for entry in passport.unread}
        self._asked: set[tuple[str, int | None, str]] = set()

    def raw(self, section: str, row: int | None, field: str) -> str | None:
        """The cell as it was written, None when it was empty or read well."""
        self._asked.add((section, row, field))
        return self._raw.get((section, row, field))

    def text(self, section: str, row: int | None, field: str, value: str | None) -> str:
        return printable(value if value is not None else self.raw(section, row, field))

    def number(
        self, section: str, row: int | None, field: str, value: Decimal | None, decimals: int | None = None
    ) -> str:
        """A number with its own digits, or padded to ``decimals``; empty when the document holds none."""
        if value is None:
            return self.text(section, row, field, None)
        digits = _decimals(value)
        return typography.number(value, max(digits, decimals or 0))

    def date(self, section: str, row: int | None, field: str, value: dt.date | None) -> str:
        return typography.date_short(value) if value else self.text(section, row, field, None)

    def left_over(self) -> list[Unread]:
        """Entries that no printed cell has asked for, to be printed apart: nothing of a document is lost."""
        return [
            Unread(section=section, row=row, field=field, raw=raw)
            for (section, row, field), raw in self._raw.items()
            if (section, row, field) not in self._asked
        ]


def _place(entry: Unread) -> tuple[str, int | None, str]:
    return entry.section, entry.row, entry.field


def years_of(rows: Iterable[Mapping[str, Any] | None]) -> tuple[str, ...]:
    """The years that any row of a table has a cell for, in order."""
    return tuple(sorted({year for row in rows if row for year in row}))
