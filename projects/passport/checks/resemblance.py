"""Whether one name is among others: by its words first, by the letters of :mod:`projects.passport.matching` next."""

from __future__ import annotations

from collections.abc import Iterable

from projects.passport.lookalikes import cyrillic
from projects.passport.matching import DOUBTFUL, likeness, words

# So much of the words that matter is common to two names that say the same in another order. Results of one passport
# share the words of their field: unlike ones have up to 0.55 in common.
_SHARED = 0.6
_LEAST = 0.25
# Letters are compared only with the few names that share most words, and only in the beginning of very long ones.
_CANDIDATES = 3
_LONGEST = 600
# Of thousands of names so many are looked at: those that share only words which all of them have are no likeness.
_ENOUGH = 300


class Names:
    """Names to be searched. Their words are indexed once, so that thousands of rows are compared in time."""

    def __init__(self, texts: Iterable[str | None]) -> None:
        self._plain = [_words(text) for text in texts]
        self._stems = [_stems(plain) for plain in self._plain]
        self._at: dict[str, int] = {}
        self._holding: dict[str, list[int]] = {}
        for at, plain in enumerate(self._plain):
            self._at.setdefault(plain, at)
            for stem in self._stems[at]:
                self._holding.setdefault(stem, []).append(at)

    def likest(self, text: str | None) -> int | None:
        """The index of the name that says the same, in whatever order of words; None where none does."""
        plain = _words(text)
        if not plain:
            return None
        if plain in self._at:
            return self._at[plain]
        stems = _stems(plain)
        shares = [
            (2 * len(stems & self._stems[at]) / (len(stems) + len(self._stems[at])), -at) for at in self._sharing(stems)
        ]
        best = sorted(shares, reverse=True)[:_CANDIDATES]
        if best and best[0][0] >= _SHARED:
            return -best[0][1]
        for share, at in best:
            if share >= _LEAST and likeness(plain[:_LONGEST], self._plain[-at][:_LONGEST]) >= DOUBTFUL:
                return -at
        return None

    def _sharing(self, stems: frozenset[str]) -> set[int]:
        """Names that share a word with this one, those that share its rarest words first, up to enough of them."""
        found: set[int] = set()
        for holders in sorted((self._holding.get(stem, []) for stem in stems), key=len):
            found.update(holders[: _ENOUGH - len(found)])
            if len(found) >= _ENOUGH:
                break
        return found


def _words(text: str | None) -> str:
    return words(cyrillic(text or ""))


def _stems(plain: str) -> frozenset[str]:
    """The beginnings of the words that matter: endings differ from case to case."""
    return frozenset(word[:5] for word in plain.split() if len(word) > 3 and not word.isdigit())
