"""Whatever a file holds, it is read right or refused in one clear sentence, in little memory and little time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.case import Case
from tests.hostile.corpus import GROUPS, write
from tests.hostile.measured import MEGABYTES, SECONDS, Outcome, outcomes
from tests.hostile.sentences import is_clear


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """A server that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def complaints(case: Case, outcome: Outcome) -> Iterator[str]:
    if outcome.broken:
        yield f"broke: {outcome.broken}"
    elif outcome.refused is not None:
        if not case.says or case.says not in outcome.refused:
            yield f"refused: {outcome.refused}"
        if not is_clear(outcome.refused):
            yield f"not a clear sentence: {outcome.refused}"
    elif outcome.passport is None or case.holds is None:
        yield "was read"
    elif not case.holds(outcome.passport):
        yield "was read wrong"
    if outcome.megabytes > MEGABYTES or outcome.seconds > SECONDS:
        yield f"took {outcome.megabytes:.0f} MB and {outcome.seconds:.1f} s"
    if outcome.left:
        yield f"left behind {outcome.left}"


@pytest.mark.parametrize("group", GROUPS)
def test_hostile_files_are_read_right_or_refused(group: str, listener: socket.socket, tmp_path: Path) -> None:
    files, workplace = tmp_path / "files", tmp_path / "workplace"
    files.mkdir()
    workplace.mkdir()
    cases = list(GROUPS[group](listener.getsockname()[1]))
    paths = [files / f"{index}.{case.ending}" for index, case in enumerate(cases)]
    for case, path in zip(cases, paths, strict=True):
        write(case, path)
    found = list(outcomes(paths, workplace))
    assert [
        f"{case.name}: {complaint}"
        for case, outcome in zip(cases, found, strict=True)
        for complaint in complaints(case, outcome)
    ] == []
    assert list(workplace.iterdir()) == []
    with pytest.raises(BlockingIOError):
        listener.accept()
    for path in paths:
        path.unlink()
