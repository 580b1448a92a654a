"""Each handler first notes, as a line of a file, that it ran and in which process."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from jobs.handlers import Progress, Refused, handler


def note(arguments: dict[str, Any]) -> None:
    with Path(arguments["notes"]).open("a", encoding="utf-8") as notes:
        notes.write(f"{os.getpid()}\n")


@handler("sample.note")
def only_note(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    note(arguments)
    progress(50, "Половина")
    return {"url": "/"}


@handler("sample.wait")
def wait_for_release(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    note(arguments)
    progress(40, "Ждём разрешения")
    end = time.monotonic() + 30
    while not Path(arguments["release"]).exists():
        if time.monotonic() > end:
            raise TimeoutError("nobody released the job")
        time.sleep(0.05)
    return {"url": arguments.get("url", "")}


@handler("sample.die")
def kill_own_process(arguments: dict[str, Any], progress: Progress) -> None:
    note(arguments)
    progress(10, "Сейчас процесс погибнет")
    os.kill(os.getpid(), signal.SIGKILL)


@handler("sample.raise")
def raise_error(arguments: dict[str, Any], progress: Progress) -> None:
    note(arguments)
    raise ArithmeticError("two and two are five")


@handler("sample.refuse")
def refuse(arguments: dict[str, Any], progress: Progress) -> None:
    note(arguments)
    raise Refused("Файл повреждён: его не удалось прочитать.")
