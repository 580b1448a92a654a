"""The state of a project by its parts, as a table."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.models import PlanThreshold
from reports.state.rules import counted, is_worse, state_of
from reports.state.thresholds import FIRST, PlanRule, plan_rule_on


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ({}, "pending"),
        ({"pending": 4}, "pending"),
        ({"grey": 1, "pending": 4}, "grey"),
        ({"green": 1, "grey": 9}, "green"),
        ({"green": 9, "yellow": 1}, "yellow"),
        ({"green": 9, "yellow": 9, "red": 1}, "red"),
        ({"undefined": 2, "grey": 1}, "undefined"),
        ({"not_planned": 5}, "pending"),
    ],
)
def test_the_worst_part_counts_and_grey_is_no_deviation(parts: dict[str, int], state: str) -> None:
    assert state_of(counted(parts)) == state


def test_counts_stand_beside_the_state_the_worst_first() -> None:
    counts = counted({"green": 3, "grey": 2, "red": 1, "not_planned": 7})
    assert [(count.status, count.count) for count in counts] == [("red", 1), ("green", 3), ("grey", 2)]
    assert counts[0].words == "критические отклонения: 1"


def test_red_is_worse_than_yellow() -> None:
    assert is_worse("red", "yellow")
    assert not is_worse("yellow", "yellow")
    assert not is_worse("yellow", "red")


def test_thresholds_hold_from_their_day() -> None:
    known = [
        PlanThreshold(effective_from=dt.date(2026, 7, 1), red_after=10, slip=5),
        PlanThreshold(effective_from=dt.date(2026, 1, 1), red_after=20, slip=7),
    ]
    assert plan_rule_on(dt.date(2025, 12, 31), known) == FIRST
    assert plan_rule_on(dt.date(2026, 6, 30), known) == PlanRule(20, 7)
    assert plan_rule_on(dt.date(2026, 7, 1), known) == PlanRule(10, 5)
