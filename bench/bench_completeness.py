"""Open completeness of a country, 40,000 organisations × 12 months, against its counting alone: one JSON line.

``python bench/bench_completeness.py [organisations]``. Ours is the whole page as a person gets it: access, counting,
names, the heat map as HTML. The floor is one bare statement that joins forms to their places and counts two states.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE_NAME"] = "bench_completeness"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.rollup_region import build  # noqa: E402
from organisations.models import User  # noqa: E402

FLOOR = """
    SELECT place.parent_id, form.period_id, count(*), count(*) FILTER (WHERE form.state = 'accepted')
    FROM indicators_submission AS form
    JOIN indicators_periodorganisation AS place USING (period_id, organisation_id)
    GROUP BY place.parent_id, form.period_id
"""
PERIODS = 12
RUNS = 15


def main(organisations: int) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        build(organisations=organisations, periods=PERIODS)
        print(json.dumps(measure(organisations)))
    finally:
        connection.creation.destroy_test_db("bench_completeness", verbosity=0)


def measure(organisations: int) -> dict[str, Any]:
    browser = Client()
    browser.force_login(User.objects.get(login="office"))
    address = reverse("reports:completeness")
    page = browser.get(address)
    cells = page.content.count(b'class="heat-share"')
    if page.status_code != 200 or not cells:
        raise SystemExit("The page shows nothing.")
    ours, floor = [], []
    for _ in range(RUNS):
        floor.append(_seconds(_floor))
        ours.append(_seconds(lambda: browser.get(address)))
    return {
        "name": "completeness_page",
        "organisations": organisations,
        "periods": PERIODS,
        "cells": cells,
        "bytes": len(page.content),
        "ours_s": round(statistics.median(ours), 3),
        "ours_slowest_s": round(max(ours), 3),
        "floor_s": round(statistics.median(floor), 3),
        "ratio": round(statistics.median(ours) / statistics.median(floor), 3),
    }


def _floor() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR)
        return list(cursor.fetchall())


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
