"""Numbers that look random and are the same on every machine and in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
SEED = "Северская область"


def share(*parts: object) -> float:
    """A number from 0 up to 1 that belongs to these words: it does not depend on what else was drawn."""
    digest = hashlib.sha256("|".join([SEED, *map(str, parts)]).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def between(low: float, high: float, *parts: object) -> float:
    return low + (high - low) * share(*parts)


def choose(options: Sequence[_T], *parts: object) -> _T:
    return options[int(share(*parts) * len(options))]
