"""Files that prove figures: taken while the form can be written, kept once, needed where the ministry says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from indicators.models import Evidence, Indicator, Submission
from indicators.services import (
    StateConflict,
    ValidationFailed,
    evidence,
    evidence_add,
    evidence_remove,
    period_close,
    submission_reopen,
    submission_return,
    submission_submit,
)
from organisations.models import User
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.attachments import docx, exe, jpeg, pdf
from tests.indicators.steps import accept, agree, count, form_at, open_period
from tests.two_connections import together


@pytest.fixture
def form(project: Project, region: Region, cast: Cast) -> Submission:
    """Roads want a file, safe roads may have one, lamps have none."""
    count("roads", cast.office, evidence="required")
    count("safe", cast.office, evidence="welcome")
    count("lamps", cast.office)
    agree(Indicator.objects.get(project=project), "100 * safe * lamps / roads", cast.office)
    return form_at(open_period(cast.office, project), region.schools[0])


def attach(form: Submission, actor: User, code: str = "roads", content: bytes = b"", name: str = "акт.pdf") -> Evidence:
    return evidence_add(submission=form, code=code, name=name, content=content or pdf(), actor=actor)


def stored() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_a_file_is_kept_with_its_hash_and_named_after_its_content(form: Submission, cast: Cast) -> None:
    row = attach(form, cast.reporters[0], name="../снимок.exe", content=jpeg())

    assert row.file.name == "снимок.exe.jpg"
    assert row.file.read()[:3] == b"\xff\xd8\xff"
    assert (row.added_by, row.question and row.question.code) == (cast.reporters[0], "roads")


@pytest.mark.parametrize(
    ("code", "content", "sentence"),
    [
        ("roads", exe(), "Такой файл не принимается"),
        ("lamps", pdf(), "файлы не прикладывают"),
        ("unknown", pdf(), "Такого вопроса"),
        ("", b"", "Файл пуст"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence_and_leaves_nothing(
    form: Submission, cast: Cast, code: str, content: bytes, sentence: str
) -> None:
    before = stored()
    with pytest.raises(ValidationFailed, match=sentence):
        evidence_add(submission=form, code=code, name="a", content=content, actor=cast.reporters[0])

    assert not Evidence.objects.exists()
    assert stored() == before


def test_no_more_files_than_a_form_may_have(form: Submission, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = attach(form, cast.reporters[0])
    monkeypatch.setattr(evidence, "MAX_FORM_BYTES", first.file.size + 10)
    with pytest.raises(ValidationFailed, match="вместе больше 100 МБ"):
        attach(form, cast.reporters[0], content=docx())
    monkeypatch.setattr(evidence, "MAX_FILES", 1)
    with pytest.raises(ValidationFailed, match="30 файлов"):
        attach(form, cast.reporters[0], content=docx())
    assert attach(form, cast.reporters[0]) == first  # the same file again is no second one


def test_a_form_that_needs_a_file_is_not_sent_without_it(form: Submission, cast: Cast) -> None:
    typed = {"roads": "4", "safe": "2", "lamps": "1"}
    with pytest.raises(ValidationFailed) as refused:
        submission_submit(submission=form, version=0, actor=cast.reporters[0], values=typed)
    assert refused.value.errors == {"roads": "Приложите файл, который это подтверждает."}

    attach(form, cast.reporters[0], code="safe")
    form.refresh_from_db()
    none = {**typed, "roads": "0"}
    assert submission_submit(submission=form, version=form.version, actor=cast.reporters[0], values=none)


def test_files_are_changed_by_the_organisation_alone_and_only_while_the_form_is_written(
    form: Submission, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    head = cast.reporters[0]
    row = attach(form, head)
    for person in (cast.office, cast.coordinator, cast.auditor, cast.reporters[1], cast.stranger):
        with pytest.raises(PermissionDenied):
            attach(form, person)
        with pytest.raises(PermissionDenied):
            evidence_remove(evidence=row, actor=person)

    sent = submission_submit(submission=form, version=0, actor=head, values={"roads": "4", "safe": "2", "lamps": "1"})
    for write in (lambda: attach(sent, head, content=docx()), lambda: evidence_remove(evidence=row, actor=head)):
        with pytest.raises(StateConflict, match="уже отправлена"):
            write()
    submission_return(submission=sent, version=sent.version, comment="Другой акт.", actor=cast.office)
    location = row.file.location
    with django_capture_on_commit_callbacks(execute=True):
        evidence_remove(evidence=row, actor=head)
        evidence_remove(evidence=row, actor=head)  # a second press finds it gone
    assert not Evidence.objects.exists()
    assert not location.exists()

    period_close(period=form.period, actor=cast.office)
    with pytest.raises(StateConflict, match="период закрыт"):
        attach(form, head)


def test_a_file_that_was_accepted_once_is_never_lost(
    form: Submission, region: Region, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    head = cast.reporters[0]
    row = attach(form, head)
    typed = {"roads": "4", "safe": "2", "lamps": "1"}
    done = accept(submission_submit(submission=form, version=0, actor=head, values=typed), cast.office)
    submission_reopen(submission=done, version=done.version, reason="Не тот акт.", actor=cast.office)
    evidence_remove(evidence=row, actor=head)

    assert not Evidence.objects.exists()
    assert row.file.location.exists()
    assert done.acceptances.get().answers["roads"]["evidence"] == [row.file.sha256]
    address = reverse("indicators:submission_removed_file", args=[form.pk, row.file.pk])
    for person in (cast.auditor, cast.office, cast.coordinator):
        page = as_user(person).get(reverse("indicators:submission", args=[form.pk])).content.decode()
        assert "Убранные подтверждения" in page
        assert address in page
        assert row.file.sha256 in page
        answer = as_user(person).get(address)
        assert b"".join(answer.streaming_content) == row.file.read()  # type: ignore[attr-defined]
    assert as_user(head).get(address).status_code == 403
    own = as_user(head).get(reverse("indicators:submission", args=[form.pk])).content.decode()
    assert "Убранные подтверждения" not in own
    # A form of another organisation does not lead to it.
    other = form_at(form.period, region.schools[1])
    elsewhere = reverse("indicators:submission_removed_file", args=[other.pk, row.file.pk])
    assert as_user(cast.auditor).get(elsewhere).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_fifty_times_at_once_is_one_row(form: Submission, cast: Cast) -> None:
    content, before = pdf(), stored()
    for _ in range(5):
        together(*[lambda: attach(form, cast.reporters[0], content=content)] * 10)
    assert Evidence.objects.count() == 1
    assert len(stored() - before) == 1
