"""Two people move parts of the tree at the same moment."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from organisations.models import Organisation, User
from organisations.roles import Role
from organisations.services import organisation_create, organisation_move, tree, user_create
from organisations.services.errors import StateConflict

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2025, 9, 1)


@pytest.fixture
def nodes() -> tuple[Organisation, Organisation, Organisation]:
    """A root and two regions of it, as one country has them; each may be put below the other."""
    root = organisation_create(kind="region", name="Страна")
    first, second = (organisation_create(kind="region", name=name, parent=root) for name in ("Север", "Юг"))
    return root, first, second


@pytest.fixture
def actor(nodes: tuple[Organisation, ...]) -> User:
    return user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, nodes[0]),))


@pytest.fixture(autouse=True)
def any_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kinds of today's tree leave no room for a circle; the lock must hold without their help."""
    monkeypatch.setattr(tree, "may_stand_below", lambda kind, above: bool(kind and above))


def at_once(*moves: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Run the moves in threads, each stopped between its checks and its writing until the others have come there."""
    barrier, refused = threading.Barrier(len(moves)), list[Exception]()
    under = Organisation.objects.under

    def meet(organisation: Organisation) -> Any:
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=3)
        return under(organisation)

    monkeypatch.setattr(Organisation.objects, "under", meet)

    def run(move: Callable[[], Any]) -> None:
        try:
            move()
        except (StateConflict, OperationalError) as conflict:
            refused.append(conflict)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[move]) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def paths_are_right() -> bool:
    """Whether every path is that of the parent and the node's own id."""
    rows = Organisation.objects.select_related("parent")
    return all(row.path == f"{row.parent.path if row.parent else ''}{row.pk}." for row in rows)


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """For negative controls: the lock of the tree taken away, and the rows read without theirs."""
    monkeypatch.setattr(tree, "tree_lock", lambda **_: None)
    monkeypatch.setattr(Organisation.objects, "select_for_update", Organisation.objects.all)


def into_one_another(nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    _, first, second = nodes
    act: dict[str, Any] = {"day": DAY, "reason": "Закон", "actor": actor}
    return at_once(
        lambda: organisation_move(organisation=first, parent=second, **act),
        lambda: organisation_move(organisation=second, parent=first, **act),
        monkeypatch=monkeypatch,
    )


def after_one_another(nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """A school moves into a town that itself moves to another region."""
    _, first, second = nodes
    town, old = (organisation_create(kind="municipality", name=name, parent=first) for name in ("Город", "Район"))
    school = organisation_create(kind="school", name="Школа", parent=old)
    act: dict[str, Any] = {"day": DAY, "reason": "Закон", "actor": actor}
    return at_once(
        lambda: organisation_move(organisation=town, parent=second, **act),
        lambda: organisation_move(organisation=school, parent=town, **act),
        monkeypatch=monkeypatch,
    )


def test_of_two_moves_into_one_another_the_second_is_refused(
    nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    (refused,) = into_one_another(nodes, actor, monkeypatch)
    assert isinstance(refused, StateConflict)
    assert paths_are_right()


def test_without_the_lock_neither_is_refused(
    nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either both end below one another, or the database happens to see a deadlock and kills one."""
    unlocked(monkeypatch)
    refused = into_one_another(nodes, actor, monkeypatch)
    assert not any(isinstance(error, StateConflict) for error in refused)
    assert refused or not paths_are_right()


def test_a_school_that_moves_into_a_moving_town_goes_with_it(
    nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert after_one_another(nodes, actor, monkeypatch) == []
    assert paths_are_right()


def test_without_the_lock_its_path_leads_where_the_town_was(
    nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked(monkeypatch)
    assert after_one_another(nodes, actor, monkeypatch) == []
    assert not paths_are_right()


def test_a_school_founded_while_its_town_moves_goes_with_it(
    nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _founded_during_a_move(nodes, actor, monkeypatch)


def test_without_the_lock_it_stays_behind(
    nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "tree_lock", lambda **_: None)
    assert not _founded_during_a_move(nodes, actor, monkeypatch)


def _founded_during_a_move(nodes: tuple[Organisation, ...], actor: User, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the path of a school, whose row is written but not committed as its town moves, is a right one."""
    _, first, second = nodes
    town = organisation_create(kind="municipality", name="Город", parent=first)
    written, moving = threading.Event(), threading.Event()

    def found() -> None:
        try:
            with transaction.atomic():
                organisation_create(kind="school", name="Школа", parent=town)
                written.set()
                moving.wait(timeout=3)
        finally:
            connection.close()

    thread = threading.Thread(target=found)
    thread.start()
    assert written.wait(timeout=20)
    organisation_move(organisation=town, parent=second, day=DAY, reason="Закон", actor=actor)
    moving.set()
    thread.join()
    return paths_are_right()
