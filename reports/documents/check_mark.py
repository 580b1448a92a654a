"""The square code on the first page of a printed document, by which a reader finds the page that knows it."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def check_mark(address: str) -> SafeString:
    """The code as inline SVG; empty for a document that no page knows, such as one printed on the command line."""
    if not address:
        return SafeString()
    drawn: str = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by the library from squares
