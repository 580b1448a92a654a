"""Recognising rows of one list among the rows of another: one to one, by number and likeness of the words.

Numbers alone decide nothing: a plan may call «1» what section 3 calls «1.1». Words weigh most, an equal number settles
a draw. What is not clearly the same is doubtful, and a person confirms it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

SURE = 0.86
DOUBTFUL = 0.55
_NUMBER_BONUS = 0.05
_AHEAD = 0.03


@dataclass(frozen=True)
class Named:
    """A row as matching sees it."""

    key: str
    number: str | None
    name: str | None


@dataclass(frozen=True)
class Match:
    """``target`` is the key of the row recognised, None where there is none worth proposing."""

    key: str
    target: str | None
    likeness: float
    confidence: Literal["sure", "doubtful", "none"]


def words(text: str | None) -> str:
    """The text as it is compared: lower case, «ё» as «е», letters and figures only."""
    return " ".join(re.findall(r"[а-яa-z0-9]+", (text or "").casefold().replace("ё", "е")))


def likeness(first: str, second: str) -> float:
    """From 0 to 1. Both texts come from :func:`words`. A number that differs («школа 2», «школа 12») is never sure."""
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < DOUBTFUL or matcher.quick_ratio() < DOUBTFUL:
        return 0.0
    ratio = matcher.ratio()
    if re.findall(r"\d+", first) != re.findall(r"\d+", second):
        ratio = min(ratio, SURE - 0.01) - 0.1
    return ratio


def match(rows: Sequence[Named], among: Sequence[Named], rivals: Sequence[Named] = ()) -> list[Match]:
    """Recognise each of ``rows`` among the others, at most once each; the result is in the order of ``rows``.

    The likeliest pairs are taken first, so that a weak likeness never takes a row from its twin. ``rivals`` are no
    longer to be had, but a row that is as like one of them is not surely another.
    """
    wanted = [words(row.name) for row in rows]
    others = [*among, *rivals]
    offered = [words(row.name) for row in others]
    pairs: list[tuple[float, int, int]] = []
    certain = _certain(rows, among, others, wanted, offered)
    for i, row in enumerate(rows):
        for j in (certain[i],) if i in certain else range(len(others)):
            other = others[j]
            score = likeness(wanted[i], offered[j])
            if score >= DOUBTFUL:
                pairs.append((score + (_NUMBER_BONUS if row.number and row.number == other.number else 0.0), i, j))
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    found: dict[int, tuple[float, int]] = {}
    taken: set[int] = set()
    for score, i, j in pairs:
        if j < len(among) and i not in found and j not in taken:
            found[i] = (score, j)
            taken.add(j)
    return [_verdict(rows[i].key, found.get(i), among, pairs, i) for i in range(len(rows))]


def _certain(
    rows: Sequence[Named], among: Sequence[Named], others: Sequence[Named], wanted: list[str], offered: list[str]
) -> dict[int, int]:
    """Rows whose very words stand once on either side: no other pair comes near, so none has to be compared.

    Comparing costs most of all, and of four hundred schools nearly all are named as in the register. Where another row
    has the number, it may be a draw.
    """
    places: dict[str, list[int]] = {}
    for j, text in enumerate(offered):
        places.setdefault(text, []).append(j)
    times, numbers = Counter(wanted), Counter(other.number for other in others)
    found = {}
    for i, row in enumerate(rows):
        j, *more = places.get(wanted[i]) or [len(among)]
        if not wanted[i] or more or j >= len(among) or times[wanted[i]] > 1:
            continue
        if not row.number or numbers[row.number] == (row.number == others[j].number):
            found[i] = j
    return found


def _verdict(
    key: str, best: tuple[float, int] | None, among: Sequence[Named], pairs: list[tuple[float, int, int]], row: int
) -> Match:
    if best is None:
        return Match(key, None, 0.0, "none")
    score, j = best
    rival = max((s for s, i, other in pairs if i == row and other != j), default=0.0)
    # Two rows with the very same words («Школа № 1» twice) cannot be told apart without a person.
    sure = score >= SURE and (score - rival >= _AHEAD or score >= 1.0 > rival)
    return Match(key, among[j].key, min(score, 1.0), "sure" if sure else "doubtful")
