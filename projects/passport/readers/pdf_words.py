"""Words of a page gathered into lines, and lines into text: hyphens, broken words, raised marks, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Letters of a damaged file may have no height at all.
_FLATTEST = 0.1
# A raised mark is set smaller than the words beside it, by a tenth at the least.
_SMALL = 0.93
_MARK = re.compile(r"[\d*,]{1,5}\)?")
_WORD = re.compile(r"[А-Яа-яЁёA-Za-z]+(?:-[А-Яа-яЁёA-Za-z]+)*")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
TYPESET_HYPHENS = "\u2010\u00ad\u2027"


@dataclass(slots=True)
class Word:
    """A word and its place in points, from the top left corner of the page; ``base`` is the line it stands on.

    ``close`` is the widest gap before it (in heights of its letters) that is no space.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    turned: bool = False
    close: float = 0.1

    @property
    def size(self) -> float:
        return max(self.bottom - self.top, _FLATTEST)

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class Line:
    """Words of one line from left to right, with their text put together."""

    words: list[Word]
    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    size: float

    @property
    def first_width(self) -> float:
        """The width of the first word together with what is set close to it."""
        right = self.words[0].right
        for before, word in zip(self.words, self.words[1:], strict=False):
            if not _is_close(before, word):
                break
            right = word.right
        return right - self.words[0].left


def lines_of(words: Sequence[Word]) -> list[Line]:
    """The lines of some words, from top to bottom. Words that run upwards make one line, in the order of the file."""
    turned = [word for word in words if word.turned]
    if turned and len(turned) * 2 > len(words):
        return [_line(list(words), " ".join(word.text for word in words))]
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.base):
        if rows and word.base - rows[-1][0].base < 0.25 * max(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    rows = _with_marks(rows)
    return [_line(row, _text(row)) for row in (sorted(row, key=lambda word: word.left) for row in rows)]


def _with_marks(rows: list[list[Word]]) -> list[list[Word]]:
    """Small raised words put into the line beside which they stand, the one after or the one before."""
    out: list[list[Word]] = []
    waiting: list[Word] = []
    for index, row in enumerate(rows):
        if index + 1 < len(rows) and _beside(rows[index + 1], row):
            waiting += row
        elif out and not waiting and _beside(out[-1], row):
            out[-1] += row
        else:
            out.append(waiting + row)
            waiting = []
    return out


def _beside(line: list[Word], marks: list[Word]) -> bool:
    first = max(line, key=lambda word: word.size)
    return all(
        word.size < _SMALL * first.size and first.top - 0.2 * first.size < word.middle[1] < first.bottom
        for word in marks
    )


def _line(words: list[Word], text: str) -> Line:
    size = max(word.size for word in words)
    base = next(word.base for word in words if word.size == size)
    return Line(
        words,
        text,
        min(word.left for word in words),
        max(word.right for word in words),
        min(word.top for word in words),
        max(word.bottom for word in words),
        base,
        size,
    )


def _text(words: list[Word]) -> str:
    size = max(word.size for word in words)
    base = median(word.base for word in words if word.size > _SMALL * size)
    out = ""
    previous: Word | None = None
    for word in words:
        raised = word.size < _SMALL * size and word.base < base - 0.12 * size and _MARK.fullmatch(word.text)
        text = word.text.translate(_RAISED) if raised else word.text
        close = previous is not None and _is_close(previous, word)
        out += text if close or not out or (raised and previous is not None and _near(previous, word)) else f" {text}"
        previous = word
    return out


def _is_close(previous: Word, word: Word) -> bool:
    return word.left - previous.right < word.close * max(previous.size, word.size)


def _near(previous: Word, word: Word) -> bool:
    return word.left - previous.right < 0.25 * previous.size


def paragraphs(lines: Sequence[Line], left: float, right: float) -> list[list[Line]]:
    """Lines gathered into paragraphs between two margins.

    A line goes on with the one before where its first word would not have fitted there, no gap parts them and
    neither an indent nor another size begins something new.
    """
    groups: list[list[Line]] = []
    pitch = 0.0
    for line in lines:
        before = groups[-1][-1] if groups else None
        if before is not None and goes_on(before, line, left, right, pitch):
            pitch = pitch or line.base - before.base
            groups[-1].append(line)
        else:
            groups.append([line])
            pitch = 0.0
    return groups


def goes_on(before: Line, line: Line, left: float, right: float, pitch: float | None) -> bool:
    """Whether a line goes on with the one before; ``pitch`` is None where a page ends between them."""
    step = line.base - before.base if pitch is not None else 0.0
    if step > 2.4 * max(before.size, line.size) or (pitch and step > 1.25 * pitch):
        return False
    if not 0.85 < line.size / before.size < 1.18:
        return False
    space = 0.22 * before.size
    taken = before.right - before.left
    centred = abs((before.left + before.right) - (line.left + line.right)) < 0.8 * before.size
    if not centred or before.left - left < 2 * before.size:
        # What stands left of the line counts as taken, an indent included.
        taken = max(taken, before.right - left)
    if taken + space + line.first_width > right - left - 0.1 * before.size:
        return (
            centred or line.left < before.left + 1.2 * before.size or before.left < left + 0.3 * before.size < line.left
        )
    # A hyphen at the end of a line is set by a typesetter, who sees more than a measure of widths.
    return before.text.endswith(tuple(TYPESET_HYPHENS)) and line.text[:1].islower()


def is_full(before: Line, line: Line, left: float, right: float) -> bool:
    """Whether not even one more letter had room on the line before, and the whole word none on any line."""
    letter = line.first_width / max(len(line.text.split(" ")[0]), 1)
    last = before.words[-1]
    alone = len(before.text.split(" ")) == 1
    return (
        before.right + letter + 0.15 * before.size > right
        and alone
        and (last.right - before.left) + line.first_width > right - left
    )
