"""Two people approve the same draft at the same moment, over two real connections."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from organisations.models import User
from projects.models import ChangeRequest, Project, Redaction
from projects.services import approval
from projects.services.approval import change_request_approve
from projects.services.errors import StateConflict
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def both(draft: ChangeRequest, first: User, second: User) -> list[object]:
    """What became of each of two approvals that start together: a redaction, or the refusal."""
    outcomes: list[object] = []
    start = threading.Barrier(2)

    def approve(actor: User) -> None:
        mine = ChangeRequest.objects.get(pk=draft.pk)
        start.wait(timeout=10)
        try:
            outcomes.append(
                change_request_approve(
                    change_request=mine,
                    version=1,
                    actor=actor,
                    protocol_number="7",
                    protocol_date=dt.date(2025, 1, 20),
                    waivers={},
                )
            )
        except Exception as refusal:  # noqa: BLE001 - the refusal is what the test looks at
            outcomes.append(refusal)
        finally:
            connection.close()

    people = [threading.Thread(target=approve, args=[actor]) for actor in (first, second)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=30)
    return outcomes


@pytest.fixture
def meet_before_freezing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has passed the checks waits a moment for the other, so that the race is real on a fast machine."""
    meeting = threading.Barrier(2)
    project_locked: Callable[[ChangeRequest], Project] = approval._project_locked

    def slowly(change_request: ChangeRequest) -> Project:
        try:
            meeting.wait(timeout=3)
        except threading.BrokenBarrierError:
            meeting.reset()
        return project_locked(change_request)

    monkeypatch.setattr(approval, "_project_locked", slowly)


@pytest.mark.usefixtures("meet_before_freezing")
def test_one_wins_and_the_other_is_told(draft: ChangeRequest, cast: Cast) -> None:
    outcomes = both(draft, cast.curator, cast.council)
    assert {type(outcome) for outcome in outcomes} == {Redaction, StateConflict}
    assert Project.objects.get().redactions.count() == 1


@pytest.mark.usefixtures("meet_before_freezing")
def test_without_the_lock_both_pass_the_checks(
    draft: ChangeRequest, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it is the lock that decides, not luck. Only the database's own constraint is left."""

    def unlocked(queryset: QuerySet[Any], *args: object, **kwargs: object) -> QuerySet[Any]:
        return queryset.all()

    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
    outcomes = both(draft, cast.curator, cast.council)
    assert not any(isinstance(outcome, StateConflict) for outcome in outcomes)
