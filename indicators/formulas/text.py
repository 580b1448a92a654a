"""Print a formula for people: × ÷ −, a decimal comma, «;» between arguments. What is printed can be read back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from indicators.formulas.tree import Binary, Call, Negate, Node, Number, Operand
from projects.passport import typography

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}
_NEGATE_RANK = 3
_SHOWN_PLACES = 4


MISSING = "?"

Figures = Mapping[str, Decimal | None]


def to_text(node: Node, figures: Figures | None = None) -> str:
    """The formula as shown on screen and on paper, with no more parentheses than needed.

    With ``figures`` their values stand in place of the names, «?» where there is none; that is only shown.
    """
    return _text(node, 0, figures)


def _text(node: Node, rank: int, figures: Figures | None) -> str:
    match node:
        case Number(value):
            return _number(value)
        case Operand(name):
            return name if figures is None else _figure(figures.get(name), rank)
        case Negate(operand):
            return f"−{_text(operand, _NEGATE_RANK, figures)}"
        case Binary(operator, left, right):
            own = _RANK[operator]
            # The right side of equals needs parentheses: a − (b − c).
            text = f"{_text(left, own, figures)} {_SIGNS[operator]} {_text(right, own + 1, figures)}"
            return f"({text})" if own < rank else text
        case Call(function, arguments):
            return f"{function}({'; '.join(_text(argument, 0, figures) for argument in arguments)})"


def _figure(value: Decimal | None, rank: int) -> str:
    if value is None:
        return MISSING
    # An average over periods may have twenty digits after the comma.
    text = typography.number(round(value, _SHOWN_PLACES) if value != round(value, _SHOWN_PLACES) else value)
    return f"({text})" if value < 0 and rank else text


def _number(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
