"""The same request sent twice is done once: the second is told what the first was.

The key is a row that the first request inserts in the transaction of its writes. A second waits at the unique index
until the first has committed, and then reads its answer. No lock outlives a crashed process: with its transaction the
key is gone, and the next try works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from psycopg2.errors import LockNotAvailable

from jobs.models import RememberedAnswer

WAIT_SECONDS = 10
KEPT_HOURS = 24


@dataclass(frozen=True)
class Answer:
    """``body`` is JSON. ``repeated``: it was answered before, and nothing was done now."""

    status: int
    body: Any
    repeated: bool = False


class KeyReused(Exception):
    """The key was used for another request."""


class StillRunning(Exception):
    """A request with this key has been at work for longer than :data:`WAIT_SECONDS`."""


def answer_once(*, owner_id: int, key: str, fingerprint: str, answer: Callable[[], Answer]) -> Answer:
    """Call ``answer`` in a transaction with the key, or return what it gave the first time.

    ``fingerprint`` (a SHA-256) tells whether it is the same request. What ``answer`` raises is raised on and remembered
    by nobody. Raises :class:`KeyReused` and :class:`StillRunning`.
    """
    with transaction.atomic():
        if not _claimed(owner_id, key, fingerprint):
            return _remembered(owner_id, key, fingerprint)
        given = answer()
        RememberedAnswer.objects.filter(owner=owner_id, key=key).update(status=given.status, body=given.body)
        return given


def _claimed(owner_id: int, key: str, fingerprint: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{int(WAIT_SECONDS * 1000)}ms'")
        try:
            cursor.execute(
                "INSERT INTO jobs_rememberedanswer (owner_id, key, fingerprint) VALUES (%s, %s, %s)"
                " ON CONFLICT (owner_id, key) DO NOTHING",
                [owner_id, key, fingerprint],
            )
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise StillRunning from error
            raise
        claimed = bool(cursor.rowcount)
        # The request itself may wait for its locks as long as any other.
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return claimed


def _remembered(owner_id: int, key: str, fingerprint: str) -> Answer:
    row = RememberedAnswer.objects.get(owner=owner_id, key=key)
    if row.fingerprint != fingerprint or row.status is None:
        raise KeyReused
    return Answer(row.status, row.body, repeated=True)


def forget_old_answers() -> int:
    """Drop what was remembered for long enough; returns how many."""
    return RememberedAnswer.objects.filter(created_at__lt=Now() - timedelta(hours=KEPT_HOURS)).delete()[0]
