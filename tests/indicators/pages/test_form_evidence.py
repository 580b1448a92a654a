"""Explanations and files on the page of a form, and the receipt after it was sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from indicators.models import BaseIndicator, Evidence, ReportingPeriod, Submission
from indicators.services import evidence_add, period_open, submission_accept, submission_return, submission_submit
from organisations.models import Membership, User
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.attachments import exe, pdf, png
from tests.indicators.steps import FAR, form_at

TYPED = {"a-pupils": "400", "a-safe": "100", "a-camera": "1", "a-distance": "2,5"}


@pytest.fixture
def formulas(formulas: Project) -> Project:
    BaseIndicator.objects.filter(code="safe").update(evidence="required")
    BaseIndicator.objects.filter(code="pupils").update(evidence="welcome")
    return formulas


def url(form: Submission, page: str = "submission", *more: int) -> str:
    return reverse(f"indicators:{page}", args=[form.pk, *more])


def file(content: bytes = b"", name: str = "акт.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf())


def attached(form: Submission, cast: Cast) -> Evidence:
    return evidence_add(submission=form, code="safe", name="акт.pdf", content=pdf(), actor=cast.reporters[0])


def test_files_come_with_the_form_where_there_is_no_script(school: Client, form: Submission) -> None:
    body = {**TYPED, "version": 0, "action": "save", "a-safe-files": [file(), file(png(), "снимок.png")]}
    page = school.post(url(form), {**body, "a--files": file(name="приказ.pdf")}, follow=True).content.decode()

    assert [row.question and row.question.code for row in Evidence.objects.order_by("pk")] == ["safe", "safe", None]
    assert "снимок.png" in page
    first = Evidence.objects.order_by("pk")[0]
    form.refresh_from_db()
    page = school.post(url(form), {**TYPED, "version": form.version, "remove": first.pk}, follow=True).content.decode()
    assert "акт.pdf" not in page
    assert Evidence.objects.count() == 2


def test_a_file_that_is_refused_is_named_at_its_field_and_the_answers_are_kept(
    school: Client, form: Submission
) -> None:
    answer = school.post(url(form), {**TYPED, "version": 0, "action": "save", "a-safe-files": file(exe(), "a.pdf")})

    assert answer.status_code == 422
    assert "a.pdf: Такой файл не принимается" in answer.content.decode()
    assert form.answers.count() == 4


def test_a_page_that_stays_open_sends_files_one_by_one(school: Client, form: Submission) -> None:
    address = url(form, "submission_evidence")
    taken = school.post(address, {"code": "safe", "file": file()})
    refused = school.post(address, {"code": "safe", "file": file(exe())})

    assert (taken.status_code, "акт.pdf" in taken.content.decode()) == (200, True)
    assert (refused.status_code, refused.json()["message"][:10]) == (422, "Такой файл")
    assert school.post(address, {"code": "safe"}).status_code == 422


def test_a_file_is_asked_for_before_sending(school: Client, form: Submission, cast: Cast) -> None:
    answer = school.post(url(form), {**TYPED, "version": 0, "action": "submit"})
    assert answer.status_code == 422
    assert "Приложите файл, который это подтверждает." in answer.content.decode()

    attached(form, cast)
    form.refresh_from_db()
    answer = school.post(url(form), {**TYPED, "version": form.version, "action": "submit"})
    assert answer["Location"] == url(form, "submission_check")
    assert "акт.pdf" in school.get(answer["Location"]).content.decode()


def test_a_file_is_given_to_whoever_may_read_the_form_at_that_very_moment(
    form: Submission, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    address = url(form, "submission_evidence_file", attached(form, cast).pk)
    for person in (cast.reporters[0], cast.office, cast.coordinator, cast.auditor):
        answer = as_user(person).get(address)
        assert b"".join(answer.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
    for person in (cast.reporters[1], cast.village_reporter, cast.stranger):
        assert as_user(person).get(address).status_code == 404
    assert Client().get(address).status_code == 302

    browser = as_user(cast.reporters[0])
    Membership.objects.filter(user=cast.reporters[0]).delete()
    assert browser.get(address).status_code == 404


def test_a_file_of_another_form_does_not_exist_in_any_position(
    school: Client, form: Submission, form_of_school: Callable[..., Submission], region: Region, cast: Cast
) -> None:
    other = form_of_school(region.schools[1])
    row = evidence_add(submission=other, code="safe", name="a", content=pdf(), actor=cast.reporters[1])

    assert school.get(url(form, "submission_evidence_file", row.pk)).status_code == 404
    assert school.get(url(other, "submission_evidence_file", row.pk)).status_code == 404
    assert school.post(url(other, "submission_evidence"), {"file": file(), "code": "safe"}).status_code == 404
    school.post(url(form), {**TYPED, "version": 0, "remove": row.pk})
    for wrong in ("x", "-1", "9" * 30, "١"):
        assert school.post(url(form), {**TYPED, "version": 1, "remove": wrong}).status_code == 302
    assert Evidence.objects.get() == row


@pytest.fixture
def next_form(form: Submission, formulas: Project, cast: Cast, region: Region) -> Submission:
    """The form of the next quarter, where 400 pupils were accepted in the one before."""
    BaseIndicator.objects.update(evidence="none")
    attached(form, cast)
    values = {key.removeprefix("a-"): text for key, text in TYPED.items()}
    sent = submission_submit(submission=form, version=0, actor=cast.reporters[0], values=values)
    submission_accept(submission=sent, version=sent.version, actor=cast.office)
    period = period_open(kind="quarter", year=2026, number=4, deadline=FAR, projects=[formulas], actor=cast.office)
    return form_at(period, region.schools[0])


def test_a_jump_wants_an_explanation_and_is_let_through_with_it(school: Client, next_form: Submission) -> None:
    typed = {**TYPED, "a-pupils": "4 000"}
    told = school.post(url(next_form, "submission_autosave"), {**typed, "version": 0}).json()
    assert "больше прошлого (400) в 10 раз" in told["warnings"]["a-pupils"]

    answer = school.post(url(next_form), {**typed, "version": told["version"], "action": "submit"})
    assert answer.status_code == 422
    assert "Поясните одним предложением" in answer.content.decode()

    typed["a-pupils-why"] = " Открыли\nновый корпус. "
    answer = school.post(url(next_form), {**typed, "version": told["version"], "action": "submit"})
    page = school.get(answer["Location"]).content.decode()
    assert "Пояснение: Открыли новый корпус." in page
    assert "+3\u202f600" in page


@pytest.mark.parametrize("text", ["я" * 1001, "а\0б", "\u202e<script>"])
def test_an_explanation_is_one_line_of_plain_words(school: Client, next_form: Submission, text: str) -> None:
    answer = school.post(url(next_form, "submission_autosave"), {**TYPED, "a-pupils-why": text, "version": 0}).json()

    kept = next_form.answers.get(question__code="pupils").explanation
    assert kept in {"", "а б", "<script>"}
    assert bool(answer["errors"]) == (len(text) > 1000)


def test_the_arithmetic_of_an_indicator_is_told_with_the_figures_of_the_school(
    school: Client, form: Submission
) -> None:
    page = school.get(url(form)).content.decode()
    assert "посчитается, когда будут все числа, план проекта 100\u00a0%" in page

    told = school.post(url(form, "submission_autosave"), {**TYPED, "version": 0}).json()["computed"]
    assert "100 × 100 ÷ 400 = 25\u00a0%, план проекта 100\u00a0%" in told.values()
    zero = {**TYPED, "a-pupils": "0", "a-safe": "0", "version": 1}
    told = school.post(url(form, "submission_autosave"), zero).json()["computed"]
    assert any("100 × 0 ÷ 0: не определено" in words for words in told.values())
    assert set(told) == {f"indicator-{pk}" for pk in form.period.measurements.values_list("pk", flat=True)}


def test_the_receipt_says_what_when_by_whom_and_in_time(
    school: Client, form: Submission, cast: Cast, period: ReportingPeriod, as_user: Callable[[User], Client]
) -> None:
    address = url(form, "submission_receipt")
    assert school.get(address).status_code == 404  # nothing was sent yet
    row = attached(form, cast)
    values = {key.removeprefix("a-"): text for key, text in TYPED.items()}
    sent = submission_submit(submission=form, version=0, actor=cast.reporters[0], values=values)

    page = school.get(address).content.decode()
    for words in (f"№ {form.pk}-{sent.version}", "Орлова Нина Павловна", "в срок", row.file.sha256, "400\u00a0чел."):
        assert words in page
    assert as_user(cast.reporters[1]).get(address).status_code == 404
    submission_return(
        submission=sent, version=sent.version, comment="", remarks={"pupils": "Сверьте."}, actor=cast.office
    )
    assert school.get(address).status_code == 404
    assert "Сверьте." in school.get(url(form)).content.decode()
