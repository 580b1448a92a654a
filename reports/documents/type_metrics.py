"""How wide a text is in the printed face, so that a table can be laid out before it is rendered."""

from __future__ import annotations

import re
from functools import cache

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from reports.documents.fetcher import STATIC

_FACES = {
    False: STATIC / "fonts/print/LiberationSerif-Regular.ttf",
    True: STATIC / "fonts/print/LiberationSerif-Bold.ttf",
}
_POINT = 25.4 / 72
# A line may be broken after these; a no-break space and a thin one keep their word together.
_BREAKS = re.compile(r"[ \t\r\n]+|(?<=[-\u2010\u2013\u2014])")


@cache
def _advances(bold: bool) -> tuple[dict[str, float], float]:
    """Widths of the glyphs and of an unknown one, in ems."""
    with TTFont(_FACES[bold], lazy=True) as font:
        em = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        widths = {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
    return widths, 1.0


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width in millimetres of a text set on one line at ``size`` points."""
    widths, unknown = _advances(bold)
    return sum(widths.get(letter, unknown) for letter in text) * size * _POINT


def longest_word(text: str, size: float, *, bold: bool = False) -> float:
    """The width in millimetres of the widest piece of a text that no line may break."""
    return max((text_width(word, size, bold=bold) for word in _BREAKS.split(text) if word), default=0.0)
