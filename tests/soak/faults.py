"""Acceptances while the worker is killed again and again and the broker loses everything.

A country of its own in a scratch database, a real worker, a Redis of its own. Forms are accepted one after another; all
the while the worker's process group is killed at moments drawn at random and started anew, and every now and then Redis
is killed and comes back empty. When the storm is over one worker runs until nothing is left to do. Then every total has
to be what a recomputation from the accepted facts gives, and no mark may be left.

``python -m tests.soak.faults --kills 100 --acceptances 1000 --seed 1``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.conf import settings as portal  # noqa: E402
from django.db import connection, connections  # noqa: E402

from indicators.models import Answer, Fact, ReportingPeriod, RolledUpValue, RollUpMark, Submission  # noqa: E402
from indicators.rollup import roll_up_period  # noqa: E402
from indicators.services import submission_accept, submission_submit  # noqa: E402
from jobs.models import Job  # noqa: E402
from jobs.services import run_queued  # noqa: E402
from organisations.models import User  # noqa: E402
from organisations.roles import Role  # noqa: E402
from organisations.services import organisation_create, user_create  # noqa: E402
from projects.models import Project  # noqa: E402
from tests.indicators.steps import agree, count, indicator_of, open_period  # noqa: E402
from tests.worker import Worker, wait_until  # noqa: E402

SCHOOLS_OF_A_MUNICIPALITY = 20
REDIS_DIES_EVERY = 10
# Short leases, so that a job of a dead worker is free again before the next one dies.
QUICK = {"JOBS_LEASE_SECONDS": "2", "JOBS_SWEEP_SECONDS": "1", "JOBS_RETRY_SECONDS": "0"}


class OwnRedis:
    """A broker that may be killed: nothing else lives in it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._answers, seconds=10, what="Redis starts")

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @staticmethod
    def is_installed() -> bool:
        return shutil.which("redis-server") is not None


@dataclass
class Outcome:
    """``wrong``: totals that differ from the recomputation. ``healed_s``: from the last acceptance to nothing to do.

    ``given_up``: jobs whose worker died three times; their marks are asked for again.
    """

    acceptances: int = 0
    kills: int = 0
    redis_deaths: int = 0
    healed_s: float = 0
    wrong: int = 0
    marks_left: int = 0
    facts_missing: int = 0
    given_up: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return bool(self.wrong or self.marks_left or self.facts_missing or self.errors)


def storm(*, acceptances: int, kills: int, seed: int, folder: Path, say: Callable[[str], object]) -> Outcome:
    """Accept that many forms while the worker is killed that many times; the database is the connected one."""
    chance = random.Random(seed)
    period, forms, office = _handed_in(acceptances)
    outcome = Outcome()
    redis = OwnRedis(folder) if OwnRedis.is_installed() else None
    environment = QUICK | ({"REDIS_URL": redis.url} if redis else {})
    over = threading.Event()

    def accept_all() -> None:
        try:
            for form in forms:
                form.refresh_from_db()
                submission_accept(submission=form, version=form.version, actor=office)
                outcome.acceptances += 1
                # So that the acceptances last as long as the storm.
                while not over.is_set() and outcome.acceptances * kills > (outcome.kills + 1) * acceptances:
                    time.sleep(0.01)
        except Exception as error:  # noqa: BLE001 - told at the end
            outcome.errors.append(repr(error))
        finally:
            connections.close_all()

    accepting = threading.Thread(target=accept_all)
    accepting.start()
    worker = Worker(folder, **environment)
    try:
        for number in range(1, kills + 1):
            worker.wait_until_ready()
            time.sleep(chance.uniform(0, 0.5))
            worker.kill()
            outcome.kills = number
            if redis and number % REDIS_DIES_EVERY == 0:
                redis.kill()
                time.sleep(chance.uniform(0, 1))
                redis.start()
                outcome.redis_deaths += 1
            worker = Worker(folder, **environment)
            if number % 10 == 0:
                say(f"{number} kills, {outcome.acceptances} acceptances")
        over.set()
        accepting.join()
        began = time.monotonic()
        worker.wait_until_ready()
        wait_until(_nothing_to_do, seconds=240, what="the last worker does what is left")
        outcome.healed_s = round(time.monotonic() - began, 2)
    finally:
        over.set()
        worker.kill()
        if redis:
            redis.kill()
    _count(outcome, period)
    return outcome


def _handed_in(number: int) -> tuple[ReportingPeriod, list[Submission], User]:
    """Forms that wait for acceptance, one of each school of a country."""
    root = organisation_create(kind="region", name="Область")
    office = user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, root),))
    reporter = user_create(login="reporter", full_name="Орлова Нина", roles=((Role.REPORTER, root),))
    for place in range(-(-number // SCHOOLS_OF_A_MUNICIPALITY)):
        district = organisation_create(kind="municipality", name=f"Район {place}", parent=root)
        for school in range(min(SCHOOLS_OF_A_MUNICIPALITY, number - place * SCHOOLS_OF_A_MUNICIPALITY)):
            organisation_create(kind="school", name=f"Школа {place}-{school}", parent=district)
    project = Project.objects.create(territory=root, level="regional", title="Проект", short_title="Проект")
    count("pupils", office)
    count("fed", office)
    agree(indicator_of(project), "100 * fed / pupils", office)
    agree(indicator_of(project, "2"), "organisations", office)
    period = open_period(office, project)
    forms = list(period.submissions.select_related("period", "organisation").order_by("pk"))
    for form in forms:
        values = {"pupils": str(100 + form.pk % 900), "fed": str(form.pk % 100)}
        submission_submit(submission=form, version=form.version, actor=reporter, values=values)
    run_queued()
    return period, forms, office


def _nothing_to_do() -> bool:
    return not (Job.objects.filter(state__in=["queued", "running"]).exists() or RollUpMark.objects.exists())


def _count(outcome: Outcome, period: ReportingPeriod) -> None:
    outcome.marks_left = RollUpMark.objects.count()
    kept = _values(period)
    roll_up_period(period_id=period.pk)
    outcome.wrong = len(kept ^ _values(period))
    answers = Answer.objects.filter(submission__period=period, submission__state="accepted").exclude(value=None)
    outcome.facts_missing = abs(answers.count() - Fact.objects.filter(period=period).count())
    outcome.given_up = Job.objects.filter(state="failed").count()


def _values(period: ReportingPeriod) -> set[tuple[Any, ...]]:
    rows = RolledUpValue.objects.filter(period=period)
    return set(rows.values_list("indicator_id", "organisation_id", "value", "expected", "submitted", "accepted"))


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the worker and Redis while forms are accepted.")
    parser.add_argument("--acceptances", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    began = time.monotonic()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with tempfile.TemporaryDirectory(prefix="vekha-soak-") as folder:
            outcome = storm(
                acceptances=chosen.acceptances, kills=chosen.kills, seed=chosen.seed, folder=Path(folder), say=_say
            )
    finally:
        connection.creation.destroy_test_db(portal.DATABASES["default"]["NAME"], verbosity=0)
    line = {"name": "soak faults", "seed": chosen.seed, **asdict(outcome), "took_s": round(time.monotonic() - began)}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 1 if outcome.failed else 0


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main())
