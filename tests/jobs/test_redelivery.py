"""A message that comes several times, to several workers at once, runs its job once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from jobs import execution, services
from jobs.execution import run_job
from jobs.models import Job, JobState
from jobs.querysets import JobQuerySet
from jobs.services import enqueue
from tests.jobs.conftest import Notes
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

DELIVERIES = 3


def deliver_at_once(job: Job) -> int:
    """How many of the parallel deliveries did the job."""

    def deliver(_: int) -> bool:
        try:
            return run_job(job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(DELIVERIES) as pool:
        return sum(pool.map(deliver, range(DELIVERIES)))


@pytest.fixture
def everyone_reads_before_anyone_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold each claim between its reading and its writing until all have read, or three seconds have passed."""
    meeting = threading.Barrier(DELIVERIES)
    in_seconds = execution._in_seconds

    def wait_for_the_others(seconds: float) -> Any:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=3)
        return in_seconds(seconds)

    monkeypatch.setattr(execution, "_in_seconds", wait_for_the_others)


@pytest.mark.usefixtures("everyone_reads_before_anyone_writes")
def test_parallel_deliveries_run_the_job_once(unannounced: Callable[[str], Job], notes: Notes) -> None:
    job = unannounced("sample.note")

    assert deliver_at_once(job) == 1

    job.refresh_from_db()
    assert (job.state, job.attempts, notes.count) == (JobState.DONE, 1, 1)


@pytest.mark.usefixtures("everyone_reads_before_anyone_writes")
def test_negative_control_without_the_lock_it_would_run_more_than_once(
    unannounced: Callable[[str], Job], notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JobQuerySet, "select_for_update", lambda self, **_: self)
    job = unannounced("sample.note")

    assert deliver_at_once(job) > 1
    assert notes.count > 1


def test_a_job_is_not_started_before_those_who_joined_it_have_committed(notes: Notes) -> None:
    first = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1")
    joined, may_commit = threading.Event(), threading.Event()

    def join() -> None:
        try:
            with transaction.atomic():
                assert enqueue(handler="sample.note", arguments=notes.arguments, key="период 1").pk == first.pk
                joined.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        joiner = pool.submit(join)
        assert joined.wait(10)
        assert not run_job(first.pk)
        may_commit.set()
        joiner.result()

    assert run_job(first.pk)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whoever is announced is run by a worker that was idle; what became of each of its messages."""
    came: list[bool] = []

    def deliver(job_id: int, *, after: float = 0) -> None:
        if not after:
            came.append(run_job(job_id))

    monkeypatch.setattr(services, "announce", deliver)
    return came


def join_while_the_worker_comes(job: Job, notes: Notes) -> None:
    """Hold a waiting job as its worker comes, and let it go."""
    with transaction.atomic():
        assert enqueue(handler="sample.note", arguments=notes.arguments, key="период 1").pk == job.pk
        wait_until(lambda: Job.objects.due().filter(pk=job.pk).exists(), seconds=10, what="the job is due")
        with ThreadPoolExecutor(1) as pool:
            assert not pool.submit(_run_elsewhere, job).result()


def _run_elsewhere(job: Job) -> bool:
    try:
        return run_job(job.pk)
    finally:
        connection.close()


def test_whoever_held_a_job_when_its_worker_came_announces_it_again(notes: Notes, woken: list[bool]) -> None:
    job = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1", after=0.2)

    join_while_the_worker_comes(job, notes)

    assert woken == [True]
    job.refresh_from_db()
    assert (job.state, notes.count) == (JobState.DONE, 1)


def test_without_that_the_job_would_wait_for_the_sweep(
    notes: Notes, woken: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_announce_if_due", lambda _: None)
    job = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1", after=0.2)

    join_while_the_worker_comes(job, notes)

    job.refresh_from_db()
    assert (woken, job.state, notes.count) == ([], JobState.QUEUED, 0)


def test_whoever_joins_a_job_before_it_is_due_leaves_its_message_alone(notes: Notes, woken: list[bool]) -> None:
    enqueue(handler="sample.note", arguments=notes.arguments, key="период 1", after=60)

    enqueue(handler="sample.note", arguments=notes.arguments, key="период 1", after=60)

    assert woken == []


def test_progress_is_seen_by_others_while_the_job_runs(unannounced: Callable[[str], Job], notes: Notes) -> None:
    job = unannounced("sample.wait")

    def run() -> None:
        try:
            run_job(job.pk)
        finally:
            connection.close()

    def half_way() -> bool:
        job.refresh_from_db()
        return (job.state, job.percent, job.step) == (JobState.RUNNING, 40, "Ждём разрешения")

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        try:
            wait_until(half_way, seconds=60, what="the step is visible")
        finally:
            notes.release()
        running.result()

    job.refresh_from_db()
    assert (job.state, job.percent) == (JobState.DONE, 100)


def test_a_long_step_keeps_its_lease(unannounced: Callable[[str], Job], notes: Notes, settings: Any) -> None:
    settings.JOBS_LEASE_SECONDS = 1
    job = unannounced("sample.wait")

    def run() -> None:
        try:
            run_job(job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        try:
            wait_until(lambda: notes.count == 1, seconds=60, what="the job starts")
            threading.Event().wait(1.5)
            assert not run_job(job.pk), "the lease is being renewed, nobody else may take the job"
        finally:
            notes.release()
        running.result()

    assert notes.count == 1
