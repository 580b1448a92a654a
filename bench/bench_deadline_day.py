"""The last day of a period on one machine: PostgreSQL, Redis, gunicorn, a worker and the people who come.

``python bench/bench_deadline_day.py [seconds] [organisations]``, 180 and 40,000 unless told otherwise. First the load
that has to be held, 15 submissions and 45 page views a second; then steps above it, a quarter as long, until one person
of twenty waits for more than a second or something fails: the saturation. After each everything is counted again from
the database: every form that the portal said it had is there with the figures that were sent, nothing is there that
nobody sent, facts are those of the accepted forms, and the totals are what a recomputation gives.
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
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
VAR = Path(tempfile.mkdtemp(prefix="vekha-deadline-"))
PORT = int(os.environ.get("BENCH_PORT", "8077"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "HTTPS": "0",
    "SECOND_FACTOR": "offered",
    "ALLOWED_HOSTS": "localhost",
    "VAR_DIR": str(VAR),
    "STATIC_ROOT": str(VAR / "static"),
    "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/7"),
    "LOG_LEVEL": "WARNING",
}

import django  # noqa: E402

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.rollup_region import build  # noqa: E402
from config.sessions import SessionStore  # noqa: E402
from indicators.models import (  # noqa: E402
    Answer,
    Fact,
    PeriodOrganisation,
    Question,
    ReportingPeriod,
    RolledUpValue,
    Submission,
)
from indicators.rollup import roll_up_period  # noqa: E402
from jobs.models import Job  # noqa: E402
from organisations.models import Membership, Organisation, User  # noqa: E402
from organisations.roles import Role  # noqa: E402

SUBMISSIONS, VIEWS = 15, 45
# A school that hands in opens two pages on its way.
VIEWS_OF_A_SCHOOL = 2
STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
LIMIT_SECONDS = 1.0
STAFF_OF_A_KIND = 4
DATABASE = "bench_deadline"


def main(seconds: int, organisations: int) -> None:
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        period = _country(organisations)
        _say("the country is there")
        with _portal():
            for step in STEPS:
                found = _stage(period, step, seconds if step == 1 else max(20, seconds // 4))
                print(json.dumps(found), flush=True)
                if found["errors"] or found["ours_s"] > LIMIT_SECONDS:
                    break
    finally:
        connection.creation.destroy_test_db(DATABASE, verbosity=0)


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def _country(organisations: int) -> ReportingPeriod:
    """Twelve months of a country; the last alone is open, and nobody has begun it."""
    *_, period = build(organisations=organisations)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM indicators_fact WHERE period_id = %s", [period.pk])
        cursor.execute(
            "UPDATE indicators_submission SET state = 'draft', version = 0, submitted_at = NULL,"
            " submitted_by_id = NULL, reviewed_at = NULL, reviewed_by_id = NULL WHERE period_id = %s",
            [period.pk],
        )
        cursor.execute(
            "UPDATE indicators_reportingperiod SET state = 'closed', closed_at = now() WHERE id <> %s", [period.pk]
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    roll_up_period(period_id=period.pk)
    Job.objects.all().delete()
    return period


def _stage(period: ReportingPeriod, step: float, seconds: int) -> dict[str, Any]:
    submissions = SUBMISSIONS * step
    forms = _forms(period, int(submissions * seconds * 1.2) + 20)
    staff = _staff()
    plan = {
        "port": PORT,
        "seconds": seconds,
        "submissions": submissions,
        "looks": VIEWS * step - VIEWS_OF_A_SCHOOL * submissions,
        "review_every": 3 / step,
        "forms": forms,
        "reviewer": _session(staff[0]),
        "staff": [_session(person) for person in staff],
        "views": _views(period),
        "queue": f"/review/?period={period.pk}",
    }
    _say(f"{step:g} times the load, {len(forms)} forms ready")
    plan_file, report_file = VAR / "plan.json", VAR / "report.json"
    plan_file.write_text(json.dumps(plan))
    subprocess.run(
        [sys.executable, "-m", "bench.deadline_driver", str(plan_file), str(report_file)], cwd=ROOT, check=True
    )
    report = json.loads(report_file.read_text())
    drained = _wait_for_jobs()
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


def _forms(period: ReportingPeriod, number: int) -> list[dict[str, Any]]:
    """Forms that nobody has begun, each with a head, a session and the figures to send: those of the month before."""
    rows = list(
        Submission.objects.filter(period=period, version=0)
        .exclude(organisation__memberships__role=Role.REPORTER)
        .select_related("organisation")
        .order_by("?")[:number]
    )
    if len(rows) < number:
        raise SystemExit("The country has too few schools for this load.")
    heads = User.objects.bulk_create(
        User(login=f"head{row.pk}", password="!", full_name=f"Глава {row.pk}") for row in rows
    )
    Membership.objects.bulk_create(
        Membership(user=head, organisation=row.organisation, role=Role.REPORTER)
        for head, row in zip(heads, rows, strict=True)
    )
    before = defaultdict(dict)  # type: ignore[var-annotated]
    last = ReportingPeriod.objects.filter(kind=period.kind, end__lt=period.start).latest("end")
    facts = Fact.objects.filter(period=last, organisation__in=[row.organisation_id for row in rows])
    for organisation, base, value in facts.values_list("organisation_id", "base_indicator_id", "value"):
        before[organisation][base] = value
    asked = _asked(period)
    rosters = PeriodOrganisation.objects.filter(period=period)
    places = {
        row: (group, kind) for row, group, kind in rosters.values_list("organisation_id", "roster_group_id", "kind")
    }
    return [
        {
            "id": row.pk,
            "session": _session(head),
            "answers": {
                code: _typed(kind, before[row.organisation_id].get(base, Decimal(row.pk % 90 + 1)))
                for code, base, kind in asked[places[row.organisation_id]]
            },
        }
        for head, row in zip(heads, rows, strict=True)
    ]


def _asked(period: ReportingPeriod) -> dict[tuple[int, str], list[tuple[str, int, str]]]:
    """Codes, base indicators and kinds of the questions of each roster group and kind of organisation."""
    found: dict[tuple[int, str], list[tuple[str, int, str]]] = {}
    places = PeriodOrganisation.objects.filter(period=period).exclude(roster_group=None)
    for group, kind in places.order_by().values_list("roster_group_id", "kind").distinct():
        rows = Question.objects.filter(projects__roster_groups=group).distinct()
        found[group, kind] = [(row.code, row.base_indicator_id, row.kind) for row in rows if row.is_asked_of(kind)]
    return found


def _staff() -> list[User]:
    """Those who look on such a day: the ministry of the country, of its regions, and coordinators of municipalities."""
    found = list(User.objects.filter(login="office"))
    for role, kind in ((Role.OFFICE, "region"), (Role.COORDINATOR, "municipality")):
        for place in Organisation.objects.filter(kind=kind).exclude(depth=0).order_by("path")[:STAFF_OF_A_KIND]:
            person, made = User.objects.get_or_create(
                login=f"{role}{place.pk}", defaults={"full_name": "Иванова Ольга"}
            )
            if made:
                Membership.objects.create(user=person, organisation=place, role=role)
            found.append(person)
    return found


def _typed(kind: str, value: Decimal) -> str:
    return ("да" if value else "нет") if kind == "boolean" else str(value)


def _session(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _views(period: ReportingPeriod) -> list[dict[str, str]]:
    """What staff look at on such a day."""
    value = RolledUpValue.objects.filter(period=period).select_related("indicator").first()
    assert value is not None
    project = value.indicator.project_id
    return [
        {"name": "home", "path": "/"},
        {"name": "period", "path": f"/periods/{period.pk}/"},
        {"name": "review", "path": f"/review/?period={period.pk}"},
        {"name": "plan_fact", "path": f"/projects/{project}/plan-fact/"},
        {"name": "project", "path": f"/projects/{project}/"},
        {"name": "drill_down", "path": f"/projects/{project}/plan-fact/{value.indicator_id}/"},
    ]


def _wait_for_jobs() -> float:
    """Until the worker has nothing left to do; returns how long that took."""
    began = time.monotonic()
    while Job.objects.filter(state__in=["queued", "running"]).exists():
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
        kept[answer.submission_id][answer.question.code] = _typed(answer.question.kind, answer.value or Decimal(0))
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
