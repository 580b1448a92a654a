"""Time the roll-up against SQL written by hand (rollup_floor.sql): lines of JSON with medians.

``python bench/bench_rollup.py [organisations …]``, 1,000, 5,000 and 40,000 unless told otherwise, each with twenty base
indicators and twelve months. The floor only selects; the portal's side is the whole task: locks, statement, comparing
with what is kept and writing what changed. Both run in turns on the same scratch database, with the same settings.

One acceptance is timed where there are the most organisations: the statements of its roll-up, and the time until a real
worker has the figures of the country right.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE_NAME"] = os.environ.get("TEST_DATABASE_NAME", "bench_rollup")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from bench.rollup_region import build, totals_of  # noqa: E402
from indicators.models import NodeParts, ReportingPeriod, RolledUpValue, Submission  # noqa: E402
from indicators.rollup import fold_marks, roll_up_period  # noqa: E402
from indicators.rollup.statement import Rules  # noqa: E402
from indicators.services import submission_accept, submission_save_draft, submission_submit  # noqa: E402
from jobs.services import run_queued  # noqa: E402
from organisations.models import User  # noqa: E402
from organisations.roles import Role  # noqa: E402
from organisations.services import user_create  # noqa: E402
from tests.worker import running_worker  # noqa: E402

FLOOR = (ROOT / "bench" / "rollup_floor.sql").read_text(encoding="utf-8")
# What the portal sets for its own statement, so that the floor is not slower for want of memory.
SAME_SETTINGS = ("SET jit = off", "SET work_mem = '128MB'", "SET hash_mem_multiplier = 8")
KEPT = ("indicator_id", "organisation_id", "value", "expected", "submitted", "accepted")
RUNS_OF_ONE_PERIOD, RUNS_OF_ALL, ACCEPTANCES = 9, 3, 15


def main(sizes: list[int]) -> None:
    for size in sizes:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            for line in measure(size, with_acceptance=size == max(sizes)):
                print(json.dumps(line | {"organisations": size}), flush=True)
        finally:
            connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def measure(organisations: int, *, with_acceptance: bool) -> list[dict[str, Any]]:
    periods = build(organisations=organisations)
    from_nothing = _seconds(lambda: [roll_up_period(period_id=period.pk) for period in periods])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        for setting in SAME_SETTINGS:
            cursor.execute(setting)
    _agree(periods[-1])
    found = [
        _in_turns("rollup_one_period", periods[-1:], RUNS_OF_ONE_PERIOD),
        _in_turns("rollup_twelve_periods", periods, RUNS_OF_ALL) | {"from_nothing_s": round(from_nothing, 3)},
    ]
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL")
    return [*found, _one_acceptance(periods[-1])] if with_acceptance else found


def _agree(period: ReportingPeriod) -> None:
    kept = RolledUpValue.objects.filter(period=period).values_list(*KEPT)
    if totals_of(_floor(period)) != totals_of(list(kept)):
        raise SystemExit("The roll-up and its floor disagree.")


def _in_turns(name: str, periods: list[ReportingPeriod], runs: int) -> dict[str, Any]:
    ours, floor = [], []
    for _ in range(runs):
        floor.append(_seconds(lambda: [_floor(period) for period in periods]))
        ours.append(_seconds(lambda: [roll_up_period(period_id=period.pk) for period in periods]))
    return {
        "name": name,
        "ours_s": round(statistics.median(ours), 4),
        "floor_s": round(statistics.median(floor), 4),
        "ratio": round(statistics.median(ours) / statistics.median(floor), 3),
    }


def _floor(period: ReportingPeriod) -> list[tuple[Any, ...]]:
    given = Rules.of(period.pk).given
    weighted = given["weighted"]
    with connection.cursor() as cursor:
        cursor.execute(
            FLOOR,
            {
                "period": period.pk,
                "year": given["year_so_far"],
                "latest": [base for base in given["latest"] if base not in weighted],
                "folded": given["over_periods"],
                "flow": given["flows"][0],
            },
        )
        return list(cursor.fetchall())


def _one_acceptance(period: ReportingPeriod) -> dict[str, Any]:
    """The statements of a roll-up after one acceptance, and the seconds until a worker has done it."""
    office = User.objects.get(login="office")
    waiting = list(Submission.objects.filter(period=period, state="draft").order_by("pk")[: 2 * ACCEPTANCES + 1])
    for form in waiting:
        _hand_in(form)
    run_queued()
    _accept(waiting.pop(), office)
    run_queued()
    milliseconds = []
    for form in waiting[:ACCEPTANCES]:
        _accept(form, office)
        milliseconds.append(_statements_of(lambda: fold_marks(period_id=period.pk)))
    run_queued()
    seconds = []
    folder = Path(tempfile.mkdtemp(prefix="vekha-bench-"))
    try:
        with running_worker(folder, TEST_DATABASE_NAME=settings.TEST_RUN):
            for form in waiting[ACCEPTANCES:]:
                begun = time.perf_counter()
                _accept(form, office)
                expected = _accepted_of_the_country(period, forms=True)
                while _accepted_of_the_country(period, forms=False) != expected:
                    time.sleep(0.005)
                seconds.append(time.perf_counter() - begun)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    changed = RolledUpValue.objects.filter(period=period)
    before = list(changed.order_by("pk").values_list(*KEPT))
    roll_up_period(period_id=period.pk)
    if before != list(changed.order_by("pk").values_list(*KEPT)):
        raise SystemExit("The roll-up of what was marked and that of everything disagree.")
    return {
        "name": "rollup_after_one_acceptance",
        "database_ms": round(statistics.median(milliseconds), 1),
        "most_ms": round(max(milliseconds), 1),
        "end_to_end_s": round(statistics.median(seconds), 3),
        "slowest_s": round(max(seconds), 3),
        "nodes": NodeParts.objects.filter(period=period).values("organisation").distinct().count(),
    }


def _hand_in(form: Submission) -> None:
    """Answers of the organisation's own head, through the services."""
    head = user_create(login=f"head{form.pk}", full_name="Седова Ольга", roles=((Role.REPORTER, form.organisation),))
    from indicators.selectors.frozen import questions_of

    answers = {
        question.code: "да" if question.kind == "boolean" else str(form.pk % 90) for question in questions_of(form)
    }
    submission_save_draft(submission=form, values=answers, version=form.version, actor=head)
    form.refresh_from_db()
    submission_submit(submission=form, version=form.version, actor=head, values=answers)


def _accept(form: Submission, office: User) -> None:
    form.refresh_from_db()
    submission_accept(submission=form, version=form.version, actor=office)


def _accepted_of_the_country(period: ReportingPeriod, *, forms: bool) -> int:
    """How many forms of the country are accepted: by the forms themselves, or by the roll-up."""
    if forms:
        return int(Submission.objects.filter(period=period, state="accepted").count())
    country = RolledUpValue.objects.filter(period=period, organisation__depth=0).order_by("-expected")
    return int(country[0].accepted)


def _statements_of(run: Callable[[], Any]) -> float:
    """Milliseconds that the database worked (and the way there and back took) while this ran."""
    spent: list[float] = []

    def timed(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append(time.perf_counter() - begun)

    with connection.execute_wrapper(timed):
        run()
    return 1000 * sum(spent)


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1000, 5000, 40_000])
