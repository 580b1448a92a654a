"""What ties a workbook to its forms: ids in hidden cells, signed, so that a mark that reads is one that we made.

A version in a mark is the one that the workbook was filled with: whether somebody wrote meanwhile is seen by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from indicators.models import Submission
from jobs.files.errors import UnreadableFile

SHEET = "Ответы"
PREVIOUS_SHEET = "Прошлый период"
HELP_SHEET = "Как заполнить"
MARK_ROW = 3
"""The hidden row: the mark of the workbook in its first cell. Rows and columns are counted from 1."""

CODE_COLUMN, ANSWER_COLUMN, EXPLANATION_COLUMN = 1, 7, 8
"""The workbook of one form: a question a row, its code in the hidden first column."""
FIRST_QUESTION_ROW = 5

FIRST_QUESTION_COLUMN = 4
"""The workbook of a municipality: a form a row, its mark in the hidden first column; codes of questions in the row of
the mark."""
FIRST_FORM_ROW = 6

DAMAGED = "Служебные ячейки книги изменены, понять её нельзя: скачайте книгу заново и перенесите в неё только числа."


@dataclass(frozen=True)
class FormMark:
    """Of one form, and of a row in the workbook of a municipality, where the codes stand once for all rows."""

    form: int
    version: int
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class MunicipalityMark:
    period: int
    municipality: int
    codes: tuple[str, ...]


MARKS = ("form ", "municipality ")
"""What a mark begins with."""


def form_mark(form: Submission, codes: Iterable[str] = ()) -> str:
    return _signed("form", form.pk, form.version, codes)


def municipality_mark(period: int, municipality: int, codes: Iterable[str]) -> str:
    return _signed("municipality", period, municipality, codes)


def read_mark(text: str) -> FormMark | MunicipalityMark:
    """Raises ``UnreadableFile`` for anything that we did not write."""
    try:
        kind, first, second, codes = _signer().unsign(text).split(" ")
    except (BadSignature, ValueError) as wrong:
        raise UnreadableFile(DAMAGED) from wrong
    made = FormMark if kind == "form" else MunicipalityMark
    return made(int(first), int(second), tuple(filter(None, codes.split(","))))


def _signed(kind: str, first: int, second: int, codes: Iterable[str]) -> str:
    return _signer().sign(f"{kind} {first} {second} {','.join(codes)}")


def _signer() -> Signer:
    return Signer(salt="indicators.workbooks")
