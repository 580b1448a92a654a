"""Statements that every page asks, made once in a process and planned once in a connection.

To make the SQL of a queryset takes Django two thirds of the time that a short statement costs: 0.7 of 1.0 ms for a form
with its period and organisation. The pages of a form ask for fifteen such statements each, so theirs are kept. And to
read and plan it takes the database as long again as to run it, so it is asked to keep it too (``PREPARE``). That is a
matter of one session of the database: a pooler that gives each transaction another one must not stand between.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from itertools import count
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import Expression, QuerySet
from pghistory import runtime
from psycopg2.extensions import AsIs

_Row = TypeVar("_Row")
_LIST, _ARRAY = "IN (SELECT unnest(%s::bigint[]))", "= ANY (%s::bigint[])"
"""A list as Django writes it, and as PostgreSQL finds it in an index: a subselect it joins, guessing its length."""
_IDS = 2**63
_numbers = count(1)
_prepared_on: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
# What is prepared here reads, and needs not be told who asks, which is put before every other statement of a POST.
runtime.IGNORED_SQL_PREFIXES += ("execute vekha_",)  # type: ignore[assignment]  # a tuple of any length


class Given(Expression):
    """Where the value of a later call stands: ``field=given``, or ``field__in=given.each`` for a list of ids."""

    def __init__(self, place: int, sql: str = "%s") -> None:
        super().__init__()
        self.place, self.sql = place, sql

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ARG002
        return self.sql, (self,)

    @property
    def each(self) -> Given:
        return Given(self.place, "SELECT unnest(%s::bigint[])")


class Prepared(Generic[_Row]):
    """A queryset of a fixed shape, ``build`` from :class:`Given` in place of its values.

    Values go to the database as they are: pass ids and not rows, and no None, which no comparison finds. A number that
    no column of ids can hold, typed into an address, finds nothing.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, _Row]]) -> None:
        self.build = build
        self.name = f"vekha_{next(_numbers)}"
        self._kept: tuple[Any, Any, str, tuple[Any, ...]] | None = None

    def all(self, *values: Any) -> list[_Row]:
        if any(isinstance(value, int) and not -_IDS <= value < _IDS for value in values):
            return []
        rows, compiler, sql, params = self._kept or self._compiled(len(values))
        self._prepare(sql, params)
        own = copy(compiler)
        own.connection = connection
        given = f"EXECUTE {self.name} ({', '.join(['%s'] * len(values))})" if values else f"EXECUTE {self.name}"
        own.as_sql = lambda *_args, **_kwargs: (given, values)
        found = type(rows)(model=rows.model, query=_Compiled(own))
        found._iterable_class = rows._iterable_class
        return list(found._iterable_class(found))

    def first(self, *values: Any) -> _Row | None:
        """The first row that the queryset brings; it says itself how many it asks for."""
        return next(iter(self.all(*values)), None)

    def _compiled(self, count: int) -> tuple[Any, Any, str, tuple[Any, ...]]:
        rows: Any = self.build(*map(Given, range(count)))
        compiler = rows.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        self._kept = rows, compiler, sql.replace(_LIST, _ARRAY), params
        return self._kept

    def _prepare(self, sql: str, params: tuple[Any, ...]) -> None:
        """Have this connection's session of the database keep the statement, once.

        Past Django's cursor: nobody asked for this statement, so no log and no count of them should know it.
        """
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        known = _prepared_on.setdefault(connection.connection, set())
        if self.name in known:
            return
        places = tuple(AsIs(f"${param.place + 1}") if isinstance(param, Given) else param for param in params)
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} AS {sql}", places)
        known.add(self.name)


class _Compiled:
    """In place of the query of a queryset: it needs no more of it than who makes the SQL."""

    def __init__(self, compiler: Any) -> None:
        self._compiler = compiler

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> Any:
        return self._compiler
