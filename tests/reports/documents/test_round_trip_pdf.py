"""The PDF that we print reads back to the document it was printed from, but for one cell in a hundred at the most.

Of passports made of random words, three: a line that happens to fill its cell to the edge reads on into the next one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from projects.passport import Passport, read
from reports.documents.passport import render
from tests.projects.passport import northern
from tests.projects.passport.strategies import passports
from tests.projects.passport.word import word_file
from tests.reports.documents.likeness import differences, likeness

SHARED = Path(__file__).resolve().parents[4] / "shared" / "passports"
ENOUGH = 0.99
ENOUGH_OF_RANDOM_WORDS = 0.97


def printed_and_read(passport: Passport) -> Passport:
    return read(render(passport, "pdf"))


def comes_back(passport: Passport, enough: float = ENOUGH) -> None:
    found = printed_and_read(passport)
    assert likeness(passport, found) >= enough, differences(passport, found)


@pytest.mark.parametrize("blocks", [northern.regional(), northern.municipal()], ids=["regional", "municipal"])
def test_passports_of_other_regions_come_back_whole(blocks: list[object]) -> None:
    passport = read(word_file(blocks))  # type: ignore[arg-type]
    assert differences(passport, printed_and_read(passport)) == []


def test_a_passport_of_the_portal_comes_back(passport: Passport) -> None:
    comes_back(passport)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(passports())
def test_a_passport_as_readers_make_it_comes_back(passport: Passport) -> None:
    comes_back(passport, ENOUGH_OF_RANDOM_WORDS)


@pytest.mark.parametrize("name", ["kirov", "sayansk"])
def test_a_real_passport_comes_back(name: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the real passports are not beside the project")
    comes_back(read(SHARED / f"{name}.docx"))
