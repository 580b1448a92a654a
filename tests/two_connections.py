"""Writes at the same moment, each in a connection of its own, and the same without the row locks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, models, transaction

from indicators.services import gate
from organisations.prepared import Prepared

Write = Callable[[], object]


def at_once(first: Write, second: Write) -> list[BaseException | None]:
    """Run both in connections of their own, the second while the first has written and not committed yet."""
    written, finish = threading.Event(), threading.Event()
    outcomes: list[BaseException | None] = [None, None]

    def run(place: int, write: Write) -> None:
        try:
            with transaction.atomic():
                write()
                if place == 0:
                    written.set()
                    assert finish.wait(10)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            outcomes[place] = error
        finally:
            written.set()

    threads = [in_a_thread(lambda: run(0, first))]
    assert written.wait(10)
    threads.append(in_a_thread(lambda: run(1, second)))
    wait_until_blocked(threads[1])
    finish.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    return outcomes


def together(*writes: Write, refusals: tuple[type[Exception], ...] = ()) -> list[Any]:
    """Begin all at the same moment. What each answered, in their order; a refusal that is named here is an answer."""
    start = threading.Barrier(len(writes))

    def run(write: Write) -> Any:
        try:
            start.wait(30)
            return write()
        except refusals as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(writes)) as pool:
        return list(pool.map(run, writes))


def in_a_thread(write: Write) -> threading.Thread:
    """Begin the write in a connection of its own."""

    def run() -> None:
        try:
            write()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until_blocked(thread: threading.Thread) -> None:
    end = time.monotonic() + 10
    while thread.is_alive() and time.monotonic() < end:
        with connection.cursor() as cursor:
            # Inside a transaction the first look would be the only one.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)


@contextmanager
def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
        patched.setattr(gate, "LOCKED", Prepared(gate.LOCKED.build))
        yield
