"""How long it takes to read kirov.docx, beside the floor: parsing its document.xml and nothing more.

Prints one line of JSON: the median of several runs of each, taken in turns so that a busy machine slows both.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FILE = ROOT.parent / "shared" / "passports" / "kirov.docx"
RUNS = 15


def floor() -> None:
    with zipfile.ZipFile(FILE) as archive:
        etree.fromstring(archive.read("word/document.xml"))


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    from projects.passport import read

    if not FILE.exists():
        print(json.dumps({"name": "read kirov.docx", "skipped": "the real passports are not beside the project"}))
        return
    read(FILE)
    floor()
    ours, least = [], []
    for _ in range(RUNS):
        least.append(timed(floor))
        ours.append(timed(lambda: read(FILE)))
    ours_s, floor_s = statistics.median(ours), statistics.median(least)
    line = {"name": "read kirov.docx", "ours_s": round(ours_s, 5), "floor_s": round(floor_s, 5)}
    print(json.dumps({**line, "ratio": round(ours_s / floor_s, 1)}))


if __name__ == "__main__":
    main()
