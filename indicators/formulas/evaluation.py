"""Evaluate a formula in Python, for one form or one organisation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from indicators.formulas.arithmetic import EXACT, LARGEST_RESULT, RESULT_PLACES, quotient, rounded
from indicators.formulas.tree import Binary, Call, Negate, Node, Number, Operand


def evaluate(node: Node, values: Mapping[str, Decimal | None]) -> Decimal | None:
    """The value of a formula, rounded half up to 10 decimals, or None for «не определено».

    Not defined are a division by zero, anything made of an operand that is missing (absent or None: a value
    that was not reported is not zero) and a result of 10^30 or more.
    """
    value = _value(node, values)
    if value is None or EXACT.abs(value) >= LARGEST_RESULT:
        return None
    return rounded(value, RESULT_PLACES)


def divide(dividend: Decimal | None, divisor: Decimal | None) -> Decimal | None:
    """Divide as formulas do: None for a missing part or a zero divisor, else half up to 20 decimals."""
    if dividend is None or not divisor:
        return None
    return quotient(dividend, divisor)


def _value(node: Node, values: Mapping[str, Decimal | None]) -> Decimal | None:
    match node:
        case Number(value):
            return value
        case Operand(name):
            return values.get(name)
        case Negate(operand):
            inner = _value(operand, values)
            return None if inner is None else EXACT.minus(inner)
        case Binary():
            return _binary(node, values)
        case Call():
            return _call(node, values)


def _binary(node: Binary, values: Mapping[str, Decimal | None]) -> Decimal | None:
    left, right = _value(node.left, values), _value(node.right, values)
    if left is None or right is None:
        return None
    match node.operator:
        case "+":
            return EXACT.add(left, right)
        case "-":
            return EXACT.subtract(left, right)
        case "*":
            return EXACT.multiply(left, right)
        case "/":
            return divide(left, right)


def _call(node: Call, values: Mapping[str, Decimal | None]) -> Decimal | None:
    found = [_value(argument, values) for argument in node.arguments]
    known = [value for value in found if value is not None]
    if len(known) < len(found):
        return None
    match node.function:
        case "min":
            return min(known)
        case "max":
            return max(known)
        case "round":
            return rounded(known[0], int(known[1]) if len(known) == 2 else 0)
