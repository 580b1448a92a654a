"""What a page repeats in its margins and nobody reads: page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from projects.passport.headings import section_of
from projects.passport.readers.pdf_words import Line

_MARGIN = 0.13
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*\d{1,3}[-–—\s]*|(стр\.?|страница|лист)\s?\d{1,3}(\s?(из|/)\s?\d{1,3})?", re.IGNORECASE
)
_ENOUGH = 3
# A title page and an introduction may stand outside the count of pages.
_NOT_COUNTED = 3


def without_margins(pages: Sequence[tuple[float, list[Line]]]) -> list[list[Line]]:
    """The lines of each page (its height, its lines) without page numbers and words that most pages repeat.

    A heading that is repeated stays where it stands first.
    """
    seen = Counter(
        key
        for number, (height, lines) in enumerate(pages, 1)
        for key in {_key(line, number) for line in lines if _in_margin(line, height)}
    )
    usual = max(_ENOUGH, len(pages) * 0.4)
    headed: set[tuple[str, int]] = set()
    kept: list[list[Line]] = []
    for number, (height, lines) in enumerate(pages, 1):
        kept.append([])
        for line in lines:
            key = _key(line, number)
            if _in_margin(line, height):
                if _is_page_number(line, lines):
                    continue
                if seen[key] >= usual and (key in headed or not section_of(line.text)):
                    continue
                headed.add(key)
            kept[-1].append(line)
    return kept


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom < height * _MARGIN or line.top > height * (1 - _MARGIN)


def _key(line: Line, number: int) -> tuple[str, int]:
    """What makes lines of different pages one: their words, but for the number of the page, and their height."""
    text = line.text
    if not section_of(text):
        text = re.sub(r"\d{1,6}", lambda found: "#" if abs(int(found[0]) - number) < _NOT_COUNTED else found[0], text)
    return text, round(line.base / 6)


def _is_page_number(line: Line, lines: list[Line]) -> bool:
    """A number alone at the very top or bottom of a page."""
    outermost = line in (lines[0], lines[-1])
    return outermost and bool(_PAGE_NUMBER.fullmatch(line.text))
