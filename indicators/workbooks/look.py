"""Workbooks of forms: how questions look in them, and what may be typed into their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indicators.answers import Given
from indicators.models import Question
from projects.filled_books import (
    CELL,
    CELL_LIMIT,
    CENTRED,
    FIELD,
    HEAD,
    SHUT,
    SOFT,
    TITLE,
    WORDS,
    FilledBook,
    FilledSheet,
    cell_name,
    lines_high,
    plain,
)
from projects.passport.typography import number

__all__ = ["CELL", "CENTRED", "FIELD", "HEAD", "SHUT", "SOFT", "TITLE", "WORDS", "lines_high", "plain"]

NOT_OURS = "к нам не относится"
YES, NO = "да", "нет"
EMPTY_STAYS = "Пустая ячейка ничего не меняет: убрать ответ можно на странице формы."

_NUMBER_FORMATS = {"integer": "#,##0", "decimal": "#,##0.0#########", "boolean": "General"}


class Book(FilledBook):
    """A workbook whose sheets hold questions."""

    def sheet(self, name: str, widths: Sequence[float], *, head_row: int, frozen: tuple[int, int]) -> Sheet:
        return Sheet(self, self.new_sheet(name, widths, head_row=head_row, frozen=frozen))


class Sheet(FilledSheet):
    """Cells of a sheet with questions and answers."""

    def question(self, row: int, column: int, name: str, hint: str, look: Mapping[str, Any]) -> None:
        """The name with its hint below, in softer ink."""
        if not hint:
            self.text(row, column, name, look)
            return
        soft, usual = self._book.look(SOFT), self._book.look({})
        half = CELL_LIMIT // 2
        parts = [usual, plain(name)[:half], soft, f"\n{plain(hint)}"[:half]]
        self.raw.write_rich_string(row - 1, column - 1, *parts, self._book.look(look))

    def figure(self, row: int, column: int, given: Given, question: Question, look: Mapping[str, Any]) -> None:
        """An answer or an earlier figure in the form in which it is typed; nothing leaves the cell empty."""
        look = {**look, "num_format": _NUMBER_FORMATS[question.kind]}
        if given.not_applicable:
            self.text(row, column, NOT_OURS, look)
        elif given.value is None:
            self.text(row, column, "", look)
        elif question.kind == "boolean":
            self.text(row, column, YES if given.value else NO, look)
        else:
            self.number(row, column, given.value, look)

    def allow(self, rows: tuple[int, int], column: int, question: Question) -> None:
        """Let only answers to the question be typed into these rows of a column; its hint shows beside the cell."""
        hint = plain(" ".join(filter(None, (what_to_type(question), question.hint))))
        rule = _rule(question, cell_name(rows[0], column))
        self.restrict(rows, column, rule, title="Ответ", hint=hint, otherwise=what_to_type(question))


def what_to_type(question: Question) -> str:
    """«Целое число, от 0 до 100.»"""
    if question.kind == "boolean":
        words = "Выберите из списка: да или нет"
    else:
        kind = "Целое число" if question.kind == "integer" else "Число"
        words = f"{kind}{_bounds(question)}"
    return f"{words}, либо «{NOT_OURS}»." if question.may_not_apply else f"{words}."


def _bounds(question: Question) -> str:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None:
        return f" от {number(low)} до {number(high)}"
    if low is not None:
        return f" не меньше {number(low)}"
    return f" не больше {number(high)}" if high is not None else ""


def _rule(question: Question, cell: str) -> dict[str, Any]:
    if question.kind == "boolean":
        return {"validate": "list", "source": [YES, NO, NOT_OURS] if question.may_not_apply else [YES, NO]}
    conditions = [f"ISNUMBER({cell})"]
    if question.kind == "integer":
        conditions.append(f"{cell}=INT({cell})")
    if question.minimum is not None:
        conditions.append(f"{cell}>={question.minimum:f}")
    if question.maximum is not None:
        conditions.append(f"{cell}<={question.maximum:f}")
    formula = f"AND({','.join(conditions)})"
    if question.may_not_apply:
        formula = f'OR({cell}="{NOT_OURS}",{formula})'
    return {"validate": "custom", "value": f"={formula}"}
