"""The list of a period as a file: what the page shows, as filtered, for those who see it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from urllib.parse import unquote

import openpyxl
from django.test import Client
from django.urls import reverse

from organisations.models import User
from tests.world import World

AsUser = Callable[[User], Client]


def test_the_workbook_holds_the_organisations_of_the_period(world: World, as_user: AsUser) -> None:
    answer = as_user(world.cast.office).get(reverse("reports:period_export", args=[world.period.pk, "xlsx"]))
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    names = {value for row in cells for value in row}
    assert {school.short_name for school in world.region.schools} <= names
    assert "Проверьте число подъездов." in names
    assert answer["Content-Disposition"].startswith("attachment")
    # «… 2026 г.xlsx»: the dot of the abbreviation is the dot before the ending.
    assert unquote(answer["Content-Disposition"]).endswith("Сдача форм, I квартал 2026 г.xlsx")


def test_the_filter_of_the_page_holds_in_the_file(world: World, as_user: AsUser) -> None:
    address = reverse("reports:period_export", args=[world.period.pk, "csv"])
    text = as_user(world.cast.office).get(address, {"state": "returned"}).content.decode("utf-8-sig")
    header, *rows = text.splitlines()
    assert header.startswith("Организация;Муниципалитет;Состояние")
    assert [row.split(";")[0] for row in rows] == [world.region.schools[2].short_name]


def test_a_coordinator_gets_the_own_municipality_only(world: World, as_user: AsUser) -> None:
    address = reverse("reports:period_export", args=[world.period.pk, "csv"])
    text = as_user(world.cast.coordinator).get(address).content.decode("utf-8-sig")
    assert world.region.schools[0].short_name in text
    assert world.region.village_school.short_name not in text


def test_another_ending_does_not_exist(world: World, as_user: AsUser) -> None:
    address = reverse("reports:period_export", args=[world.period.pk, "csv"])
    assert as_user(world.cast.office).get(address.replace(".csv", ".exe")).status_code == 404
