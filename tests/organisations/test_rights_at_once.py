"""Whose account may be changed is asked of the locked row: a role given a moment before counts."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from organisations.models import User
from organisations.roles import Role
from organisations.services import people
from organisations.services.people import person_disable, role_give
from tests.conftest import Cast, Region

pytestmark = pytest.mark.django_db(transaction=True)


def disabled_while_promoted(cast: Cast, region: Region) -> bool:
    """A coordinator shuts the account of a head in the moment in which the office makes her one of its own."""
    head = cast.reporters[0]
    answers: list[str] = []

    def disable() -> None:
        try:
            person_disable(user=head, actor=User.objects.get(pk=cast.coordinator.pk))
            answers.append("done")
        except PermissionDenied:
            answers.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=disable)
    with transaction.atomic():
        role_give(user=head, role=Role.OFFICE, organisation=region.root, actor=cast.office)
        thread.start()
        wait_for_a_lock()
    thread.join()
    return answers == ["done"]


def wait_for_a_lock() -> None:
    """Until somebody waits for a row of this transaction, for as long as twenty seconds."""
    with connection.cursor() as cursor:
        for _ in range(400):
            cursor.execute(
                "SELECT count(*) FROM pg_locks AS other JOIN pg_locks AS own USING (transactionid)"
                " WHERE own.pid = pg_backend_pid() AND own.granted AND NOT other.granted"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_a_role_given_meanwhile_protects_the_account(cast: Cast, region: Region) -> None:
    assert not disabled_while_promoted(cast, region)
    assert User.objects.get(pk=cast.reporters[0].pk).is_active


def test_asked_before_the_lock_it_would_not(cast: Cast, region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the question before the lock."""

    def asked_first(user: User, actor: Any) -> User:
        if not User.objects.managed_by(actor).filter(pk=user.pk).exists():
            raise PermissionDenied("person")
        return User.objects.select_for_update().get(pk=user.pk)

    monkeypatch.setattr(people, "_lock_managed", asked_first)
    assert disabled_while_promoted(cast, region)
