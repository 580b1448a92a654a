"""Cut the text of a formula into tokens.

A comma between two digits is a decimal comma; arguments are separated by «;» or by a comma and a space, so
``min(1,5; 2)`` and ``max(a, b)`` both mean what they look like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from indicators.formulas.errors import FormulaError

MAX_LENGTH = 1000
MAX_NAME = 60
_NUMBER = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_SPACE = re.compile(r"\s+")
_SIGNS = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", ",": ";"}
_WHOLE_DIGITS, _DECIMALS = 18, 10

Kind = Literal["number", "name", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    position: int


def tokens(text: str) -> list[Token]:
    """Tokens of a formula with a closing ``end``; raises :class:`FormulaError` at the first foreign sign."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"Формула длиннее {MAX_LENGTH} знаков", MAX_LENGTH + 1)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        token, at = _token(text, at)
        found.append(token)
    found.append(Token("end", "", len(text) + 1))
    return found


def _token(text: str, at: int) -> tuple[Token, int]:
    position = at + 1
    if number := _NUMBER.match(text, at):
        whole, decimals = number.group(1), number.group(2) or ""
        if len(whole) > _WHOLE_DIGITS or len(decimals) > _DECIMALS:
            raise FormulaError("Число слишком длинное", position)
        return Token("number", f"{whole}.{decimals}" if decimals else whole, position), number.end()
    if name := _NAME.match(text, at):
        if len(name.group()) > MAX_NAME:
            raise FormulaError(f"Имя длиннее {MAX_NAME} знаков", position)
        return Token("name", name.group(), position), name.end()
    sign = _SIGNS.get(text[at], text[at])
    if sign in "+-*/();":
        return Token("sign", sign, position), at + 1
    raise FormulaError(_foreign(text[at]), position)


def _foreign(character: str) -> str:
    if character.isdigit():
        return f"Цифра «{character}» не из тех, что на клавиатуре"
    if character.isalpha():
        return f"Имена пишутся строчными латинскими буквами, а здесь «{character}»"
    return f"Знак «{character}» в формуле не используется"


def number(token: Token) -> Decimal:
    """The value of a number token."""
    return Decimal(token.text)
