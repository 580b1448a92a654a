"""How long `make demo` takes to open its doors: on nothing, and again on what the first start left (wanted: 10 s)."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WANTED_SECONDS = 10


def start_and_stop(folder: str) -> float:
    """Seconds from the command to the line that says the portal is open; the region is not counted."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "scripts/demo.py", "--empty"],
        cwd=ROOT,
        env=environment | {"DEMO_DIR": folder, "DEMO_PORT": "8765"},
        stdout=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout
        opened = any("Портал открыт" in line for line in demo.stdout)
        seconds = time.monotonic() - started
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()
        assert opened
    return round(seconds, 2)


with tempfile.TemporaryDirectory(prefix="vekha-bench-") as parent:
    folder = str(Path(parent, "demo"))
    print(json.dumps({"bench": "demo_first_start", "seconds": start_and_stop(folder)}))
    again = start_and_stop(folder)
    print(json.dumps({"bench": "demo_second_start", "seconds": again, "wanted_seconds": WANTED_SECONDS}))
