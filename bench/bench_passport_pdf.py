"""The PDF of a passport against bare WeasyPrint on the same HTML: what the layout and the tags cost.

The passport is that of Kirov where the real passports lie beside the project, else one of our own. Ours and the
floor take turns, so that a busy machine slows both; the best of each is taken. Ours makes more (it lays the tables
out and tags the document) and may still be below 1: while it renders, Python looks for cyclic garbage less often.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import weasyprint

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from projects.passport.schema import Passport  # noqa: E402 - the project is found by the line above
from reports.documents.fetcher import ORIGIN, OwnFilesFetcher  # noqa: E402
from reports.documents.passport import render  # noqa: E402
from reports.documents.passport_html import passport_html  # noqa: E402

KIROV = ROOT / "../shared/passports/expected/kirov.json"
ROUNDS = 4


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    if KIROV.exists():
        passport = Passport.model_validate_json(KIROV.read_bytes())
    else:
        from tests.reports.documents.sample import sample_passport

        print("the passport of Kirov is not beside the project: measured on one of our own", file=sys.stderr)
        passport = sample_passport()
    html = passport_html(passport)

    def floor() -> object:
        return weasyprint.HTML(string=html, base_url=ORIGIN, url_fetcher=OwnFilesFetcher()).write_pdf()

    def ours() -> object:
        return render(passport, "pdf")

    floor()
    turns = [(timed(ours), timed(floor)) for _ in range(ROUNDS)]
    best_ours, best_floor = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
    line = {
        "name": "passport_pdf",
        "ours_s": round(best_ours, 3),
        "floor_s": round(best_floor, 3),
        "ratio": round(best_ours / best_floor, 3),
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
