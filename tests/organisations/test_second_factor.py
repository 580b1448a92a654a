"""Staff sign in with a second factor, on every way in; each code is good once (security rule 23)."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from jobs.services import run_queued
from organisations.models import Attempts, RecoveryCode, SecondFactor, Session, User
from organisations.roles import Role
from organisations.services.invitations import slips_issue
from organisations.services.people import role_give
from organisations.services.second_factor import _step_of as step_of
from organisations.services.second_factor import second_factor_passes, second_factor_set_up
from tests.conftest import PASSWORD, Cast, Region
from tests.organisations.signing import (
    AT_HOME,
    NEW_PASSWORD,
    SECOND,
    SIGN_IN,
    code_now,
    connect_app,
    first_sign_in,
    is_inside,
    sign_in,
    text_of,
)
from tests.two_connections import together

AsUser = Callable[[User], Client]


@pytest.fixture
def required(settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"


def second(browser: Client, code: str) -> int:
    return browser.post(SECOND, {"code": code}).status_code


def secret_shown(browser: Client) -> str:
    """The secret of the page that connects an app, as its session keeps it."""
    assert browser.get(SECOND).status_code == 200
    return str(browser.session["second_factor_secret"])


def test_staff_are_led_to_connect_an_app_before_anything_else(required: None, cast: Cast) -> None:
    browser = Client()
    assert sign_in("office", browser=browser)["Location"] == SECOND
    page = browser.get(SECOND)
    assert "Подключите приложение с кодами" in text_of(page)
    assert b"<svg" in page.content
    assert not is_inside(browser)

    secret = secret_shown(browser)
    assert second(browser, "000000" if code_now(secret) != "000000" else "000001") == 422
    connected = browser.post(SECOND, {"code": code_now(secret)})
    codes = re.findall(r"\d{4} \d{4} \d{4}", text_of(connected))
    assert len(codes) == 10
    assert is_inside(browser)
    assert secret not in str(browser.session.items())

    again = Client()
    sign_in("office", browser=again)
    assert second(again, codes[0]) == 302
    assert is_inside(again)


def test_heads_of_organisations_need_a_password_alone(required: None, cast: Cast) -> None:
    browser = Client()
    assert sign_in("school1", browser=browser)["Location"] == "/"
    assert is_inside(browser)


def test_where_it_is_offered_staff_come_in_with_a_password_until_they_connect_an_app(cast: Cast) -> None:
    browser = Client()
    assert sign_in("office", browser=browser)["Location"] == "/"
    connect_app(cast.office)
    assert sign_in("office", browser=Client())["Location"] == SECOND


def test_nothing_opens_between_password_and_second_factor(required: None, cast: Cast) -> None:
    connect_app(cast.office)
    browser = Client()
    sign_in("office", browser=browser)
    for page in ("/", "/people/", "/projects/", "/account/", "/account/password/", "/account/second-factor/"):
        assert browser.get(page)["Location"].startswith(SIGN_IN), page
    assert Session.objects.get().user_id is None


def test_a_code_of_the_app_lets_in_once(required: None, cast: Cast) -> None:
    secret, _ = connect_app(cast.office)
    code = code_now(secret)
    first, replay = Client(), Client()
    sign_in("office", browser=first)
    sign_in("office", browser=replay)
    assert second(first, f"{code[:3]} {code[3:]}") == 302
    assert second(replay, code) == 422
    assert not is_inside(replay)


def test_an_earlier_code_is_worth_nothing_after_a_later_one(required: None, cast: Cast) -> None:
    secret, _ = connect_app(cast.office)
    earlier, later = code_now(secret, -1), code_now(secret, 1)
    assert second_factor_passes(user=cast.office, code=later, address=AT_HOME)
    assert not second_factor_passes(user=cast.office, code=earlier, address=AT_HOME)


def test_the_code_that_connected_the_app_does_not_sign_in_as_well(required: None, cast: Cast) -> None:
    browser = Client()
    sign_in("office", browser=browser)
    code = code_now(secret_shown(browser))
    assert second(browser, code) == 200
    replay = Client()
    sign_in("office", browser=replay)
    assert second(replay, code) == 422


def test_a_recovery_code_works_once_and_only_for_its_owner(required: None, cast: Cast) -> None:
    _, codes = connect_app(cast.office)
    connect_app(cast.curator)
    assert not second_factor_passes(user=cast.curator, code=codes[0], address=AT_HOME)
    assert second_factor_passes(user=cast.office, code=codes[0].replace(" ", "-"), address=AT_HOME)
    assert not second_factor_passes(user=cast.office, code=codes[0], address=AT_HOME)
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1
    kept = "".join(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert codes[1].replace(" ", "") not in kept


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\u0666", "-12345", "0x1234"])
def test_what_is_no_code_is_refused_and_counted(required: None, cast: Cast, code: str) -> None:
    connect_app(cast.office)
    browser = Client()
    sign_in("office", browser=browser)
    assert second(browser, code) == 422
    assert Attempts.objects.count() == (1 if code else 0)


def test_guessing_codes_is_slowed_down_and_a_new_password_step_changes_nothing(required: None, cast: Cast) -> None:
    secret, _ = connect_app(cast.office)
    wrong = next(f"{n:06d}" for n in range(9) if f"{n:06d}" not in {code_now(secret, later) for later in (-1, 0, 1)})
    browser = Client()
    sign_in("office", browser=browser)
    assert [second(browser, wrong) for _ in range(5)] == [422] * 5
    again = Client()
    sign_in("office", browser=again)
    answer = again.post(SECOND, {"code": code_now(secret)})
    assert answer.status_code == 429
    assert "Попробуйте снова через 30 секунд" in text_of(answer)
    Attempts.objects.update(blocked_until=F("blocked_until") - dt.timedelta(seconds=31))
    assert second(again, code_now(secret)) == 302


def test_the_session_is_a_new_one_after_each_step(required: None, cast: Cast) -> None:
    """Whoever knew the key before (fixation) holds nothing afterwards."""
    secret, _ = connect_app(cast.office)
    browser = Client()
    planted = browser.session
    planted["planted"] = "by somebody else"
    planted.save()
    keys = [browser.cookies["sessionid"].value]
    sign_in("office", browser=browser)
    keys.append(browser.cookies["sessionid"].value)
    second(browser, code_now(secret))
    keys.append(browser.cookies["sessionid"].value)
    assert len(set(keys)) == 3
    assert [Session.objects.filter(session_key=key).exists() for key in keys] == [False, False, True]
    assert "planted" not in browser.session


def test_the_second_step_does_not_outlive_a_new_password_or_the_account(required: None, cast: Cast) -> None:
    secret, codes = connect_app(cast.office)
    changed, disabled = Client(), Client()
    sign_in("office", browser=changed)
    cast.office.set_password("another one for tests")
    cast.office.save()
    assert changed.post(SECOND, {"code": code_now(secret)})["Location"] == SIGN_IN
    sign_in("office", "another one for tests", browser=disabled)
    User.objects.filter(pk=cast.office.pk).update(is_active=False)
    assert disabled.post(SECOND, {"code": codes[0]})["Location"] == SIGN_IN
    assert not is_inside(changed)
    assert not is_inside(disabled)


def by_password(person: User, cast: Cast, letters: list[EmailMessage]) -> Client:
    browser = Client()
    sign_in(person.login, browser=browser)
    return browser


def by_slip(person: User, cast: Cast, letters: list[EmailMessage]) -> Client:
    browser = Client()
    (slip,) = slips_issue(users=[person], actor=cast.office)
    first_sign_in(person.login, slip.code, browser)
    return browser


def by_new_password(person: User, cast: Cast, letters: list[EmailMessage]) -> Client:
    User.objects.filter(pk=person.pk).update(email="curator@example.org")
    browser = Client()
    browser.post(reverse("organisations:password_forgotten"), {"login": person.login})
    run_queued()
    link = re.search(r"http://localhost:8000(\S+)", str(letters[0].body))
    assert link
    browser.post(link[1], {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert not is_inside(browser)
    sign_in(person.login, NEW_PASSWORD, browser)
    return browser


def by_a_way_that_forgot_it(person: User, cast: Cast, letters: list[EmailMessage]) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.mark.parametrize("connected", [True, False])
@pytest.mark.parametrize("way", [by_password, by_slip, by_new_password, by_a_way_that_forgot_it])
def test_every_way_in_leads_through_the_second_factor(
    required: None,
    cast: Cast,
    mailoutbox: list[EmailMessage],
    way: Callable[[User, Cast, list[EmailMessage]], Client],
    connected: bool,
) -> None:
    if connected:
        connect_app(cast.curator)
    browser = way(cast.curator, cast, mailoutbox)
    assert not is_inside(browser)
    page = text_of(browser.get(SECOND))
    assert ("Второй шаг входа" if connected else "Подключите приложение с кодами") in page


def test_a_head_who_becomes_staff_is_asked_at_the_next_request(required: None, cast: Cast, region: Region) -> None:
    browser = Client()
    sign_in("school1", browser=browser)
    assert is_inside(browser)
    role_give(user=cast.reporters[0], role=Role.COORDINATOR, organisation=region.town, actor=cast.office)
    assert browser.get("/account/")["Location"] == SECOND
    assert not is_inside(browser)


def test_whoever_knows_the_password_alone_puts_no_app_of_their_own_in_its_place(required: None, cast: Cast) -> None:
    thief = Client()
    sign_in("office", browser=thief)
    secret = secret_shown(thief)
    connect_app(cast.office)
    assert thief.post(SECOND, {"code": code_now(secret)}).status_code in (302, 422)
    assert not is_inside(thief)
    assert SecondFactor.objects.get().secret != secret


def test_an_app_is_connected_and_taken_off_in_ones_account(cast: Cast, as_user: AsUser) -> None:
    browser = as_user(cast.office)
    connect, remove = reverse("organisations:second_factor_connect"), reverse("organisations:second_factor_remove")
    assert browser.get(connect).status_code == 200
    key = browser.session.session_key
    secret = str(browser.session["second_factor_secret"])
    assert "10" not in text_of(browser.get("/account/"))
    assert browser.post(connect, {"code": code_now(secret)}).status_code == 200
    assert browser.session.session_key != key
    assert "Осталось 10 кодов восстановления" in text_of(browser.get("/account/"))
    assert browser.post(remove, {"current": "wrong"}).status_code == 422
    assert SecondFactor.objects.count() == 1
    assert browser.post(remove, {"current": PASSWORD}).status_code == 302
    assert not SecondFactor.objects.exists()


def test_new_recovery_codes_replace_the_old_ones(cast: Cast, as_user: AsUser) -> None:
    _, old = connect_app(cast.office)
    page = as_user(cast.office).post(reverse("organisations:recovery_codes"), {"current": PASSWORD})
    new = re.findall(r"\d{4} \d{4} \d{4}", text_of(page))
    assert len(new) == 10
    assert not second_factor_passes(user=cast.office, code=old[0], address=AT_HOME)
    assert second_factor_passes(user=cast.office, code=new[0], address=AT_HOME)


def test_where_it_is_required_taking_the_app_off_asks_for_another_at_once(required: None, cast: Cast) -> None:
    secret, _ = connect_app(cast.office)
    browser = Client()
    sign_in("office", browser=browser)
    second(browser, code_now(secret))
    browser.post(reverse("organisations:second_factor_remove"), {"current": PASSWORD})
    assert browser.get("/")["Location"] == SECOND
    assert "Подключите приложение с кодами" in text_of(browser.get(SECOND))


def test_the_office_resets_the_lost_app_of_a_colleague_but_not_its_own(cast: Cast, as_user: AsUser) -> None:
    connect_app(cast.curator)
    connect_app(cast.office)
    inside = as_user(cast.curator)
    browser = as_user(cast.office)
    step = {"step": "reset_second_factor"}
    assert browser.post(reverse("organisations:person_step", args=[cast.curator.pk]), step).status_code == 302
    assert browser.post(reverse("organisations:person_step", args=[cast.office.pk]), step).status_code == 403
    assert list(SecondFactor.objects.values_list("user", flat=True)) == [cast.office.pk]
    assert not is_inside(inside)
    trail = SecondFactor.pgh_event_model.objects.filter(user=cast.curator)  # type: ignore[attr-defined]
    assert list(trail.order_by("pgh_id").values_list("pgh_label", flat=True))[-1] == "delete"
    assert not {"secret", "last_step"} & {field.name for field in trail.model._meta.get_fields()}


def taken_at_once(user: User, code: str) -> int:
    """How many of ten who send one code at the same moment get in."""
    return sum(together(*[partial(second_factor_passes, user=user, code=code, address=AT_HOME)] * 10))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the lock alone is tried: nobody is made to wait for guessing."""
    monkeypatch.setattr("organisations.services.second_factor.attempt_begin", lambda **_: None)


@pytest.mark.django_db(transaction=True)
def test_one_code_sent_ten_times_at_once_is_taken_once(cast: Cast, patient: None) -> None:
    secret, codes = connect_app(cast.office)
    assert taken_at_once(cast.office, code_now(secret)) == 1
    assert taken_at_once(cast.office, codes[0]) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_code_is_taken_many_times(
    cast: Cast, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the lock is what the test above shows."""
    secret, _ = connect_app(cast.office)
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    everybody = threading.Barrier(10)

    def read_by_all(*given: Any, **named: Any) -> int | None:
        step = step_of(*given, **named)
        everybody.wait(20)
        return step

    monkeypatch.setattr("organisations.services.second_factor._step_of", read_by_all)
    assert taken_at_once(cast.office, code_now(secret)) == 10


def test_setting_up_answers_with_nothing_for_a_wrong_code(cast: Cast) -> None:
    secret = "00" * 20
    assert second_factor_set_up(user=cast.office, secret=secret, code="12345", address=AT_HOME) is None
    assert not SecondFactor.objects.exists()
