"""What looks odd in a form beside its organisation's own past and beside organisations of its kind. Pure.

Each oddity is one sentence with figures, for a reviewer who has a thousand forms to look at, and a weight: the form
with the heaviest is opened first. An oddity is a reason to ask and never a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.jumps import SMALLEST_STEP, jump_seen, times_words
from projects.passport.typography import number, plural

ALWAYS = 3
"""How often something has been so that it counts as always."""
_SHARE_STEP = Decimal(50)

_JUMP, _PAST, _PEERS, _ZERO, _SHARE = 20, 30, 30, 40, 15
_UNEXPLAINED = 20


@dataclass(frozen=True)
class Rule:
    """When a figure is odd; what the fields mean is told in :class:`indicators.models.AnomalyRule`."""

    times: Decimal = Decimal(2)
    fence: Decimal = Decimal(3)
    peers: int = 8


@dataclass(frozen=True)
class Spread:
    """The middle half of the answers of ``count`` organisations of one kind."""

    count: int
    lower: Decimal
    median: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Asked:
    """A question of a form with its answer and what it is compared with.

    ``past``: the organisation's own accepted figures of earlier periods, the oldest first. ``same_year``: the last of
    them is of the same year. ``whole``: the code of the figure that this one is a part of.
    """

    code: str
    name: str
    kind: str
    over_time: str
    value: Decimal | None
    explanation: str = ""
    past: tuple[Decimal, ...] = ()
    same_year: bool = False
    spread: Spread | None = None
    whole: str = ""


@dataclass(frozen=True)
class Oddity:
    code: str
    name: str
    sentence: str
    weight: int
    unexplained: bool = False


def oddities(answers: Sequence[Asked], rule: Rule) -> list[Oddity]:
    """What looks odd in one form, the weightiest first."""
    by_code = {asked.code: asked for asked in answers}
    found = []
    for asked in answers:
        if asked.value is None:
            continue
        of_one = [_beside_its_past(asked, rule), _beside_its_peers(asked, rule), _beside_its_whole(asked, by_code)]
        found += [oddity for oddity in of_one if oddity]
    return sorted(found, key=lambda oddity: -oddity.weight)


def _beside_its_past(asked: Asked, rule: Rule) -> Oddity | None:
    assert asked.value is not None
    if not asked.past:
        return None
    sentence, weight = _against_all(asked, rule), _PAST
    if asked.value == 0 and sentence:
        weight = _ZERO
    if not sentence:
        sentence, weight = _against_the_last(asked), _JUMP
    if not sentence:
        return None
    if asked.explanation:
        return Oddity(asked.code, asked.name, f"{sentence} Пояснение: {asked.explanation}", weight)
    return Oddity(asked.code, asked.name, f"{sentence} Пояснения нет.", weight + _UNEXPLAINED, unexplained=True)


def _against_all(asked: Asked, rule: Rule) -> str:
    """Beyond everything that the organisation ever reported. Not of what grows from the start of the year anew."""
    value, past = asked.value, asked.past
    if value is None or asked.kind == "boolean" or asked.over_time == "cumulative" or len(past) < ALWAYS:
        return ""
    least, greatest = min(past), max(past)
    seen = f"за {plural(len(past), 'период', 'периода', 'периодов')} было {_range(least, greatest)}"
    if value == 0 and least > 0:
        return f"Ноль, хотя раньше всегда было больше: {seen}."
    if value >= greatest * rule.times and greatest > 0 and value - greatest >= SMALLEST_STEP:
        return f"В {times_words(value / greatest)} больше, чем когда-либо: {seen}."
    if 0 < value * rule.times <= least and least - value >= SMALLEST_STEP:
        return f"В {times_words(least / value)} меньше, чем когда-либо: {seen}."
    return ""


def _against_the_last(asked: Asked) -> str:
    found = jump_seen(
        asked.value, asked.past[-1], kind=asked.kind, over_time=asked.over_time, same_year=asked.same_year
    )
    return found.seen if found else ""


def _beside_its_peers(asked: Asked, rule: Rule) -> Oddity | None:
    """Beyond the far fences around the middle half of its kind (Tukey): they bear a quarter of wild values."""
    value, spread = asked.value, asked.spread
    if value is None or spread is None or asked.kind == "boolean" or spread.count < rule.peers:
        return None
    width = spread.upper - spread.lower
    reach = rule.fence * width
    high, low = value > spread.upper + reach, value < spread.lower - reach
    if not (high or low) or abs(value - spread.median) < SMALLEST_STEP:
        return None
    usual = f"обычно {_range(spread.lower, spread.upper)} ({plural(spread.count, 'форма', 'формы', 'форм')})"
    ratio = _ratio(value, spread.median)
    if ratio is None or ratio < Decimal("1.1"):
        sentence = f"Далеко от того, что у организаций её вида: {usual}."
    else:
        sentence = f"В {times_words(ratio)} {'больше' if high else 'меньше'}, чем у организаций её вида: {usual}."
    # One that lies ten widths away is likelier a slip than one that lies four.
    distance = (value - spread.upper if high else spread.lower - value) / width if width else Decimal(10)
    return Oddity(asked.code, asked.name, sentence, _PEERS + int(min(distance, Decimal(20))))


def _beside_its_whole(asked: Asked, by_code: Mapping[str, Asked]) -> Oddity | None:
    """A share that turned over since the last time: «all of them» where it was few."""
    whole = by_code.get(asked.whole)
    if asked.value is None or whole is None or not whole.value or not (asked.past and whole.past and whole.past[-1]):
        return None
    if asked.over_time == "cumulative" and not asked.same_year:
        return None
    now, before = 100 * asked.value / whole.value, 100 * asked.past[-1] / whole.past[-1]
    if abs(now - before) < _SHARE_STEP or whole.value < SMALLEST_STEP:
        return None
    sentence = f"Доля в «{whole.name}» была {number(round(before))} %, а стала {number(round(now))} %."
    return Oddity(asked.code, asked.name, sentence, _SHARE)


def _ratio(value: Decimal, median: Decimal) -> Decimal | None:
    """How many times one is the other; None where one of them is not above zero."""
    if value <= 0 or median <= 0:
        return None
    return max(value, median) / min(value, median)


def _range(least: Decimal, greatest: Decimal) -> str:
    return number(least) if least == greatest else f"{number(least)}–{number(greatest)}"
