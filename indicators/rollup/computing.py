"""Computing the totals of a period: all of them, or those above the organisations that were marked."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction

from indicators.models import NodeParts
from indicators.rollup.statement import Nodes, Rules, computed, settle_down, sql

EVERYTHING_FROM = 8000
"""Organisations to be read again from which on reading all of a country takes less than looking each of them up."""


@transaction.atomic
def roll_up_period(*, period_id: int) -> int:
    """Compute every total of a period from its accepted facts; returns how many values changed.

    Idempotent: it depends on nothing but frozen tables, forms and facts. Two at once for one period take turns, and
    the second sees what the first could not.
    """
    take_turns(period_id)
    _take_marks(period_id)
    return _keep(period_id, all_nodes(period_id))


@transaction.atomic
def fold_marks(*, period_id: int) -> int:
    """Compute what the marks of a period ask for, and nothing else; returns how many values changed."""
    take_turns(period_id)
    # Marks first, facts in a later statement: what a mark that is taken tells of is seen then. A change that is
    # committed in between leaves its mark to the next fold. Roll-ups take turns, so nobody else takes the same marks.
    marked = _take_marks(period_id)
    if None in marked or not NodeParts.objects.filter(period=period_id).exists():
        return _keep(period_id, all_nodes(period_id))
    if not marked:
        return 0
    nodes = _nodes_above(period_id, [pk for pk in marked if pk is not None])
    return _keep(period_id, all_nodes(period_id) if len(nodes.organisations or ()) > EVERYTHING_FROM else nodes)


def take_turns(period_id: int) -> None:
    """The lock is a statement of its own: the next one then sees everything committed before the lock was got."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('indicators.roll_up', %s))", [period_id])


def _take_marks(period_id: int) -> set[int | None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_rollupmark WHERE period_id = %s RETURNING organisation_id", [period_id])
        return {organisation for (organisation,) in cursor.fetchall()}


def all_nodes(period_id: int) -> Nodes:
    """Every node of a period that organisations which report are below of, as far as a project reaches."""
    with connection.cursor() as cursor:
        cursor.execute(sql("nodes").replace("/* marked */", ""), {"period": period_id})
        return Nodes(dict(cursor.fetchall()))


def _nodes_above(period_id: int, organisations: Collection[int]) -> Nodes:
    """The nodes above these organisations, with everybody who hangs on them."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql("nodes").replace("/* marked */", "AND organisation_id = ANY (%(marked)s)"),
            {"period": period_id, "marked": list(organisations)},
        )
        depths = dict(cursor.fetchall())
        cursor.execute(
            "SELECT organisation_id FROM indicators_periodorganisation"
            " WHERE period_id = %s AND parent_id = ANY (%s) AND roster_group_id IS NOT NULL",
            [period_id, list(depths)],
        )
        return Nodes(depths, [organisation for (organisation,) in cursor.fetchall()])


def _keep(period_id: int, nodes: Nodes) -> int:
    rules = Rules.of(period_id)
    if not rules.formulas or not nodes.depths:
        return 0
    with connection.cursor() as cursor:
        settle_down(cursor, nodes)
        cursor.execute(*computed(rules, nodes, then="keep"))
        return int(cursor.fetchone()[0])
