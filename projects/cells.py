"""How one cell of a passport stands on a page: its value, or the document's own words where those are no value.

«Zero is not missing» (domain notes, §3): an empty cell stays empty, a dash of the document stays a dash, and what could
not be read as a value («XX», «31.11.2020») is shown as written, with a mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.passport import typography
from projects.passport.schema import decimal_text

DASHES = frozenset("-–—−")

Written = Mapping[tuple[int, str], str]
"""Cells of one section that hold no value of their kind: (row, field) → the text as written."""


@dataclass(frozen=True)
class Cell:
    """``as_written`` marks words of the document that are no value; ``severity`` is of a finding about the cell."""

    text: str = ""
    as_written: bool = False
    severity: str = ""


def cell(text: str | None, raw: str | None = None, severity: str = "") -> Cell:
    """A value as text, else what the document has in its place."""
    if text:
        return Cell(text, False, severity)
    written = (raw or "").strip()
    if written in DASHES:
        return Cell("–", False, severity)
    return Cell(written, bool(written), severity)


def number_text(value: Decimal | None, decimals: int | None = None) -> str:
    """The number as people write it; an absent one is nothing at all, not a dash."""
    if value is None:
        return ""
    # The database pads: «5,000000000000» where the document says 5.
    return typography.number(decimal_text(value) if decimals is None else value, decimals)


def date_text(day: Any) -> str:
    return typography.date_short(day) if day else ""


def written_in(document: Mapping[str, Any] | None, section: str) -> dict[tuple[int, str], str]:
    """The unread cells of a section, from a ``passport/1`` document as it is stored."""
    cells = (document or {}).get("unread") or []
    return {(c["row"], c["field"]): c["raw"] for c in cells if c["section"] == section and c.get("row") is not None}


def decimals_of(values: list[Decimal]) -> int:
    """How many digits after the comma a column needs to show every value exactly and stay aligned."""
    exponents = [value.normalize().as_tuple().exponent for value in values if value.is_finite()]
    return max((-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0)
