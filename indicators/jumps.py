"""A figure that differs from the last accepted one so much that a slip of the finger is likelier than the truth. Pure.

A jump is a warning and never a wall: schools do open and close, and a thousand pupils may really become two.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from projects.passport.typography import number

_TIMES = Decimal(2)
_TIMES_CUMULATIVE = Decimal(10)
SMALLEST_STEP = Decimal(10)
"""Of small numbers every change is a multiple: two clubs instead of one alarm nobody."""


class Jump(NamedTuple):
    """What is odd, for whoever looks, and what the person who typed the figure may do about it."""

    seen: str
    advice: str


def jump(value: Decimal | None, previous: Decimal | None, *, kind: str, over_time: str, same_year: bool) -> str:
    """What looks odd about a figure beside the previous one, told to who typed it; empty where nothing does."""
    return " ".join(jump_seen(value, previous, kind=kind, over_time=over_time, same_year=same_year) or ())


def jump_seen(
    value: Decimal | None, previous: Decimal | None, *, kind: str, over_time: str, same_year: bool
) -> Jump | None:
    """``same_year``: both periods lie in one year, so that a cumulative figure has no reason to fall (domain, §3)."""
    if value is None or previous is None:
        return None
    if kind == "boolean":
        said = Jump("В прошлый раз ответ был «да».", "Если это не ошибка, оставьте «нет».")
        return said if value < previous else None
    cumulative = over_time == "cumulative"
    if cumulative and same_year and value < previous:
        return Jump(
            f"В прошлый раз было {number(previous)}, а число нарастающим итогом не уменьшается.", "Проверьте его."
        )
    if cumulative and not same_year:
        return None
    return _by_times(value, previous, _TIMES_CUMULATIVE if cumulative else _TIMES)


def _by_times(value: Decimal, previous: Decimal, times: Decimal) -> Jump | None:
    if previous <= 0 or value < 0 or abs(value - previous) < SMALLEST_STEP:
        return None
    was = f"прошлого ({number(previous)})"
    if value >= previous * times:
        return Jump(f"Это больше {was} в {times_words(value / previous)}.", "Проверьте, нет ли лишней цифры.")
    if value * times > previous:
        return None
    if value == 0:
        return Jump(f"В прошлый раз было {number(previous)}, а теперь ноль.", "Если так и есть, оставьте.")
    return Jump(f"Это меньше {was} в {times_words(previous / value)}.", "Проверьте, не пропала ли цифра.")


def times_words(ratio: Decimal) -> str:
    """«2,5 раза», «3 раза», «10 раз»."""
    rounded = round(ratio, 1) if ratio < 10 else round(ratio)
    text = number(rounded).removesuffix(",0")
    if "," in text:
        return f"{text} раза"
    whole = int(rounded)
    return f"{text} раза" if whole % 10 in {2, 3, 4} and whole % 100 not in {12, 13, 14} else f"{text} раз"
