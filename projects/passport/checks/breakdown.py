"""Targets by territory or organisation that do not roll up to the target of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from projects.passport.checks.words import amount, decimals
from projects.passport.schema import BreakdownRow, Finding, Indicator, Passport
from projects.passport.typography import number as written

_COUNT_UNIT = re.compile(r"единиц|ед\.|человек|чел|штук|шт\.|тыс|млн|место|мест\b|рубл", re.IGNORECASE)
_COUNT_NAME = re.compile(r"^(количество|число|численность|объ[её]м|сумма)\b", re.IGNORECASE)
_SHARE_NAME = re.compile(r"^(доля|удельный вес|охват|процент|уровень)\b", re.IGNORECASE)
_HUNDRED = Decimal(100)
# Names as long as this are one name where one goes on after the other; of very many that begin alike some are enough.
_LONG, _MOST_ALIKE = 40, 50
_DEEPEST = 8


def contradicts(passport: Passport) -> Iterator[Finding]:
    """``indicator.breakdown_contradicts``, once for every indicator and year.

    Where every territory is at 0 or 100, the whole is the share of those at 100. Counts are added up. Other shares are
    averages with weights that the document does not give, so the whole must lie between the least and the greatest.
    """
    indicators = _Indicators(passport.indicators)
    for first, name, rows in _groups(passport.breakdown):
        indicator = indicators.meant_by(name)
        if indicator is None:
            continue
        for year, target in indicator.targets.items():
            parts = [row.targets.get(year) for row in rows]
            known = [value for value in parts if value is not None]
            if target is None or len(known) < len(parts) or len(known) < 2:
                continue
            says = _roll_up(indicator, target, known)
            if says:
                number = name if name in indicators.numbers else indicator.number
                message = f"По показателю {number or '«' + (indicator.name or '') + '»'} за {year} год {says}"
                yield Finding(
                    code="indicator.breakdown_contradicts",
                    severity="error",
                    section="breakdown",
                    row=first,
                    number=number,
                    field=f"targets.{year}",
                    raw=written(target),
                    message=message,
                )


def _groups(rows: tuple[BreakdownRow, ...]) -> Iterator[tuple[int, str, list[BreakdownRow]]]:
    """The rows of each indicator with the index of the first of them, in document order."""
    groups: dict[str, tuple[int, list[BreakdownRow]]] = {}
    for index, row in enumerate(rows):
        if row.indicator and not re.match(r"(всего|итого|в целом)", row.territory or "", re.IGNORECASE):
            groups.setdefault(row.indicator, (index, []))[1].append(row)
    for name, (first, found) in groups.items():
        yield first, name, found


class _Indicators:
    """The indicators of section 2 by their numbers and by their words, looked up once for thousands of groups."""

    def __init__(self, rows: tuple[Indicator, ...]) -> None:
        self._rows = rows
        self.numbers: dict[str, int] = {}
        self._keys = [_key(row.name or "") for row in rows]
        self._same: dict[str, int] = {}
        self._alike: dict[str, list[int]] = {}
        self._under: dict[str, list[int]] = {}
        for at, (row, key) in enumerate(zip(rows, self._keys, strict=True)):
            self._same.setdefault(key, at)
            if len(key) > _LONG:
                self._alike.setdefault(key[:_LONG], []).append(at)
            if row.number:
                self.numbers.setdefault(row.number, at)
                parts = row.number.split(".")
                for depth in range(1, min(len(parts), _DEEPEST)):
                    self._under.setdefault(".".join(parts[:depth]), []).append(at)

    def meant_by(self, name: str) -> Indicator | None:
        """The indicator that a group of the breakdown speaks of, by its number, else by its words.

        A heading without values stands for its sub-indicator where it has only one.
        """
        at = self.numbers.get(name)
        if at is None:
            at = self._by_words(_key(name))
        if at is None:
            return None
        found = self._rows[at]
        if any(value is not None for value in found.targets.values()):
            return found
        under = self._under.get(found.number or "", [])
        return self._rows[under[0]] if len(under) == 1 else None

    def _by_words(self, key: str) -> int | None:
        """The first indicator of the same words, or of a long name that goes on where the other ends."""
        if not key:
            return None
        long = self._alike.get(key[:_LONG], [])[:_MOST_ALIKE] if len(key) > _LONG else []
        found = [at for at in long if key.startswith(self._keys[at]) or self._keys[at].startswith(key)]
        if key in self._same:
            found.append(self._same[key])
        return min(found, default=None)


def _key(text: str) -> str:
    return re.sub(r"\W+|процент\w*$", "", text.casefold())


def _roll_up(indicator: Indicator, target: Decimal, parts: list[Decimal]) -> str | None:
    """What is wrong, in words; None where the parts agree with the whole."""
    half = Decimal(5).scaleb(-decimals(target) - 1)
    if _is_count(indicator):
        total = sum(parts, Decimal(0))
        # Whole things are counted exactly; only measured amounts are rounded.
        exact = all(decimals(value) == 0 for value in (target, *parts))
        rounding = Decimal(0) if exact else half * (len(parts) + 1)
        if abs(total - target) <= rounding or min(parts) == max(parts) == target:
            return None
        return f"сумма по территориям {written(total)}, а в разделе 2 стоит {written(target)}."
    if set(parts) <= {Decimal(0), _HUNDRED} and target <= _HUNDRED:
        return _share(indicator, target, parts, half)
    if min(parts) - half <= target <= max(parts) + half or (_is_unsure(indicator) and _adds_up(target, parts)):
        return None
    mean = sum(parts, Decimal(0)) / len(parts)
    return (
        f"в приложении среднее {amount(round(mean, 1))} (веса не указаны), наименьшее {written(min(parts))},"
        f" наибольшее {written(max(parts))}, а в разделе 2 стоит {written(target)}."
    )


def _share(indicator: Indicator, target: Decimal, parts: list[Decimal], half: Decimal) -> str | None:
    """The share of those at 100. The fewest whole organisations that reach the target agree with it."""
    reached = sum(1 for value in parts if value == _HUNDRED)
    share = _HUNDRED * reached / len(parts)
    needed = target * len(parts) / _HUNDRED
    rounding = ROUND_FLOOR if indicator.direction == "decreasing" else ROUND_CEILING
    if abs(share - target) <= half or reached == int(needed.to_integral_value(rounding)):
        return None
    return (
        f"значение 100 стоит у {reached} из {len(parts)}, это {amount(round(share, 1))} %,"
        f" а в разделе 2 стоит {written(target)}."
    )


def _adds_up(target: Decimal, parts: list[Decimal]) -> bool:
    return abs(sum(parts, Decimal(0)) - target) <= Decimal(5).scaleb(-decimals(target) - 1) * (len(parts) + 1)


def _is_count(indicator: Indicator) -> bool:
    if _SHARE_NAME.match(indicator.name or ""):
        return False
    return bool(_COUNT_NAME.match(indicator.name or "") or _COUNT_UNIT.search(indicator.unit or ""))


def _is_unsure(indicator: Indicator) -> bool:
    return not _SHARE_NAME.match(indicator.name or "") and not re.match(r"%|процент", indicator.unit or "")
