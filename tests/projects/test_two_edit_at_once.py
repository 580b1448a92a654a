"""Two people change one request at the same moment: one wins, the other is told, and nothing is overwritten unseen.

A negative control runs each schedule without the lock of the request and shows what it prevents.
"""

from __future__ import annotations

import datetime as dt

import pytest

from organisations.models import User
from projects.models import ChangeRequest, Project
from projects.passport.grid import TypedRow, grid_of
from projects.services.approval import change_request_approve
from projects.services.editing import Edit, section_save
from projects.services.errors import StaleVersion, StateConflict
from tests.conftest import Cast
from tests.two_connections import Write, at_once, without_the_lock

pytestmark = pytest.mark.django_db(transaction=True)


def types(draft: ChangeRequest, field: str, words: str, actor: User) -> Write:
    """Type over a cell of the result, in the table as it was when the page was opened."""
    rows = grid_of(draft.passport, "results").rows
    typed = [TypedRow(row.key, row.kind, {field: words} if row.kind == "result" else {}) for row in rows]
    return lambda: section_save(
        change_request=draft, edit=Edit("results", tuple(typed)), version=draft.version, actor=actor
    )


def approves(draft: ChangeRequest, actor: User) -> Write:
    return lambda: change_request_approve(
        change_request=draft,
        version=draft.version,
        actor=actor,
        protocol_number="7",
        protocol_date=dt.date(2025, 1, 20),
        waivers={},
    )


def result(draft: ChangeRequest) -> tuple[str | None, str | None]:
    row = ChangeRequest.objects.get(pk=draft.pk).passport.results[0]
    return row.name, row.characteristic


def test_the_second_of_two_edits_is_told_and_overwrites_nothing(draft: ChangeRequest, cast: Cast) -> None:
    before = result(draft)
    outcomes = at_once(
        types(draft, "name", "Дороги отремонтированы", cast.office),
        types(draft, "characteristic", "Знаки стоят", cast.head),
    )
    assert outcomes[0] is None
    assert isinstance(outcomes[1], StaleVersion)
    assert result(draft) == ("Дороги отремонтированы", before[1])
    draft.refresh_from_db()
    assert draft.version == 2
    assert cast.head not in draft.writers.all(), "who was refused has written nothing"


def test_without_the_lock_the_first_of_two_edits_would_be_lost(
    draft: ChangeRequest, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = result(draft)
    with without_the_lock(monkeypatch):
        outcomes = at_once(
            types(draft, "name", "Дороги отремонтированы", cast.office),
            types(draft, "characteristic", "Знаки стоят", cast.head),
        )
    assert outcomes == [None, None]
    assert result(draft) == (before[0], "Знаки стоят")


def test_what_is_changed_while_it_is_being_approved_is_not_approved_unseen(draft: ChangeRequest, cast: Cast) -> None:
    edit = types(draft, "name", "Дороги отремонтированы", cast.office)
    outcomes = at_once(edit, approves(draft, cast.curator))
    assert outcomes[0] is None
    assert isinstance(outcomes[1], StaleVersion)
    assert not Project.objects.exists()

    draft.refresh_from_db()
    approves(draft, cast.curator)()
    assert Project.objects.get().redactions.get().passport.results[0].name == "Дороги отремонтированы"


def test_what_is_being_approved_takes_no_edit(draft: ChangeRequest, cast: Cast) -> None:
    approved = result(draft)
    edit = types(draft, "name", "Дороги отремонтированы", cast.office)
    outcomes = at_once(approves(draft, cast.curator), edit)
    assert outcomes[0] is None
    assert isinstance(outcomes[1], StateConflict)
    assert result(draft) == approved


def test_without_the_lock_an_approved_request_would_hold_what_nobody_approved(
    draft: ChangeRequest, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = types(draft, "name", "Дороги отремонтированы", cast.office)
    with without_the_lock(monkeypatch):
        outcomes = at_once(approves(draft, cast.curator), edit)
    assert outcomes == [None, None]
    frozen = Project.objects.get().redactions.get().passport.results[0].name
    assert result(draft)[0] == "Дороги отремонтированы" != frozen
