"""One file of the corpus, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from projects.passport import read
from tests.projects.passport import northern
from tests.projects.passport.word import word_file

Read = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """``make`` gives the bytes of the file, or the first of them and the size up to which it is a hole.

    Either ``says``, words of the one sentence that refuses it, or ``holds``, whether a reading (``passport/1`` as
    JSON) is right; a case with both may end either way.
    """

    name: str
    ending: str
    make: Callable[[], bytes | tuple[bytes, int]]
    says: str = ""
    holds: Callable[[Read], bool] | None = None


@cache
def plain() -> Read:
    """The municipal passport of the tests, read from a Word file that nobody has touched."""
    return read(word_file(northern.municipal())).model_dump(mode="json")


@cache
def plain_regional() -> Read:
    return read(word_file(northern.regional())).model_dump(mode="json")


def as_plain(passport: Read) -> bool:
    """Whether a reading is that of the untouched file."""
    return passport == plain()


def as_plain_regional(passport: Read) -> bool:
    return passport == plain_regional()


def rows_as_plain(passport: Read) -> bool:
    """Whether every list is that of the untouched file; the front page may say less."""
    return all(passport[key] == value for key, value in plain().items() if isinstance(value, list) and key != "unread")
