"""The words of a document, to tell whole words from the halves that a line end left."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from projects.passport.readers.pdf_words import TYPESET_HYPHENS, Line, is_full, paragraphs

_WORD = re.compile(r"[А-Яа-яЁёA-Za-z]+(?:-[А-Яа-яЁёA-Za-z]+)*")
_LAST = re.compile(r"([А-Яа-яЁёA-Za-z]+(?:-[А-Яа-яЁёA-Za-z]+)*)-?\W*$")
_FIRST = re.compile(r"\W*([А-Яа-яЁёA-Za-z]+(?:-[А-Яа-яЁёA-Za-z]+)*)")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
# The words of the form itself, which stand in the narrowest columns. Source: the official form of the passport.
_FORM = """
администратор администратора агрегирования базовое базовые бюджет бюджета бюджетной бюджету бюджеты вид внебюджетные
всего выполнения данных дата документ документа дополнительная дополнительный достижения задача задачи занятость
значение значения измерения индикатор инициалы информации информация исполнитель исполнители источник источники
итого классификации консолидированные контроля контрольная контрольной куратор межбюджетные мероприятие мероприятия
местные методика муниципальное муниципальный муниципальных наименование начало непосредственный образование
образований обеспечения объем окончание организация организации основной ответственный ответственные период
периодичность показатели показатель показателя примечание проекта процентов расчета реализации результат результата
роль рублей руководитель руководителя сбор срок сроки точка точки точки трансферты убывания уровень участник участники
фамилия федеральный федерального финансирования финансового формула характеристика целевой школа единица возрастания
признак должность регионального региональный
"""


class Vocabulary:
    """The words of a document that are surely whole, so that halves of a word are told from them."""

    def __init__(self) -> None:
        self._known: Counter[str] = Counter(_FORM.split())
        self._hyphens: list[tuple[str, str]] = []
        self._breaks: list[tuple[str, str]] = []

    def learn(self, lines: Sequence[Line], left: float, right: float) -> None:
        """Take in the lines of a cell or of a page between these margins."""
        for index, line in enumerate(lines):
            texts = line.text.split(" ")
            for place, text in enumerate(texts):
                # The first and the last word of a line may be halves.
                if (place > 0 or index == 0) and (place < len(texts) - 1 or index == len(lines) - 1):
                    self._known.update(word.casefold() for word in _WORD.findall(text))
            if index + 1 < len(lines):
                halves = last_word(line.text), first_word(lines[index + 1].text)
                if re.search(r"[а-яёa-z]-$", line.text):
                    self._hyphens.append(halves)
                elif all(halves) and is_full(line, lines[index + 1], left, right):
                    self._breaks.append(halves)

    def knows(self, word: str) -> bool:
        return self._known[word.casefold()] > 0

    def keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether the hyphen between two halves parted by a line end belongs to the word («научно-» «технический»)."""
        joined, hyphened = first + second, f"{first}-{second}"
        if self.knows(hyphened) or self.knows(joined):
            return self.knows(hyphened)
        return not self._hyphenates

    @cached_property
    def _hyphenates(self) -> bool:
        """Whether lines of this document end inside words: where none does, every hyphen at an end is a real one."""
        cut = sum(self.knows(first + second) for first, second in self._hyphens)
        kept = sum(self.knows(f"{first}-{second}") for first, second in self._hyphens)
        return cut > kept

    def breaks_word(self, first: str, second: str) -> bool:
        """Whether two pieces that met at the edge of a narrow cell are one word cut without a hyphen."""
        if second[:1] in ".,;:)»*":
            return True
        if first[-1:].isdigit() or second[:1].isdigit():
            whole = bool(_DATE.match(first + second)) and not _DATE.match(first)
            return whole or (self._breaks_words and bool(re.search(r"[\d.,]$", first) and re.match(r"[\d.,]", second)))
        if not second[:1].islower() or not first[-1:].isalpha():
            return False
        start, rest = last_word(first), first_word(second)
        if self._begins(start + rest[:3]):
            return True
        # A short rest is the end of a word, unless it is known as one («и», «на»); a long one that nothing in the
        # document goes over into is a word of its own.
        return len(rest) <= 3 and self._breaks_words and not self.knows(rest)

    def _begins(self, start: str) -> bool:
        """Whether some known word begins like this."""
        start = start.casefold()
        at = bisect_left(self._in_order, start)
        return at < len(self._in_order) and self._in_order[at].startswith(start)

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self._known)

    @cached_property
    def _breaks_words(self) -> bool:
        """Whether words too wide for their cell are cut at its edge in this document, as some producers do."""
        cut = sum(self.knows(first + second) and not self.knows(second) for first, second in self._breaks)
        return cut > 0


def last_word(text: str) -> str:
    """The last word of a text, or the half of one before a hyphen."""
    found = _LAST.search(text[-80:])
    return found[1] if found else ""


def first_word(text: str) -> str:
    found = _FIRST.match(text)
    return found[1] if found else ""


def cell_text(lines: Sequence[Line], left: float, right: float, vocabulary: Vocabulary) -> str:
    """The words of a cell between its margins, a line of text for each paragraph."""
    return "\n".join(joined(group, left, right, vocabulary) for group in paragraphs(lines, left, right))


def joined(lines: Sequence[Line], left: float, right: float, vocabulary: Vocabulary) -> str:
    """The text of a paragraph: its lines put together, words whole again."""
    text = ""
    previous: Line | None = None
    for line in lines:
        text = (
            line.text if previous is None else _join(text, line.text, is_full(previous, line, left, right), vocabulary)
        )
        previous = line
    return text


def _join(first: str, second: str, full: bool, vocabulary: Vocabulary) -> str:
    if first.endswith(tuple(TYPESET_HYPHENS)):
        return first[:-1] + second
    if re.search(r"[А-Яа-яЁёA-Za-z\d]-$", first) and re.match(r"[А-Яа-яЁёA-Za-z\d]", second):
        halves = last_word(first), first_word(second)
        keep = not second[:1].islower() or not first[-2].isalpha() or vocabulary.keeps_hyphen(*halves)
        return (first if keep else first[:-1]) + second
    if re.search(r"\S/$|\d[–—]$", first) and not re.match(r"[«(–—-]", second):
        return first + second
    if full and vocabulary.breaks_word(first.split(" ")[-1], second.split(" ")[0]):
        return first + second
    return f"{first} {second}"
