"""Print a formula for people: × ÷ −, a decimal comma, «;» between arguments. What is printed can be read back."""

from __future__ import annotations

from decimal import Decimal

from indicators.formulas.tree import Binary, Call, Negate, Node, Number, Operand

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}
_NEGATE_RANK = 3


def to_text(node: Node) -> str:
    """The formula as shown on screen and on paper, with no more parentheses than needed."""
    return _text(node, 0)


def _text(node: Node, rank: int) -> str:
    match node:
        case Number(value):
            return _number(value)
        case Operand(name):
            return name
        case Negate(operand):
            return f"−{_text(operand, _NEGATE_RANK)}"
        case Binary(operator, left, right):
            own = _RANK[operator]
            # The right side of equals needs parentheses: a − (b − c).
            text = f"{_text(left, own)} {_SIGNS[operator]} {_text(right, own + 1)}"
            return f"({text})" if own < rank else text
        case Call(function, arguments):
            return f"{function}({'; '.join(_text(argument, 0) for argument in arguments)})"


def _number(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
