"""Who sees and may do what in the tree."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from organisations.access import access_of, require, visible_or_404
from organisations.models import Membership, Organisation, OrganisationKind, User, sort_key_of
from organisations.roles import Action, Role
from organisations.services import organisation_create
from projects.models import Project
from tests.conftest import Cast, Region


def names(user: object) -> set[str]:
    return {organisation.name for organisation in Organisation.objects.visible_to(user)}


def test_a_role_reaches_what_lies_below_its_node(cast: Cast, region: Region) -> None:
    assert names(cast.office) == names(cast.auditor) == {o.name for o in Organisation.objects.all()}
    assert names(cast.coordinator) == {region.town.name, region.college.name, *(s.name for s in region.schools)}
    assert names(cast.reporters[0]) == {region.schools[0].name}


def test_whoever_sees_the_only_tree_compares_no_paths_and_the_other_tree_stays_hidden(
    cast: Cast, region: Region
) -> None:
    own = {organisation.name for organisation in Organisation.objects.all()}
    assert "LIKE" not in str(Organisation.objects.visible_to(cast.office).query)
    assert "LIKE" in str(Organisation.objects.visible_to(cast.coordinator).query)

    other = organisation_create(kind=OrganisationKind.REGION, name="Соседняя область")
    organisation_create(kind=OrganisationKind.MUNICIPALITY, name="Соседний район", parent=other)
    office, neighbour = User.objects.get(pk=cast.office.pk), cast.stranger
    Membership.objects.create(user=neighbour, organisation=other, role=Role.OFFICE)
    assert names(office) == own
    assert names(User.objects.get(pk=neighbour.pk)) == {"Соседняя область", "Соседний район"}


def test_a_root_where_the_role_does_not_allow_it_is_not_everything(cast: Cast, region: Region) -> None:
    access = access_of(cast.auditor)
    assert list(Organisation.objects.filter(access.below("path", Action.PROPOSE_PASSPORT))) == []


def test_a_stranger_and_a_disabled_account_reach_nothing(cast: Cast, region: Region) -> None:
    assert names(cast.stranger) == set()
    cast.office.is_active = False
    assert names(cast.office) == set()


def test_an_id_that_begins_alike_is_not_below(cast: Cast, region: Region) -> None:
    """«1.2.» must not reach «1.21.»: the trailing dot keeps them apart."""
    for _ in range(30):
        organisation_create(kind=OrganisationKind.MUNICIPALITY, name="Район", parent=region.root)
    visible = Organisation.objects.visible_to(cast.coordinator)
    assert {o.pk for o in visible} == {o.pk for o in Organisation.objects.all() if region.town.pk in o.ancestor_ids}


def test_a_reader_who_writes_is_forbidden_and_a_writer_elsewhere_too(cast: Cast, region: Region) -> None:
    require(cast.office, Action.MANAGE_PERIODS, region.town)
    require(cast.reporters[0], Action.WRITE_SUBMISSION, region.schools[0])
    for user, action, organisation in (
        (cast.auditor, Action.PROPOSE_PASSPORT, region.root),
        (cast.reporters[0], Action.WRITE_SUBMISSION, region.schools[1]),
        (cast.coordinator, Action.REVIEW_SUBMISSIONS, region.town),
    ):
        with pytest.raises(PermissionDenied):
            require(user, action, organisation)


def test_projects_of_the_region_are_seen_by_all_and_of_a_town_by_its_own(
    cast: Cast, region: Region, project: Project
) -> None:
    town_project = Project.objects.create(territory=region.town, level="municipal", title="т", short_title="т")
    assert set(Project.objects.visible_to(cast.reporters[0])) == {project, town_project}
    assert set(Project.objects.visible_to(cast.village_reporter)) == {project}
    with pytest.raises(Http404):
        visible_or_404(Project.objects.all(), cast.village_reporter, pk=town_project.pk)


def test_one_project_is_seen_by_those_in_whose_list_it_stands(cast: Cast, region: Region) -> None:
    """The page of a project reads it by its id and looks afterwards; lists are filtered by the database."""
    for place in Organisation.objects.all():
        Project.objects.create(territory=place, level="municipal", title=place.name, short_title=place.name)
    people = [cast.stranger, cast.office, cast.coordinator, cast.auditor, cast.village_reporter, *cast.reporters]
    for person in people:
        seen = set(Project.objects.visible_to(person))
        access = access_of(person)
        assert {row for row in Project.objects.all() if access.is_around(row.territory)} == seen
    assert not access_of(cast.stranger).is_around(region.root)


def test_access_costs_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    user = type(cast.office).objects.get(pk=cast.office.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        access_of(user)
        access_of(user)


def test_names_sort_as_russians_expect(region: Region) -> None:
    words = ["Ёлкинский", "«Абрамов»", "борисов", "Ель", "Жуков"]
    assert sorted(words, key=sort_key_of) == ["«Абрамов»", "борисов", "Ёлкинский", "Ель", "Жуков"]
    assert sorted(["Школа № 10", "Школа № 2"], key=sort_key_of) == ["Школа № 2", "Школа № 10"]


def test_the_database_refuses_a_broken_tree(region: Region) -> None:
    for change in ({"path": "12"}, {"depth": 0}, {"inn": "12"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(pk=region.town.pk).update(**change)


def test_every_write_leaves_a_trace(region: Region) -> None:
    event = Organisation.pgh_event_model  # type: ignore[attr-defined]
    Organisation.objects.filter(pk=region.town.pk).update(name="Город Новоясногорск")
    assert [e.name for e in event.objects.filter(pgh_obj_id=region.town.pk).order_by("pgh_id")] == [
        "Город Ясногорск",
        "Город Новоясногорск",
    ]
