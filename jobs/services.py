"""Writing a job into the outbox and running what is due."""

from functools import partial
from typing import Any

from django.db import transaction

from jobs.execution import run_due
from jobs.messages import announce
from jobs.models import Job
from jobs.storage import store_file

__all__ = ["enqueue", "run_queued", "store_file"]


def enqueue(
    *, handler: str, arguments: dict[str, Any], title: str = "", owner_id: int | None = None, key: str = ""
) -> Job:
    """Write a job in the caller's transaction; a worker hears of it after the commit.

    With a `key`, a job of the same handler and key that has not started yet is returned instead of a new one: it
    will see what the caller is about to commit, because no worker can take it before that. Its arguments, title and
    owner stay those of the first. Call it last in a transaction: until the commit others with that key may wait.
    """
    with transaction.atomic():
        job = Job(handler=handler, arguments=arguments, title=title, owner_id=owner_id, key=key)
        if key:
            job = _join_or_create(job)
        else:
            job.save(force_insert=True)
        transaction.on_commit(partial(announce, job.pk), robust=True)
    return job


def _join_or_create(job: Job) -> Job:
    # FOR SHARE keeps a worker from starting the job before this transaction commits (its claim skips locked rows),
    # yet lets any number of others join meanwhile. The row may start between the two statements, hence the loop.
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        waiting = Job.objects.raw(
            "SELECT * FROM jobs_job WHERE handler = %s AND key = %s AND state = 'queued' AND attempts = 0 FOR SHARE",
            [job.handler, job.key],
        )
        for found in waiting:
            return found


def run_queued() -> int:
    """Run every job that is due in this process, those included that these jobs add; returns how many ran."""
    return run_due()
