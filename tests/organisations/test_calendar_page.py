"""The year on the page, and the project office changing a day of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.test import Client

from organisations.models import ExceptionalDay, User
from tests.conftest import Cast

AsUser = Callable[[User], Client]
ADDRESS = "/calendar/"
REGION_DAY = {"day": "2026-11-23", "is_working": "no", "reason": "День области"}


def test_a_year_says_its_norm_its_decree_and_its_transfers(as_user: AsUser, cast: Cast) -> None:
    page = as_user(cast.reporters[0]).get(f"{ADDRESS}?year=2024").content.decode().replace("\u00a0", " ")
    assert "248 рабочих дней" in page
    assert "от 10.08.2023 № 1314" in page
    assert "Выходной перенесён с 02.11.2024" in page
    assert page.count('class="calendar-working_weekend"') == 3
    assert "Изменить день" not in page


def test_a_year_without_a_decree_says_so(as_user: AsUser, cast: Cast) -> None:
    page = as_user(cast.office).get(f"{ADDRESS}?year=2031").content.decode()
    assert "Переносы этого года порталу не известны" in page


def test_nonsense_in_the_address_shows_the_present_year(as_user: AsUser, cast: Cast) -> None:
    office = as_user(cast.office)
    for year in ("", "0", "9999", "٢٠٢٤", "x" * 500):
        assert office.get(ADDRESS, {"year": year}).status_code == 200


def test_the_office_makes_a_day_off_and_takes_it_back(as_user: AsUser, cast: Cast) -> None:
    office = as_user(cast.office)
    page = office.post(ADDRESS, REGION_DAY, follow=True).content.decode()
    assert "Календарь изменён. 23.11.2026: нерабочий, День области" in page
    assert 'class="calendar-day_off calendar-own"' in page

    row = ExceptionalDay.objects.get()
    page = office.post(f"{ADDRESS}{row.pk}/remove/", follow=True).content.decode()
    assert "23.11.2026 снова такой" in page
    assert not ExceptionalDay.objects.exists()


def test_a_day_is_changed_anew_not_twice(as_user: AsUser, cast: Cast) -> None:
    office = as_user(cast.office)
    office.post(ADDRESS, REGION_DAY)
    office.post(ADDRESS, {**REGION_DAY, "reason": "День области по закону № 5-З"})
    assert ExceptionalDay.objects.get(day=dt.date(2026, 11, 23)).reason == "День области по закону № 5-З"


def test_what_is_wrong_is_said_at_its_field(as_user: AsUser, cast: Cast) -> None:
    office = as_user(cast.office)
    for changes, sentence in (
        ({"day": "2026-11-22"}, "и так нерабочий день"),
        ({"day": "31.02.2026"}, "Такой даты нет"),
        ({"reason": " "}, "Обязательное поле"),
        ({"is_working": "maybe"}, "maybe"),
    ):
        answer = office.post(ADDRESS, {**REGION_DAY, **changes})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()


def test_others_look_and_change_nothing(as_user: AsUser, cast: Cast) -> None:
    as_user(cast.office).post(ADDRESS, REGION_DAY)
    row = ExceptionalDay.objects.get()
    for person in (cast.administrator, cast.coordinator, cast.reporters[0], cast.auditor, cast.stranger):
        client = as_user(person)
        assert client.get(ADDRESS).status_code == 200
        assert client.post(ADDRESS, {**REGION_DAY, "day": "2026-11-24"}).status_code == 403
        assert client.post(f"{ADDRESS}{row.pk}/remove/").status_code == 403
    assert ExceptionalDay.objects.count() == 1
