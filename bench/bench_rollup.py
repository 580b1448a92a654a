"""Time the roll-up of one period against SQL written by hand (rollup_floor.sql): one JSON line with medians.

``python bench/bench_rollup.py [organisations]``, 1,000 unless told otherwise. Both run on the same scratch database,
in turns. The floor only selects; the portal's side is the whole task: locks, statement, keeping what changed.
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
os.environ["TEST_DATABASE_NAME"] = "bench_rollup"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from bench.rollup_region import build, totals_of  # noqa: E402
from indicators.models import ReportingPeriod, RolledUpValue  # noqa: E402
from indicators.rollup import roll_up_period  # noqa: E402

FLOOR = (ROOT / "bench" / "rollup_floor.sql").read_text(encoding="utf-8")
RUNS = 25
KEPT = ("indicator_id", "organisation_id", "value", "expected", "submitted", "accepted")


def main(organisations: int) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        print(json.dumps(measure(organisations)))
    finally:
        connection.creation.destroy_test_db("bench_rollup", verbosity=0)


def measure(organisations: int) -> dict[str, Any]:
    earlier, period = build(organisations=organisations)
    roll_up_period(period_id=period.pk)
    rows = _floor(earlier, period)
    kept = RolledUpValue.objects.filter(period=period).values_list(*KEPT)
    if totals_of(rows) != totals_of(list(kept)):
        raise SystemExit("The roll-up and its floor disagree.")
    ours, floor = [], []
    for _ in range(RUNS):
        floor.append(_seconds(lambda: _floor(earlier, period)))
        ours.append(_seconds(lambda: roll_up_period(period_id=period.pk)))
    # From nothing, when every value has to be written.
    anew = []
    for _ in range(5):
        RolledUpValue.objects.filter(period=period).delete()
        anew.append(_seconds(lambda: roll_up_period(period_id=period.pk)))
    return {
        "bench": "rollup_one_period",
        "organisations": organisations,
        "rows": len(rows),
        "ours_s": round(statistics.median(ours), 5),
        "floor_s": round(statistics.median(floor), 5),
        "ratio": round(statistics.median(ours) / statistics.median(floor), 3),
        "from_nothing_s": round(statistics.median(anew), 5),
    }


def _floor(earlier: ReportingPeriod, period: ReportingPeriod) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, {"period": period.pk, "earlier": earlier.pk})
        return list(cursor.fetchall())


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
