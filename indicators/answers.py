"""Reading what a person typed into a field of a form. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from projects.passport.typography import number
from projects.typed import MAX_DECIMALS as MAX_DECIMALS
from projects.typed import MAX_EXPLANATION as MAX_EXPLANATION
from projects.typed import NotAnAnswer as NotAnAnswer
from projects.typed import read_explanation as read_explanation
from projects.typed import read_number

NOT_APPLICABLE = "not_applicable"
"""What a form sends in place of a value where the question does not concern the organisation."""

LIMIT = Decimal(10) ** 18
_YES = {"1", "да", "yes", "true", "on"}
_NO = {"0", "нет", "no", "false"}


class Rules(Protocol):
    """What is asked: a question of a period."""

    @property
    def kind(self) -> str: ...
    @property
    def minimum(self) -> Decimal | None: ...
    @property
    def maximum(self) -> Decimal | None: ...
    @property
    def may_not_apply(self) -> bool: ...


@dataclass(frozen=True)
class Given:
    """What was answered. Neither a value nor ``not_applicable``: nothing was, which is not 0."""

    value: Decimal | None = None
    not_applicable: bool = False

    @property
    def is_given(self) -> bool:
        return self.not_applicable or self.value is not None


def read_answer(text: str | None, rules: Rules) -> Given:
    """The answer in a field as typed; raises :class:`NotAnAnswer`. An empty field is no answer, and no error."""
    typed = (text or "").strip()
    if not typed:
        return Given()
    if typed == NOT_APPLICABLE:
        if not rules.may_not_apply:
            raise NotAnAnswer("Этот вопрос касается всех: укажите значение.")
        return Given(not_applicable=True)
    if rules.kind == "boolean":
        return Given(_yes_or_no(typed))
    value = read_number(typed)
    _check(value, rules)
    return Given(value)


def _yes_or_no(typed: str) -> Decimal:
    word = typed.casefold()
    if word in _YES:
        return Decimal(1)
    if word in _NO:
        return Decimal(0)
    raise NotAnAnswer("Ответьте «да» или «нет».")


def _check(value: Decimal, rules: Rules) -> None:
    if rules.kind == "integer" and value != value.to_integral_value():
        raise NotAnAnswer("Здесь нужно целое число, без дробной части.")
    if rules.minimum is not None and value < rules.minimum:
        if rules.minimum == 0:
            raise NotAnAnswer("Число не может быть отрицательным.")
        raise NotAnAnswer(f"Значение не может быть меньше {number(rules.minimum)}.")
    if rules.maximum is not None and value > rules.maximum:
        raise NotAnAnswer(f"Значение не может быть больше {number(rules.maximum)}.")
