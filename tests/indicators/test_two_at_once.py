"""Two people write the same form at the same moment: one wins, the other is told, and nothing is half done.

The first stands between its write and its commit while the second begins. A negative control runs the very same
schedule without the row lock and shows the damage that the lock prevents.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, transaction

from indicators.models import Answer, BaseIndicator, Fact, ReportingPeriod, StandIn, Submission
from indicators.selectors.municipality_forms import municipalities_of, municipality_forms
from indicators.services import (
    PastForm,
    StaleVersion,
    StateConflict,
    ValidationFailed,
    history_import,
    period_close,
    submission_accept,
    submission_return,
    submission_save_draft,
    submission_submit,
)
from indicators.services.filling_for import forms_fill_for
from indicators.workbooks.municipality_book import municipality_book
from indicators.workbooks.reading import read_municipality_book
from jobs.models import Job
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.filled_workbooks import filled_row
from tests.indicators.steps import FAR, count, fill_in, form_at, hand_in, open_period
from tests.two_connections import Write, at_once, in_a_thread, wait_until_blocked, without_the_lock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handed_in(period: ReportingPeriod, region: Region, cast: Cast) -> Submission:
    form = hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    Job.objects.all().delete()
    return form


def _accept(form: Submission, actor: User) -> Write:
    return lambda: submission_accept(submission=form, version=form.version, actor=actor)


def _return(form: Submission, actor: User) -> Write:
    return lambda: submission_return(submission=form, version=form.version, comment="нет", actor=actor)


def _state_and_facts(form: Submission) -> tuple[str, int]:
    form.refresh_from_db()
    return form.state, Fact.objects.filter(submission=form).count()


def test_two_acceptances_make_one(handed_in: Submission, cast: Cast) -> None:
    outcomes = at_once(_accept(handed_in, cast.office), _accept(handed_in, cast.head))

    assert outcomes[0] is None
    assert isinstance(outcomes[1], StateConflict)
    assert str(outcomes[1]) == "Форма уже принята."
    assert _state_and_facts(handed_in) == ("accepted", 2)


def test_an_accepted_form_is_not_returned_at_the_same_moment(handed_in: Submission, cast: Cast) -> None:
    outcomes = at_once(_accept(handed_in, cast.office), _return(handed_in, cast.head))

    assert isinstance(outcomes[1], StateConflict)
    assert _state_and_facts(handed_in) == ("accepted", 2)


def test_without_the_lock_a_returned_form_would_have_facts(
    handed_in: Submission, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_the_lock(monkeypatch):
        outcomes = at_once(_accept(handed_in, cast.office), _return(handed_in, cast.head))

    assert outcomes == [None, None]
    assert _state_and_facts(handed_in) == ("returned", 2)


@pytest.fixture
def filled_in(period: ReportingPeriod, region: Region, cast: Cast) -> Submission:
    form = form_at(period, region.schools[0])
    fill_in(form, cast.reporters[0], roads="4", safe="1")
    form.refresh_from_db()
    return form


def _submit(form: Submission, actor: User) -> Write:
    return lambda: submission_submit(submission=form, version=form.version, actor=actor)


def _save(form: Submission, actor: User) -> Write:
    return lambda: submission_save_draft(submission=form, values={"safe": "3"}, version=form.version, actor=actor)


def _safe(form: Submission) -> Any:
    return Answer.objects.get(submission=form, question__code="safe").value


def test_a_form_that_is_being_handed_in_cannot_be_changed(filled_in: Submission, cast: Cast) -> None:
    reporter = cast.reporters[0]
    outcomes = at_once(_submit(filled_in, reporter), _save(filled_in, reporter))

    assert isinstance(outcomes[1], StateConflict)
    assert (_state_and_facts(filled_in), _safe(filled_in)) == (("submitted", 0), 1)


def test_without_the_lock_a_form_on_review_would_change_under_the_eyes_of_the_reviewer(
    filled_in: Submission, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = cast.reporters[0]
    with without_the_lock(monkeypatch):
        outcomes = at_once(_submit(filled_in, reporter), _save(filled_in, reporter))

    assert outcomes == [None, None]
    assert (_state_and_facts(filled_in), _safe(filled_in)) == (("submitted", 0), 3)


def test_closing_a_period_waits_for_the_form_that_is_being_handed_in(
    period: ReportingPeriod, filled_in: Submission, cast: Cast
) -> None:
    outcomes = at_once(_submit(filled_in, cast.reporters[0]), lambda: period_close(period=period, actor=cast.office))

    assert outcomes == [None, None]
    assert _state_and_facts(filled_in) == ("submitted", 0)


def test_a_form_handed_in_while_its_period_is_being_closed_is_told_so(
    period: ReportingPeriod, filled_in: Submission, cast: Cast
) -> None:
    outcomes = at_once(lambda: period_close(period=period, actor=cast.office), _submit(filled_in, cast.reporters[0]))

    assert isinstance(outcomes[1], StateConflict)
    assert _state_and_facts(filled_in) == ("draft", 0)


def test_opening_a_later_period_and_accepting_in_an_earlier_one_see_each_other(
    handed_in: Submission, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    """Else the sums over the year of the new period would lack a figure that nobody marks again."""
    seen: list[int] = []
    project = period.projects.get().project

    def open_next(number: int) -> None:
        open_period(cast.office, project, number=number)
        seen.append(Fact.objects.count())

    assert at_once(_accept(handed_in, cast.office), lambda: open_next(2)) == [None, None]
    assert seen == [2]

    other = hand_in(period, region.schools[1], cast.reporters[1], roads="1", safe="1")
    seen.clear()

    def accept_other() -> None:
        _accept(other, cast.office)()
        seen.append(ReportingPeriod.objects.count())

    assert at_once(lambda: open_next(3), accept_other) == [None, None]
    assert seen == [2, 3]


def test_past_years_are_brought_over_while_a_school_writes_and_neither_waits_for_ever(
    period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    form = form_at(period, region.schools[0])
    past = PastForm(form.organisation_id, {"roads": "4", "safe": "1"}, cast.reporters[0], FAR, FAR)
    refused: list[BaseException] = []

    def bring_over() -> None:
        try:
            history_import(period=period, rows=[past], actor=cast.office)
        except (StateConflict, OperationalError, ValidationFailed) as error:
            refused.append(error)

    with transaction.atomic():
        # A save as far as it is when it has its form and not yet its period.
        Submission.objects.select_for_update().get(pk=form.pk)
        thread = in_a_thread(bring_over)
        wait_until_blocked(thread)
        submission_save_draft(submission=form, values={"safe": "3"}, version=0, actor=cast.reporters[0])
    thread.join(10)

    assert [type(error) for error in refused] == [ValidationFailed]
    assert _safe(form) == 3


def test_schools_never_wait_for_one_another(
    period: ReportingPeriod, filled_in: Submission, region: Region, cast: Cast
) -> None:
    other = form_at(period, region.schools[1])
    fill_in(other, cast.reporters[1], roads="2", safe="1")
    other.refresh_from_db()

    with transaction.atomic():
        _submit(filled_in, cast.reporters[0])()
        in_a_thread(_submit(other, cast.reporters[1])).join(10)
        other.refresh_from_db()
        assert other.state == "submitted"


def test_two_who_add_one_name_to_the_catalogue_add_it_once(cast: Cast) -> None:
    count("pupils", cast.office)
    with pytest.raises(ValidationFailed) as refused_later:
        count("pupils", cast.office)

    outcomes = at_once(lambda: count("roads", cast.office), lambda: count("roads", cast.office))

    assert outcomes[0] is None
    assert isinstance(outcomes[1], ValidationFailed), "not an error of the database"
    assert outcomes[1].errors == refused_later.value.errors
    assert set(outcomes[1].errors) == {"code"}
    assert BaseIndicator.objects.filter(code="roads").count() == 1


@pytest.fixture
def gathered(period: ReportingPeriod, region: Region, cast: Cast) -> Write:
    """The coordinator's row for the first school, read from her workbook: three roads, two of them safe."""
    [place] = municipalities_of(period, cast.coordinator)
    content = municipality_book(municipality_forms(period, place, cast.coordinator))
    rows = read_municipality_book(filled_row(content, region.schools[0].short_name, {"roads": 3, "safe": 2})).forms
    return lambda: forms_fill_for(period=period, rows=rows, overwrite=True, actor=cast.coordinator)


def _answer_and_submit(form: Submission, actor: User) -> Write:
    return lambda: submission_submit(
        submission=form, version=form.version, actor=actor, values={"roads": "9", "safe": "9"}
    )


def _kept(form: Submission) -> tuple[str, list[int]]:
    form.refresh_from_db()
    return form.state, [int(value or 0) for value in form.answers.order_by("question").values_list("value", flat=True)]


def test_a_workbook_changes_nothing_in_a_form_that_is_sent_at_the_same_moment(
    gathered: Write, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    form = form_at(period, region.schools[0])
    assert at_once(_answer_and_submit(form, cast.reporters[0]), gathered) == [None, None]
    assert _kept(form) == ("submitted", [9, 9])
    assert not StandIn.objects.exists()


def test_a_head_who_sends_while_the_workbook_is_written_is_told(
    gathered: Write, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    form = form_at(period, region.schools[0])
    outcomes = at_once(gathered, _answer_and_submit(form, cast.reporters[0]))
    assert outcomes[0] is None
    assert isinstance(outcomes[1], StaleVersion)
    assert _kept(form) == ("draft", [3, 2])


def test_without_the_lock_a_workbook_would_change_a_sent_form(
    gathered: Write, period: ReportingPeriod, region: Region, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_at(period, region.schools[0])
    with without_the_lock(monkeypatch):
        assert at_once(_answer_and_submit(form, cast.reporters[0]), gathered) == [None, None]
    assert _kept(form) == ("submitted", [3, 2])
