"""Telephone numbers, kept as people write them: «8 (83361) 2-15-30, доб. 12»."""

from __future__ import annotations

import re

LENGTH = 60
_ALLOWED = re.compile(r"[\d\s()+,.;/\-–]|доб|вн", re.IGNORECASE)


def first_number(text: str) -> str:
    """What a telephone dials: the first number of a text without its extension, ``+78336121530``; empty where none."""
    number = re.split(r"[,;]|доб|вн", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return ("+" if number.lstrip().startswith("+") else "") + "".join(letter for letter in number if letter.isdigit())


def phone_is_right(text: str) -> bool:
    """Whether a text is one number or several: digits, five at least, and the signs that stand between them."""
    return sum(letter.isdigit() for letter in text) >= 5 and not _ALLOWED.sub("", text)
