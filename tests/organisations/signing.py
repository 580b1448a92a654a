"""How people sign in, for the tests of this room."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django_otp.oath import TOTP

from organisations.models import SecondFactor, User
from organisations.services.second_factor import new_secret, second_factor_set_up
from tests.conftest import PASSWORD

NEW_PASSWORD = "кедровые шишки у реки"
SIGN_IN, FIRST, SECOND = "/sign-in/", "/sign-in/first/", "/sign-in/second/"
AT_HOME = "127.0.0.1"


def sign_in(
    login: str, password: str = PASSWORD, browser: Client | None = None, forwarded_for: str = ""
) -> HttpResponse:
    browser = browser or Client()
    said = {"username": login, "password": password}
    return browser.post(SIGN_IN, said, headers={"X-Forwarded-For": forwarded_for})  # type: ignore[return-value]


def first_sign_in(login: str, code: str, browser: Client | None = None, password: str = NEW_PASSWORD) -> HttpResponse:
    said = {"login": login, "code": code, "password": password, "again": password}
    return (browser or Client()).post(FIRST, said)  # type: ignore[return-value]


def is_inside(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def code_now(secret: str, later: int = 0) -> str:
    """What an app shows; ``later``: so many half-minutes from now."""
    totp = TOTP(bytes.fromhex(secret), drift=later)
    return f"{totp.token():06d}"


def connect_app(user: User) -> tuple[str, list[str]]:
    """An app connected a minute ago, so that its code of now is still good; with the recovery codes."""
    secret = new_secret()
    codes = second_factor_set_up(user=user, secret=secret, code=code_now(secret), address=AT_HOME)
    assert codes
    SecondFactor.objects.filter(user=user).update(last_step=0)
    return secret, codes


def text_of(answer: Any) -> str:
    """What a page says, without its tags and with plain spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\u00a0", " ")
