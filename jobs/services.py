"""Writing a job into the outbox and running what is due."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from jobs.execution import run_due
from jobs.messages import announce
from jobs.models import Job, JobState
from jobs.storage import store_file

__all__ = ["NotFailed", "enqueue", "run_queued", "store_file", "try_again"]


class NotFailed(Exception):
    """Only a job that was given up is begun anew."""


def enqueue(
    *,
    handler: str,
    arguments: dict[str, Any],
    title: str = "",
    owner_id: int | None = None,
    key: str = "",
    after: float = 0,
) -> Job:
    """Write a job in the caller's transaction; a worker hears of it after the commit.

    With a `key`, a job of the same handler and key that has not started yet is returned instead of a new one: it
    will see what the caller is about to commit, because no worker can take it before that. Its arguments, title and
    owner stay those of the first. It begins ``after`` so many seconds at the earliest, for all who ask meanwhile.
    Call it last in a transaction: until the commit others with that key may wait.
    """
    job = Job(handler=handler, arguments=arguments, title=title, owner_id=owner_id, key=key)
    if after:
        job.due_at = Now() + timedelta(seconds=after)
    with transaction.atomic(savepoint=False):
        if key and (joined := _joined(job)):
            transaction.on_commit(partial(_announce_if_due, joined), robust=True)
            return joined
        if key:
            job = _create_or_join(job)
        else:
            job.save(force_insert=True)
        transaction.on_commit(partial(announce, job.pk, after=after), robust=True)
    return job


def _announce_if_due(job: Job) -> None:
    """Whoever wrote the job announces it. But a worker that came when it was due, while somebody who joined held it,
    has passed it by: then the one who held it has to announce it again.
    """
    if timezone.now() >= job.due_at:
        announce(job.pk)


def _create_or_join(job: Job) -> Job:
    # The row that was met may start between the two statements, hence the loop.
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        if found := _joined(job):
            return found


def _joined(job: Job) -> Job | None:
    """The job of the same key that waits, held: until this transaction ends no worker starts it (its claim skips locked
    rows), yet any number of others join.
    """
    waiting = Job.objects.raw(
        "SELECT * FROM jobs_job WHERE handler = %s AND key = %s AND state = 'queued' AND attempts = 0 FOR SHARE",
        [job.handler, job.key],
    )
    return next(iter(waiting), None)


def run_queued() -> int:
    """Run every job that is due in this process, those included that these jobs add; returns how many ran."""
    return run_due()


@transaction.atomic
def try_again(*, job: Job) -> Job:
    """Begin a job that was given up anew, with all its attempts. Raises ``NotFailed`` where somebody did so before."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state != JobState.FAILED:
        raise NotFailed
    Job.objects.filter(pk=locked.pk).update(
        state=JobState.QUEUED, attempts=0, due_at=Now(), finished_at=None, error="", detail=""
    )
    transaction.on_commit(partial(announce, locked.pk), robust=True)
    return locked
