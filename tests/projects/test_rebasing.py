"""A request over a redaction that is no longer in force is carried over to the one that is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from projects.models import ChangeRequest, Project, Redaction
from projects.passport.merge import Place
from projects.passport.schema import Passport
from projects.services.errors import StaleVersion, StateConflict, UnsettledConflicts
from projects.services.proposals import change_request_confirm, change_request_open
from projects.services.rebasing import change_request_rebase, rebase_of
from projects.services.route import change_request_send
from tests.conftest import Cast, Region, approve

Propose = Callable[..., ChangeRequest]


@pytest.fixture
def propose(project: Project, region: Region, cast: Cast) -> Propose:
    """A request over the redaction in force that gives the first indicator another target, or the passport a goal."""

    def make(target: int | None = None, goal: str | None = None) -> ChangeRequest:
        passport = project.redactions.latest("number").passport
        return change_request_open(
            passport=changed(passport, target, goal),
            territory=region.root,
            project=project,
            source_file=None,
            actor=cast.administrator,
        )

    return make


def changed(passport: Passport, target: int | None, goal: str | None) -> Passport:
    row = passport.indicators[0]
    if target is not None:
        row = row.model_copy(update={"targets": {**row.targets, "2025": Decimal(target)}})
    return passport.model_copy(update={"indicators": (row,), "goal": goal or passport.goal})


def in_force(project: Project) -> Redaction:
    return project.redactions.latest("number")


def test_changes_of_different_cells_are_both_there(propose: Propose, project: Project, cast: Cast) -> None:
    first, second = propose(target=60), propose(goal="Новая цель")
    approve(first, cast.curator)
    carried = change_request_rebase(
        change_request=second, version=1, onto=in_force(project), choices={}, actor=cast.office
    )
    assert (carried.base, carried.version) == (in_force(project), 2)
    approve(carried, cast.curator)
    passport = in_force(project).passport
    assert (passport.goal, passport.indicators[0].targets["2025"]) == ("Новая цель", Decimal(60))
    assert carried.entries.get(act="rebased").actor == cast.office
    assert cast.office in carried.writers.all()


def test_one_cell_changed_twice_needs_a_choice(propose: Propose, project: Project, cast: Cast) -> None:
    first, second = propose(target=60), propose(target=70)
    approve(first, cast.curator)
    onto = in_force(project)
    (conflict,) = rebase_of(second, onto).conflicts
    with pytest.raises(UnsettledConflicts):
        change_request_rebase(change_request=second, version=1, onto=onto, choices={}, actor=cast.office)
    carried = change_request_rebase(
        change_request=second, version=1, onto=onto, choices={conflict.place: "mine"}, actor=cast.office
    )
    assert carried.passport.indicators[0].targets["2025"] == Decimal(70)
    assert conflict.place == Place("indicators", str(onto.passport.indicators[0].id), "targets.2025")


def test_what_people_settled_about_rows_goes_along(
    propose: Propose, project: Project, region: Region, cast: Cast
) -> None:
    first, second = propose(target=60), propose(goal="Новая цель")
    swapped: dict[str, str | None] = {
        region.town.name: str(region.district.pk),
        region.district.name: str(region.town.pk),
    }
    second = change_request_confirm(change_request=second, links={"territories": swapped}, version=1)
    approve(first, cast.curator)
    carried = change_request_rebase(
        change_request=second, version=2, onto=in_force(project), choices={}, actor=cast.office
    )
    assert carried.recognised.organisation_of(region.town.name) == region.district.pk


def test_choices_made_of_something_else_are_not_taken(propose: Propose, project: Project, cast: Cast) -> None:
    requests = [propose(target=60 + index) for index in range(3)]
    approve(requests[0], cast.curator)
    looked_at = in_force(project)
    third = change_request_rebase(
        change_request=requests[2],
        version=1,
        onto=looked_at,
        choices={c.place: "mine" for c in rebase_of(requests[2], looked_at).conflicts},
        actor=cast.office,
    )
    approve(third, cast.curator)
    with pytest.raises(StaleVersion, match="Редакция № 3"):
        change_request_rebase(change_request=requests[1], version=1, onto=looked_at, choices={}, actor=cast.office)


def test_only_an_outdated_draft_is_carried_over(propose: Propose, project: Project, cast: Cast) -> None:
    first, second = propose(target=60), propose(goal="Новая цель")
    with pytest.raises(StateConflict, match="нечего"):
        change_request_rebase(change_request=first, version=1, onto=in_force(project), choices={}, actor=cast.office)
    sent = change_request_send(change_request=second, version=1, actor=cast.administrator)
    approve(first, cast.curator)
    with pytest.raises(StateConflict, match="на согласовании"):
        change_request_rebase(
            change_request=sent, version=2, onto=in_force(project), choices={}, actor=cast.administrator
        )
