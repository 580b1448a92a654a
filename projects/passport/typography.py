"""The one way the portal writes numbers, dates and counted words: on a page, in a PDF and in a workbook."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, localcontext

THIN = "\u202f"
NO_BREAK = "\u00a0"
DASH = "—"
MINUS = "\u2212"

_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def number(value: Decimal | int | float | str | None, decimals: int | None = None) -> str:
    """Write a number with a decimal comma and thin no-break groups of three: ``1 069,44``.

    ``decimals`` rounds half up and pads to that many digits; without it the digits stay as they are, so that a
    value kept exactly is shown exactly. None is a dash. Source: GOST R 7.0.97 and the portal's interface rules.
    """
    if value is None or value == "":
        return DASH
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return DASH
    if decimals is not None:
        with localcontext() as context:
            context.prec = max(28, exact.adjusted() + decimals + 2)
            exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    sign, digits = ("", f"{exact:f}") if exact >= 0 else (MINUS, f"{-exact:f}")
    if exact == 0:
        digits = digits.lstrip("-")
    whole, _, fraction = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", THIN)
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def percent(value: Decimal | int | float | str | None, decimals: int | None = None) -> str:
    """A number on the scale 0–100 with the sign of percent after a no-break space: ``59,65 %``."""
    text = number(value, decimals)
    return text if text == DASH else f"{text}{NO_BREAK}%"


def date_short(day: dt.date | None) -> str:
    """``05.12.2018``; a dash where there is no date."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}" if day else DASH


def date_long(day: dt.date | None) -> str:
    """``5 декабря 2018 г.`` with no-break spaces around the digits; a dash where there is no date."""
    return f"{day.day}{NO_BREAK}{_MONTHS[day.month - 1]} {day.year}{NO_BREAK}г." if day else DASH


def plural_word(count: int, one: str, few: str, many: str) -> str:
    """The form of a Russian noun that a whole number asks for."""
    last_two, last = abs(count) % 100, abs(count) % 10
    if 11 <= last_two <= 14:
        return many
    if last == 1:
        return one
    return few if 2 <= last <= 4 else many


def plural(count: int, one: str, few: str, many: str) -> str:
    """A whole number with its noun: ``412 школ``, with a no-break space between."""
    return f"{number(count)}{NO_BREAK}{plural_word(count, one, few, many)}"
