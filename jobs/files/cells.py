"""Cells of a workbook as a person sees them: numbers, dates and percents by their format, words unescaped."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from lxml import etree

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Words in quotes, an escaped letter, a colour or a condition in brackets, room left for a letter: no part of a code.
_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN = {
    **dict.fromkeys((14, 15, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58), "dd.mm.yyyy"),
    **dict.fromkeys((4, 39, 40), "#,##0.00"),
    2: "0.00",
    9: "0%",
    10: "0.00%",
    16: "d.m",
}
_DIGITS_KEPT, _DIGITS_SHOWN, _TAIL = 12, 10, 6

CellValue = str | Decimal | dt.date


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds and the words a person sees in it; percents are on the scale 0-100.

    ``typed`` is what was typed into a cell that shows a day without a year: «1.2» that became the first of
    February. ``computed``: what it holds comes from a formula.
    """

    value: CellValue
    text: str
    typed: str = ""
    computed: bool = False


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a number format says of its numbers; ``decimals`` is None where it leaves their digits alone."""

    kind: str  # number | percent | date | year | day_month | unseen
    decimals: int | None = None


PLAIN = NumberFormat("number")


def number_format(code: str) -> NumberFormat:
    """What a format code («#,##0.00», «0 %», «DD.MM.YYYY», «;;;») makes of a number."""
    sections = code.split(";")
    if len(sections) >= 3 and not any(section.strip() for section in sections[:2]):
        return NumberFormat("unseen")
    bare = _NOT_CODE.sub("", code).split(";")[0].casefold()
    if bare in {"general", "@", ""} or "основной" in bare:
        return PLAIN
    letters = set(bare)
    if letters & {"y", "г"} or "d" in letters or ("m" in letters and not letters & {"h", "s"}):
        if not letters & {"y", "г"}:
            return NumberFormat("day_month")
        return NumberFormat("date" if letters & {"d", "m"} else "year")
    found = re.search(r"\.([0#?]+)", bare)
    decimals = found[1].count("0") if found else 0
    if "e" in letters or "/" in bare:
        return PLAIN
    return NumberFormat("percent" if "%" in bare else "number", decimals)


class Formats:
    """The number formats of a workbook by the index that a cell carries."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._formats: list[NumberFormat] = []
        if styles is None:
            return
        codes = {
            element.get("numFmtId", ""): element.get("formatCode", "")
            for element in styles.iterfind("{*}numFmts/{*}numFmt")
        }
        known: dict[str, NumberFormat] = {}
        for xf in styles.iterfind("{*}cellXfs/{*}xf"):
            key = xf.get("numFmtId", "0")
            if key not in known:
                built_in = _BUILT_IN.get(int(key), "General") if re.fullmatch(r"\d{1,4}", key) else "General"
                known[key] = number_format(codes.get(key, built_in)[:200])
            self._formats.append(known[key])

    def at(self, index: str | None) -> NumberFormat:
        if index is None or not re.fullmatch(r"\d{1,6}", index) or int(index) >= len(self._formats):
            return PLAIN
        return self._formats[int(index)]


def unescaped(text: str) -> str:
    """``_xHHHH_`` as the letter it stands for (OOXML, ST_Xstring); a lone surrogate stays as it is written."""
    if "_x" not in text:
        return text

    def letter(found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPE.sub(letter, text)


def rich_text(element: etree._Element) -> str:
    """The words of a string item: its own or those of its runs, raised figures as raised, no reading aids."""
    pieces: list[str] = []
    for child in element:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if tag == "t":
            pieces.append(child.text or "")
        elif tag == "r":
            text = "".join(part.text or "" for part in child.iterfind("{*}t"))
            raised = child.find("{*}rPr/{*}vertAlign[@val='superscript']") is not None
            pieces.append(text.translate(_RAISED) if raised and text.strip().isdigit() else text)
    return unescaped("".join(pieces))


class CellReader:
    """Reads the cell elements of one workbook; ``shared`` gives one of its shared strings."""

    def __init__(self, formats: Formats, shared: Callable[[int], str], *, since_1904: bool) -> None:
        self._formats, self._shared = formats, shared
        self._since_1904 = since_1904

    def read(self, element: etree._Element) -> Cell | None:
        """The cell, None for an empty one. A formula is its last value; one without any is the formula itself."""
        cell = self._read(element)
        if cell is not None and element.find("{*}f") is not None:
            return replace(cell, computed=True)
        return cell

    def _read(self, element: etree._Element) -> Cell | None:
        kind = element.get("t", "n")
        raw = formula = inline = None
        for child in element:
            tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if tag == "v":
                raw = child.text
            elif tag == "f":
                formula = child.text or ""
            elif tag == "is":
                inline = rich_text(child)
        if inline is not None:
            return _words(inline)
        if not raw:
            # A formula that gives an empty text has a value, an empty one; one that was never computed has none.
            return _words(f"={formula}") if formula is not None and kind != "str" else None
        if kind == "s":
            return _words(self._shared(int(raw)) if re.fullmatch(r"\d{1,8}", raw) else "")
        if kind == "b":
            return _words("да" if raw == "1" else "нет")
        if kind in {"str", "e"}:
            return _words(unescaped(raw))
        if kind == "d":
            return _iso_date(raw)
        return self._number(raw, self._formats.at(element.get("s")), computed=formula is not None)

    def _number(self, raw: str, shown: NumberFormat, *, computed: bool) -> Cell | None:
        try:
            # A spreadsheet keeps 15 digits: what stands beyond them is noise of the binary form.
            exact = Decimal(format(float(raw), ".15g"))
        except ValueError:
            return _words(raw)
        if not exact.is_finite() or exact.adjusted() > 23:
            return _words(raw)
        if shown.kind == "unseen":
            return None
        if shown.kind in {"date", "year", "day_month"}:
            day = self._day(exact)
            if day is not None:
                return _date(day, shown.kind)
        return _figure(exact, shown, computed=computed)

    def _day(self, serial: Decimal) -> dt.date | None:
        days = int(serial)
        if days < 1:
            return None
        # Excel believes that 1900 was a leap year: before its 29 February days are counted from another eve.
        eve = dt.date(1904, 1, 1) if self._since_1904 else dt.date(1899, 12, 30 if days >= 60 else 31)
        try:
            return eve + dt.timedelta(days=days)
        except OverflowError:
            return None


def _words(text: str) -> Cell | None:
    return Cell(text, text) if text else None


def _iso_date(raw: str) -> Cell | None:
    try:
        return _date(dt.date.fromisoformat(raw[:10]), "date")
    except ValueError:
        return _words(raw)


def _date(day: dt.date, kind: str) -> Cell:
    if kind == "year":
        return Cell(Decimal(day.year), str(day.year))
    typed = f"{day.day}.{day.month}" if kind == "day_month" else ""
    return Cell(day, f"{day.day:02}.{day.month:02}.{day.year:04}", typed)


def _figure(exact: Decimal, shown: NumberFormat, *, computed: bool) -> Cell:
    if shown.kind == "percent":
        exact *= 100
    places = _places(exact)
    if computed and places > _TAIL:
        # The tail of a division is no figure of the document: what is shown of it is.
        exact = round(exact, _DIGITS_SHOWN if shown.decimals is None else shown.decimals)
    elif places > _DIGITS_KEPT:
        exact = round(exact, _DIGITS_KEPT)
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    missing = (shown.decimals or 0) - len(text.partition(".")[2])
    if missing > 0:
        # «1.10» in a column of numbers of rows is not «1.1».
        text = f"{text}{'' if '.' in text else '.'}{'0' * missing}"
    return Cell(exact, f"{text} %" if shown.kind == "percent" else text)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
