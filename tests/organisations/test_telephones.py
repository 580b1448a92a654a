"""The telephone of a head: typed, loaded with the register, and at hand where somebody has to call."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from jobs.storage import store_file
from organisations.models import User
from organisations.phones import first_number, phone_is_right
from organisations.register.planning import plan
from organisations.register.reading import read_workbook
from organisations.register.snapshot import register_of
from organisations.services.people import person_change
from organisations.services.register import register_load_apply, register_load_create
from tests.conftest import Cast, Region
from tests.organisations.workbooks import HEADINGS, inn, workbook
from tests.world import World

AsUser = Callable[[User], Client]
PHONE = "8 (83361) 2-15-30, доб. 12"
WITH_PHONE = (*HEADINGS, "Телефон руководителя")


@pytest.mark.parametrize(
    ("text", "right", "dialled"),
    [
        (PHONE, True, "88336121530"),
        ("+7 912 345-67-89; 2-15-30", True, "+79123456789"),
        ("2-15-30", True, "21530"),
        ("нет", False, ""),
        ("1234", False, "1234"),
        ("8 800 <script>", False, "8800"),
    ],
)
def test_a_number_is_kept_as_it_is_written(text: str, right: bool, dialled: str) -> None:
    assert phone_is_right(text) is right
    assert first_number(text) == dialled


def test_it_is_typed_on_the_page_of_a_person_and_a_wrong_one_is_refused(
    as_user: AsUser, cast: Cast, region: Region
) -> None:
    office, head = as_user(cast.office), cast.village_reporter
    edit = reverse("organisations:person_edit", args=[head.pk])
    said = {"full_name": head.full_name, "position": "директор", "email": "", "phone": PHONE}
    refused = office.post(edit, {**said, "phone": "спросить у секретаря"})
    assert refused.status_code == 422
    assert "спросить у секретаря" in refused.content.decode()
    assert office.post(edit, said).status_code == 302
    page = office.get(reverse("organisations:person", args=[head.pk])).content.decode()
    assert f'<a href="tel:88336121530">{PHONE}</a>' in page
    assert PHONE in office.get(reverse("organisations:organisation", args=[region.village_school.pk])).content.decode()


def test_it_comes_with_the_register_and_leaves_with_it(as_user: AsUser, cast: Cast, region: Region) -> None:
    school = [inn(7), "", "Школа", region.town.name, "Школа № 7", "", "Белов Пётр Ильич", "директор", "", ""]
    content = workbook([*school, PHONE], headings=WITH_PHONE)
    file = store_file(name="реестр.xlsx", content_type="application/octet-stream", content=content)
    load = register_load_create(file=file, table=read_workbook(content), territory=region.root, actor=cast.office)
    register_load_apply(load=load, version=load.version, actor=cast.office)
    head = User.objects.get(full_name="Белов Пётр Ильич")
    assert head.phone == PHONE
    (changed,) = plan(
        read_workbook(workbook([*school, "2-15-30"], headings=WITH_PHONE)).rows, register_of(region.root, cast.office)
    )
    assert changed.changes == [["Телефон", PHONE, "2-15-30"]]
    (wrong,) = plan(
        read_workbook(workbook([*school, "нет"], headings=WITH_PHONE)).rows, register_of(region.root, cast.office)
    )
    assert wrong.sentence.startswith("Телефон «нет»")
    answer = as_user(cast.office).get(reverse("reports:register_export", args=["xlsx"]))
    cells = {cell.value for row in openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0] for cell in row}
    assert {"Телефон", PHONE} <= cells


def test_it_stands_in_the_list_of_whom_to_hurry(world: World, as_user: AsUser) -> None:
    head = world.cast.reporters[2]
    person_change(user=head, full_name=head.full_name, position="", email="", phone=PHONE, actor=world.cast.office)
    coordinator = as_user(world.cast.coordinator)
    late = coordinator.get(reverse("indicators:period_late", args=[world.period.pk])).content.decode()
    assert "tel:88336121530" in late
    file = coordinator.get(reverse("reports:late_export", args=[world.period.pk, "csv"])).content.decode("utf-8-sig")
    assert PHONE in file
