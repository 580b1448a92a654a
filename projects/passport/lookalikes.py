"""Latin letters that look Cyrillic («C», «o») inside Russian words: read as what they look like, kept as written."""

from __future__ import annotations

import re

_TABLE = str.maketrans("ABCEHKMOPTXYaceopxyëË", "АВСЕНКМОРТХУасеорхуёЁ")
_LATIN = re.compile(r"[ABCEHKMOPTXYaceopxyëË]")
_CYRILLIC = re.compile(r"[А-ЯЁа-яё]")
_WORD = re.compile(r"[A-Za-zëËА-ЯЁа-яё]+")


def cyrillic(text: str) -> str:
    """The text with every look-alike letter Cyrillic, for comparing only. Letters stay in their places."""
    return text.translate(_TABLE)


def mended(text: str) -> str:
    """The text with look-alikes replaced in words that are Russian otherwise; «COVID» and «IT-куб» stay.

    A word is Russian where it holds a Cyrillic letter and every Latin letter in it is a look-alike; a single letter
    stands for the Russian word it looks like («c», «o») where other words around it are Russian.
    """
    if not _LATIN.search(text) or not _CYRILLIC.search(text):
        return text
    return _WORD.sub(_mend, text)


def _mend(found: re.Match[str]) -> str:
    word = found[0]
    turned = word.translate(_TABLE)
    if turned == word or re.search(r"[A-Za-z]", turned):
        return word
    return turned if _CYRILLIC.search(word) or len(word) == 1 else word
