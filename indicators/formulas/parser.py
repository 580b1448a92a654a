"""Read a formula by recursive descent; × and ÷ bind closer than + and −, equals go from left to right."""

from __future__ import annotations

from typing import cast, get_args

from indicators.formulas.errors import FormulaError
from indicators.formulas.lexer import Token, number, tokens
from indicators.formulas.tree import Binary, Call, Function, Negate, Node, Number, Operand, Operator

MAX_DEPTH = 30
MAX_NODES = 200
MAX_DECIMALS = 10
_FUNCTIONS: tuple[Function, ...] = get_args(Function)


def parse(text: str) -> Node:
    """Turn a formula into its tree; raises :class:`FormulaError` with one sentence and a position."""
    return _Parser(tokens(text)).formula()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0
        self._nodes = 0

    def formula(self) -> Node:
        if self._peek().kind == "end":
            raise FormulaError("Формула пуста", self._peek().position)
        node = self._sum()
        if self._peek().kind != "end":
            raise FormulaError(self._unexpected(), self._peek().position)
        return node

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, *signs: str) -> bool:
        return self._peek().kind == "sign" and self._peek().text in signs

    def _counted(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise FormulaError(f"В формуле больше {MAX_NODES} частей", self._peek().position)
        return node

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FormulaError(f"Скобок и знаков внутри друг друга больше {MAX_DEPTH}", self._peek().position)

    def _sum(self) -> Node:
        node = self._product()
        while self._is("+", "-"):
            operator = cast(Operator, self._take().text)
            node = self._counted(Binary(operator, node, self._product()))
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._is("*", "/"):
            operator = cast(Operator, self._take().text)
            node = self._counted(Binary(operator, node, self._signed()))
        return node

    def _signed(self) -> Node:
        if not self._is("-"):
            return self._atom()
        self._take()
        self._deeper()
        node = self._counted(Negate(self._signed()))
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        token = self._peek()
        if token.kind == "number":
            self._take()
            return self._counted(Number(number(token)))
        if token.kind == "name":
            self._take()
            return self._call(token) if self._is("(") else self._operand(token)
        if self._is("("):
            return self._parenthesised()
        raise FormulaError(self._unexpected(), token.position)

    def _operand(self, token: Token) -> Node:
        if token.text in _FUNCTIONS:
            raise FormulaError(f"После {token.text} нужна скобка", token.position)
        return self._counted(Operand(token.text))

    def _parenthesised(self) -> Node:
        opening = self._take()
        self._deeper()
        node = self._sum()
        self._depth -= 1
        self._close(opening)
        return node

    def _close(self, opening: Token) -> None:
        if self._peek().kind == "end":
            raise FormulaError("Скобка не закрыта", opening.position)
        if not self._is(")"):
            raise FormulaError(self._unexpected(), self._peek().position)
        self._take()

    def _call(self, name: Token) -> Node:
        function = next((known for known in _FUNCTIONS if known == name.text), None)
        if function is None:
            raise FormulaError(f"Функции «{name.text}» нет, есть {', '.join(_FUNCTIONS)}", name.position)
        opening = self._take()
        self._deeper()
        arguments = [self._sum()]
        while self._is(";"):
            self._take()
            arguments.append(self._sum())
        self._depth -= 1
        self._close(opening)
        return self._counted(_checked_call(name, function, tuple(arguments)))

    def _unexpected(self) -> str:
        if self._peek().kind == "end":
            return "Формула обрывается: не хватает числа или имени"
        if self._is(")"):
            return "Лишняя закрывающая скобка" if self._depth == 0 else "Перед скобкой не хватает числа или имени"
        return f"Не ожидалось «{self._peek().text}»: перед ним не хватает знака действия или числа"


def _checked_call(name: Token, function: Function, arguments: tuple[Node, ...]) -> Call:
    if function != "round":
        if len(arguments) < 2:
            raise FormulaError(f"В {function} нужны хотя бы два значения через «;»", name.position)
        return Call(function, arguments)
    if len(arguments) > 2:
        raise FormulaError("В round одно значение и, через «;», число знаков", name.position)
    if len(arguments) == 2:
        decimals = arguments[1]
        whole = isinstance(decimals, Number) and decimals.value == decimals.value.to_integral_value()
        if not (isinstance(decimals, Number) and whole and decimals.value <= MAX_DECIMALS):
            raise FormulaError(f"Число знаков в round — целое от 0 до {MAX_DECIMALS}", name.position)
    return Call(function, arguments)
