"""Reads files one after another, each in a process of its own, and says what came of it and what it cost.

Run as ``python -m tests.hostile.measured < paths``: one path a line, one line of JSON for each. Only the reading is
measured: the kernel is imported before, and the growth of memory is counted from there, the peak of processes that
the reader itself starts included.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20
MEGABYTES = 200
# Far above what may be used: what goes beyond dies here, and not together with the machine.
_ADDRESS_SPACE = 3 * 1024**3


@dataclass(frozen=True)
class Outcome:
    """``refused`` is the sentence, ``passport`` what was read, ``broken`` the name of any other exception or signal.

    ``megabytes`` is the growth of the peak of memory, ``seconds`` the time by the clock; ``left`` names what the
    reading left behind: open files, processes.
    """

    refused: str | None
    passport: dict[str, Any] | None
    findings: int
    broken: str | None
    megabytes: float
    seconds: float
    left: str


def outcomes(paths: Sequence[Path], folder: Path, *, brief: bool = False) -> Iterator[Outcome]:
    """Read ``paths`` in a child whose working folder and folder of temporary files is ``folder``.

    ``brief`` leaves out what was read: an empty passport stands for it.
    """
    command = [sys.executable, "-m", "tests.hostile.measured", *(["brief"] if brief else [])]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    lines = "".join(f"{path}\n" for path in paths)
    done = subprocess.run(
        command, cwd=folder, env=surroundings, input=lines, capture_output=True, text=True, check=True
    )
    for line in done.stdout.splitlines():
        yield Outcome(**json.loads(line))


def main() -> None:
    from projects.passport import check, read

    check(read(b'{"format": "passport/1"}', "a.json"))
    brief = "brief" in sys.argv
    for line in sys.stdin.read().splitlines():
        sys.stdout.write(json.dumps(_apart(Path(line), brief=brief), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _apart(path: Path, *, brief: bool) -> dict[str, Any]:
    """Read one file in a fork of this process, whose peak of memory begins where it stands now."""
    ours, theirs = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(ours)
        signal.alarm(SECONDS + 2)
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
        with os.fdopen(theirs, "w", encoding="utf-8") as out:
            json.dump(_read(path, brief=brief), out, ensure_ascii=False)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as answer:
        text = answer.read()
    status = os.waitpid(child, 0)[1]
    seconds = time.monotonic() - began
    if not text:
        name = signal.Signals(status).name if os.WIFSIGNALED(status) else f"exit {status}"
        return {**_nothing(), "broken": name, "seconds": seconds}
    return {**json.loads(text), "seconds": seconds}


def _nothing() -> dict[str, Any]:
    return {"refused": None, "passport": None, "findings": 0, "broken": None, "megabytes": 0.0, "left": ""}


def _read(path: Path, *, brief: bool) -> dict[str, Any]:
    from projects.passport import UnreadableFile, check, read

    answer = _nothing()
    before, opened = _peak(), _open_files()
    try:
        passport = read(path)
        answer["findings"] = len(check(passport))
        answer["megabytes"] = _peak() - before
        answer["passport"] = {} if brief else passport.model_dump(mode="json")
    except UnreadableFile as refusal:
        answer["refused"] = str(refusal)
        answer["megabytes"] = _peak() - before
    except BaseException as problem:  # noqa: BLE001 - whatever it is, it is what the test is looking for
        answer["broken"] = f"{type(problem).__name__}: {problem}"[:300]
    left = [f"{_open_files() - opened} open files"] if _open_files() > opened else []
    try:
        os.waitpid(-1, os.WNOHANG)
        left.append("a process")
    except ChildProcessError:
        pass
    return {**answer, "left": ", ".join(left)}


def _peak() -> float:
    """The peak of this process and that of its largest child, in megabytes."""
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + children) / 1024


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


if __name__ == "__main__":
    main()
