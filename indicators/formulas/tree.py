"""The tree of a formula: frozen values, compared by content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ORGANISATIONS = "organisations"
EXPECTED = "expected"
BUILT_IN_OPERANDS = frozenset({ORGANISATIONS, EXPECTED})
"""Operands nobody reports: how many organisations were accepted, and how many were expected."""

Operator = Literal["+", "-", "*", "/"]
Function = Literal["min", "max", "round"]


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Operand:
    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """``min`` and ``max`` of two or more; ``round`` of one, or of one and a whole literal of decimals."""

    function: Function
    arguments: tuple[Node, ...]


Node = Number | Operand | Negate | Binary | Call


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, parents first."""
    yield node
    match node:
        case Negate(operand):
            yield from walk(operand)
        case Binary(_, left, right):
            yield from walk(left)
            yield from walk(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from walk(argument)
        case _:
            pass


def operands(node: Node) -> frozenset[str]:
    """Names of the base indicators that a formula is made of, the built-in operands left out."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Operand)) - BUILT_IN_OPERANDS
