"""A statement made once brings what the queryset brings, for each value, in each thread's own connection."""

from __future__ import annotations

import threading
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.models import Organisation
from organisations.prepared import Prepared

BY_ID = Prepared(lambda pk: Organisation.objects.select_related("parent").filter(pk=pk))
NAMES = Prepared(
    lambda parent, ids: (
        Organisation.objects.filter(parent=parent, pk__in=ids.each)
        .order_by("sort_key")
        .values_list("short_name", flat=True)
    )
)


def test_brings_the_row_of_each_value_with_what_stands_beside_it(region: Any) -> None:
    for organisation in Organisation.objects.all():
        with CaptureQueriesContext(connection) as asked:
            found = BY_ID.first(organisation.pk)
            assert found == organisation
            assert found.parent == organisation.parent
        assert len(asked) == 1 + (organisation.parent is not None)


def test_finds_nothing_where_there_is_nothing(region: Any) -> None:
    assert BY_ID.first(0) is None
    for pk in (2**63, 10**30, -(10**30)):
        assert BY_ID.first(pk) is None
    assert BY_ID.all(0) == []


def test_takes_lists_of_any_length(region: Any) -> None:
    root = Organisation.objects.get(parent=None)
    below = Organisation.objects.filter(parent=root)
    ids = sorted(below.values_list("pk", flat=True))
    for some in (ids, ids[:1], []):
        expected = below.filter(pk__in=some).order_by("sort_key").values_list("short_name", flat=True)
        assert NAMES.all(root.pk, some) == list(expected)


def test_asks_for_each_of_a_list_as_an_index_finds_them(region: Any) -> None:
    by_ids = Prepared(lambda ids: Organisation.objects.filter(pk__in=ids.each).order_by())
    ids = [region.town.pk, region.root.pk]
    assert set(by_ids.all(ids)) == {region.town, region.root}
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name = %s", [by_ids.name])
        (statement,) = cursor.fetchone()
    assert "= ANY ($1::bigint[])" in statement
    assert "unnest" not in statement


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection() -> None:
    made = Organisation.objects.create(kind="region", name="Область", short_name="Область", path="1.", depth=0)
    seen: list[object] = []

    def ask() -> None:
        seen.append(BY_ID.first(made.pk))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [made] * 4


@pytest.mark.django_db(transaction=True)
def test_is_prepared_anew_where_the_connection_was_lost() -> None:
    made = Organisation.objects.create(kind="region", name="Область", short_name="Область", path="1.", depth=0)
    assert BY_ID.first(made.pk) == made
    session = connection.connection.info.backend_pid
    connection.close()
    assert BY_ID.first(made.pk) == made
    assert connection.connection.info.backend_pid != session


@pytest.mark.django_db(transaction=True)
def test_is_prepared_anew_where_the_database_ended_the_session() -> None:
    """The database was restarted between two requests: Django looks whether the connection still answers."""
    made = Organisation.objects.create(kind="region", name="Область", short_name="Область", path="1.", depth=0)
    assert BY_ID.first(made.pk) == made
    with psycopg2.connect(connection.connection.dsn) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    connection.health_check_enabled = True  # type: ignore[attr-defined]
    connection.health_check_done = False  # type: ignore[attr-defined]
    assert BY_ID.first(made.pk) == made


def test_is_planned_once_in_a_connection(region: Any) -> None:
    root = Organisation.objects.get(parent=None)
    for _ in range(3):
        BY_ID.first(root.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE name = %s", [BY_ID.name])
        (times,) = cursor.fetchone()
    assert times >= 3
