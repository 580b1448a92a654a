"""The ministry accepts or returns: what a form becomes, what it refuses, and what is marked for the roll-up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Fact, Indicator, ReportingPeriod, Submission
from indicators.services import (
    StaleVersion,
    StateConflict,
    ValidationFailed,
    submission_accept,
    submission_accept_many,
    submission_return,
    submission_submit,
)
from jobs.models import Job
from jobs.services import run_queued
from organisations.models import Notification, User
from organisations.roles import Role
from organisations.services import user_create
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, fill_in, form_at, hand_in, open_period


@pytest.fixture
def form(period: ReportingPeriod, region: Region, cast: Cast) -> Submission:
    return hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="0")


def test_an_accepted_form_becomes_facts_and_zero_is_one(form: Submission, cast: Cast) -> None:
    done = accept(form, cast.office)

    assert (done.state, done.reviewed_by, done.comment) == ("accepted", cast.office, "")
    facts = Fact.objects.values_list("base_indicator__code", "value", "organisation", "submission")
    where = (form.organisation_id, form.pk)
    assert set(facts) == {("roads", Decimal(4), *where), ("safe", Decimal(0), *where)}


def test_acceptance_marks_its_period_and_no_later_one_where_nothing_adds_up_over_the_year(
    form: Submission, indicator: Indicator, cast: Cast
) -> None:
    open_period(cast.office, indicator.project, number=3)
    open_period(cast.office, indicator.project, number=1, year=2025)
    run_queued()

    accept(form, cast.office)

    waiting = Job.objects.filter(state="queued", handler="indicators.roll_up")
    assert {row.arguments["period_id"] for row in waiting} == {form.period_id}


def test_many_acceptances_wait_for_one_roll_up(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    run_queued()
    for school, reporter in zip(region.schools, cast.reporters, strict=True):
        accept(hand_in(period, school, reporter, roads="4", safe="0"), cast.office)

    assert Job.objects.filter(state="queued").count() == 1


def test_a_returned_form_carries_its_comment_and_comes_back(form: Submission, cast: Cast) -> None:
    with pytest.raises(ValidationFailed) as refused:
        submission_return(submission=form, version=form.version, comment="  ", actor=cast.office)
    assert set(refused.value.errors) == {"comment"}

    back = submission_return(submission=form, version=form.version, comment="Где ворота?", actor=cast.office)
    assert (back.state, back.comment) == ("returned", "Где ворота?")
    assert fill_in(back, cast.reporters[0], safe="1") == {}
    back.refresh_from_db()
    again = submission_submit(submission=back, version=back.version, actor=cast.reporters[0])
    assert (again.state, again.reviewed_by, again.comment) == ("submitted", None, "Где ворота?")
    assert accept(again, cast.office).comment == ""
    assert Fact.objects.get(base_indicator__code="safe").value == 1


def test_a_form_is_not_reviewed_by_who_filled_it_in(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    both = user_create(
        login="both", full_name="Обоев Иван", roles=((Role.OFFICE, region.root), (Role.REPORTER, region.root))
    )
    form = hand_in(period, region.schools[0], both, roads="4", safe="0")

    with pytest.raises(StateConflict, match="не тот, кто её заполнил"):
        accept(form, both)
    with pytest.raises(StateConflict, match="не тот, кто её заполнил"):
        submission_return(submission=form, version=form.version, comment="нет", actor=both)


def test_only_the_ministry_reviews(form: Submission, cast: Cast) -> None:
    for person in (cast.coordinator, cast.reporters[0], cast.auditor, cast.curator, cast.stranger):
        with pytest.raises(PermissionDenied):
            accept(form, person)
        with pytest.raises(PermissionDenied):
            submission_return(submission=form, version=form.version, comment="нет", actor=person)


def test_a_form_in_another_state_is_not_reviewed(
    period: ReportingPeriod, form: Submission, region: Region, cast: Cast
) -> None:
    with pytest.raises(StateConflict, match="ещё не отправлена"):
        accept(form_at(period, region.schools[1]), cast.office)
    accept(form, cast.office)
    with pytest.raises(StateConflict, match="уже принята"):
        accept(form, cast.office)
    with pytest.raises(StateConflict, match="уже принята"):
        submission_return(submission=form, version=form.version, comment="нет", actor=cast.office)
    with pytest.raises(StateConflict, match="уже принята"):
        fill_in(form, cast.reporters[0], roads="5")


def test_a_reviewer_who_saw_an_older_form_is_told(form: Submission, cast: Cast) -> None:
    with pytest.raises(StaleVersion):
        submission_accept(submission=form, version=form.version - 1, actor=cast.office)

    assert not Fact.objects.exists()


def test_of_many_forms_one_refused_stops_no_other(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    forms = [
        hand_in(period, school, reporter, roads="4", safe="0")
        for school, reporter in zip(region.schools, cast.reporters, strict=True)
    ]
    accept(forms[1], cast.head)

    done = submission_accept_many(versions={form.pk: form.version for form in forms}, actor=cast.office)

    assert [row.pk for row in done.accepted] == [forms[0].pk, forms[2].pk]
    assert done.refused == {forms[1].pk: "Форма уже принята."}


def test_many_forms_cost_no_more_statements_than_one(
    period: ReportingPeriod, region: Region, cast: Cast, django_assert_num_queries: Any
) -> None:
    forms = [
        hand_in(period, school, reporter, roads="4", safe="0")
        for school, reporter in zip(region.schools, cast.reporters, strict=True)
    ]
    with CaptureQueriesContext(connection) as one:
        submission_accept_many(versions={forms[0].pk: forms[0].version}, actor=cast.office)
    with django_assert_num_queries(len(one)):
        done = submission_accept_many(versions={form.pk: form.version for form in forms[1:]}, actor=cast.office)

    assert len(done.accepted) == 2
    for form in forms:
        form.refresh_from_db()
        kept = form.acceptances.get()
        assert (kept.accepted_at, kept.accepted_by) == (form.reviewed_at, cast.office)
        assert set(Fact.objects.filter(submission=form).values_list("organisation_id", "value")) == {
            (form.organisation_id, Decimal(4)),
            (form.organisation_id, Decimal(0)),
        }
    told = Notification.objects.filter(kind="accepted").values_list("recipient", "link")
    links = [reverse("indicators:submission", args=[form.pk]) for form in forms]
    assert sorted(told) == sorted(zip([person.pk for person in cast.reporters], links, strict=True))


def test_a_form_that_somebody_changed_is_not_accepted_among_many(
    period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    first, second = (
        hand_in(period, region.schools[place], cast.reporters[place], roads="4", safe="0") for place in (0, 1)
    )
    done = submission_accept_many(versions={first.pk: first.version - 1, second.pk: second.version}, actor=cast.office)

    assert [row.pk for row in done.accepted] == [second.pk]
    assert "изменил другой человек" in done.refused[first.pk]


def test_forms_of_others_are_passed_over_in_silence(form: Submission, cast: Cast) -> None:
    done = submission_accept_many(versions={form.pk: form.version}, actor=cast.reporters[1])

    assert (done.accepted, done.refused) == ((), {})


def test_the_audit_trail_tells_every_step(form: Submission, cast: Cast, reporter: User) -> None:
    accept(form, cast.office)

    events = apps.get_model("indicators", "SubmissionEvent").objects.filter(pgh_obj_id=form.pk).order_by("pgh_id")
    assert [row.state for row in events] == ["draft", "submitted", "accepted"]
    answers = apps.get_model("indicators", "AnswerEvent").objects.filter(submission_id=form.pk)
    assert answers.count() == 2
