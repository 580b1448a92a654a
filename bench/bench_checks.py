"""How long it takes to check the passport of kirov.docx, beside the floor: writing the same document as JSON once.

Prints one line of JSON: the median of several runs of each, taken in turns so that a busy machine slows both.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FILE = ROOT.parent / "shared" / "passports" / "kirov.docx"
RUNS = 15


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    from projects.passport import check, read

    if not FILE.exists():
        print(json.dumps({"name": "check kirov", "skipped": "the real passports are not beside the project"}))
        return
    passport = read(FILE)
    check(passport)
    ours, least = [], []
    for _ in range(RUNS):
        least.append(timed(lambda: json.dumps(passport.model_dump(mode="json"), ensure_ascii=False)))
        ours.append(timed(lambda: check(passport)))
    ours_s, floor_s = statistics.median(ours), statistics.median(least)
    line = {"name": "check kirov", "ours_s": round(ours_s, 5), "floor_s": round(floor_s, 5)}
    print(json.dumps({**line, "ratio": round(ours_s / floor_s, 1)}))


if __name__ == "__main__":
    main()
