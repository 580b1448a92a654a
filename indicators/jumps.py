"""A figure that differs from the last accepted one so much that a slip of the finger is likelier than the truth. Pure.

A jump is a warning and never a wall: schools do open and close, and a thousand pupils may really become two.
"""

from __future__ import annotations

from decimal import Decimal

from projects.passport.typography import number

_TIMES = Decimal(2)
_TIMES_CUMULATIVE = Decimal(10)
_SMALLEST_STEP = Decimal(10)
"""Of small numbers every change is a multiple: two clubs instead of one alarm nobody."""


def jump(value: Decimal | None, previous: Decimal | None, *, kind: str, over_time: str, same_year: bool) -> str:
    """What looks odd about a figure beside the previous one, in one sentence; empty where nothing does.

    ``same_year``: both periods lie in one year, so that a cumulative figure has no reason to fall (domain notes, §3).
    """
    if value is None or previous is None:
        return ""
    if kind == "boolean":
        return "В прошлый раз ответ был «да». Если это не ошибка, оставьте «нет»." if value < previous else ""
    cumulative = over_time == "cumulative"
    if cumulative and same_year and value < previous:
        return f"В прошлый раз было {number(previous)}, а число нарастающим итогом не уменьшается. Проверьте его."
    if cumulative and not same_year:
        return ""
    return _by_times(value, previous, _TIMES_CUMULATIVE if cumulative else _TIMES)


def _by_times(value: Decimal, previous: Decimal, times: Decimal) -> str:
    if previous <= 0 or value < 0 or abs(value - previous) < _SMALLEST_STEP:
        return ""
    if value >= previous * times:
        return f"Это больше прошлого ({number(previous)}) в {_ratio(value / previous)}. Проверьте, нет ли лишней цифры."
    if value * times <= previous:
        if value == 0:
            return f"В прошлый раз было {number(previous)}, а теперь ноль. Если так и есть, оставьте."
        return f"Это меньше прошлого ({number(previous)}) в {_ratio(previous / value)}. Проверьте, не пропала ли цифра."
    return ""


def _ratio(ratio: Decimal) -> str:
    """«2,5 раза», «3 раза», «10 раз»."""
    rounded = round(ratio, 1) if ratio < 10 else round(ratio)
    text = number(rounded).removesuffix(",0")
    if "," in text:
        return f"{text} раза"
    whole = int(rounded)
    return f"{text} раза" if whole % 10 in {2, 3, 4} and whole % 100 not in {12, 13, 14} else f"{text} раз"
