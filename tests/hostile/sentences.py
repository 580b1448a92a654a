"""What a refusal must look like."""

from __future__ import annotations

import re

# What a sentence may hold beside Russian words: names that a person knows, and the place of an error in a JSON file.
_KNOWN = re.compile(
    r"«[^«»]{1,120}»|passport/1|Word|Excel|PDF|JSON|RTF|JPG|PNG|HEIC|OpenDocument|\.(docx?|txt|xlsx?|xlsb|pdf|od[ts]|csv)\b"
)


def is_clear(sentence: str) -> bool:
    """One Russian sentence of a length that fits on a page, with nothing of the program in it."""
    bare = _KNOWN.sub("", sentence)
    one = sentence.endswith(".") and sentence[:1].isupper() and not re.search(r"\.\s|\n", bare)
    return one and len(sentence) < 200 and not re.search(r"[A-Za-z_]", bare)
