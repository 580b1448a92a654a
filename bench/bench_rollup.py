"""Time the floor of the roll-up: ``python bench/bench_rollup.py [organisations]``. One JSON line."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE_NAME"] = "bench_rollup"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from bench.rollup_region import build  # noqa: E402

FLOOR = (ROOT / "bench" / "rollup_floor.sql").read_text()
RUNS = 21


def main(organisations: int) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        earlier, period = build(organisations=organisations)
        seconds = []
        with connection.cursor() as cursor:
            for _ in range(RUNS):
                start = time.perf_counter()
                cursor.execute(FLOOR, {"period": period.pk, "earlier": earlier.pk})
                rows = cursor.fetchall()
                seconds.append(time.perf_counter() - start)
        median = statistics.median(seconds[1:])
        print(
            json.dumps(
                {"bench": "rollup", "organisations": organisations, "rows": len(rows), "floor_s": round(median, 5)}
            )
        )
    finally:
        connection.creation.destroy_test_db("bench_rollup", verbosity=0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
