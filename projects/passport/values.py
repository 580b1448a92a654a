"""Values out of words: numbers, dates, years and row numbers as people write them in passports."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from projects.passport.intermediate import squash
from projects.passport.lookalikes import mended

_MONTHS = {
    name: index
    for index, stem in enumerate(
        ("январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"), 1
    )
    for name in (stem + "я", stem + "а", stem + "ь", stem + "й", stem)
}
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_LEADING_MARKS = re.compile(r"^(?:\*+|[⁰¹²³⁴-⁹]+\)?)\s*")
_NUMBER = re.compile(r"([-−–+]?)\s?(\d{1,3}(?: \d{3})+|\d+)(?:\s?[.,]\s?(\d+))?\s?%?")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+,\d+")
_NUMERIC_DATE = r"(?P<d>\d{1,2})\s?\.\s?(?P<m>\d{1,2})\s?\.\s?(?P<y>\d{4})"
_WORDY_DATE = r"«?(?P<wd>\d{1,2})»?\s(?P<wm>[а-яё]{2,9})\s(?P<wy>\d{4})"
_ISO_DATE = r"(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
_DATE = re.compile(rf"(?<![\d.])(?:{_NUMERIC_DATE}|{_WORDY_DATE}|{_ISO_DATE})(?!\d)", re.IGNORECASE)
_DATE_TAIL = re.compile(r"\s?(?:г\.?|года?|гг\.?)?\s?[.,;]?", re.IGNORECASE)
_YEAR = re.compile(r"(?:на\s)?((?:19|20|21)\d\d)(?:\s?(?:г\.?|год[ау]?|гг\.?))?", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"(?:\d{1,4}|[а-яёa-z])(?:\s?[.\-]\s?(?:\d{1,4}|[а-яёa-z]))*\s?[.)]{0,2}", re.IGNORECASE)
_LEADING_NUMBER = re.compile(r"^(?:№\s?)?(\d{1,3}(?:\.\d{1,3}){0,5})(?:[.)]\s*|\s+)(?=\D)")
_LONGEST_CELL = 200
_DASHES = re.compile(r"[-–—−‑]+")


def without_marks(text: str) -> str:
    """Words without the footnote marks (*, **, ¹) around them."""
    return _LEADING_MARKS.sub("", text[: _end_of_words(text)]).strip()


def _end_of_words(text: str) -> int:
    """Where the footnote marks at the end of a text begin: stars, raised figures, brackets after those."""
    end = at = len(text)
    while at > 0:
        if text[at - 1] == "*" or text[at - 1] in _RAISED:
            at -= 1
        elif text[at - 1] == ")" and at > 1 and text[at - 2] in _RAISED:
            at -= 2
        else:
            break
        while at > 0 and text[at - 1].isspace():
            at -= 1
        end = at
    return end


def mark_of(text: str) -> str | None:
    """The footnote mark at the end of a cell: ``*`` of «1,0*»; None where there is none."""
    return text[_end_of_words(text) :].strip().rstrip(")") or None


def plain(text: str | None) -> str | None:
    """Words in one line without footnote marks; None for nothing."""
    return without_marks(squash(text or "")) or None


def is_dash(text: str) -> bool:
    return bool(_DASHES.fullmatch(text.strip()))


def number(text: str) -> Decimal | None:
    """A number as a passport writes it («1 069,44», «1,0*», «100 %»), exactly; None where it is something else."""
    text = without_marks(squash(text))
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    found = _NUMBER.fullmatch(text)
    if not found or len(text) > 50:
        return None
    sign, whole, fraction = found.groups()
    digits = whole.replace(" ", "") + (f".{fraction}" if fraction else "")
    if len(whole.replace(" ", "")) > 24 or len(fraction or "") > 12:
        return None
    return Decimal(("-" if sign in {"-", "−", "–"} else "") + digits)


def dates(text: str) -> Iterator[tuple[str, dt.date | None]]:
    """Every date in words or digits, as written and as a day; the day is None for one that cannot be (31.11.2020)."""
    line = squash(text)
    for found in _DATE.finditer(mended(line)):
        yield line[found.start() : found.end()], _day(found)


def _day(found: re.Match[str]) -> dt.date | None:
    part = found.groupdict()
    if part["y"]:
        year, month, day = int(part["y"]), int(part["m"]), int(part["d"])
    elif part["wy"]:
        year, month, day = int(part["wy"]), _MONTHS.get(part["wm"].lower(), 0), int(part["wd"])
    else:
        year, month, day = int(part["iy"]), int(part["im"]), int(part["id"])
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def date(text: str) -> dt.date | None:
    """The day that a cell names and nothing else («1.01.2019», «31.12.2024г.», «1 января 2018 г.»)."""
    text = mended(without_marks(squash(text)))
    text = re.sub(r"^(?:с|до|по|на|срок:?)\s", "", text, flags=re.IGNORECASE)
    found = _DATE.match(text)
    return _day(found) if found and _DATE_TAIL.fullmatch(text[found.end() :]) else None


def year(text: str) -> str | None:
    """The year that heads a column: «2019», «2019 год», «2019 г.»; None where it is something else."""
    found = _YEAR.fullmatch(without_marks(squash(text)))
    return found[1] if found else None


def row_number(text: str) -> str | None:
    """The number of a row without its trailing point, a letter in place of a digit kept; None for words."""
    text = squash(text)
    if not text or len(text) > 20 or not _ROW_NUMBER.fullmatch(text):
        return None
    return re.sub(r"\s", "", text).rstrip(".)") or None


def split_number(text: str) -> tuple[str | None, str]:
    """The number that leads a line of words, and the words: «1. Доля …» → («1», «Доля …»)."""
    text = squash(text)
    found = _LEADING_NUMBER.match(text)
    return (found[1], text[found.end() :]) if found else (None, text)


def is_atomic(text: str) -> bool:
    """Whether a cell holds one value (a number, a date, a dash, «XX») and no words."""
    if len(text) > _LONGEST_CELL:
        return False
    text = squash(text)
    if not text or len(text) > 40:
        return False
    return (
        is_dash(text)
        or number(text) is not None
        or bool(re.fullmatch(r"[хХxX]+", text))
        or any(_DATE_TAIL.fullmatch(text.replace(raw, "", 1)) for raw, _ in dates(text))
    )
