"""Letters leave by a job, after the commit."""

from __future__ import annotations

from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from jobs.execution import run_job
from jobs.models import Job, JobState
from jobs.services import run_queued
from organisations.mail import mail_later

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
