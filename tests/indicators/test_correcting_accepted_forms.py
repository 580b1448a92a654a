"""An accepted form is opened for correction with a reason, and both what was and what became of it stay."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import InternalError

from indicators.models import Acceptance, Fact, Reopening, ReportingPeriod, Submission
from indicators.services import (
    StaleVersion,
    StateConflict,
    ValidationFailed,
    period_close,
    submission_reopen,
    submission_return,
    submission_submit,
)
from jobs.models import Job
from jobs.services import run_queued
from organisations.models import Notification, User
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, fill_in, hand_in, total


@pytest.fixture
def accepted(period: ReportingPeriod, region: Region, cast: Cast) -> Submission:
    return accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)


def reopen(form: Submission, actor: User, reason: str = "В школе семь подъездов") -> Submission:
    form.refresh_from_db()
    return submission_reopen(submission=form, version=form.version, reason=reason, actor=actor)


def test_reopening_withdraws_the_facts_and_keeps_what_was_accepted(accepted: Submission, cast: Cast) -> None:
    form = reopen(accepted, cast.head)

    assert (form.state, form.comment, form.is_writable) == ("reopened", "В школе семь подъездов", True)
    assert not Fact.objects.filter(submission=form).exists()
    kept = Acceptance.objects.get(submission=form)
    explanation = form.answers.get(question__code="roads").explanation
    assert kept.answers["roads"] == {"value": "4", "explanation": explanation, "evidence": []}
    assert (kept.number, kept.submitted_by, kept.accepted_by) == (1, cast.reporters[0], cast.office)
    assert (kept.reopening.reason, kept.reopening.actor) == ("В школе семь подъездов", cast.head)


def test_a_corrected_form_is_accepted_a_second_time(
    accepted: Submission, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    indicator = period.measurements.get().indicator
    run_queued()
    assert total(indicator, period, region.town).value == 25

    form = reopen(accepted, cast.office)
    run_queued()
    assert total(indicator, period, region.town).accepted == 0

    assert fill_in(form, cast.reporters[0], roads="8", safe="4") == {}
    form.refresh_from_db()
    again = submission_submit(submission=form, version=form.version, actor=cast.reporters[0])
    accept(again, cast.head)
    run_queued()

    assert total(indicator, period, region.town).value == 50
    kept = Acceptance.objects.filter(submission=form).order_by("number")
    assert [(row.number, row.answers["roads"]["value"]) for row in kept] == [(1, "4"), (2, "8")]
    assert Fact.objects.get(submission=form, base_indicator__code="roads").value == Decimal(8)


def test_the_head_of_the_school_hears_of_it(accepted: Submission, cast: Cast) -> None:
    reopen(accepted, cast.office)

    told = Notification.objects.filter(recipient=cast.reporters[0], kind="reopened").get()
    assert "В школе семь подъездов" in told.text


def test_reopening_needs_a_reason_an_accepted_form_and_the_version_that_was_seen(
    accepted: Submission, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        reopen(accepted, cast.office, reason="  ")
    assert set(refused.value.errors) == {"reason"}
    with pytest.raises(StaleVersion):
        submission_reopen(submission=accepted, version=accepted.version - 1, reason="Ошибка", actor=cast.office)
    waiting = hand_in(period, region.schools[1], cast.reporters[1], roads="4", safe="1")
    with pytest.raises(StateConflict, match="ждёт проверки"):
        reopen(waiting, cast.office)
    reopen(accepted, cast.office)
    with pytest.raises(StateConflict, match="уже открыта для исправления"):
        reopen(accepted, cast.office)
    assert Reopening.objects.count() == 1


def test_only_the_ministry_reopens(accepted: Submission, cast: Cast) -> None:
    for person in (cast.coordinator, cast.reporters[0], cast.auditor, cast.curator, cast.stranger):
        with pytest.raises(PermissionDenied):
            reopen(accepted, person)


def test_in_a_closed_period_nothing_is_reopened(accepted: Submission, period: ReportingPeriod, cast: Cast) -> None:
    period_close(period=period, actor=cast.office)

    with pytest.raises(StateConflict, match="период закрыт"):
        reopen(accepted, cast.office)


def test_reopening_marks_the_totals(accepted: Submission, cast: Cast) -> None:
    run_queued()
    reopen(accepted, cast.office)

    assert Job.objects.filter(state="queued", handler="indicators.roll_up").count() == 1


def test_what_was_accepted_is_neither_changed_nor_deleted(accepted: Submission, cast: Cast) -> None:
    reopen(accepted, cast.office)

    for table in ("indicators_reopening", "indicators_acceptance"):
        refused = pytest.raises(InternalError, match="Cannot update or delete")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Acceptance.objects.update(answers={})
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Reopening.objects.update(reason="иначе")


def test_remarks_stand_at_their_fields_until_the_next_decision(
    period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    form = hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    with pytest.raises(ValidationFailed) as refused:
        submission_return(submission=form, version=form.version, comment="", remarks={"no": "а"}, actor=cast.office)
    assert set(refused.value.errors) == {"no"}

    said = {"roads": " Их семь. ", "safe": ""}
    back = submission_return(submission=form, version=form.version, comment="", remarks=said, actor=cast.office)
    assert back.comment == "Исправьте ответы, у которых стоят замечания."
    remarks = dict(back.answers.values_list("question__code", "remark"))
    assert remarks == {"roads": "Их семь.", "safe": ""}

    again = submission_submit(submission=back, version=back.version, actor=cast.reporters[0], values={"roads": "7"})
    assert again.answers.get(question__code="roads").remark == "Их семь."
    accept(again, cast.office)
    assert set(again.answers.values_list("remark", flat=True)) == {""}
