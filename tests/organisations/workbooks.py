"""Workbooks of the register as people make them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEADINGS = (
    "ИНН",
    "ОКТМО",
    "Вид",
    "Муниципалитет",
    "Полное наименование",
    "Краткое наименование",
    "Руководитель",
    "Должность",
    "Электронная почта",
    "Логин",
)


def workbook(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def inn(number: int) -> str:
    """A right ИНН of a company for each number."""
    return inn_of(f"{770000000 + number}")


def inn_of(nine: str) -> str:
    """Nine digits with the tenth that fits."""
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return f"{nine}{sum(w * int(d) for w, d in zip(weights, nine, strict=True)) % 11 % 10}"
