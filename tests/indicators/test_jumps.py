"""A figure is questioned when it looks like a slip of the finger, and not otherwise."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.jumps import jump


@pytest.mark.parametrize(
    ("value", "previous", "over_time", "same_year", "words"),
    [
        ("2500", "1000", "snapshot", True, "в 2,5 раза"),
        ("10000", "1000", "flow", True, "в 10 раз"),
        ("3000", "1000", "flow", True, "в 3 раза"),
        ("450", "1000", "average", True, "меньше прошлого"),
        ("0", "30", "snapshot", True, "теперь ноль"),
        ("1900", "1000", "snapshot", True, ""),
        ("11", "5", "snapshot", True, ""),  # of small numbers every change is a multiple
        ("500", "0", "snapshot", True, ""),
        ("90", "100", "cumulative", True, "не уменьшается"),
        ("90", "100", "cumulative", False, ""),  # a new year begins anew
        ("400", "100", "cumulative", True, ""),  # a year's fourth quarter may well be four times its first
        ("1200", "100", "cumulative", True, "в 12 раз"),
        (None, "100", "flow", True, ""),
        ("100", None, "flow", True, ""),
    ],
)
def test_a_jump_is_told_in_a_sentence(
    value: str | None, previous: str | None, over_time: str, same_year: bool, words: str
) -> None:
    sentence = jump(
        Decimal(value) if value else None,
        Decimal(previous) if previous else None,
        kind="integer",
        over_time=over_time,
        same_year=same_year,
    )

    assert words in sentence
    assert bool(words) == bool(sentence)


def test_a_yes_that_became_a_no_is_questioned() -> None:
    yes, no = Decimal(1), Decimal(0)

    assert "оставьте «нет»" in jump(no, yes, kind="boolean", over_time="snapshot", same_year=True)
    assert jump(yes, no, kind="boolean", over_time="snapshot", same_year=True) == ""
