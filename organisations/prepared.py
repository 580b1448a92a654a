"""Statements that every page asks, made once in a process.

To make the SQL of a queryset takes Django two thirds of the time that a short statement costs: 0.7 of 1.0 ms for a form
with its period and organisation. The pages of a form ask for fifteen such statements each, so theirs are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, QuerySet

_Row = TypeVar("_Row")


class Given(Expression):
    """Where the value of a later call stands: ``field=given``, or ``field__in=given.each`` for a list."""

    def __init__(self, place: int, sql: str = "%s") -> None:
        super().__init__()
        self.place, self.sql = place, sql

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ARG002
        return self.sql, (self,)

    @property
    def each(self) -> Given:
        return Given(self.place, "SELECT unnest(%s)")


class Prepared(Generic[_Row]):
    """A queryset of a fixed shape, ``build`` from :class:`Given` in place of its values.

    Values go to the database as they are: pass ids and not rows, and no None, which no comparison finds.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, _Row]]) -> None:
        self.build = build
        self._kept: tuple[Any, Any, str, tuple[Any, ...]] | None = None

    def all(self, *values: Any) -> list[_Row]:
        rows, compiler, sql, params = self._kept or self._compiled(len(values))
        given = tuple(values[param.place] if isinstance(param, Given) else param for param in params)
        own = copy(compiler)
        own.connection = connection
        own.as_sql = lambda *_args, **_kwargs: (sql, given)
        found = type(rows)(model=rows.model, query=_Compiled(own))
        found._iterable_class = rows._iterable_class
        return list(found._iterable_class(found))

    def first(self, *values: Any) -> _Row | None:
        """The first row that the queryset brings; it says itself how many it asks for."""
        return next(iter(self.all(*values)), None)

    def _compiled(self, count: int) -> tuple[Any, Any, str, tuple[Any, ...]]:
        rows: Any = self.build(*map(Given, range(count)))
        compiler = rows.query.get_compiler(connection=connection)
        self._kept = rows, compiler, *compiler.as_sql()
        return self._kept


class _Compiled:
    """In place of the query of a queryset: it needs no more of it than who makes the SQL."""

    def __init__(self, compiler: Any) -> None:
        self._compiler = compiler

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> Any:
        return self._compiler
