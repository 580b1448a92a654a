"""Open the pages over projects as a person gets them, one JSON line each: none may take 0.3 s.

``python bench/bench_pages_of_projects.py [projects]``. A region of 200 projects, one of them with 100 indicators and a
plan of 400 rows. ``floor_s`` reads the rows of the page with one bare statement and writes them into bare HTML.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE_NAME"] = "bench_pages_of_projects"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.projects_region import build  # noqa: E402
from organisations.models import User  # noqa: E402
from projects.models import Project  # noqa: E402

LIMIT_S = 0.3
RUNS = 15
_COUNTS = """
    SELECT project.short_title, project.head, part.kind, part.status, count(*), sum(part.actual), sum(part.target)
    FROM reports_partstate AS part JOIN projects_project AS project ON project.id = part.project_id
    WHERE part.is_current GROUP BY project.id, part.kind, part.status ORDER BY project.id
"""
_PARTS = """
    SELECT kind, number, name, year, status, target, actual, ratio, due FROM reports_partstate
    WHERE project_id = {project} ORDER BY kind, position, year
"""
_PLAN = """
    SELECT number, name, kind, start, "end", responsible, document, control_level FROM milestones_planrow
    WHERE project_id = {project} ORDER BY position
"""
_DEVIATIONS = """
    SELECT deviation.name, deviation.told, deviation.status, deviation.opened_at, project.short_title
    FROM reports_deviation AS deviation JOIN projects_project AS project ON project.id = deviation.project_id
    ORDER BY deviation.opened_at DESC LIMIT 50
"""


def main(projects: int) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        large = build(projects=projects, indicators=100, plan_rows=400)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        slow = [line for line in measured(large) if not _told(line)]
        if slow:
            raise SystemExit(1)
    finally:
        connection.creation.destroy_test_db("bench_pages_of_projects", verbosity=0)


def measured(large: Project) -> Iterator[dict[str, Any]]:
    browser = Client()
    browser.force_login(User.objects.get(login="office"))
    pages = (
        ("portfolio_of_projects", reverse("reports:portfolio"), _COUNTS),
        ("overview_of_a_project", reverse("reports:overview", args=[large.pk]), _PARTS),
        ("plan_of_a_project", reverse("milestones:project", args=[large.pk]), _PLAN),
        ("deviations_of_a_region", reverse("reports:deviations"), _DEVIATIONS),
        ("home_of_the_office", reverse("reports:home"), _COUNTS),
    )
    for name, address, statement in pages:
        yield _page(name, browser, address, statement.format(project=large.pk))


def _page(name: str, browser: Client, address: str, statement: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(address)
    # Now, for the next request empties the log that they are counted in.
    asked = len(queries)
    if page.status_code != 200:
        raise SystemExit(f"{address} answered {page.status_code}.")
    ours, floor = [], []
    for _ in range(RUNS):
        floor.append(_seconds(lambda: _floor(statement)))
        ours.append(_seconds(lambda: browser.get(address)))
    return {
        "name": name,
        "projects": Project.objects.count(),
        "bytes": len(page.content),
        "queries": asked,
        "ours_s": round(statistics.median(ours), 3),
        "ours_slowest_s": round(max(ours), 3),
        "floor_s": round(statistics.median(floor), 3),
        "limit_s": LIMIT_S,
    }


def _told(line: dict[str, Any]) -> bool:
    print(json.dumps(line))
    return bool(line["ours_s"] < LIMIT_S)


def _floor(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>" for row in cursor.fetchall())


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
