"""`make demo`: it starts with nothing but Python, says one sentence when it cannot, and leaves nothing running."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker import ROOT, wait_until

START_SECONDS = 120  # what it really takes is measured in bench/bench_demo_start.py


@pytest.fixture
def folder() -> Iterator[Path]:
    # Short, because the path of a socket may have a hundred characters only.
    folder = Path(tempfile.mkdtemp(prefix="vekha-demo-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


class Demo:
    def __init__(self, folder: Path, port: int) -> None:
        inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.output = folder.with_suffix(f".{time.monotonic_ns()}.txt")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/demo.py", "--empty"],
                cwd=ROOT,
                env=inherited | {"DEMO_DIR": str(folder), "DEMO_PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_open(self) -> None:
        def is_open() -> bool:
            assert self.process.poll() is None, self.said()
            return "Портал открыт" in self.said()

        wait_until(is_open, seconds=START_SECONDS, what="the demo opens")

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.output.unlink()
        return code


def processes_of(folder: Path) -> list[str]:
    """Commands of the living processes that name the folder or were started with it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            variables = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(folder) in command or f"VAR_DIR={folder}".encode() in variables:
            found.append(command)
    return found


def test_the_demo_starts_and_starts_again_and_leaves_nothing_running(folder: Path, port: int) -> None:
    demo = Demo(folder, port)
    try:
        demo.wait_until_open()
        assert len(processes_of(folder)) > 5, "database, web and worker"
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=10) as page:
            assert "Content-Security-Policy" in page.headers

        assert_refuses(Demo(folder, port + 1), "уже запущена")
        assert_refuses(Demo(folder.with_suffix(".other"), port), f"Порт {port} занят")
    finally:
        code = demo.end(signal.SIGINT)
    shutil.rmtree(folder.with_suffix(".other"), ignore_errors=True)

    assert code == 0
    assert processes_of(folder) == []
    key = (folder / "secret-key").read_text()

    again = Demo(folder, port)
    try:
        again.wait_until_open()
    finally:
        code = again.end(signal.SIGTERM)

    assert code == 0
    assert processes_of(folder) == []
    assert (folder / "secret-key").read_text() == key


def assert_refuses(demo: Demo, sentence: str) -> None:
    assert demo.process.wait(timeout=20) == 1
    assert sentence in demo.said()
    assert len(demo.said().strip().splitlines()) == 1
    demo.output.unlink()
