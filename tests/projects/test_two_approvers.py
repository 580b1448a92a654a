"""Two people approve the same draft at the same moment, over two real connections."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from organisations.models import User
from projects.models import ChangeRequest, Project, Redaction
from projects.services import approval
from projects.services.approval import change_request_approve
from projects.services.errors import StateConflict
from tests.conftest import Cast
from tests.two_connections import together

pytestmark = pytest.mark.django_db(transaction=True)


def both(draft: ChangeRequest, first: User, second: User) -> list[Any]:
    """What became of each of two approvals that start together: a redaction, or the refusal."""

    def approve(actor: User) -> Redaction:
        return change_request_approve(
            change_request=ChangeRequest.objects.get(pk=draft.pk),
            version=1,
            actor=actor,
            protocol_number="7",
            protocol_date=dt.date(2025, 1, 20),
            waivers={},
        )

    return together(partial(approve, first), partial(approve, second), refusals=(StateConflict, IntegrityError))


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
