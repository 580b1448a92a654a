"""What a page repeats in its margins and nobody reads: page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from projects.passport.readers.pdf_words import Line

_MARGIN = 0.13
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*\d{1,3}[-–—\s]*|(стр\.?|страница|лист)\s?\d{1,3}(\s?(из|/)\s?\d{1,3})?", re.IGNORECASE
)
_ENOUGH = 3


def without_margins(pages: Sequence[tuple[float, list[Line]]]) -> list[list[Line]]:
    """The lines of each page (its height, its lines) without page numbers and words that most pages repeat."""
    seen = Counter(key for height, lines in pages for key in {_key(line) for line in lines if _in_margin(line, height)})
    usual = max(_ENOUGH, len(pages) * 0.4)
    return [
        [
            line
            for line in lines
            if not (_in_margin(line, height) and (_is_page_number(line, lines) or seen[_key(line)] >= usual))
        ]
        for height, lines in pages
    ]


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom < height * _MARGIN or line.top > height * (1 - _MARGIN)


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.base / 6)


def _is_page_number(line: Line, lines: list[Line]) -> bool:
    """A number alone at the very top or bottom of a page."""
    outermost = line in (lines[0], lines[-1])
    return outermost and bool(_PAGE_NUMBER.fullmatch(line.text))
