"""``python -m tests.soak``: progress as it goes, one line of JSON at the end, exit code 1 where anything failed."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from tests.soak.originals import originals  # noqa: E402 - printing a passport as PDF needs the templates
from tests.soak.run import Tally, soak  # noqa: E402

KEPT = Path(__file__).resolve().parents[2] / "test-results" / "soak"


def main() -> int:
    parser = argparse.ArgumentParser(description="Spoil passports at random and read them.")
    parser.add_argument("--files", type=int, default=5_000, help="how many docx, xlsx, txt and json (default: 5000)")
    parser.add_argument("--pdf", type=int, default=200, help="how many PDFs (default: 200)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    failed = 0
    sources = originals(pdf=chosen.pdf > 0)
    for name, count, pdf in (("docx, xlsx, txt, json", chosen.files, False), ("pdf", chosen.pdf, True)):
        began = time.monotonic()

        def say(done: int, tally: Tally, name: str = name, count: int = count, began: float = began) -> None:
            rate = done / (time.monotonic() - began)
            sys.stderr.write(f"{name}: {done} of {count}, {rate:.0f} a second, {len(tally.failures)} failed\n")

        with tempfile.TemporaryDirectory(prefix="vekha-soak-") as folder:
            drawn = [source for source in sources if (source.ending == "pdf") == pdf]
            tally = soak(drawn, seed=chosen.seed, count=count, folder=Path(folder), kept=KEPT, say=say)
        took = round(time.monotonic() - began)
        line = {"name": f"soak {name}", "seed": chosen.seed, **tally.summary(), "took_s": took}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        failed += len(tally.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
