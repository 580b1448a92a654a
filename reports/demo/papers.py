"""Pictures that organisations of the demo region attach to their forms: a paper with what it proves written on it."""

from __future__ import annotations

import io

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

_SIZE = (1000, 640)
_INK, _PAPER = "#1c2430", "#fbfaf6"


def paper(title: str, organisation: str, lines: tuple[str, ...]) -> bytes:
    """A scanned sheet as PNG: what it is, whose it is, what it says."""
    image = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 24, _SIZE[0] - 24, _SIZE[1] - 24), outline=_INK, width=2)
    draw.text((72, 72), title, font=_font("Bold", 44), fill=_INK)
    draw.text((72, 144), organisation, font=_font("Regular", 32), fill=_INK)
    for place, line in enumerate(lines):
        draw.text((72, 240 + 64 * place), line, font=_font("Regular", 36), fill=_INK)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _font(style: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(settings.BASE_DIR / f"static/fonts/print/LiberationSerif-{style}.ttf", size)
