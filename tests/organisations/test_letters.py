"""Letters leave by a job, after the commit."""

from __future__ import annotations

from collections.abc import Callable
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from jobs.execution import run_job
from jobs.models import Job, JobState
from jobs.services import NotFailed, run_queued, try_again
from organisations.mail import mail_later
from organisations.models import User
from tests.conftest import Cast

CONTEXT = {"name": "Анна & Ко", "login": "school-1", "minutes": 60, "link": "https://vekha.example/?a=1&b=2"}


def write() -> Job:
    return mail_later(
        to="school@example.org", subject="Новый\nпароль", template="mail/new_password.txt", context=CONTEXT
    )


def test_a_letter_is_sent_by_its_job_and_not_before(db: None, mailoutbox: list[EmailMessage]) -> None:
    write()
    assert mailoutbox == []
    run_queued()
    (letter,) = mailoutbox
    assert letter.to == ["school@example.org"]
    assert letter.subject == "Новый пароль"
    assert "Здравствуйте, Анна & Ко!" in letter.body
    assert "https://vekha.example/?a=1&b=2\n" in letter.body


def test_a_letter_that_could_not_be_sent_is_tried_again_as_the_same_letter(
    db: None,
    mailoutbox: list[EmailMessage],
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.JOBS_RETRY_SECONDS = 0
    job = write()
    sent = EmailMessage.send
    ids = []

    def broken(letter: EmailMessage, fail_silently: bool = False) -> int:
        ids.append(letter.extra_headers["Message-ID"])
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", broken)
    run_job(job.pk)
    monkeypatch.setattr(EmailMessage, "send", sent)
    run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert [letter.extra_headers["Message-ID"] for letter in mailoutbox] == ids


@pytest.fixture
def given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Job:
    """A letter to the head of the village school that the mail server refused three times."""
    settings.JOBS_RETRY_SECONDS = 0
    User.objects.filter(pk=cast.village_reporter.pk).update(email="village@example.org")
    job = mail_later(
        to="village@example.org", subject="Новости", template="mail/account_changed.txt", context={"happened": "…"}
    )

    def broken(letter: EmailMessage, fail_silently: bool = False) -> int:
        raise SMTPServerDisconnected("mailbox is full")

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", broken)
        for _ in range(settings.JOBS_ATTEMPTS):
            run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    return job


def test_a_letter_given_up_is_shown_and_sent_again(
    given_up: Job, cast: Cast, as_user: Callable[[User], Client], mailoutbox: list[EmailMessage]
) -> None:
    office = as_user(cast.office)
    page = office.get(reverse("organisations:letters")).content.decode()
    assert "Письмо: Новости" in page
    assert "Уварова Р. Ф." in page
    assert "village@example.org" in page
    assert "mailbox is full" in page
    again = reverse("organisations:letter_again", args=[given_up.pk])
    assert "отправляется снова" in office.post(again, follow=True).content.decode()
    run_queued()
    assert [letter.to for letter in mailoutbox] == [["village@example.org"]]
    assert office.post(again).status_code == 404
    assert "Все письма ушли" in office.get(reverse("organisations:letters")).content.decode()


def test_letters_are_shown_to_those_who_manage_their_readers(
    given_up: Job, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    again = reverse("organisations:letter_again", args=[given_up.pk])
    coordinator = as_user(cast.coordinator)
    assert "village@example.org" not in coordinator.get(reverse("organisations:letters")).content.decode()
    assert coordinator.post(again).status_code == 404
    assert as_user(cast.auditor).get(reverse("organisations:letters")).status_code == 403
    given_up.refresh_from_db()
    assert given_up.state == JobState.FAILED


def test_only_what_was_given_up_begins_anew(given_up: Job) -> None:
    try_again(job=given_up)
    with pytest.raises(NotFailed):
        try_again(job=given_up)
    given_up.refresh_from_db()
    assert (given_up.attempts, given_up.error) == (0, "")
