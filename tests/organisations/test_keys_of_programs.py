"""A person gives keys to programs, sees each once, and takes them back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import ApiToken, Scope, User
from organisations.services.tokens import MAX_TOKENS, token_create
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
KEY = {"name": "Электронный журнал", "scopes": [Scope.READ], "days": "90"}
AsUser = Callable[[User], Client]


def test_a_key_is_shown_once(as_user: AsUser, cast: Cast) -> None:
    browser = as_user(cast.reporters[0])
    page = browser.post(reverse("organisations:tokens"), KEY)
    (secret,) = re.findall(r"vekha_[\w-]+", page.content.decode())
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get(reverse("api:forms")).status_code == 200
    again = browser.get(reverse("organisations:tokens")).content.decode()
    assert "Электронный журнал" in again
    assert f"…{secret[-4:]}" in again
    assert secret not in again
    # On a phone the rows of the list are cards: each cell says its own head.
    for head in ("Что можно", "Действует до", "Когда работал"):
        assert f'<td data-head="{head}">' in again


def test_a_key_that_was_taken_back_opens_nothing(as_user: AsUser, cast: Cast) -> None:
    token, secret = token_create(owner=cast.reporters[0], name="Журнал", scopes=[Scope.READ], days=30)
    browser = as_user(cast.reporters[0])
    asked = browser.get(reverse("organisations:token_end", args=[token.pk]))
    assert "Вернуть его нельзя" in asked.content.decode()
    browser.post(reverse("organisations:token_end", args=[token.pk]))
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get(reverse("api:forms")).status_code == 401
    browser.get(reverse("organisations:tokens"))  # says once that the key was taken back
    assert "Журнал" not in browser.get(reverse("organisations:tokens")).content.decode()


def test_nobody_takes_back_the_key_of_another(as_user: AsUser, cast: Cast) -> None:
    token, _ = token_create(owner=cast.reporters[0], name="Журнал", scopes=[Scope.READ], days=30)
    assert as_user(cast.office).post(reverse("organisations:token_end", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": ["forms:accept"]}, {"scopes": []}, {"days": "100000"}])
def test_a_key_that_cannot_be_is_refused(as_user: AsUser, cast: Cast, wrong: dict[str, object]) -> None:
    answer = as_user(cast.reporters[0]).post(reverse("organisations:tokens"), KEY | wrong)
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_keys(as_user: AsUser, cast: Cast) -> None:
    for number in range(MAX_TOKENS):
        token_create(owner=cast.reporters[0], name=f"Ключ {number}", scopes=[Scope.READ], days=30)
    answer = as_user(cast.reporters[0]).post(reverse("organisations:tokens"), KEY)
    assert answer.status_code == 422
    assert "отзовите ненужные" in answer.content.decode()
