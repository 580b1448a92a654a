"""What a real worker process leaves behind when it dies, and who picks it up."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.models import Job, JobState
from jobs.services import enqueue
from tests.jobs.conftest import Notes
from tests.worker import running_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = {"JOBS_LEASE_SECONDS": "1", "JOBS_SWEEP_SECONDS": "1", "JOBS_RETRY_SECONDS": "0"}


def ends_as(job: Job, state: JobState) -> Callable[[], bool]:
    def ended() -> bool:
        job.refresh_from_db()
        return job.state == state

    return ended


def test_jobs_reach_the_worker_by_message_and_by_sweep(
    unannounced: Callable[[str], Job], notes: Notes, tmp_path: Path
) -> None:
    lost = unannounced("sample.note")
    # The sweep of this worker never beats: only the one at its start can find the lost job.
    with running_worker(tmp_path, JOBS_SWEEP_SECONDS="3600"):
        wait_until(ends_as(lost, JobState.DONE), seconds=60, what="the lost job is found at the start")
        told = enqueue(handler="sample.note", arguments=notes.arguments)
        wait_until(ends_as(told, JobState.DONE), seconds=60, what="the message arrives")
    assert notes.count == 2


def test_a_killed_workers_job_is_done_by_the_next(notes: Notes, tmp_path: Path) -> None:
    with running_worker(tmp_path, **QUICK) as worker:
        job = enqueue(handler="sample.wait", arguments=notes.arguments)
        wait_until(lambda: notes.count == 1, seconds=60, what="the job starts")
        worker.kill()

    job.refresh_from_db()
    assert (job.state, job.percent) == (JobState.RUNNING, 40)

    notes.release()
    with running_worker(tmp_path, **QUICK):
        wait_until(ends_as(job, JobState.DONE), seconds=60, what="another worker does the job")
    assert (job.attempts, notes.count) == (2, 2)


def test_a_job_that_kills_its_process_is_given_up(
    unannounced: Callable[[str], Job], notes: Notes, tmp_path: Path
) -> None:
    with running_worker(tmp_path, **QUICK, JOBS_ATTEMPTS="2") as worker:
        job = enqueue(handler="sample.die", arguments=notes.arguments)
        wait_until(ends_as(job, JobState.FAILED), seconds=60, what="the job is given up")
        assert worker.is_alive()
        # The worker is unharmed, and the next job is done.
        healthy = unannounced("sample.note")
        wait_until(ends_as(healthy, JobState.DONE), seconds=60, what="the next job is done")

    assert (job.attempts, notes.count) == (2, 3)
    assert job.error.startswith("Задание прерывалось несколько раз подряд")


def test_a_worker_that_is_told_to_stop_finishes_what_it_does(notes: Notes, tmp_path: Path) -> None:
    with running_worker(tmp_path, **QUICK) as worker:
        job = enqueue(handler="sample.wait", arguments=notes.arguments)
        wait_until(lambda: notes.count == 1, seconds=60, what="the job starts")
        worker.process.terminate()
        notes.release()
        worker.stop()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)
