"""A small draw of what ``make soak`` does at length: spoiled files are read or refused, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.originals import Original, originals
from tests.soak.run import made, soak


@pytest.fixture(scope="module")
def small() -> list[Original]:
    return [source for source in originals(pdf=False) if not source.real]


def test_spoiled_files_are_read_or_refused(small: list[Original], tmp_path: Path) -> None:
    tally = soak(small, seed=20_261_121, count=100, folder=tmp_path, kept=tmp_path / "kept")
    assert tally.failures == []
    assert tally.read.total() >= 30
    assert tally.refused.total() >= 10


def test_a_seed_spoils_a_file_the_same_way_again(small: list[Original]) -> None:
    assert [made(small, 3, index) for index in range(20)] == [made(small, 3, index) for index in range(20)]
