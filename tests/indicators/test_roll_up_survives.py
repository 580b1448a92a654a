"""A worker that dies between acceptance and roll-up costs time and no figure."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from indicators import tasks
from indicators.models import Indicator, ReportingPeriod, RollUpMark, Submission
from indicators.rollup import fold_marks, roll_up_period
from jobs.models import Job
from jobs.services import run_queued
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, hand_in, total
from tests.two_connections import in_a_thread
from tests.worker import running_worker, wait_until

QUICK = {"JOBS_LEASE_SECONDS": "1", "JOBS_SWEEP_SECONDS": "1", "JOBS_RETRY_SECONDS": "0"}


@pytest.fixture
def marked(period: ReportingPeriod, region: Region, cast: Cast) -> Job:
    """A form was accepted, and its roll-up has not begun."""
    run_queued()
    accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)
    return Job.objects.get(handler="indicators.roll_up", state="queued")


def test_the_mark_is_a_row_of_the_same_transaction(
    marked: Job, indicator: Indicator, period: ReportingPeriod, region: Region
) -> None:
    assert (marked.arguments, marked.key) == ({"period_id": period.pk}, f"period:{period.pk}")
    assert total(indicator, period, region.root).value is None

    run_queued()
    assert total(indicator, period, region.root).value == 25


def test_a_roll_up_whose_worker_was_killed_is_done_by_the_next_sweep(
    marked: Job, indicator: Indicator, period: ReportingPeriod, region: Region
) -> None:
    past = timezone.now() - dt.timedelta(minutes=5)
    Job.objects.filter(pk=marked.pk).update(state="running", attempts=1, started_at=past, lease_until=past)

    run_queued()

    assert total(indicator, period, region.root).value == 25
    marked.refresh_from_db()
    assert marked.state == "done"


def test_marks_of_a_roll_up_that_was_given_up_are_asked_for_again(
    marked: Job, indicator: Indicator, period: ReportingPeriod, region: Region
) -> None:
    past = timezone.now() - dt.timedelta(minutes=5)
    Job.objects.filter(pk=marked.pk).update(state="running", attempts=3, started_at=past, lease_until=past)
    run_queued()
    marked.refresh_from_db()
    assert (marked.state, total(indicator, period, region.root).value) == ("failed", None)

    tasks.fold_what_waits()
    assert run_queued() == 0, "a mark of this moment has its job"
    RollUpMark.objects.update(made_at=past)
    tasks.fold_what_waits()
    tasks.fold_what_waits()

    assert run_queued() == 2, "the roll-up, and the state of the project that follows from it"
    assert total(indicator, period, region.root).value == 25


def test_a_roll_up_of_a_period_that_is_gone_is_simply_done(marked: Job) -> None:
    Job.objects.filter(pk=marked.pk).update(arguments={"period_id": 0})

    run_queued()

    marked.refresh_from_db()
    assert marked.state == "done"


@contextmanager
def _roll_ups_held_up(period: ReportingPeriod) -> Iterator[None]:
    """Every roll-up of the period stops at its lock, as behind another one that takes its time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('indicators.roll_up', %s))", [period.pk])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('indicators.roll_up', %s))", [period.pk])


def _somebody_waits_for_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def handed_in(period: ReportingPeriod, region: Region, cast: Cast) -> list[Submission]:
    """The forms of the town's three schools; nothing waits for a worker."""
    forms = [
        hand_in(period, school, reporter, roads="4", safe=safe)
        for school, reporter, safe in zip(region.schools, cast.reporters, "123", strict=True)
    ]
    run_queued()
    return forms


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_roll_up_is_followed_by_another(
    handed_in: list[Submission],
    indicator: Indicator,
    period: ReportingPeriod,
    region: Region,
    cast: Cast,
    tmp_path: Path,
) -> None:
    with running_worker(tmp_path, **QUICK) as worker:
        with _roll_ups_held_up(period):
            accept(handed_in[0], cast.office)
            wait_until(_somebody_waits_for_the_lock, seconds=60, what="the worker begins the roll-up")
            worker.kill()
        job = Job.objects.get(handler="indicators.roll_up", state="running")
        assert total(indicator, period, region.root).accepted == 0

    def done() -> bool:
        job.refresh_from_db()
        return job.is_finished

    with running_worker(tmp_path, **QUICK):
        wait_until(done, seconds=60, what="another worker rolls up")

    value = total(indicator, period, region.root)
    assert (job.state, job.attempts, value.value, value.accepted) == ("done", 2, Decimal(25), 1)


@pytest.mark.django_db(transaction=True)
def test_a_figure_accepted_while_a_roll_up_runs_makes_another_one_run(
    handed_in: list[Submission],
    indicator: Indicator,
    period: ReportingPeriod,
    region: Region,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed, finish = threading.Event(), threading.Event()

    def slow(*, period_id: int) -> int:
        changed = fold_marks(period_id=period_id)
        computed.set()
        assert finish.wait(20)
        return changed

    accept(handed_in[0], cast.office)
    monkeypatch.setattr(tasks, "fold_marks", slow)
    worker = in_a_thread(run_queued)
    assert computed.wait(20)
    # The statement has read what there was; the job is not done yet.
    accept(handed_in[1], cast.office)
    accept(handed_in[2], cast.office)

    jobs = Job.objects.filter(handler="indicators.roll_up", key=f"period:{period.pk}")
    assert sorted(jobs.exclude(state="done").values_list("state", flat=True)) == ["queued", "running"]
    assert run_queued() == 0, "two roll-ups of one period would run at once"
    finish.set()
    worker.join(20)
    run_queued()

    value = total(indicator, period, region.root)
    assert (value.value, value.accepted) == (Decimal(50), 3)
    assert not jobs.exclude(state="done").exists()


@pytest.mark.django_db(transaction=True)
def test_whatever_is_accepted_while_workers_run_is_in_the_total_when_they_are_done(
    handed_in: list[Submission], indicator: Indicator, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    over = threading.Event()
    failures: list[BaseException] = []

    def guarded(work: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - handed to the test
                failures.append(error)

        return run

    def work_on() -> None:
        while not over.is_set():
            run_queued()

    workers = [in_a_thread(guarded(work_on)) for _ in range(2)]
    reviewers = [in_a_thread(guarded(partial(accept, form, cast.office))) for form in handed_in]
    for thread in reviewers:
        thread.join(20)
    over.set()
    for thread in workers:
        thread.join(20)
    run_queued()

    assert failures == []
    assert not Job.objects.exclude(state="done").exists()
    assert total(indicator, period, region.root).operands == {"roads": "12", "safe": "6"}
    assert roll_up_period(period_id=period.pk) == 0
