"""Taking a job, doing it, and writing down how it ended."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from jobs import handlers
from jobs.messages import announce
from jobs.models import Job, JobState
from jobs.querysets import JobQuerySet

logger = logging.getLogger(__name__)

DIED = "Задание прерывалось несколько раз подряд и остановлено. Повторите его позже или обратитесь к администратору."
FAILED = "Задание не удалось выполнить из-за ошибки портала. Повторите его позже или обратитесь к администратору."
DETAIL_CHARACTERS = 2000


def run_job(job_id: int) -> bool:
    """Claim the job and do it; False when there is nothing to do (done, not due, or another worker has it)."""
    job = claim(job_id)
    if job is None:
        return False
    try:
        with _heartbeat(job):
            result = handlers.find(job.handler)(job.arguments, _Report(job))
        _settle(job, state=JobState.DONE, percent=100, step="", result=result)
    except handlers.Overtaken:
        logger.warning("Job %s (%s) was overtaken in attempt %s.", job.pk, job.handler, job.attempts)
    except handlers.Refused as refusal:
        _settle(job, state=JobState.FAILED, error=str(refusal))
    except Exception as error:
        logger.exception("Job %s (%s) failed in attempt %s.", job.pk, job.handler, job.attempts)
        _try_again_or_fail(job, detail=f"{type(error).__name__}: {error}"[:DETAIL_CHARACTERS])
    if job.key:
        _announce_next_of_key(job)
    return True


def run_due() -> int:
    """Run every due job in this process until none is left to try; returns how many ran."""
    ran = 0
    tried: set[tuple[int, int]] = set()
    while True:
        due = Job.objects.due().order_by("due_at", "pk").values_list("pk", "attempts")
        attempt = next((row for row in due if row not in tried), None)
        if attempt is None:
            return ran
        tried.add(attempt)
        ran += run_job(attempt[0])


def claim(job_id: int) -> Job | None:
    """Take the job in a short transaction of its own; one whose attempts are used up is buried instead.

    The attempt is counted here, not at the end: a job that kills its process would otherwise be tried for ever.
    """
    try:
        with transaction.atomic():
            job = Job.objects.due().select_for_update(skip_locked=True).filter(pk=job_id).first()
            if job is None:
                return None
            if job.attempts >= settings.JOBS_ATTEMPTS:
                _bury(job)
                return None
            Job.objects.filter(pk=job.pk).update(
                state=JobState.RUNNING,
                attempts=F("attempts") + 1,
                lease_until=_in_seconds(settings.JOBS_LEASE_SECONDS),
                started_at=Now(),
                percent=0,
                step="",
            )
    except IntegrityError:
        # A job of the same key is running; when it ends it calls for this one.
        return None
    job.refresh_from_db()
    return job


def _mine(job: Job) -> JobQuerySet:
    """The row as long as nobody has claimed it since `job` was read: every claim changes `attempts`."""
    return Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)


def _in_seconds(seconds: float) -> Combinable:
    return Now() + timedelta(seconds=seconds)


class _Report:
    """The handler's `progress`: writes the step at once, and stops a handler that was overtaken."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, percent: int, step: str) -> None:
        written = _mine(self.job).update(
            percent=max(0, min(100, percent)), step=step[:300], lease_until=_in_seconds(settings.JOBS_LEASE_SECONDS)
        )
        if not written:
            raise handlers.Overtaken


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the lease from a thread while the handler works, however long a single step of it takes."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(settings.JOBS_LEASE_SECONDS / 3):
            try:
                with transaction.atomic():
                    # A row locked by the handler's own transaction needs no renewal: nobody can claim it.
                    if _mine(job).select_for_update(skip_locked=True).first():
                        _mine(job).update(lease_until=_in_seconds(settings.JOBS_LEASE_SECONDS))
            except Exception:
                logger.exception("The lease of job %s could not be renewed.", job.pk)
            finally:
                connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _try_again_or_fail(job: Job, *, detail: str) -> None:
    if job.attempts >= settings.JOBS_ATTEMPTS:
        _settle(job, state=JobState.FAILED, error=FAILED, detail=detail)
    else:
        pause = settings.JOBS_RETRY_SECONDS * job.attempts
        _settle(job, state=JobState.QUEUED, detail=detail, due_at=_in_seconds(pause), step="Ждёт повторной попытки")


def _bury(job: Job) -> None:
    logger.error("Job %s (%s) ended with its process %s times; given up.", job.pk, job.handler, job.attempts)
    _settle(job, state=JobState.FAILED, error=DIED)


def _settle(job: Job, **fields: Any) -> None:
    """Write how the attempt ended, unless the job was overtaken. The hooks on a death share the transaction."""
    finished = fields["state"] != JobState.QUEUED
    with transaction.atomic():
        written = _mine(job).update(**fields, lease_until=None, finished_at=Now() if finished else None)
        if not written:
            logger.warning("Job %s (%s) was overtaken in attempt %s.", job.pk, job.handler, job.attempts)
        elif fields["state"] == JobState.FAILED:
            job.refresh_from_db()
            _tell_of_death(job)


def _tell_of_death(job: Job) -> None:
    for hook in handlers.dead_hooks():
        try:
            with transaction.atomic():
                hook(job)
        except Exception:
            # The job must end even if nobody can be told, or it would be buried again and again.
            logger.exception("A hook failed on the death of job %s.", job.pk)


def _announce_next_of_key(job: Job) -> None:
    waiting = Job.objects.due().filter(handler=job.handler, key=job.key)
    for job_id in waiting.values_list("pk", flat=True):
        announce(job_id)
