"""The project office gets in from the command line when nobody can let it in, and nobody else that way."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from organisations.access import access_of
from organisations.models import Organisation, SecondFactor, User
from organisations.roles import Action
from tests.conftest import Cast
from tests.organisations.signing import connect_app, first_sign_in, is_inside, sign_in

ARGUMENTS = ("first_account", "Волкова Анна Сергеевна", "Северская область")


def test_the_first_account_is_of_the_office_and_signs_in_with_its_code(db: None) -> None:
    told = io.StringIO()
    call_command(*ARGUMENTS, stdout=told)
    login, code = re.findall(r": +(.+)\n", told.getvalue())
    browser = Client()
    assert first_sign_in(login, code, browser).status_code == 302
    assert is_inside(browser)
    assert login == "volkova.as"
    assert access_of(User.objects.get()).allows(Action.MANAGE_PEOPLE, Organisation.objects.get())


def test_where_there_is_an_office_it_gives_access_itself(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Проектный офис уже есть"):
        call_command(*ARGUMENTS)


def test_an_office_that_lost_its_only_phone_is_let_in_again(cast: Cast) -> None:
    connect_app(cast.office)
    User.objects.filter(pk=cast.office.pk).update(is_active=False)
    for _ in range(5):
        sign_in("office", "wrong")
    told = io.StringIO()
    call_command("restore_access", "Office", stdout=told)
    login, code = re.findall(r": +(.+)\n", told.getvalue())
    browser = Client()
    assert first_sign_in(login, code, browser).status_code == 302
    assert is_inside(browser)
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("login", ["coordinator", "nobody"])
def test_others_are_let_in_by_the_office(login: str, cast: Cast) -> None:
    with pytest.raises(CommandError, match="в проектном офисе нет"):
        call_command("restore_access", login)
