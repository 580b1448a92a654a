"""A job is written with the write that needs it, done once, and how it ended can be seen."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from kombu import pools
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from jobs import handlers
from jobs.execution import claim, run_job
from jobs.models import Job, JobState
from jobs.services import enqueue, run_queued
from tests.jobs.conftest import Notes


@pytest.fixture
def broker_is_down() -> Iterator[None]:
    """The broker is a Redis at whose address nobody answers."""
    address, options = current_app.conf.broker_url, current_app.conf.broker_transport_options
    _use_broker("redis://127.0.0.1:1/0", {"max_retries": 0, "socket_connect_timeout": 1})
    yield
    _use_broker(address, options)


def _use_broker(address: str, options: dict[str, Any]) -> None:
    current_app.conf.update(broker_url=address, broker_write_url=address, broker_transport_options=options)
    pools.reset()
    vars(current_app.amqp)["_producer_pool"] = None


@pytest.mark.django_db
def test_a_job_is_done_and_shows_its_result(notes: Notes) -> None:
    job = enqueue(handler="sample.note", arguments=notes.arguments, title="Пример")

    assert run_queued() == 1

    job.refresh_from_db()
    assert (job.state, job.percent, job.url, job.attempts) == (JobState.DONE, 100, "/", 1)
    assert job.started_at
    assert job.finished_at
    assert job.created_at <= job.started_at <= job.finished_at
    assert notes.count == 1


@pytest.mark.django_db
def test_a_done_job_is_not_done_again(notes: Notes) -> None:
    job = enqueue(handler="sample.note", arguments=notes.arguments)

    assert [run_job(job.pk) for _ in range(3)] == [True, False, False]
    assert notes.count == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_write_leaves_no_job(notes: Notes) -> None:
    with transaction.atomic():
        enqueue(handler="sample.note", arguments=notes.arguments)
        transaction.set_rollback(True)

    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker_is_down")
def test_a_broker_that_is_down_breaks_no_request(notes: Notes, caplog: pytest.LogCaptureFixture) -> None:
    started = time.monotonic()
    with transaction.atomic():
        job = enqueue(handler="sample.note", arguments=notes.arguments)

    assert time.monotonic() - started < 3
    assert "the sweep will find it" in caplog.text
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.django_db
def test_the_message_is_sent_after_the_commit_only(
    notes: Notes, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        enqueue(handler="sample.note", arguments=notes.arguments)

    assert len(callbacks) == 1


@pytest.mark.django_db
def test_an_error_is_tried_again_and_then_told_in_plain_words(notes: Notes, settings: Settings) -> None:
    settings.JOBS_ATTEMPTS, settings.JOBS_RETRY_SECONDS = 3, 0
    job = enqueue(handler="sample.raise", arguments=notes.arguments)

    run_queued()

    job.refresh_from_db()
    assert (job.state, job.attempts, notes.count) == (JobState.FAILED, 3, 3)
    assert job.error.startswith("Задание не удалось выполнить")
    assert job.detail == "ArithmeticError: two and two are five"


@pytest.mark.django_db
def test_between_attempts_there_is_a_pause(notes: Notes, settings: Settings) -> None:
    settings.JOBS_RETRY_SECONDS = 60
    job = enqueue(handler="sample.raise", arguments=notes.arguments)

    assert run_queued() == 1
    assert run_queued() == 0

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)


@pytest.mark.django_db
def test_a_refusal_is_final_and_says_why(notes: Notes) -> None:
    job = enqueue(handler="sample.refuse", arguments=notes.arguments)

    run_queued()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert job.error == "Файл повреждён: его не удалось прочитать."


@pytest.mark.django_db
def test_a_job_nobody_can_do_fails(settings: Settings) -> None:
    settings.JOBS_RETRY_SECONDS = 0
    job = enqueue(handler="sample.unknown", arguments={})

    run_queued()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "sample.unknown" in job.detail


@pytest.mark.django_db
def test_somebody_is_told_of_a_dead_job(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def broken_hook(job: Job) -> None:
        raise RuntimeError("the hook is broken")

    def hook(job: Job) -> None:
        told.append(job.error)

    monkeypatch.setattr(handlers, "_dead_hooks", [])
    handlers.on_dead(broken_hook)
    handlers.on_dead(hook)
    job = enqueue(handler="sample.refuse", arguments=notes.arguments)

    run_queued()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert told == ["Файл повреждён: его не удалось прочитать."]


@pytest.mark.django_db
def test_jobs_of_one_key_that_wait_are_one(notes: Notes) -> None:
    first = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1")
    again = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1")
    other = enqueue(handler="sample.note", arguments=notes.arguments, key="период 2")

    assert again.pk == first.pk != other.pk
    assert run_queued() == 2


@pytest.mark.django_db
def test_a_job_that_has_started_is_not_joined(notes: Notes) -> None:
    first = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1")
    assert claim(first.pk)

    assert enqueue(handler="sample.note", arguments=notes.arguments, key="период 1").pk != first.pk


@pytest.mark.django_db
def test_two_jobs_of_one_key_never_run_at_once(notes: Notes) -> None:
    first = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1")
    running = claim(first.pk)
    assert running
    second = enqueue(handler="sample.note", arguments=notes.arguments, key="период 1")

    assert not run_job(second.pk)
    Job.objects.filter(pk=first.pk).update(state=JobState.DONE, lease_until=None)
    assert run_job(second.pk)


@pytest.mark.django_db
def test_whoever_was_overtaken_can_neither_report_nor_finish(notes: Notes, settings: Settings) -> None:
    job = enqueue(handler="sample.overtaken", arguments=notes.arguments)
    settings.JOBS_LEASE_SECONDS = 0
    outcome: list[str] = []

    def overtaken(arguments: dict[str, Any], progress: handlers.Progress) -> None:
        assert claim(job.pk), "its lease has run out"
        try:
            progress(10, "Поздно")
        except handlers.Overtaken:
            outcome.append("stopped")
            raise

    handlers._handlers["sample.overtaken"] = overtaken
    try:
        run_job(job.pk)
    finally:
        del handlers._handlers["sample.overtaken"]

    job.refresh_from_db()
    assert outcome == ["stopped"]
    assert (job.state, job.attempts, job.step) == (JobState.RUNNING, 2, "")
