"""Where a project wants two reviews, the municipality checks first and the ministry decides after it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from indicators.models import Fact, Indicator, ReportingPeriod, ReviewRoute, Submission
from indicators.services import (
    StateConflict,
    submission_accept,
    submission_accept_many,
    submission_check,
    submission_return,
    submission_submit,
)
from indicators.services.review_settings import review_route_save
from indicators.turns import may_decide
from organisations.models import Membership, User
from organisations.roles import Role
from organisations.services import user_create
from tests.conftest import Cast, Region
from tests.indicators.steps import form_at, hand_in, open_period


@pytest.fixture
def period(indicator: Indicator, cast: Cast) -> ReportingPeriod:
    review_route_save(project=indicator.project, municipality_first=True, actor=cast.office)
    return open_period(cast.office, indicator.project)


@pytest.fixture
def form(period: ReportingPeriod, region: Region, cast: Cast) -> Submission:
    return hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")


@pytest.fixture
def village_form(period: ReportingPeriod, region: Region, cast: Cast) -> Submission:
    """Of a district without a coordinator."""
    return hand_in(period, region.village_school, cast.village_reporter, roads="4", safe="1")


def check(form: Submission, actor: User) -> Submission:
    form.refresh_from_db()
    return submission_check(submission=form, version=form.version, actor=actor)


def waiting_for(person: User) -> set[int]:
    return set(Submission.objects.waiting_for(person).values_list("pk", flat=True))


def test_opening_freezes_the_levels(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    project = period.projects.get().project
    review_route_save(project=project, municipality_first=False, actor=cast.office)
    later = open_period(cast.office, project, number=2)

    assert set(period.submissions.values_list("levels", flat=True)) == {2}
    assert set(later.submissions.values_list("levels", flat=True)) == {1}
    assert ReviewRoute.objects.count() == 1


def test_the_route_is_set_by_who_manages_periods(indicator: Indicator, cast: Cast) -> None:
    for person in (cast.coordinator, cast.curator, cast.reporters[0], cast.stranger):
        with pytest.raises(PermissionDenied):
            review_route_save(project=indicator.project, municipality_first=True, actor=person)


def test_the_municipality_checks_and_then_the_ministry_accepts(form: Submission, cast: Cast) -> None:
    assert (waiting_for(cast.coordinator), waiting_for(cast.office)) == ({form.pk}, set())

    checked = check(form, cast.coordinator)
    assert (checked.state, checked.checked_by) == ("checked", cast.coordinator)
    assert (waiting_for(cast.coordinator), waiting_for(cast.office)) == (set(), {form.pk})
    assert not Fact.objects.exists()

    done = submission_accept(submission=checked, version=checked.version, actor=cast.office)
    assert (done.state, done.checked_by, done.reviewed_by) == ("accepted", cast.coordinator, cast.office)
    assert Fact.objects.count() == 2


def test_the_ministry_waits_for_the_municipality(form: Submission, cast: Cast) -> None:
    for decide in (submission_accept, submission_check):
        with pytest.raises(StateConflict, match="Сначала форму проверит муниципалитет"):
            decide(submission=form, version=form.version, actor=cast.office)
    with pytest.raises(StateConflict, match="Сначала форму проверит муниципалитет"):
        submission_return(submission=form, version=form.version, comment="нет", actor=cast.office)


def test_the_municipality_does_not_decide_for_the_ministry(form: Submission, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        submission_accept(submission=form, version=form.version, actor=cast.coordinator)
    checked = check(form, cast.coordinator)
    with pytest.raises(PermissionDenied):
        submission_accept(submission=checked, version=checked.version, actor=cast.coordinator)
    with pytest.raises(StateConflict, match="уже проверил"):
        check(checked, cast.coordinator)
    with pytest.raises(StateConflict, match="другой человек"):
        submission_return(submission=checked, version=checked.version, comment="нет", actor=cast.coordinator)


def test_either_returns_and_both_review_again(form: Submission, cast: Cast) -> None:
    back = submission_return(submission=form, version=form.version, comment="Где ворота?", actor=cast.coordinator)
    assert (back.state, back.reviewed_by) == ("returned", cast.coordinator)
    again = submission_submit(submission=back, version=back.version, actor=cast.reporters[0])
    checked = check(again, cast.coordinator)
    back = submission_return(submission=checked, version=checked.version, comment="А забор?", actor=cast.office)

    assert (back.state, back.checked_by, back.comment) == ("returned", None, "А забор?")
    again = submission_submit(submission=back, version=back.version, actor=cast.reporters[0])
    assert waiting_for(cast.coordinator) == {again.pk}


def test_the_ministry_checks_where_nobody_else_can_and_another_accepts(
    form: Submission, village_form: Submission, cast: Cast
) -> None:
    assert waiting_for(cast.office) == {village_form.pk}
    checked = check(village_form, cast.office)

    assert (waiting_for(cast.office), waiting_for(cast.head)) == (set(), {village_form.pk})
    with pytest.raises(StateConflict, match="другой человек"):
        submission_accept(submission=checked, version=checked.version, actor=cast.office)
    assert submission_accept(submission=checked, version=checked.version, actor=cast.head).state == "accepted"


def test_a_coordinator_over_the_organisation_itself_or_above_is_one(
    village_form: Submission, region: Region, cast: Cast
) -> None:
    for node in (region.village_school, region.root):
        person = user_create(login=f"at{node.pk}", full_name="Лосева Ева", roles=((Role.COORDINATOR, node),))
        assert waiting_for(cast.office) == set()
        assert waiting_for(person) == {village_form.pk}
        Membership.objects.filter(user=person).delete()
    assert waiting_for(cast.office) == {village_form.pk}


def test_a_form_that_the_coordinator_sent_is_checked_by_the_ministry(
    period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    Membership.objects.create(user=cast.coordinator, organisation=region.schools[0], role=Role.REPORTER)
    form = hand_in(period, region.schools[0], cast.coordinator, roads="4", safe="1")

    with pytest.raises(StateConflict, match="не тот, кто её заполнил"):
        check(form, cast.coordinator)
    assert (waiting_for(cast.coordinator), waiting_for(cast.office)) == (set(), {form.pk})
    assert check(form, cast.office).state == "checked"


def test_the_filter_of_the_queue_and_the_question_of_one_form_agree(
    form: Submission, village_form: Submission, region: Region, cast: Cast
) -> None:
    check(village_form, cast.office)
    people = (cast.office, cast.head, cast.coordinator, cast.curator, cast.reporters[0], cast.stranger)
    for person in people:
        forms = Submission.objects.select_related("organisation")
        assert waiting_for(person) == {row.pk for row in forms if may_decide(person, row)}


def test_many_at_once_are_checked_or_accepted_as_their_turn_is(
    form: Submission, village_form: Submission, cast: Cast
) -> None:
    versions = {row.pk: row.version for row in (form, village_form)}

    by_coordinator = submission_accept_many(versions=versions, actor=cast.coordinator)
    assert [row.pk for row in by_coordinator.checked] == [form.pk]
    versions[form.pk] += 1
    by_office = submission_accept_many(versions=versions, actor=cast.office)
    assert ([row.pk for row in by_office.accepted], [row.pk for row in by_office.checked]) == (
        [form.pk],
        [village_form.pk],
    )


def test_a_form_of_one_level_is_not_checked(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    project = period.projects.get().project
    review_route_save(project=project, municipality_first=False, actor=cast.office)
    other = open_period(cast.office, project, number=2)
    form = hand_in(other, region.schools[0], cast.reporters[0], roads="4", safe="1")

    with pytest.raises(StateConflict, match="сразу министерство"):
        check(form, cast.coordinator)
    with pytest.raises(PermissionDenied):
        submission_return(submission=form, version=form.version, comment="нет", actor=cast.coordinator)
    with pytest.raises(StateConflict, match="ещё не отправлена"):
        check(form_at(other, region.schools[1]), cast.coordinator)
