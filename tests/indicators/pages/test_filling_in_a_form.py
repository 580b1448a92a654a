"""The head of a school fills in her form, checks it and sends it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator, ReportingPeriod, Submission
from indicators.services import period_close, submission_return, submission_save_draft
from organisations.models import Organisation, User
from projects.models import Project
from tests.conftest import Cast, Region

TYPED = {"a-pupils": "1 400", "a-safe": "100", "a-camera": "1", "a-distance": "2,5"}


def url(form: Submission, page: str = "submission") -> str:
    return reverse(f"indicators:{page}", args=[form.pk])


def answers(form: Submission) -> dict[str, str]:
    rows = form.answers.select_related("question")
    return {row.question.code: "н/о" if row.not_applicable else str(row.value) for row in rows if row.is_given}


def test_the_form_says_whose_it_is_until_when_and_what_it_asks(school: Client, form: Submission) -> None:
    page = school.get(url(form)).content.decode()

    assert "Школа № 1 города Ясногорска" in page
    assert "осталось\u00a09\u00a0дней" in page
    assert "Форма за III квартал 2026 г." in page
    assert 'inputmode="numeric"' in page
    assert 'type="radio"' in page
    assert "К нам не относится" in page
    assert "Нужно для показателя «Доля школ с безопасным подъездом, процент»" in page
    assert "План проекта" in page
    assert "100\u00a0% (показатель 1)" in page


def test_how_many_in_all_is_asked_before_how_many_of_them(school: Client, form: Submission) -> None:
    page = school.get(url(form)).content.decode()

    # The formula names them the other way round.
    assert page.index('name="a-pupils"') < page.index('name="a-safe"')


def test_what_was_filled_in_is_checked_sent_and_answered_with_a_receipt(school: Client, form: Submission) -> None:
    answer = school.post(url(form), {**TYPED, "version": 0, "action": "submit"})
    assert answer["Location"] == url(form, "submission_check")

    page = school.get(answer["Location"]).content.decode()
    assert "1\u202f400\u00a0чел." in page
    assert "7,14" in page

    form.refresh_from_db()
    sent = school.post(url(form, "submission_check"), {"version": form.version}, follow=True).content.decode()
    assert "Форма отправлена" in sent
    assert "Орлова Нина Павловна" in sent
    form.refresh_from_db()
    assert (form.state, form.late) == ("submitted", False)
    assert answers(form) == {"pupils": "1400", "safe": "100", "camera": "1", "distance": "2.5"}


def test_a_draft_is_kept_with_gaps(school: Client, form: Submission) -> None:
    page = school.post(url(form), {"a-pupils": "12", "version": 0, "action": "save"}, follow=True).content.decode()

    assert "Черновик сохранён" in page
    assert 'value="12"' in page
    assert answers(form) == {"pupils": "12"}


def test_a_gap_is_shown_at_its_field_when_the_form_is_to_be_sent(school: Client, form: Submission) -> None:
    answer = school.post(url(form), {**TYPED, "a-safe": "", "version": 0, "action": "submit"})

    assert answer.status_code == 422
    assert answer.content.decode().count("Ответьте на этот вопрос") == 2  # in the summary and at the field
    assert answers(form) == {"pupils": "1400", "camera": "1", "distance": "2.5"}


def test_many_gaps_are_counted_above_the_form_the_first_linked_and_the_rest_folded(
    school: Client, form: Submission
) -> None:
    page = school.post(url(form), {"version": 0, "action": "submit"}).content.decode()

    summary = page.split('role="alert"')[1].split("<form")[0]
    assert "Нет ответа на 4\u00a0вопроса" in summary
    assert "Ответьте на этот вопрос" not in summary
    before, folded = summary.split("<details>")
    assert 'href="#id_a-pupils"' in before
    links = re.findall(r'href="#([^"]+)"', folded)
    assert len(links) == 3
    assert all(f'id="{link}"' in page for link in links)
    assert page.count("Ответьте на этот вопрос") == 4  # at each field


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("десять", "Это не число"),
        ("-3", "Число не может быть отрицательным"),
        ("1" + "0" * 30, "Число слишком большое"),
        ("٣٠", "набрана не с обычной клавиатуры"),
        ("1О0", "вместо цифры стоит буква"),
        ("2,5", "Здесь нужно целое число"),
        ("1401", "Не может быть больше, чем «Учеников»"),
        ("NaN", "Это не число"),
        ("<script>", "Это не число"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_the_rest_is_kept(
    school: Client, form: Submission, typed: str, sentence: str
) -> None:
    answer = school.post(url(form), {**TYPED, "a-safe": typed, "version": 0, "action": "save"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{typed}"' in page or typed == "<script>"
    assert "<script>Это" not in page
    assert answers(form) == {"pupils": "1400", "camera": "1", "distance": "2.5"}


def test_a_question_that_does_not_concern_the_school_is_not_a_zero(school: Client, form: Submission) -> None:
    typed = {**TYPED, "a-distance": "", "a-distance_not_ours": "on", "version": 0, "action": "save"}
    page = school.post(url(form), typed, follow=True).content.decode()

    assert answers(form)["distance"] == "н/о"
    assert 'name="a-distance_not_ours"' in page
    assert "checked" in page.split('name="a-distance_not_ours"')[1].split(">")[0]


def test_a_number_and_does_not_concern_us_together_are_refused(school: Client, form: Submission) -> None:
    answer = school.post(url(form), {**TYPED, "a-distance_not_ours": "on", "version": 0, "action": "save"})

    assert answer.status_code == 422
    assert "Выберите одно" in answer.content.decode()


def test_the_form_of_another_school_does_not_exist(
    school: Client, region: Region, form_of_school: Callable[[Organisation], Submission]
) -> None:
    other = form_of_school(region.schools[1])

    for page in ("submission", "submission_check"):
        assert school.get(url(other, page)).status_code == 404
        assert school.post(url(other, page), {**TYPED, "version": 0}).status_code == 404
    assert school.post(url(other, "submission_autosave"), {**TYPED, "version": 0}).status_code == 404
    assert answers(other) == {}


def test_only_the_school_fills_in_its_form(as_user: Callable[[User], Client], cast: Cast, form: Submission) -> None:
    readers = (cast.office, cast.head, cast.administrator, cast.curator, cast.council, cast.coordinator, cast.auditor)
    for person in readers:
        client = as_user(person)
        page = client.get(url(form))
        assert page.status_code == 200
        assert 'name="a-pupils"' not in page.content.decode()
        for write in ("submission", "submission_check", "submission_autosave"):
            assert client.post(url(form, write), {**TYPED, "version": 0}).status_code == 403
        assert client.get(reverse("indicators:my_submissions")).status_code == 403
    for person in (cast.stranger, cast.village_reporter):
        assert as_user(person).get(url(form)).status_code == 404
    assert answers(form) == {}


def test_fields_that_no_form_has_change_nothing(school: Client, form: Submission) -> None:
    extra = {"state": "accepted", "a-state": "accepted", "reviewed_by": "1", "late": "1", "organisation": "1"}
    school.post(url(form), {**TYPED, **extra, "version": 0, "action": "save"})

    form.refresh_from_db()
    assert (form.state, form.reviewed_by_id, form.late) == ("draft", None, False)


def test_pressing_send_twice_sends_once(school: Client, form: Submission) -> None:
    school.post(url(form), {**TYPED, "version": 0, "action": "submit"})
    form.refresh_from_db()
    school.post(url(form, "submission_check"), {"version": form.version})
    again = school.post(url(form, "submission_check"), {"version": form.version}, follow=True)

    assert "второй раз отправлять не нужно" in again.content.decode()
    later = Submission.objects.get(pk=form.pk)
    assert later.version == form.version + 1


def test_an_incomplete_form_cannot_be_sent_past_its_page(school: Client, form: Submission) -> None:
    page = school.post(url(form, "submission_check"), {"version": 0}, follow=True).content.decode()

    assert "В форме не хватает ответов" in page
    form.refresh_from_db()
    assert form.state == "draft"
    assert school.get(url(form, "submission_check"))["Location"] == url(form)


def test_two_people_in_one_form_overwrite_nothing_unseen(school: Client, form: Submission, cast: Cast) -> None:
    submission_save_draft(submission=form, values={"pupils": "500"}, version=0, actor=cast.reporters[0])
    answer = school.post(url(form), {**TYPED, "version": 0, "action": "save"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "изменил другой человек" in page
    assert 'value="1 400"' in page
    assert "записал здесь: 500\u00a0чел." in page
    assert answers(form) == {"pupils": "500"}

    form.refresh_from_db()
    school.post(url(form), {**TYPED, "version": form.version, "action": "save"})
    assert answers(form)["pupils"] == "1400"


def test_the_same_sent_twice_is_saved_once_and_no_conflict(school: Client, form: Submission) -> None:
    for _ in range(2):
        page = school.post(url(form), {**TYPED, "version": 0, "action": "save"}, follow=True).content.decode()
        assert "Черновик сохранён" in page

    form.refresh_from_db()
    assert form.version == 1
    assert school.post(url(form), {**TYPED, "version": 0, "action": "submit"})["Location"] == url(
        form, "submission_check"
    )


def test_a_part_of_an_indicator_is_named_with_what_it_is_a_part_of(
    school: Client, formulas: Project, request: pytest.FixtureRequest
) -> None:
    Indicator.objects.filter(project=formulas, number="2").update(number="1.1", name="в городе, процент")
    page = school.get(url(request.getfixturevalue("form"))).content.decode()
    assert "«Доля школ с безопасным подъездом: в городе, процент»" in page
    assert "«Доля школ с безопасным подъездом, процент»" in page


def test_what_was_typed_into_a_form_that_was_sent_meanwhile_is_shown(school: Client, submitted: Submission) -> None:
    answer = school.post(url(submitted), {**TYPED, "version": submitted.version, "action": "save"})

    assert answer.status_code == 409
    assert "Форма уже отправлена" in answer.content.decode()
    assert "Учеников: 1 400" in answer.content.decode()


def test_after_the_deadline_the_form_is_taken_and_marked_late(
    school: Client, form: Submission, period: ReportingPeriod
) -> None:
    ReportingPeriod.objects.filter(pk=period.pk).update(deadline=timezone.now() - dt.timedelta(hours=1))

    assert "Срок прошёл" in school.get(url(form)).content.decode()
    school.post(url(form), {**TYPED, "version": 0, "action": "submit"})
    form.refresh_from_db()
    page = school.post(url(form, "submission_check"), {"version": form.version}, follow=True).content.decode()
    assert "с опозданием" in page


def test_a_deadline_that_passes_while_the_form_is_open_loses_nothing_and_is_told(
    school: Client, form: Submission, period: ReportingPeriod
) -> None:
    assert "осталось" in school.get(url(form)).content.decode()
    kept = school.post(url(form, "submission_autosave"), {"a-pupils": "1 400", "version": 0}).json()
    ReportingPeriod.objects.filter(pk=period.pk).update(deadline=timezone.now() - dt.timedelta(seconds=1))

    later = school.post(url(form, "submission_autosave"), {**TYPED, "version": kept["version"]}).json()
    assert later["errors"] == {}
    look = school.post(url(form), {**TYPED, "version": later["version"], "action": "submit"}, follow=True)
    assert "срок прошёл" in look.content.decode()
    sent = school.post(url(form, "submission_check"), {"version": later["version"]}, follow=True)
    assert "с опозданием" in sent.content.decode()
    form.refresh_from_db()
    assert (form.state, form.late) == ("submitted", True)


def test_a_period_closed_while_a_draft_is_typed_keeps_what_was_saved_and_shows_the_rest(
    school: Client, form: Submission, period: ReportingPeriod, cast: Cast
) -> None:
    version = school.post(url(form, "submission_autosave"), {"a-pupils": "1 400", "version": 0}).json()["version"]
    period_close(period=period, actor=cast.office)

    typed = {**TYPED, "version": version}
    assert school.post(url(form, "submission_autosave"), typed).status_code == 409
    for action in ("save", "submit"):
        answer = school.post(url(form), {**typed, "action": action})
        assert answer.status_code == 409
        assert "Из них с безопасной дорогой: 100" in answer.content.decode()
    assert answers(form) == {"pupils": "1400"}
    form.refresh_from_db()
    assert form.state == "draft"


def test_a_closed_period_takes_nothing_and_says_so(
    school: Client, form: Submission, period: ReportingPeriod, cast: Cast
) -> None:
    period_close(period=period, actor=cast.office)

    assert "сдать форму уже нельзя" in school.get(url(form)).content.decode()
    answer = school.post(url(form), {**TYPED, "version": 0, "action": "save"})
    assert answer.status_code == 409
    assert "Учеников: 1 400" in answer.content.decode()


def test_a_returned_form_begins_with_the_comment(school: Client, submitted: Submission, cast: Cast) -> None:
    submission_return(submission=submitted, version=submitted.version, comment="Проверьте учеников", actor=cast.office)

    page = school.get(url(submitted)).content.decode()
    assert page.index("Проверьте учеников") < page.index('name="a-pupils"')
    mine = school.get(reverse("indicators:my_submissions")).content.decode()
    assert "Проверьте учеников" in mine


def test_autosave_keeps_the_draft_and_says_when(school: Client, form: Submission) -> None:
    answer = school.post(url(form, "submission_autosave"), {**TYPED, "a-safe": "x", "version": 0})

    said = answer.json()
    assert answer.status_code == 200
    assert said["saved"] == f"{timezone.localtime():%H:%M}"
    assert said["errors"].keys() == {"a-safe"}
    form.refresh_from_db()
    assert said["version"] == form.version == 1
    assert answers(form) == {"pupils": "1400", "camera": "1", "distance": "2.5"}


def test_autosave_whose_answer_was_lost_may_be_sent_again(school: Client, form: Submission) -> None:
    for _ in range(2):
        answer = school.post(url(form, "submission_autosave"), {**TYPED, "version": 0})
        assert (answer.status_code, answer.json()["version"]) == (200, 1)


def test_autosave_of_an_older_page_is_told_of_the_conflict(school: Client, form: Submission, cast: Cast) -> None:
    submission_save_draft(submission=form, values={"pupils": "500"}, version=0, actor=cast.reporters[0])
    answer = school.post(url(form, "submission_autosave"), {**TYPED, "version": 0})

    assert answer.status_code == 409
    assert "изменил другой человек" in answer.json()["message"]


def test_autosave_tells_a_signed_out_person_and_a_closed_period(
    client: Client, school: Client, form: Submission, period: ReportingPeriod, cast: Cast
) -> None:
    signed_out = client.post(url(form, "submission_autosave"), TYPED)
    assert (signed_out.status_code, "войдите снова" in signed_out.json()["message"]) == (401, True)

    period_close(period=period, actor=cast.office)
    closed = school.post(url(form, "submission_autosave"), {**TYPED, "version": 0})
    assert (closed.status_code, "период закрыт" in closed.json()["message"]) == (409, True)


def test_my_forms_show_what_is_to_be_done_and_what_was_sent(
    school: Client, form: Submission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = school.get(reverse("indicators:my_submissions")).content.decode()

    assert "III квартал 2026 г." in page
    assert "не начата" in page
    assert "осталось\u00a09\u00a0дней" in page
