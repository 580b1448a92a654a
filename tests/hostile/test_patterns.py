"""No pattern of the kernel takes long over the same letters again and again, as a line of dashes or stars is."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import projects.passport

# One letter, or a few, of every kind that the patterns look for.
_PIECES = (
    *" *_-.–,;:()«»\"'1аАaAix№%|=/#<&\n\t¹\u202f+",
    *(
        "1.",
        "а ",
        "А.",
        "а-",
        "1 ",
        "* ",
        "¹)",
        "_ ",
        "- ",
        "1,",
        "г.",
        "<p ",
        "1.1.2020 ",
        "из ",
        "И. И. ",
        "проекта ",
    ),
)
_LETTERS = 500
_SECONDS = 0.5


def _patterns(value: Any, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset, dict)) and depth < 4:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _patterns(part, depth + 1)


def test_no_pattern_takes_long() -> None:
    modules = pkgutil.walk_packages(projects.passport.__path__, "projects.passport.")
    found = {
        pattern.pattern: pattern
        for module in modules
        for pattern in _patterns(vars(importlib.import_module(module.name)))
    }
    assert len(found) > 100
    slow = []
    for pattern in found.values():
        began = time.process_time()
        for piece in _PIECES:
            text = (piece * _LETTERS)[:_LETTERS] + "!"
            pattern.search(text)
            pattern.fullmatch(text)
        if time.process_time() - began > _SECONDS:
            slow.append(pattern.pattern)
    assert slow == []
