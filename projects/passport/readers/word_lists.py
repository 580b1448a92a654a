"""Numbers that Word generates itself for the paragraphs of a list and does not store in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A number of a list is short; one of thousands of letters, before thousands of paragraphs, would be a bomb.
_LONGEST_LABEL = 100
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""


def _value(element: etree._Element | None, default: str = "") -> str:
    return element.get(W + "val", default) if element is not None else default


def _whole(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        while number >= value:
            out, number = out + sign, number - value
    return out


def _written(number: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        text = _LATIN[(number - 1) % len(_LATIN)]
    elif kind in {"russianLower", "russianUpper"}:
        text = _RUSSIAN[(number - 1) % len(_RUSSIAN)]
    elif kind in {"lowerRoman", "upperRoman"} and 0 < number < 40:
        text = _roman(number)
    else:
        return str(number)
    return text.upper() if kind.startswith("upper") or kind.endswith("Upper") else text


class WordLists:
    """Counts the paragraphs of each list in document order and writes the number that Word would show."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._load(numbering)
        if styles is not None:
            self._load_styles(styles)

    def _load(self, numbering: etree._Element) -> None:
        for abstract in numbering.iterfind(W + "abstractNum"):
            levels: dict[int, _Level] = {}
            for level in abstract.iterfind(W + "lvl"):
                levels[_whole(level.get(W + "ilvl", ""), 0)] = _Level(
                    start=_whole(_value(level.find(W + "start")), 1),
                    kind=_value(level.find(W + "numFmt"), "decimal"),
                    text=_value(level.find(W + "lvlText"))[:_LONGEST_LABEL],
                )
            self._abstract[abstract.get(W + "abstractNumId", "")] = levels
        for entry in numbering.iterfind(W + "num"):
            overrides = {
                _whole(change.get(W + "ilvl", ""), 0): _whole(_value(change.find(W + "startOverride")), 1)
                for change in entry.iterfind(W + "lvlOverride")
                if change.find(W + "startOverride") is not None
            }
            self._lists[entry.get(W + "numId", "")] = (_value(entry.find(W + "abstractNumId")), overrides)

    def _load_styles(self, styles: etree._Element) -> None:
        for style in styles.iterfind(W + "style"):
            mark = style.find(f"{W}pPr/{W}numPr")
            if mark is not None:
                number = _value(mark.find(W + "numId"))
                self._styles[style.get(W + "styleId", "")] = (number, _whole(_value(mark.find(W + "ilvl")), 0))

    def label(self, properties: etree._Element | None) -> str:
        """The number before a paragraph with these properties, with a space after it, or nothing."""
        if properties is None:
            return ""
        mark = properties.find(W + "numPr")
        if mark is not None:
            number, depth = _value(mark.find(W + "numId")), _whole(_value(mark.find(W + "ilvl")), 0)
        else:
            number, depth = self._styles.get(_value(properties.find(W + "pStyle")), ("", 0))
        abstract, overrides = self._lists.get(number, ("", {}))
        levels = self._abstract.get(abstract, {})
        if depth not in levels:
            return ""
        return self._count(abstract, number, depth, levels, overrides)

    def _count(
        self, abstract: str, number: str, depth: int, levels: dict[int, _Level], overrides: dict[int, int]
    ) -> str:
        # Lists of one definition share their counter, unless one of them starts anew.
        counters = self._counters.setdefault(f"{abstract}/{number}" if overrides else abstract, {})
        level = levels[depth]
        start = overrides.get(depth, level.start)
        counters[depth] = counters.get(depth, start - 1) + 1
        for deeper in [key for key in counters if key > depth]:
            del counters[deeper]
        if level.kind == "bullet":
            return "– "
        if level.kind == "none":
            return ""

        def write(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            part = levels.get(at, level)
            return _written(counters.get(at, overrides.get(at, part.start)), part.kind)

        text = re.sub(r"%(\d)", write, level.text)
        return f"{text} " if text else ""
