"""The last day of a period on one machine: PostgreSQL, Redis, gunicorn, a worker and the people who come.

``python bench/bench_deadline_day.py [seconds] [organisations]``, 180 and 40,000 unless told otherwise. First the load
that has to be held, 15 submissions and 45 page views a second; then steps above it, a quarter as long, until one person
of twenty waits for more than a second or something fails: the saturation. Where the first is not held, steps below it
until one is. After each everything is counted again from
the database: every form that the portal said it had is there with the figures that were sent, nothing is there that
nobody sent, facts are those of the accepted forms, and the totals are what a recomputation gives.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.deadline_country import VAR, country, forms_of, session_of, staff, typed, views_of  # noqa: E402
from indicators.models import Answer, Fact, ReportingPeriod, RolledUpValue, Submission  # noqa: E402
from indicators.rollup import roll_up_period  # noqa: E402
from jobs.models import Job  # noqa: E402

PORT = int(os.environ.get("BENCH_PORT", "8077"))
SUBMISSIONS, VIEWS = 15, 45
# A school that hands in opens two pages on its way.
VIEWS_OF_A_SCHOOL = 2
WANTED = 1.0
ABOVE, BELOW = (1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0), (0.9, 0.8, 0.7, 0.6, 0.5)
LIMIT_SECONDS = 1.0
DATABASE = "bench_deadline"


def main(seconds: int, organisations: int) -> None:
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        period = country(organisations)
        _say("the country is there")
        with _portal():
            wanted = _holds(period, WANTED, seconds)
            for step in ABOVE if wanted else BELOW:
                if _holds(period, step, max(20, seconds // 4)) != wanted:
                    break
    finally:
        connection.creation.destroy_test_db(DATABASE, verbosity=0)


def _holds(period: ReportingPeriod, step: float, seconds: int) -> bool:
    found = _stage(period, step, seconds)
    print(json.dumps(found), flush=True)
    return not found["errors"] and found["ours_s"] <= LIMIT_SECONDS


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def _stage(period: ReportingPeriod, step: float, seconds: int) -> dict[str, Any]:
    submissions = SUBMISSIONS * step
    forms = forms_of(period, int(submissions * seconds * 1.2) + 20)
    people = staff()
    plan = {
        "port": PORT,
        "seconds": seconds,
        "submissions": submissions,
        "looks": VIEWS * step - VIEWS_OF_A_SCHOOL * submissions,
        "review_every": 3 / step,
        "forms": forms,
        "reviewer": session_of(people[0]),
        "staff": [session_of(person) for person in people],
        "views": views_of(period),
        "queue": f"/review/?period={period.pk}",
    }
    _say(f"{step:g} times the load, {len(forms)} forms ready")
    plan_file, report_file = VAR / "plan.json", VAR / "report.json"
    plan_file.write_text(json.dumps(plan))
    subprocess.run(
        [sys.executable, "-m", "bench.deadline_driver", str(plan_file), str(report_file)], cwd=ROOT, check=True
    )
    report = json.loads(report_file.read_text())
    drained = _wait_for_totals()
    took = sorted(second for seconds_of in report["seconds"].values() for second in seconds_of)
    p95 = statistics.quantiles(took, n=20)[18]
    length = report["ended"] - report["began"]
    pages = sum(len(of) for what, of in report["seconds"].items() if what not in ("save", "submit", "accept"))
    return {
        "name": f"deadline_day_x{step:g}",
        "ours_s": round(p95, 3),
        "floor_s": LIMIT_SECONDS,
        "ratio": round(p95 / LIMIT_SECONDS, 3),
        "seconds": round(length, 1),
        "submissions_per_s": round(len(report["submitted"]) / length, 1),
        "views_per_s": round(pages / length, 1),
        "median_s": round(statistics.median(took), 3),
        "p99_s": round(statistics.quantiles(took, n=100)[98], 3),
        "p95_by_page_s": {what: round(_p95(of), 3) for what, of in sorted(report["seconds"].items())},
        "errors": sum(report["errors"].values()),
        "errors_by_kind": report["errors"],
        "totals_right_after_s": round(drained, 2),
        **_reconcile(period, forms, report["submitted"]),
    }


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[18] if len(seconds) > 1 else seconds[0]


def _wait_for_totals() -> float:
    """Until the worker has no roll-up left to do; returns how long that took."""
    began = time.monotonic()
    while Job.objects.filter(handler="indicators.roll_up", state__in=["queued", "running"]).exists():
        if time.monotonic() - began > 120:
            raise SystemExit("The worker has not finished in two minutes.")
        time.sleep(0.1)
    return time.monotonic() - began


def _reconcile(period: ReportingPeriod, forms: list[dict[str, Any]], submitted: list[int]) -> dict[str, Any]:
    """Count again from the database what the people were told; every number here has to be 0."""
    rows = {row.pk: row for row in Submission.objects.filter(pk__in=[form["id"] for form in forms])}
    handed_in = {pk for pk, row in rows.items() if row.state in ("submitted", "checked", "accepted")}
    kept = defaultdict(dict)  # type: ignore[var-annotated]
    answers = Answer.objects.filter(submission__in=handed_in).select_related("question")
    for answer in answers:
        kept[answer.submission_id][answer.question.code] = typed(answer.question.kind, answer.value or Decimal(0))
    wrong = sum(kept[form["id"]] != form["answers"] for form in forms if form["id"] in handed_in)
    facts = dict(_counted(Fact.objects.filter(period=period), "submission_id"))
    accepted = set(Submission.objects.filter(period=period, state="accepted").values_list("pk", flat=True))
    answered = dict(_counted(Answer.objects.filter(submission__in=accepted).exclude(value=None), "submission_id"))
    before = _values(period)
    roll_up_period(period_id=period.pk)
    return {
        "lost": len(set(submitted) - handed_in),
        "from_nobody": len(handed_in - set(submitted)),
        "sent_twice": len(submitted) - len(set(submitted)),
        "figures_wrong": wrong,
        "facts_wrong": sum(facts.get(pk, 0) != answered.get(pk, 0) for pk in set(facts) | accepted),
        "totals_wrong": len(before ^ _values(period)),
        "accepted": len(accepted),
    }


def _counted(rows: Any, field: str) -> Iterator[tuple[int, int]]:
    from django.db.models import Count

    yield from rows.order_by().values_list(field).annotate(Count("pk"))


def _values(period: ReportingPeriod) -> set[tuple[Any, ...]]:
    kept = RolledUpValue.objects.filter(period=period)
    return set(kept.values_list("indicator_id", "organisation_id", "value", "expected", "submitted", "accepted"))


@contextmanager
def _portal() -> Iterator[None]:
    """gunicorn and a worker as the demo starts them, until the end of the block."""
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["rest_framework"])
    host = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{host['USER']}@{host['HOST']}:{host['PORT']}/{DATABASE}",
    }
    web = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{PORT}"]
    worker = ["celery", "--app", "config", "worker", "--beat", "--concurrency", "1", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle"]
    logs = [(VAR / f"{name}.log").open("wb") for name in ("web", "worker")]
    running = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
        for command, log in zip((web, worker), logs, strict=True)
    ]
    try:
        _wait_for_web()
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)
        print(*(log.name for log in logs), file=sys.stderr)


def _wait_for_web() -> None:
    for _ in range(300):
        try:
            request = urllib.request.Request(f"http://127.0.0.1:{PORT}/health/", headers={"Host": "localhost"})
            with urllib.request.urlopen(request, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The portal has not answered in half a minute.")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(given[0] if given else 180, given[1] if len(given) > 1 else 40_000)
