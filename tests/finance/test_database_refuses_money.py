"""What the database itself refuses of execution, whoever writes to it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from finance.models import ExecutionEntry, ExecutionThreshold, FinanceLine
from finance.status import FIRST_THRESHOLD
from tests.conftest import Cast
from tests.finance.steps import enter

MARCH = dt.date(2025, 3, 31)


@pytest.fixture
def entry(lines: dict[str, FinanceLine], cast: Cast) -> ExecutionEntry:
    enter(lines["federal"], MARCH, "2500000", actor=cast.head)
    return ExecutionEntry.objects.get()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("executed = 'NaN'", "execution_executed_bounds"),
        ("executed = -1e15", "execution_executed_bounds"),
        ("contracted = 'NaN'", "execution_contracted_bounds"),
        ("contracted = -1", "execution_contracted_sign"),
        ("year = 2024", "execution_year_of_date"),
        ("as_of = '2026-03-31'", "execution_year_of_date"),
        ("executed = NULL", "execution_withdrawn_with_reason"),
    ],
)
def test_an_entry_that_cannot_be(entry: ExecutionEntry, change: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE finance_executionentry SET {change} WHERE id = %s", [entry.pk])


def test_two_entries_of_one_line_and_day(entry: ExecutionEntry) -> None:
    with pytest.raises(IntegrityError, match="execution_entry_once"), transaction.atomic():
        ExecutionEntry.objects.create(line=entry.line, year=2025, as_of=MARCH, executed=1, entered_by=entry.entered_by)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("second = 10", "execution_shares_rise"),
        ("fourth = 101", "execution_shares_rise"),
        ("yellow = 101", "execution_threshold_bounds"),
        ("yellow = 'NaN'", "execution_threshold_bounds"),
    ],
)
def test_thresholds_that_cannot_be(db: None, change: str, constraint: str) -> None:
    row = ExecutionThreshold.objects.create(effective_from=MARCH, **FIRST_THRESHOLD)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE finance_executionthreshold SET {change} WHERE id = %s", [row.pk])
