"""A school fills in its form: what is refused is told at the field, and nothing else is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from indicators.models import Answer, Indicator, ReportingPeriod, Submission
from indicators.selectors.history import history_of
from indicators.services import (
    StaleVersion,
    StateConflict,
    ValidationFailed,
    period_close,
    submission_return,
    submission_save_draft,
    submission_submit,
)
from indicators.templatetags.indicators_words import event_words
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.steps import agree, count, fill_in, form_at, hand_in, open_period


@pytest.fixture
def form(period: ReportingPeriod, region: Region) -> Submission:
    return form_at(period, region.schools[0])


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _answers(form: Submission) -> dict[str, str | None]:
    rows = Answer.objects.filter(submission=form).select_related("question")
    return {row.question.code: "—" if row.not_applicable else _plain(row.value) for row in rows}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("7", "7"), (" 12 ", "12"), ("1 200", "1200"), ("1\u202f200", "1200"), ("12,0", "12"), ("+3", "3"), ("0", "0")],
)
def test_a_number_is_taken_as_people_write_it(typed: str, kept: str, form: Submission, cast: Cast) -> None:
    assert fill_in(form, cast.reporters[0], roads=typed) == {}
    assert _answers(form) == {"roads": kept}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("много", "Это не число: «много». Напишите, например, 12 или 12,5."),
        ("1e5", "Это не число: «1e5». Напишите, например, 12 или 12,5."),
        ("NaN", "Это не число: «NaN». Напишите, например, 12 или 12,5."),
        ("Infinity", "Это не число: «Infinity». Напишите, например, 12 или 12,5."),
        ("12 3", "Это не число: «12 3». Напишите, например, 12 или 12,5."),
        ("=1+1", "Это не число: «=1+1». Напишите, например, 12 или 12,5."),
        ("я" * 500, f"Это не число: «{'я' * 20}…». Напишите, например, 12 или 12,5."),
        ("1О", "В числе «1О» вместо цифры стоит буква «О»: наберите его цифрами."),
        ("٣", "Цифра «٣» набрана не с обычной клавиатуры: наберите число заново."),
        ("-1", "Число не может быть отрицательным."),
        ("−1", "Число не может быть отрицательным."),
        ("1,5", "Здесь нужно целое число, без дробной части."),
        ("1" + "0" * 30, "Число слишком большое: проверьте, в тех ли единицах оно."),
        ("9" * 400, "Число слишком большое: проверьте, в тех ли единицах оно."),
        ("0," + "0" * 10 + "1", "Знаков после запятой больше 10: округлите."),
        ("not_applicable", "Этот вопрос касается всех: укажите значение."),
    ],
)
def test_what_is_no_count_is_refused_at_the_field_and_the_rest_is_kept(
    typed: str, message: str, form: Submission, cast: Cast
) -> None:
    fill_in(form, cast.reporters[0], safe="2")

    assert fill_in(form, cast.reporters[0], safe=typed, roads="5") == {"safe": message}
    assert _answers(form) == {"safe": "2", "roads": "5"}


def test_a_part_above_its_whole_is_refused_where_it_was_typed(form: Submission, cast: Cast) -> None:
    above = {"safe": "Не может быть больше, чем «Подъезды к школе» (3)."}

    assert fill_in(form, cast.reporters[0], safe="4", roads="3") == above
    assert _answers(form) == {"roads": "3"}
    assert fill_in(form, cast.reporters[0], safe="3") == {}
    below = {"roads": "Не может быть меньше, чем «Безопасные подъезды» (3)."}
    assert fill_in(form, cast.reporters[0], roads="2") == below
    assert fill_in(form, cast.reporters[0], safe="4", roads="4") == {}


def test_bounds_yes_no_and_what_does_not_apply(indicator: Indicator, region: Region, cast: Cast) -> None:
    count("share", cast.office, kind="decimal", minimum=None, maximum=100, over="average")
    count("lit", cast.office, kind="boolean", may_not_apply=True)
    agree(indicator, "share + lit", cast.office)
    form = form_at(open_period(cast.office, indicator.project), region.schools[0])
    reporter = cast.reporters[0]

    assert fill_in(form, reporter, share="100,5", lit="может быть") == {
        "share": "Значение не может быть больше 100.",
        "lit": "Ответьте «да» или «нет».",
    }
    assert fill_in(form, reporter, share="-0,25", lit="да") == {}
    assert _answers(form) == {"share": "-0.25", "lit": "1"}
    assert fill_in(form, reporter, lit="нет") == {}
    assert _answers(form)["lit"] == "0"
    assert fill_in(form, reporter, lit="not_applicable") == {}
    assert _answers(form)["lit"] == "—"


def test_an_emptied_field_is_not_answered_any_more_and_is_not_zero(form: Submission, cast: Cast) -> None:
    fill_in(form, cast.reporters[0], roads="3")

    assert fill_in(form, cast.reporters[0], roads="") == {}
    assert _answers(form) == {"roads": None}


def test_a_question_of_another_form_is_refused(form: Submission, cast: Cast) -> None:
    assert fill_in(form, cast.reporters[0], state="accepted") == {"state": "Такого вопроса в этой форме нет."}


def test_a_form_with_something_missing_or_refused_stays_with_the_school_and_keeps_the_rest(
    form: Submission, cast: Cast
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        submission_submit(submission=form, version=0, actor=cast.reporters[0], values={"roads": "3"})

    assert refused.value.errors == {"safe": "Ответьте на этот вопрос."}
    form.refresh_from_db()
    assert (form.state, form.version) == ("draft", 1)
    assert _answers(form) == {"roads": "3"}
    with pytest.raises(ValidationFailed, match="отрицательным"):
        submission_submit(submission=form, version=1, actor=cast.reporters[0], values={"safe": "-1"})


def test_a_complete_form_is_handed_in(form: Submission, cast: Cast) -> None:
    done = submission_submit(submission=form, version=0, actor=cast.reporters[0], values={"roads": "3", "safe": "0"})

    assert (done.state, done.submitted_by, done.late) == ("submitted", cast.reporters[0], False)
    assert done.submitted_at is not None


def test_whoever_saw_an_older_version_is_told_and_overwrites_nothing(form: Submission, cast: Cast) -> None:
    fill_in(form, cast.reporters[0], roads="3")

    with pytest.raises(StaleVersion):
        submission_save_draft(submission=form, values={"roads": "9"}, version=0, actor=cast.reporters[0])

    assert _answers(form) == {"roads": "3"}


def test_saving_the_same_again_changes_nothing(form: Submission, cast: Cast) -> None:
    fill_in(form, cast.reporters[0], roads="3")
    fill_in(form, cast.reporters[0], roads="3,0")

    form.refresh_from_db()
    assert form.version == 1


def test_after_the_deadline_a_form_is_late_by_the_clock_of_the_database(
    form: Submission, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ReportingPeriod.objects.update(deadline=dt.datetime(2026, 1, 20, tzinfo=dt.UTC))
    # A worker whose clock stands in the past changes nothing.
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2026, 1, 10, tzinfo=dt.UTC))

    done = submission_submit(submission=form, version=0, actor=cast.reporters[0], values={"roads": "1", "safe": "1"})

    assert done.late
    assert done.first_submitted_at == done.submitted_at
    assert done.lateness == "с опозданием"


def test_a_form_that_came_in_time_and_was_corrected_after_the_deadline_is_not_late(
    form: Submission, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    head = cast.reporters[0]
    first = submission_submit(submission=form, version=0, actor=head, values={"roads": "1", "safe": "1"})
    returned = submission_return(submission=first, version=first.version, comment="Проверьте.", actor=cast.office)
    ReportingPeriod.objects.update(deadline=dt.datetime(2026, 1, 20, tzinfo=dt.UTC))
    again = submission_submit(submission=returned, version=returned.version, actor=head, values={"safe": "0"})

    again.refresh_from_db()
    assert (again.late, again.corrected_late) == (False, True)
    assert again.first_submitted_at == first.submitted_at
    assert again.submitted_at != first.submitted_at
    browser = as_user(head)
    for page in ("submission", "submission_receipt"):
        words = browser.get(reverse(f"indicators:{page}", args=[form.pk])).content.decode()
        assert "исправлена после срока" in words
        assert "с опозданием" not in words
    assert "Исправлена после срока и отправлена" in {event_words(event) for event in history_of(again)}


def test_a_form_that_came_late_stays_late(form: Submission, cast: Cast) -> None:
    head = cast.reporters[0]
    ReportingPeriod.objects.update(deadline=dt.datetime(2026, 1, 20, tzinfo=dt.UTC))
    late = submission_submit(submission=form, version=0, actor=head, values={"roads": "1", "safe": "1"})
    returned = submission_return(submission=late, version=late.version, comment="Проверьте.", actor=cast.office)
    ReportingPeriod.objects.update(deadline=dt.datetime(2099, 1, 20, tzinfo=dt.UTC))
    again = submission_submit(submission=returned, version=returned.version, actor=head)

    assert (again.late, again.corrected_late) == (True, False)


def test_in_a_closed_period_nothing_is_written(period: ReportingPeriod, form: Submission, cast: Cast) -> None:
    period_close(period=period, actor=cast.office)

    with pytest.raises(StateConflict, match="Отчётный период закрыт: I квартал 2026"):
        fill_in(form, cast.reporters[0], roads="3")
    with pytest.raises(StateConflict):
        submission_submit(submission=form, version=0, actor=cast.reporters[0])


def test_nobody_else_writes_the_form_of_a_school(form: Submission, cast: Cast) -> None:
    for person in (cast.reporters[1], cast.coordinator, cast.office, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            fill_in(form, person, roads="3")


def test_a_form_on_review_cannot_be_written(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    form = hand_in(period, region.schools[0], cast.reporters[0], roads="3", safe="1")

    with pytest.raises(StateConflict, match="ждёт проверки"):
        fill_in(form, cast.reporters[0], roads="4")
    with pytest.raises(StateConflict, match="ждёт проверки"):
        submission_submit(submission=form, version=form.version, actor=cast.reporters[0])
