"""Whether one name is among others: by its words first, by the letters of :mod:`projects.passport.matching` next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from projects.passport.matching import DOUBTFUL, likeness, words

# So much of the words that matter is common to two names that say the same in another order. Results of one passport
# share the words of their field: unlike ones have up to 0.55 in common.
_SHARED = 0.6
_LEAST = 0.25
# Letters are compared only with the few names that share most words, and only in the beginning of very long ones.
_CANDIDATES = 3
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared: its plain words, and the beginnings of those that matter."""

    plain: str
    stems: frozenset[str]


def name_of(text: str | None) -> Name:
    plain = words(text)
    return Name(plain, frozenset(word[:5] for word in plain.split() if len(word) > 3 and not word.isdigit()))


def likest(name: Name, among: Sequence[Name]) -> int | None:
    """The index of the name that says the same, in whatever order of words; None where none does."""
    if not name.plain:
        return None
    shares = sorted(((_share(name, other), -at) for at, other in enumerate(among)), reverse=True)[:_CANDIDATES]
    for share, at in shares:
        if share >= _SHARED or name.plain == among[-at].plain:
            return -at
    for share, at in shares:
        if share >= _LEAST and likeness(name.plain[:_LONGEST], among[-at].plain[:_LONGEST]) >= DOUBTFUL:
            return -at
    return None


def _share(first: Name, second: Name) -> float:
    if first.plain == second.plain:
        return 1.0
    both = len(first.stems) + len(second.stems)
    return 2 * len(first.stems & second.stems) / both if both else 0.0
