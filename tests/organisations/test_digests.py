"""The letter of the day: one to a person, with everything in it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import Settings

from jobs.models import Job
from jobs.services import run_queued
from organisations.models import Notification, NotificationKind, User
from organisations.models.notifications import Digest
from organisations.services.digests import digests_send
from organisations.services.notifications import Notice, notifications_read, notify
from organisations.tasks import ask_for_digests
from tests.conftest import Cast
from tests.two_connections import together

KIND = NotificationKind.RETURNED


def tell(*people: User, about: str = "1", text: str = "Форму вернули.") -> None:
    for person in people:
        User.objects.filter(pk=person.pk).update(email=f"{person.login}@example.org")
    notify(kind=KIND, notices=[Notice(person.pk, f"submission:{about}", text, f"/forms/{about}/") for person in people])


def test_everything_goes_into_one_letter(cast: Cast, settings: Settings) -> None:
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    tell(cast.office)
    tell(cast.office, about="2", text="Форма «А & Б» принята.")
    assert digests_send() == 1
    run_queued()

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["office@example.org"], "Новости портала «Веха»: 2")
    assert "Здравствуйте, Анна Сергеевна!" in letter.body
    assert "Форма «А & Б» принята.\nhttps://portal.example.org/forms/2/" in letter.body
    assert "https://portal.example.org/notifications/settings/" in letter.body


def test_one_event_names_itself_in_the_subject(cast: Cast) -> None:
    tell(cast.office)
    digests_send()
    run_queued()
    assert mail.outbox[0].subject == "Форма возвращена с замечанием"


def test_what_comes_later_that_day_waits_for_the_next(cast: Cast) -> None:
    tell(cast.office)
    assert digests_send() == 1
    tell(cast.office, about="2")
    assert digests_send() == 0
    assert Notification.objects.filter(digest=None).count() == 1

    Digest.objects.update(day="2020-01-01")  # the next day has come
    assert digests_send() == 1
    assert not Notification.objects.filter(digest=None).exists()


def test_what_was_read_in_the_portal_needs_no_letter(cast: Cast) -> None:
    tell(cast.office)
    notifications_read(user=cast.office)
    assert digests_send() == 0


def test_a_disabled_person_gets_no_letter(cast: Cast) -> None:
    tell(cast.office)
    User.objects.filter(pk=cast.office.pk).update(is_active=False)
    assert digests_send() == 0


def test_a_long_letter_says_how_much_more_there_is(cast: Cast) -> None:
    for number in range(25):
        tell(cast.office, about=str(number))
    digests_send()
    run_queued()
    body = mail.outbox[0].body
    assert body.count("Форму вернули.") == 20
    assert "И ещё 5\u00a0уведомлений" in body


def test_the_cap_of_the_day_leaves_the_rest_for_tomorrow(cast: Cast, settings: Settings) -> None:
    settings.DIGEST_LETTERS_A_DAY = 2
    tell(cast.office, cast.head, cast.curator)
    assert digests_send() == 2
    assert digests_send() == 0
    Digest.objects.update(day="2020-01-01")
    assert digests_send() == 1


def test_the_database_refuses_a_second_letter_of_the_day(cast: Cast) -> None:
    Digest.objects.create(recipient=cast.office, day="2026-11-20")
    with pytest.raises(IntegrityError, match="digest_once_a_day"), transaction.atomic():
        Digest.objects.create(recipient=cast.office, day="2026-11-20")


def test_two_beats_make_one_job(cast: Cast) -> None:
    tell(cast.office)
    for _ in range(2):
        ask_for_digests()
    run_queued()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_write_to_everybody_once(cast: Cast) -> None:
    people = [cast.office, cast.head, cast.administrator, cast.curator, cast.council, *cast.reporters]
    tell(*people)
    written = together(*[digests_send] * 4)
    assert sum(written) == len(people) == Digest.objects.count()
    assert Job.objects.filter(handler="organisations.send_mail").count() == len(people)
