"""How a part that deviates is told in one line."""

from __future__ import annotations

from projects.passport.typography import date_short, percent
from projects.templatetags.ru import upto
from reports.models import PartKind, PartState
from reports.state.parts import Part

_MILLION = 1_000_000


def told(part: Part | PartState) -> str:
    """«факт 48, план 50 (96 %)», «срок 31.10.2025, не выполнено, под угрозой: 1.1.2»; of money in million roubles.

    With the forecast where the part is judged by it: «факт 12, план 50 (24 %), прогноз 40».
    """
    if part.kind == PartKind.CONTROL_POINT:
        words = [f"срок {date_short(part.due)}"]
        if part.actual_on:
            words.append(f"выполнено {date_short(part.actual_on)}")
        elif part.forecast_on:
            words.append(f"ожидается {date_short(part.forecast_on)}")
        else:
            words.append(part.word or "не выполнено")
        words += [part.danger] if part.danger else []
        return ", ".join(words)
    money = part.kind == PartKind.MONEY
    scale, unit = (_MILLION, "\N{NO-BREAK SPACE}млн\N{NO-BREAK SPACE}руб.") if money else (1, "")
    actual = "нет" if part.actual is None else f"{upto(part.actual / scale, 2)}{unit}"
    target = "нет" if part.target is None else f"{upto(part.target / scale, 2)}{unit}"
    ratio = f" ({percent(part.ratio, 1)})" if part.ratio is not None else ""
    # Only a status that is told by the forecast has words of its own here.
    foreseen = f", прогноз {upto(part.forecast, 2)}" if part.word and part.forecast is not None else ""
    return f"{'исполнено' if money else 'факт'} {actual}, план {target}{ratio}{foreseen}"
