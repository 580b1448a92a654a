"""Guessing is slowed down, by login and by address; a region behind one address is not (security rule 22)."""

from __future__ import annotations

import datetime as dt
import threading
from ipaddress import ip_network
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import models
from django.db.models import F
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from organisations.client import address_of, device_of
from organisations.models import Attempts, FailedFrom, User
from organisations.services import user_create
from organisations.services.attempts import attempts_forget_old
from organisations.services.passwords import password_check
from tests.conftest import PASSWORD, Cast
from tests.organisations.signing import AT_HOME, is_inside, sign_in, text_of
from tests.two_connections import together

FREE = 5


def fail(login: str, times: int) -> list[int]:
    return [sign_in(login, "wrong").status_code for _ in range(times)]


def let_pass(seconds: int) -> None:
    """So much time goes by: what was written lies further back."""
    moment = dt.timedelta(seconds=seconds)
    Attempts.objects.update(blocked_until=F("blocked_until") - moment, last_at=F("last_at") - moment)
    FailedFrom.objects.update(at=F("at") - moment)


def test_after_five_wrong_passwords_even_the_right_one_must_wait(cast: Cast) -> None:
    assert fail("office", FREE) == [200] * FREE
    answer = sign_in("office")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert "Слишком много неудачных попыток подряд. Попробуйте снова через 30 секунд." in text_of(answer)
    let_pass(31)
    assert sign_in("office").status_code == 302


def test_each_further_failure_waits_twice_as_long_up_to_a_quarter_of_an_hour(cast: Cast) -> None:
    fail("office", FREE)
    waits = []
    for _ in range(7):
        answer = sign_in("office", "wrong")
        waits.append(int(answer.headers["Retry-After"]))
        let_pass(waits[-1] + 1)
        assert sign_in("office", "wrong").status_code == 200
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert "через 15 минут" in text_of(sign_in("office"))


def test_signing_in_forgives_what_went_before(cast: Cast) -> None:
    for _ in range(3):
        fail("office", FREE - 1)
        assert sign_in("office").status_code == 302
    assert not Attempts.objects.exists()
    assert not FailedFrom.objects.exists()


def test_capitals_and_spaces_are_no_other_login(cast: Cast) -> None:
    for login in ("office", "OFFICE", " Office ", "oFFice", "office "):
        sign_in(login, "wrong")
    assert sign_in("office").status_code == 429


def test_a_login_that_does_not_exist_is_answered_alike(cast: Cast) -> None:
    real, unknown = (
        [
            (answer.status_code, text_of(answer).replace(login, ""))
            for answer in (sign_in(login, "wrong") for _ in range(7))
        ]
        for login in ("office", "nobody-here")
    )
    assert real == unknown


@pytest.mark.parametrize("login", ["office", "disabled", "invited", "nobody-here"])
def test_every_refused_password_is_hashed_once(
    cast: Cast, login: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So an answer takes as long for a login that does not exist: the hash is all that takes time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1)
    user_create(login="invited", full_name="Новая Вера Ильинична")
    user_create(login="disabled", full_name="Старый Ян Ильич", password=PASSWORD)
    User.objects.filter(login="disabled").update(is_active=False)
    User.objects.get(login="office").set_password(PASSWORD)
    office = User.objects.get(login="office")
    office.set_password(PASSWORD)
    office.save()
    hashed = []
    encode = PBKDF2PasswordHasher.encode

    def counting(self: PBKDF2PasswordHasher, *args: object, **kwargs: object) -> str:
        hashed.append(1)
        return str(encode(self, *args, **kwargs))  # type: ignore[arg-type]

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    assert password_check(login=login, password="wrong", address=AT_HOME) is None
    assert len(hashed) == 1


def test_a_rotating_header_is_not_believed(cast: Cast) -> None:
    for number in range(FREE):
        sign_in("office", "wrong", forwarded_for=f"203.0.113.{number}")
    assert sign_in("office", forwarded_for="203.0.113.77").status_code == 429
    assert set(FailedFrom.objects.values_list("address", flat=True)) == {AT_HOME}


def test_a_rotating_header_does_not_hide_who_tries_many_logins(cast: Cast, settings: Settings) -> None:
    settings.SIGN_IN_ADDRESS_LIMIT = 20
    answers = [
        sign_in(f"school-{number}", "wrong", forwarded_for=f"198.51.100.{number}").status_code for number in range(25)
    ]
    assert answers == [200] * 20 + [429] * 5
    assert "через 60 минут" in text_of(sign_in("office"))
    let_pass(60 * 60 + 1)
    assert sign_in("office").status_code == 302


def test_behind_a_proxy_of_ours_its_last_word_counts_and_no_earlier_one(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]

    def address(peer: str, said: str = "") -> str:
        return address_of(RequestFactory(headers={"X-Forwarded-For": said}, REMOTE_ADDR=peer).get("/"))

    assert address("10.0.0.1", "203.0.113.9") == "203.0.113.9"
    assert address("10.0.0.1", "1.2.3.4, 203.0.113.9") == "203.0.113.9"
    assert address("10.0.0.1", "1.2.3.4, 203.0.113.9, 10.7.7.7") == "203.0.113.9"
    assert address("10.0.0.1", "1.2.3.4, nonsense") == "10.0.0.1"
    assert address("10.0.0.1") == "10.0.0.1"
    assert address("203.0.113.50", "1.2.3.4") == "203.0.113.50"
    assert address("", "1.2.3.4, 203.0.113.9") == "203.0.113.9"
    assert address("2001:db8:1:2:aaaa::1") == address("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::/64"
    assert address("::ffff:203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/124.0 YaBrowser/24.6 Safari/537.36", "Яндекс Браузер, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("curl/8.1", "неизвестное устройство"),
    ],
)
def test_a_device_is_named_as_people_know_it(agent: str, words: str) -> None:
    assert device_of(RequestFactory(headers={"User-Agent": agent}).get("/")) == words


def test_five_hundred_schools_behind_one_address_all_get_in(db: None) -> None:
    """On the last day, each of them mistypes the password once before it goes in."""
    hashed = user_create(login="s0", full_name="Директор", password=PASSWORD).password
    User.objects.bulk_create(
        User(login=f"s{number}", full_name="Директор", password=hashed) for number in range(1, 500)
    )
    mistyped = [sign_in(f"s{number}", "wrong").status_code for number in range(500)]
    entered = [sign_in(f"s{number}").status_code for number in range(500)]
    assert set(mistyped) == {200}
    assert set(entered) == {302}
    assert not FailedFrom.objects.exists()


def test_what_counts_no_more_is_forgotten(cast: Cast) -> None:
    fail("office", 2)
    assert attempts_forget_old() == 0
    let_pass(24 * 60 * 60 + 1)
    assert attempts_forget_old() == 2
    assert not Attempts.objects.exists()


def guesses_heard(number: int) -> int:
    """So many wrong passwords at the same moment; how many of them were looked at."""
    answers = together(*[lambda: sign_in("guessed", "wrong").status_code] * number)
    return answers.count(200)


@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_are_twenty_and_not_one() -> None:
    user_create(login="guessed", full_name="Угаданный Лев Ильич", password=PASSWORD)
    assert guesses_heard(20) == FREE


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_guesses_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the lock is what the test above shows."""
    user_create(login="guessed", full_name="Угаданный Лев Ильич", password=PASSWORD)
    # The row is there, so that nobody waits for whoever writes it first.
    sign_in("guessed", "wrong")
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    everybody = threading.Barrier(20)
    save = Attempts.save

    def read_by_all(self: Attempts, **named: Any) -> None:
        everybody.wait(30)
        save(self, **named)

    monkeypatch.setattr(Attempts, "save", read_by_all)
    assert guesses_heard(20) == 20


def test_whoever_waits_can_still_use_the_session_that_is_open(cast: Cast) -> None:
    browser = Client()
    sign_in("office", browser=browser)
    fail("office", FREE + 1)
    assert is_inside(browser)
