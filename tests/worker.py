"""A real Celery worker with beat, in a process group of its own, on the database and the broker of this run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90


def database_url() -> str:
    """The address of the test database, which has another name than the one in DATABASE_URL."""
    values = connection.settings_dict
    host, port = str(values["HOST"]), values["PORT"]
    socket = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
    address = "" if socket else host + (f":{port}" if port else "")
    person = quote(str(values["USER"])) + (f":{quote(str(values['PASSWORD']))}" if values["PASSWORD"] else "")
    return f"postgresql://{person}@{address}/{quote(str(values['NAME']))}{socket}"


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


class Worker:
    """The worker's process group and its log."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.log = folder / f"worker-{time.monotonic_ns()}.log"
        schedule = self.log.with_suffix(".schedule")
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--beat", "--concurrency", "2"]
        command += ["--schedule", str(schedule), "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ
                | {"DATABASE_URL": database_url(), "TEST_DATABASE_NAME": settings.TEST_RUN}
                | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return " ready." in self.log.read_text()

        wait_until(ready, seconds=START_SECONDS, what="the worker starts")

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """As when the machine loses power: parent, children and beat at once."""
        if self.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As an administrator does; whoever does not go in time is killed."""
        if self.is_alive():
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running_worker(folder: Path, **environment: str) -> Iterator[Worker]:
    worker = Worker(folder, **environment)
    try:
        worker.wait_until_ready()
        yield worker
    finally:
        worker.kill()
