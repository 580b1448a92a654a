"""A forgotten password: the answer is the same for every login, the link works once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.test import Client

from jobs.models import Job
from jobs.services import run_queued
from organisations.models import User
from organisations.services import user_create
from tests.conftest import Cast
from tests.organisations.signing import NEW_PASSWORD, is_inside, sign_in, text_of

FORGOTTEN = "/password/forgotten/"


@pytest.fixture
def shared_mailbox(cast: Cast) -> None:
    """Two heads read the one mailbox of their school."""
    User.objects.filter(login__in=["school1", "school2"]).update(email="school@example.org")


def ask(login: str, browser: Client | None = None) -> str:
    return text_of((browser or Client()).post(FORGOTTEN, {"login": login}))


def link_in(letter: EmailMessage) -> str:
    link = re.search(r"http://localhost:8000(/password/\S+)", str(letter.body))
    assert link
    return link[1]


def choose(link: str, password: str = NEW_PASSWORD) -> int:
    return Client().post(link, {"password": password, "again": password}).status_code


def test_the_link_of_a_letter_sets_a_new_password_once(
    shared_mailbox: None, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    inside = Client()
    sign_in("school1", browser=inside)
    ask("School1 ")
    run_queued()
    (letter,) = mailoutbox
    assert letter.to == ["school@example.org"]
    assert "для логина school1" in str(letter.body)
    assert "Она действует 60 минут" in str(letter.body).replace("\u00a0", " ")
    link = link_in(letter)
    assert "Орлова Н. П., логин school1" in text_of(Client().get(link))
    assert choose(link, "короткий") == 422
    assert choose(link) == 302
    assert choose(link, "другой пароль у реки") == 404
    assert not is_inside(inside)
    assert sign_in("school1", NEW_PASSWORD).status_code == 302
    assert sign_in("school2").status_code == 302


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_login(
    shared_mailbox: None, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    user_create(login="gone", full_name="Ушедший Ян Янович", password=NEW_PASSWORD, email="gone@example.org")
    User.objects.filter(login="gone").update(is_active=False)
    answers = {ask(login) for login in ("school1", "nobody-here", "gone", "auditor", "school@example.org")}
    assert len(answers) == 1
    assert Job.objects.count() == 5
    run_queued()
    assert [letter.to for letter in mailoutbox] == [["school@example.org"]]


def test_letters_to_one_login_are_few(shared_mailbox: None, cast: Cast) -> None:
    answers = [Client().post(FORGOTTEN, {"login": login}).status_code for login in ["school1"] * 5 + ["school2"]]
    assert answers == [200, 200, 200, 429, 429, 200]
    assert Job.objects.count() == 4


def test_a_link_is_over_after_an_hour_and_after_signing_in(
    shared_mailbox: None, cast: Cast, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("school1")
    ask("school2")
    run_queued()
    first, second = (link_in(letter) for letter in mailoutbox)
    assert sign_in("school1").status_code == 302
    assert choose(first) == 404
    later = dt.datetime.now() + dt.timedelta(minutes=61)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)
    assert choose(second) == 404
    assert "Ссылка больше не действует" in text_of(Client().get(second))


@pytest.mark.parametrize("link", ["/password/MQ/x/", "/password/%00/x/", "/password/--/x/", f"/password/{'9' * 60}/x/"])
def test_nonsense_instead_of_a_link_is_a_page_that_says_so(db: None, link: str) -> None:
    assert Client().get(link).status_code == 404
