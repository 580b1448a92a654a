"""A name is kept as it is seen: a mark of direction in it would turn round the words that follow it on a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Organisation, User
from organisations.services import organisation_create, user_create
from tests.conftest import Cast, Region

MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_of_direction_is_not_kept(mark: str, region: Region) -> None:
    person = user_create(login="ivanova", full_name=f"Ива{mark}нова Анна")
    school = organisation_create(
        kind="school", name=f"{mark}Школа № 9", short_name=f"Шко{mark}ла № 9", parent=region.town
    )

    assert person.full_name == "Иванова Анна"
    assert (school.name, school.short_name, school.sort_key) == ("Школа № 9", "Школа № 9", "школа   000009")
    person.refresh_from_db()
    school.refresh_from_db()
    assert person.full_name == "Иванова Анна"
    assert (school.name, school.short_name) == ("Школа № 9", "Школа № 9")


def test_thousands_at_once_and_a_plain_update_are_no_way_round(region: Region) -> None:
    Organisation.objects.filter(pk=region.town.pk).update(name="Город\u202e Ясногорск")
    User.objects.bulk_create([User(login="many", full_name="\u2067Петров Пётр")])

    assert Organisation.objects.get(pk=region.town.pk).name == "Город Ясногорск"
    assert User.objects.get(login="many").full_name == "Петров Пётр"


def test_a_page_with_the_name_has_no_mark(cast: Cast, as_user: Callable[[User], Client]) -> None:
    cast.office.full_name = "Волкова\u202e Анна Сергеевна"
    cast.office.save()

    page = as_user(cast.office).get(reverse("projects:list")).content.decode()
    assert "Волкова" in page
    assert "\u202e" not in page
