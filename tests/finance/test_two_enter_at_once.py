"""Two people enter the same line as of the same day at the same moment: one wins, the other is told.

The first stands between its write and its commit while the second begins. A negative control runs the very same
schedule without the lock of the line and shows what it prevents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from finance.models import ExecutionEntry, FinanceLine
from finance.services import RowsOvertaken, execution_enter
from organisations.models import User
from tests.conftest import Cast
from tests.finance.steps import enter, given
from tests.two_connections import at_once, without_the_lock

pytestmark = pytest.mark.django_db(transaction=True)
JUNE = dt.date(2025, 6, 30)
Lines = dict[str, FinanceLine]


def writes(line: FinanceLine, executed: str, actor: User, version: int = 0) -> Callable[[], object]:
    rows = [given(line, executed, version=version)]
    return lambda: execution_enter(project=line.project, as_of=JUNE, rows=rows, actor=actor)


def test_the_second_first_entry_is_told(lines: Lines, cast: Cast) -> None:
    line = lines["federal"]
    outcomes = at_once(writes(line, "6000000", cast.head), writes(line, "5000000", cast.office))
    assert outcomes[0] is None
    assert isinstance(outcomes[1], RowsOvertaken)
    assert cast.head.short_name in outcomes[1].errors[line.pk][""]
    assert ExecutionEntry.objects.get().executed == 6_000_000


def test_the_second_correction_is_told(lines: Lines, cast: Cast) -> None:
    line = lines["federal"]
    enter(line, JUNE, "4000000", actor=cast.head)
    outcomes = at_once(writes(line, "6000000", cast.head, 1), writes(line, "5000000", cast.office, 1))
    assert isinstance(outcomes[1], RowsOvertaken)
    entry = ExecutionEntry.objects.get()
    assert entry.executed == 6_000_000
    assert entry.version == 2


def test_without_the_lock_a_correction_would_be_lost(lines: Lines, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    line = lines["federal"]
    enter(line, JUNE, "4000000", actor=cast.head)
    with without_the_lock(monkeypatch):
        outcomes = at_once(writes(line, "6000000", cast.head, 1), writes(line, "5000000", cast.office, 1))
    assert outcomes == [None, None]
    assert ExecutionEntry.objects.get().executed == 5_000_000


def test_without_the_lock_a_first_entry_would_break_on_the_database(
    lines: Lines, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = lines["federal"]
    with without_the_lock(monkeypatch):
        outcomes = at_once(writes(line, "6000000", cast.head), writes(line, "5000000", cast.office))
    assert isinstance(outcomes[1], IntegrityError)
