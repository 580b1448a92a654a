"""Organisations are renamed, moved, closed and joined; each act is told in their history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from organisations.models import Notification, Organisation, OrganisationChange, OrganisationKind
from organisations.services import (
    organisation_close,
    organisation_create,
    organisation_merge,
    organisation_move,
    organisation_reopen,
    organisation_update,
)
from organisations.services.errors import StaleVersion, StateConflict
from organisations.services.tree import last_change_of
from tests.conftest import Cast, Region

DAY = dt.date(2025, 9, 1)


@pytest.fixture
def act(cast: Cast) -> dict[str, Any]:
    return {"day": DAY, "reason": "Постановление № 5", "actor": cast.office}


def history(organisation: Organisation) -> list[tuple[str, Any]]:
    return [(row.kind, row.cells) for row in organisation.changes.order_by("pk")]


def test_a_new_name_and_inn_are_kept_with_the_old_ones(region: Region, act: dict[str, Any]) -> None:
    school = region.schools[0]
    changed = organisation_update(
        organisation=school,
        requisites={"name": "Лицей № 1", "short_name": "Лицей № 1", "inn": "7707083893", "oktmo": ""},
        seen=0,
        **act,
    )
    assert (changed.name, changed.sort_key, changed.inn) == ("Лицей № 1", "лицей   000001", "7707083893")
    (row,) = OrganisationChange.objects.filter(organisation=school)
    assert (row.day, row.reason, row.actor) == (DAY, "Постановление № 5", act["actor"])
    assert row.cells == [
        ["Полное наименование", school.name, "Лицей № 1"],
        ["Краткое наименование", school.short_name, "Лицей № 1"],
        ["ИНН", "", "7707083893"],
    ]


def test_what_differs_in_nothing_is_no_event(region: Region, act: dict[str, Any]) -> None:
    school = region.schools[0]
    organisation_update(organisation=school, requisites={"name": school.name, "inn": ""}, seen=0, **act)
    assert history(school) == []


def test_two_people_do_not_overwrite_one_another(region: Region, act: dict[str, Any]) -> None:
    school = region.schools[0]
    organisation_update(organisation=school, requisites={"name": "Лицей"}, seen=0, **act)
    with pytest.raises(StaleVersion):
        organisation_update(organisation=school, requisites={"name": "Гимназия"}, seen=0, **act)
    organisation_update(organisation=school, requisites={"name": "Гимназия"}, seen=last_change_of(school), **act)
    school.refresh_from_db()
    assert school.name == "Гимназия"


def test_what_does_not_fit_is_refused(region: Region, act: dict[str, Any]) -> None:
    first, second, third = region.schools
    organisation_update(organisation=first, requisites={"inn": "7707083893"}, seen=0, **act)
    with pytest.raises(StateConflict, match="уже у организации"):
        organisation_update(organisation=second, requisites={"inn": "7707083893"}, seen=0, **act)
    with pytest.raises(StateConflict, match="не становится"):
        organisation_update(organisation=region.town, requisites={"kind": "school"}, seen=0, **act)
    with pytest.raises(StateConflict, match="ещё не наступила"):
        organisation_close(organisation=third, **{**act, "day": dt.date(2999, 1, 1)})


def test_a_municipality_moves_with_everything_below_it(region: Region, act: dict[str, Any]) -> None:
    other = organisation_create(kind=OrganisationKind.REGION, name="Южный край")
    moved = organisation_move(organisation=region.town, parent=other, **act)
    assert (moved.parent, moved.path, moved.depth) == (other, f"{other.path}{region.town.pk}.", 1)
    for leaf in (*region.schools, region.college):
        leaf.refresh_from_db()
        assert (leaf.parent_id, leaf.path, leaf.depth) == (moved.pk, f"{moved.path}{leaf.pk}.", 2)
    region.village_school.refresh_from_db()
    assert region.village_school.path.startswith(region.root.path)
    assert history(region.town) == [("moved", [["Входит в", "Северская область", "Южный край"]])]


def test_moving_is_one_statement_however_much_lies_below(
    region: Region, act: dict[str, Any], django_assert_num_queries: Any
) -> None:
    for number in range(40):
        organisation_create(kind=OrganisationKind.SCHOOL, name=f"Школа {number}", parent=region.town)
    other = organisation_create(kind=OrganisationKind.REGION, name="Южный край")
    # The lock, the two rows, the former parent, the statement, the history and the row anew, within a savepoint.
    with django_assert_num_queries(8):
        organisation_move(organisation=region.town, parent=other, **act)


@pytest.mark.parametrize(
    ("what", "where", "sentence"),
    [
        ("town", "town", "самой себе"),
        ("root", "town", "во главе"),
        ("town", "college", "самой себе"),
        ("college", "town", "уже находится"),
        ("college", "village_school", "не может входить"),
        ("district", "town", "не может входить"),
    ],
)
def test_a_place_that_cannot_have_it_is_refused(
    region: Region, act: dict[str, Any], what: str, where: str, sentence: str
) -> None:
    before = list(Organisation.objects.order_by("pk").values())
    with pytest.raises(StateConflict, match=sentence):
        organisation_move(organisation=getattr(region, what), parent=getattr(region, where), **act)
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_a_closed_school_is_not_changed_until_it_is_opened_again(region: Region, act: dict[str, Any]) -> None:
    school = region.schools[0]
    organisation_close(organisation=school, **act)
    with pytest.raises(StateConflict, match="закрыта"):
        organisation_close(organisation=school, **act)
    with pytest.raises(StateConflict, match="закрыта"):
        organisation_move(organisation=school, parent=region.district, **act)
    opened = organisation_reopen(organisation=school, **act)
    assert opened.closed_at is None
    assert [kind for kind, _ in history(school)] == ["closed", "reopened"]
    with pytest.raises(StateConflict, match="и так действует"):
        organisation_reopen(organisation=school, **act)


def test_a_town_is_closed_after_its_schools(region: Region, act: dict[str, Any]) -> None:
    with pytest.raises(StateConflict, match="сначала передайте"):
        organisation_close(organisation=region.district, **act)
    organisation_close(organisation=region.village_school, **act)
    organisation_close(organisation=region.district, **act)
    with pytest.raises(StateConflict, match="Муниципалитет этой организации закрыт"):
        organisation_reopen(organisation=region.village_school, **act)


def test_schools_are_joined_to_a_successor(region: Region, act: dict[str, Any]) -> None:
    first, second, heir = region.schools
    organisation_merge(organisations=[first, second], successor=heir, **act)
    for joined in (first, second):
        joined.refresh_from_db()
        assert (joined.closed_at, joined.successor) == (DAY, heir)
        assert joined.changes.get().other == heir
    heir.refresh_from_db()
    assert heir.closed_at is None
    assert {row.other for row in heir.changes.filter(kind="absorbed")} == {first, second}


def test_the_people_of_joined_schools_learn_who_is_successor(region: Region, cast: Cast, act: dict[str, Any]) -> None:
    first, second, heir = region.schools
    organisation_merge(organisations=[first, second], successor=heir, **act)
    told = {row.recipient: row.text for row in Notification.objects.filter(kind="merged")}
    assert set(told) == set(cast.reporters)
    assert f"присоединена к «{heir}»" in told[cast.reporters[0]]
    assert f"«{first}», «{second}»" in told[cast.reporters[2]]


def test_who_cannot_be_joined(region: Region, act: dict[str, Any]) -> None:
    first, _, third = region.schools
    organisation_close(organisation=third, **act)
    for joined, heir in (([], first), ([first], first), ([first], third), ([third], first), ([region.town], first)):
        with pytest.raises(StateConflict):
            organisation_merge(organisations=joined, successor=heir, **act)
    assert not Organisation.objects.exclude(successor=None).exists()


def test_history_is_never_rewritten(region: Region, act: dict[str, Any]) -> None:
    organisation_close(organisation=region.college, **act)
    for write in (
        lambda: OrganisationChange.objects.update(reason="Иначе"),
        lambda: OrganisationChange.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert region.college.changes.get().reason == "Постановление № 5"


def test_an_open_organisation_has_no_successor(region: Region) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Organisation.objects.filter(pk=region.college.pk).update(successor=region.schools[0])
