"""``python -m tests.soak``: progress as it goes, one line of JSON at the end, exit code 1 where anything failed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))  # as the scripts themselves see one another

import embedded_postgres  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from tests.soak.originals import originals  # noqa: E402 - printing a passport as PDF needs the templates
from tests.soak.run import Tally, soak  # noqa: E402

KEPT = ROOT / "test-results" / "soak"


def main() -> int:
    parser = argparse.ArgumentParser(description="Spoil passports at random and read them.")
    parser.add_argument("--files", type=int, default=5_000, help="how many docx, xlsx, txt and json (default: 5000)")
    parser.add_argument("--pdf", type=int, default=200, help="how many PDFs (default: 200)")
    parser.add_argument("--stories", type=int, default=2_000, help="how many for the roll-up (default: 2000)")
    parser.add_argument("--acceptances", type=int, default=1_000, help="how many while the worker dies (1000)")
    parser.add_argument("--kills", type=int, default=100, help="how often the worker is killed (100)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    failed = 0
    sources = originals(pdf=chosen.pdf > 0)
    for name, count, pdf in (("docx, xlsx, txt, json", chosen.files, False), ("pdf", chosen.pdf, True)):
        if not count:
            continue
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
    if chosen.stories:
        failed += _beside("tests.soak.roll_up", "--stories", chosen.stories, "--seed", chosen.seed)
    if chosen.kills:
        storm = ("--acceptances", chosen.acceptances, "--kills", chosen.kills)
        failed += _beside("tests.soak.faults", *storm, "--seed", chosen.seed)
    return 1 if failed else 0


def _beside(module: str, *arguments: object) -> int:
    """On an embedded PostgreSQL unless DATABASE_URL says otherwise; in a process that has known no other database."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    with (
        tempfile.TemporaryDirectory(prefix="vekha-soak-", ignore_cleanup_errors=True) as folder,
        embedded_postgres.running(Path(folder) / "postgres", database="vekha", durable=False) as url,
    ):
        return subprocess.run(command, check=False, env=os.environ | {"DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
