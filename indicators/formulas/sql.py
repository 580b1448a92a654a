"""Compile a formula to an expression of PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from indicators.formulas.arithmetic import LARGEST_RESULT, QUOTIENT_PLACES, RESULT_PLACES
from indicators.formulas.tree import Binary, Call, Negate, Node, Number, Operand


def to_sql(node: Node, column_of: Callable[[str], str]) -> str:
    """A numeric expression that equals :func:`indicators.formulas.evaluate`, NULL for «не определено».

    ``column_of`` gives the SQL of an operand, of type numeric; it is the only text that comes from outside,
    and names were checked by the parser. The subquery is there so that the expression stands once.
    """
    return (
        # No text of a person gets in: the parser let numbers, checked names and its own signs through.
        f"(SELECT CASE WHEN abs(formula.x) < {_number(LARGEST_RESULT)} THEN round(formula.x, {RESULT_PLACES}) END"  # noqa: S608
        f" FROM (SELECT {_sql(node, column_of)} AS x) AS formula)"
    )


def divide_sql(dividend: str, divisor: str) -> str:
    """The division of the language: NULL where the divisor is 0, else half up to 20 decimals."""
    digits = QUOTIENT_PLACES + 1
    return f"round(div({dividend} * 1e{digits}, NULLIF({divisor}, 0)) * 1e-{digits}, {QUOTIENT_PLACES})"


def _number(value: Decimal) -> str:
    return f"{value:f}::numeric"


def _sql(node: Node, column_of: Callable[[str], str]) -> str:
    match node:
        case Number(value):
            return _number(value)
        case Operand(name):
            return f"({column_of(name)})"
        case Negate(operand):
            return f"(- {_sql(operand, column_of)})"
        case Binary(operator, left, right):
            first, second = _sql(left, column_of), _sql(right, column_of)
            return divide_sql(first, second) if operator == "/" else f"({first} {operator} {second})"
        case Call():
            return _call(node, column_of)


def _call(node: Call, column_of: Callable[[str], str]) -> str:
    if node.function == "round":
        places = node.arguments[1] if len(node.arguments) == 2 else Number(Decimal(0))
        assert isinstance(places, Number)  # the parser lets nothing else through
        return f"round({_sql(node.arguments[0], column_of)}, {int(places.value)})"
    # LEAST and GREATEST skip NULL, and a missing value is not «the other one»; nor may the arguments be
    # written twice, or nesting would double the text at every level.
    values = ", ".join(f"({_sql(argument, column_of)})" for argument in node.arguments)
    return (
        f"(SELECT CASE WHEN count(choice.x) = count(*) THEN {node.function}(choice.x) END"  # noqa: S608
        f" FROM (VALUES {values}) AS choice(x))"
    )
