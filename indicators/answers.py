"""Reading what a person typed into a field of a form. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from projects.passport.typography import number

NOT_APPLICABLE = "not_applicable"
"""What a form sends in place of a value where the question does not concern the organisation."""

LIMIT = Decimal(10) ** 18
MAX_DECIMALS = 10
_NUMBER = re.compile(r"([+-]?)(\d{1,40})(?:\.(\d{1,40}))?", re.ASCII)
_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))")
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


class NotAnAnswer(ValueError):
    """One Russian sentence that says what to do."""


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
    value = _number_typed(typed)
    _check(value, rules)
    return Given(value)


MAX_EXPLANATION = 1000


def read_explanation(text: str | None) -> str:
    """An explanation as typed, on one line; raises :class:`NotAnAnswer`."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text or "").split())
    if len(words) > MAX_EXPLANATION:
        raise NotAnAnswer(f"Пояснение длиннее {MAX_EXPLANATION} знаков: скажите короче.")
    return words


def _yes_or_no(typed: str) -> Decimal:
    word = typed.casefold()
    if word in _YES:
        return Decimal(1)
    if word in _NO:
        return Decimal(0)
    raise NotAnAnswer("Ответьте «да» или «нет».")


def _number_typed(typed: str) -> Decimal:
    plain = _SPACES.sub("", typed.replace("−", "-").replace("–", "-")).replace(",", ".")
    found = _NUMBER.fullmatch(plain)
    if not found:
        raise NotAnAnswer(_why_not_a_number(typed))
    sign, whole, decimals = found.group(1), found.group(2).lstrip("0") or "0", found.group(3) or ""
    if len(whole) > 18:
        raise NotAnAnswer("Число слишком большое: проверьте, в тех ли единицах оно.")
    if len(decimals.rstrip("0")) > MAX_DECIMALS:
        raise NotAnAnswer(f"Знаков после запятой больше {MAX_DECIMALS}: округлите.")
    value = Decimal(f"{whole}.{decimals}" if decimals.rstrip("0") else whole)
    return -value if sign == "-" and value else value


def _why_not_a_number(typed: str) -> str:
    shown = typed if len(typed) <= 20 else f"{typed[:20]}…"
    for letter in typed:
        if letter.isdigit() and not letter.isascii():
            return f"Цифра «{letter}» набрана не с обычной клавиатуры: наберите число заново."
        if letter in "ОоOoЗзбlІI" and any(other.isdigit() for other in typed):
            return f"В числе «{shown}» вместо цифры стоит буква «{letter}»: наберите его цифрами."
    if re.fullmatch(r"[+-]?\d{41,}([.,]\d*)?", typed, re.ASCII):
        return "Число слишком большое: проверьте, в тех ли единицах оно."
    return f"Это не число: «{shown}». Напишите, например, 12 или 12,5."


def _check(value: Decimal, rules: Rules) -> None:
    if rules.kind == "integer" and value != value.to_integral_value():
        raise NotAnAnswer("Здесь нужно целое число, без дробной части.")
    if rules.minimum is not None and value < rules.minimum:
        if rules.minimum == 0:
            raise NotAnAnswer("Число не может быть отрицательным.")
        raise NotAnAnswer(f"Значение не может быть меньше {number(rules.minimum)}.")
    if rules.maximum is not None and value > rules.maximum:
        raise NotAnAnswer(f"Значение не может быть больше {number(rules.maximum)}.")
