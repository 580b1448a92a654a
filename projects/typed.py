"""Reading what a person typed into a field or a cell, exactly, with a sentence for what cannot be read. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

MAX_DECIMALS = 10
_NUMBER = re.compile(r"([+-]?)(\d{1,40})(?:\.(\d{1,40}))?", re.ASCII)
_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))")


class NotAnAnswer(ValueError):
    """One Russian sentence that says what to do."""


def read_number(typed: str) -> Decimal:
    """The number as typed: spaces between groups, a comma or a point; raises :class:`NotAnAnswer`."""
    plain = _SPACES.sub("", typed.replace("−", "-").replace("–", "-")).replace(",", ".")
    found = _NUMBER.fullmatch(plain)
    if not found:
        raise NotAnAnswer(_why_not_a_number(typed))
    sign, whole, decimals = found.group(1), found.group(2).lstrip("0") or "0", found.group(3) or ""
    if len(whole) > 18:
        raise NotAnAnswer("Число слишком большое: проверьте, в тех ли единицах оно.")
    if len(decimals.rstrip("0")) > MAX_DECIMALS:
        raise NotAnAnswer(f"Знаков после запятой больше {MAX_DECIMALS}: округлите.")
    value = Decimal(f"{whole}.{decimals}" if decimals.rstrip("0") else whole)
    return -value if sign == "-" and value else value


def _why_not_a_number(typed: str) -> str:
    shown = typed if len(typed) <= 20 else f"{typed[:20]}…"
    for letter in typed:
        if letter.isdigit() and not letter.isascii():
            return f"Цифра «{letter}» набрана не с обычной клавиатуры: наберите число заново."
        if letter in "ОоOoЗзбlІI" and any(other.isdigit() for other in typed):
            return f"В числе «{shown}» вместо цифры стоит буква «{letter}»: наберите его цифрами."
    if re.fullmatch(r"[+-]?\d{41,}([.,]\d*)?", typed, re.ASCII):
        return "Число слишком большое: проверьте, в тех ли единицах оно."
    return f"Это не число: «{shown}». Напишите, например, 12 или 12,5."


MAX_EXPLANATION = 1000


def read_explanation(text: str | None) -> str:
    """An explanation as typed, on one line; raises :class:`NotAnAnswer`."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text or "").split())
    if len(words) > MAX_EXPLANATION:
        raise NotAnAnswer(f"Пояснение длиннее {MAX_EXPLANATION} знаков: скажите короче.")
    return words
