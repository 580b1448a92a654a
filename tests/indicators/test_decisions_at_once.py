"""Decisions on one form at the same moment: accepting, returning, checking and reopening, each against the others."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from indicators.models import Acceptance, Fact, Indicator, PastValue, Reopening, ReportingPeriod, Submission
from indicators.services import (
    StaleVersion,
    StateConflict,
    period_close,
    submission_accept,
    submission_check,
    submission_reopen,
    submission_return,
)
from indicators.services.reopening import period_reopen
from indicators.services.review_settings import review_route_save
from jobs.models import Job
from jobs.services import run_queued
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.steps import FAR, accept, hand_in, open_period
from tests.two_connections import Write, at_once, together, without_the_lock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def accepted(period: ReportingPeriod, region: Region, cast: Cast) -> Submission:
    form = accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)
    Job.objects.all().delete()
    return form


@pytest.fixture
def of_two_levels(indicator: Indicator, region: Region, cast: Cast) -> Submission:
    review_route_save(project=indicator.project, municipality_first=True, actor=cast.office)
    period = open_period(cast.office, indicator.project)
    form = hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    Job.objects.all().delete()
    return form


def _reopen(form: Submission, actor: User) -> Write:
    return lambda: submission_reopen(submission=form, version=form.version, reason="Ошибка", actor=actor)


def _standing(form: Submission) -> tuple[str, int, int, int]:
    """The state with how many facts, acceptances and reopenings."""
    form.refresh_from_db()
    reopened = Reopening.objects.filter(acceptance__submission=form).count()
    return form.state, Fact.objects.filter(submission=form).count(), form.acceptances.count(), reopened


def test_a_form_is_reopened_once(accepted: Submission, cast: Cast) -> None:
    outcomes = at_once(_reopen(accepted, cast.office), _reopen(accepted, cast.head))

    assert outcomes[0] is None
    assert isinstance(outcomes[1], StateConflict)
    assert _standing(accepted) == ("reopened", 0, 1, 1)


def test_without_the_lock_two_would_reopen_and_only_the_database_would_stop_them(
    accepted: Submission, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_the_lock(monkeypatch):
        outcomes = at_once(_reopen(accepted, cast.office), _reopen(accepted, cast.head))

    assert outcomes[0] is None
    assert type(outcomes[1]).__name__ == "IntegrityError"


def test_a_form_is_not_checked_and_returned_at_the_same_moment(of_two_levels: Submission, cast: Cast) -> None:
    form = of_two_levels
    outcomes = at_once(
        lambda: submission_check(submission=form, version=form.version, actor=cast.coordinator),
        lambda: submission_return(submission=form, version=form.version, comment="нет", actor=cast.coordinator),
    )

    assert outcomes[0] is None
    assert isinstance(outcomes[1], StaleVersion)
    assert _standing(form) == ("checked", 0, 0, 0)


def test_without_the_lock_a_return_would_undo_a_check_that_nobody_saw(
    of_two_levels: Submission, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = of_two_levels
    with without_the_lock(monkeypatch):
        outcomes = at_once(
            lambda: submission_check(submission=form, version=form.version, actor=cast.coordinator),
            lambda: submission_return(submission=form, version=form.version, comment="нет", actor=cast.coordinator),
        )

    assert outcomes == [None, None]
    assert _standing(form)[0] == "returned"


def test_fifty_acceptances_at_once_make_one(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    form = hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    accepting = [
        partial(submission_accept, submission=form, version=form.version, actor=actor)
        for actor in (cast.office, cast.head) * 5
    ]
    outcomes = [outcome for _ in range(5) for outcome in together(*accepting, refusals=(StateConflict,))]

    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, StateConflict)]
    assert refused == ["Форма уже принята."] * 49
    assert _standing(form) == ("accepted", 2, 1, 0)
    assert Acceptance.objects.count() == 1


def test_a_period_that_closes_at_this_moment_is_opened_again_with_what_was_accepted_last(
    period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    form = hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    run_queued()

    def accept_and_close() -> None:
        submission_accept(submission=form, version=form.version, actor=cast.office)
        period_close(period=period, actor=cast.office)

    outcomes = at_once(
        accept_and_close,
        lambda: period_reopen(period=period, reason="Ошибка", deadline=FAR, actor=cast.office),
    )

    assert outcomes == [None, None]
    kept = PastValue.objects.get(reopening__period=period, organisation=region.root)
    assert (kept.accepted, kept.value) == (1, Decimal(25))
