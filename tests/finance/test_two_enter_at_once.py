"""Two people enter the same line, or confirm the same workbook, at the same moment: one wins, the other is told.

The first stands between its write and its commit while the second begins. A negative control runs the very same
schedule without the lock of the line and shows what it prevents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import Count
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from finance.loading import digest_of
from finance.models import ExecutionEntry, ExecutionLoad, FinanceLine
from finance.services import RowsOvertaken, execution_enter, execution_load_create
from finance.services.loads import preview_of
from finance.workbook import read_execution_book
from organisations.models import User
from projects.models import Project
from tests.conftest import Cast
from tests.finance.filled_books import filled_execution
from tests.finance.steps import enter, given
from tests.two_connections import at_once, without_the_lock

pytestmark = pytest.mark.django_db(transaction=True)
JUNE = dt.date(2025, 6, 30)
Lines = dict[str, FinanceLine]
AsUser = Callable[[User], Client]


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


@pytest.fixture
def corrected(funded: Project, lines: Lines, cast: Cast) -> ExecutionLoad:
    """A workbook that corrects one line and says something of another for the first time; nobody has confirmed it."""
    enter(lines["federal"], JUNE, "5000000", actor=cast.office)
    typed = {"федеральный бюджет": {"executed": 6000}, "внебюджетные источники": {"executed": 300}}
    content = filled_execution(funded, JUNE, "thousand", typed)
    book = read_execution_book(content)
    return execution_load_create(project=funded, name="Исполнение.xlsx", content=content, book=book, actor=cast.head)


def confirmed_at_once(
    load: ExecutionLoad, cast: Cast, as_user: AsUser
) -> tuple[list[BaseException | None], list[HttpResponse]]:
    """Two people press the button under the same preview; what was raised, and what was answered, in their order."""
    answers: list[HttpResponse] = []
    address = reverse("finance:load_confirm", args=[load.project_id, load.pk])
    body = {"seen": digest_of(preview_of(load))}
    first, second = as_user(cast.head), as_user(cast.office)
    outcomes = at_once(
        lambda: answers.append(first.post(address, body)),  # type: ignore[arg-type]
        lambda: answers.append(second.post(address, body)),  # type: ignore[arg-type]
    )
    return outcomes, answers


def written() -> list[tuple[Any, ...]]:
    """Roubles, version and number of writes of each line, as its history tells them."""
    rows = ExecutionEntry.objects.filter(as_of=JUNE).order_by("line__position")
    return list(rows.values_list("executed", "version", Count("events")))


def test_a_workbook_confirmed_by_two_at_once_is_written_once(
    corrected: ExecutionLoad, cast: Cast, as_user: AsUser
) -> None:
    outcomes, answers = confirmed_at_once(corrected, cast, as_user)

    assert outcomes == [None, None]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "Решение об этой загрузке уже принято." in answers[1].content.decode()
    assert "<form" not in answers[1].content.decode().split("<main")[1], "there is nothing left to decide"
    assert written() == [(6_000_000, 2, 2), (300_000, 1, 1)]
    assert set(ExecutionEntry.objects.values_list("entered_by", flat=True)) == {cast.head.pk}
    corrected.refresh_from_db()
    assert corrected.state == ExecutionLoad.State.APPLIED


def test_a_workbook_dropped_while_it_is_being_confirmed_stays_written(
    corrected: ExecutionLoad, cast: Cast, as_user: AsUser
) -> None:
    confirm, drop = (
        reverse(f"finance:load_{decision}", args=[corrected.project_id, corrected.pk])
        for decision in ("confirm", "drop")
    )
    seen, answers = digest_of(preview_of(corrected)), list[int]()
    first, second = as_user(cast.head), as_user(cast.office)
    outcomes = at_once(
        lambda: answers.append(first.post(confirm, {"seen": seen}).status_code),
        lambda: answers.append(second.post(drop).status_code),
    )
    assert (outcomes, answers) == ([None, None], [302, 409])
    corrected.refresh_from_db()
    assert corrected.state == ExecutionLoad.State.APPLIED


def test_without_the_lock_a_workbook_would_be_written_twice(
    corrected: ExecutionLoad, lines: Lines, cast: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ExecutionLoad.objects.filter(pk=corrected.pk).update(
        cells={row: cells for row, cells in corrected.cells.items() if row == str(lines["federal"].row_id)}
    )
    corrected.refresh_from_db()
    with without_the_lock(monkeypatch):
        outcomes, answers = confirmed_at_once(corrected, cast, as_user)

    assert outcomes == [None, None]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert written() == [(6_000_000, 2, 3)], "the history tells of a correction that nobody made"
    assert ExecutionEntry.objects.get().entered_by == cast.office


def test_without_the_lock_a_new_line_of_a_workbook_would_break_on_the_database(
    corrected: ExecutionLoad, cast: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_the_lock(monkeypatch):
        outcomes, answers = confirmed_at_once(corrected, cast, as_user)

    assert isinstance(outcomes[1], IntegrityError)
    assert len(answers) == 1
