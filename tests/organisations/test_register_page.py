"""The pages of the register: finding an organisation, taking the list away, and changing one after a warning."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import Organisation, User
from organisations.register.reading import read_workbook
from organisations.services import organisation_create
from tests.conftest import Cast, Region

AsUser = Callable[[User], Client]
ACT = {"day": "2025-09-01", "reason": "Постановление № 5"}


@pytest.fixture
def office(as_user: AsUser, cast: Cast) -> Client:
    return as_user(cast.office)


def listed(client: Client, query: str = "") -> list[str]:
    return [row.short_name for row in client.get(f"/organisations/?{query}").context["page"]]


def test_an_organisation_is_found_by_words_kind_place_inn_and_head(office: Client, region: Region) -> None:
    first, second, third = (school.short_name for school in region.schools)
    Organisation.objects.filter(pk=region.college.pk).update(inn="7707083893")
    Organisation.objects.filter(pk=region.schools[2].pk).update(closed_at="2025-01-01")
    assert listed(office, "q=ШКОЛА+2") == [second]
    assert listed(office, "q=77070") == ["Ясногорский колледж"]
    assert listed(office, f"municipality={region.town.pk}&kind=school") == [first, second]
    assert listed(office, "state=closed") == [third]
    assert listed(office, "head=without") == ["Ясногорский колледж"]
    assert listed(office, "kind=municipality&sort=-name") == ["Заречный район", "Город Ясногорск"]
    assert len(listed(office, "kind=nonsense&municipality=x&sort=y&state=all")) == 7


def test_any_word_of_the_full_name_finds_it_too(office: Client, region: Region) -> None:
    full = "Муниципальное бюджетное общеобразовательное учреждение «Гимназия № 12 имени Н. А. Алфёрова»"
    organisation_create(kind="school", name=full, short_name="МБОУ Гимназия", parent=region.town)
    for words in ("алферова", "АЛФЁРОВА гимназия", "имени 12", "общеобразовательное"):
        assert listed(office, f"q={words}") == ["МБОУ Гимназия"]
    assert listed(office, "q=алферова+2") == []


def test_a_coordinator_sees_the_register_of_the_municipality(as_user: AsUser, cast: Cast, region: Region) -> None:
    client = as_user(cast.coordinator)
    assert "Школа села Заречного" not in listed(client)
    assert region.town.short_name in listed(client)
    assert client.get(f"/organisations/{region.village_school.pk}/").status_code == 404
    assert as_user(cast.reporters[0]).get(f"/organisations/{region.schools[0].pk}/").status_code == 403


def test_the_change_of_a_head_is_one_step_from_the_organisation(as_user: AsUser, cast: Cast, region: Region) -> None:
    school = region.schools[0]
    Organisation.objects.filter(pk=school.pk).update(inn="7707083893")
    client = as_user(cast.coordinator)
    address = "/people/new/?organisation=7707083893&amp;replace=1"
    assert f'href="{address}">Сменить руководителя' in client.get(f"/organisations/{school.pk}/").content.decode()
    form = client.get(address.replace("&amp;", "&")).content.decode()
    assert 'value="7707083893"' in form
    assert re.search(r'name="replace" value="yes"[^>]*checked', form)

    page = client.get(f"/organisations/{region.college.pk}/").content.decode()
    (link,) = re.findall(r'href="([^"]+)">Назначить руководителя', page)
    assert "колледж" in client.get(link).content.decode()
    assert "руководителя</a>" not in client.get(f"/organisations/{region.town.pk}/").content.decode()
    assert "руководителя</a>" not in as_user(cast.auditor).get(f"/organisations/{school.pk}/").content.decode()
    Organisation.objects.filter(pk=school.pk).update(closed_at="2025-01-01")
    assert "руководителя</a>" not in client.get(f"/organisations/{school.pk}/").content.decode()


def test_what_is_downloaded_is_what_is_shown(office: Client, region: Region) -> None:
    query = f"municipality={region.town.pk}&sort=-name"
    answer = office.get(f"/organisations/export.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Краткое наименование"] for row in rows] == listed(office, query)
    assert rows[-1]["Руководитель"] == "Орлова Нина Павловна"
    assert office.get("/organisations/export.pdf").status_code == 404


def test_what_is_downloaded_can_be_loaded_again(office: Client, region: Region) -> None:
    table = read_workbook(office.get("/organisations/export.xlsx").content)
    assert {row.cells["name"] for row in table.rows} == {o.name for o in Organisation.objects.exclude(parent=None)}
    assert table.unknown_headings == ["Закрыта", "Преемник"]


def test_the_list_costs_the_same_for_any_number_of_rows(office: Client, region: Region) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            office.get("/organisations/")
        return len(queries)

    before = cost()
    for number in range(40):
        organisation_create(kind="school", name=f"Школа № {100 + number}", parent=region.district)
    assert cost() == before


@pytest.mark.parametrize(
    ("act", "fields", "words"),
    [
        ("close", {}, "закроется с 01.09.2025"),
        ("move", {"parent": "district"}, "перейдёт из «Город Ясногорск» в «Заречный район»"),
        ("merge", {"joined": "first"}, "Закроются с 01.09.2025: «Школа № 1 города Ясногорска»"),
    ],
)
def test_a_deed_is_done_after_its_consequences_were_seen(
    office: Client, region: Region, act: str, fields: dict[str, str], words: str
) -> None:
    places = {"district": region.district.pk, "first": region.schools[0].pk}
    body = {**ACT, **{name: places[place] for name, place in fields.items()}}
    address = f"/organisations/{region.college.pk}/{act}/"
    before = list(Organisation.objects.order_by("pk").values())

    page = office.post(address, body)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert list(Organisation.objects.order_by("pk").values()) == before

    done = office.post(address, {**body, "confirm": "1"})
    assert done["Location"] == f"/organisations/{region.college.pk}/"
    assert list(Organisation.objects.order_by("pk").values()) != before
    history = office.get(done["Location"]).content.decode()
    assert "Постановление № 5" in history


def test_a_closed_school_is_opened_again_from_its_page(office: Client, region: Region) -> None:
    address = f"/organisations/{region.college.pk}/"
    office.post(f"{address}close/", {**ACT, "confirm": "1"})
    assert "Отменить закрытие" in office.get(address).content.decode()
    assert office.post(f"{address}move/", {**ACT, "parent": region.district.pk, "confirm": "1"}).status_code == 409
    office.post(f"{address}reopen/", {**ACT, "confirm": "1"})
    region.college.refresh_from_db()
    assert region.college.closed_at is None


def test_requisites_are_checked_and_the_later_of_two_editors_is_warned(office: Client, region: Region) -> None:
    address = f"/organisations/{region.college.pk}/edit/"
    body = {**ACT, "name": "Колледж", "short_name": "Колледж", "kind": "college", "inn": "", "oktmo": "", "seen": "0"}
    wrong = office.post(address, {**body, "inn": "7707083894", "day": "2999-01-01"})
    assert wrong.status_code == 422
    assert "опечатка" in wrong.content.decode()
    assert "ещё не наступила" in wrong.content.decode()
    assert office.post(address, body).status_code == 302
    late = office.post(address, {**body, "name": "Техникум"})
    assert late.status_code == 409
    assert "изменились" in late.content.decode()
    again = {**body, "name": "Техникум", "seen": late.context["form"]["seen"].value()}
    assert office.post(address, again).status_code == 302
    region.college.refresh_from_db()
    assert region.college.name == "Техникум"


def test_who_reads_the_register_changes_nothing_in_it(as_user: AsUser, cast: Cast, region: Region) -> None:
    for user in (cast.auditor, cast.coordinator, cast.head):
        client = as_user(user)
        assert "Передать" not in client.get(f"/organisations/{region.college.pk}/").content.decode()
        for act in ("edit", "move", "merge", "close", "reopen"):
            assert client.post(f"/organisations/{region.college.pk}/{act}/", ACT).status_code == 403


NEW = {"kind": "school", "name": "Школа посёлка Лесного", "short_name": "", "inn": "7707083893", "oktmo": ""}


def test_one_organisation_is_added_with_its_document(office: Client, region: Region) -> None:
    said = {**NEW, "parent": region.district.pk, **ACT}
    done = office.post("/organisations/new/", said)
    added = Organisation.objects.get(inn="7707083893")
    assert done["Location"] == f"/organisations/{added.pk}/"
    assert (added.parent, added.short_name, added.depth) == (region.district, "Школа посёлка Лесного", 2)
    page = office.get(done["Location"]).content.decode()
    assert "Внесена в реестр" in page
    assert "Постановление № 5" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Напишите полное наименование."),
        ({"inn": ""}, "Укажите ИНН"),
        ({"inn": "7707083894"}, "Контрольная цифра ИНН не сходится"),
        ({"parent": ""}, "Выберите муниципалитет."),
        ({"kind": "municipality"}, "муниципалитет входит в регион"),
        ({"name": "школа Села заречного"}, "уже есть организация с таким наименованием"),
        ({"day": "2999-01-01"}, "ещё не наступила"),
        ({"reason": ""}, "на каком основании"),
    ],
)
def test_what_cannot_be_added_is_told_and_kept(
    office: Client, region: Region, wrong: dict[str, str], words: str
) -> None:
    answer = office.post("/organisations/new/", {**NEW, "parent": region.district.pk, **ACT, **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert wrong.get("name", NEW["name"]) in answer.content.decode()
    assert not Organisation.objects.filter(inn="7707083893").exists()


def _optional(page: str) -> set[str]:
    """Labels of the fields that the page calls optional."""
    found = re.findall(r'field-label"[^>]*>([^<]*?) <span class="field-optional">', page)
    return {label.strip() for label in found}


def test_what_is_needed_is_not_called_optional(office: Client, region: Region) -> None:
    page = office.get("/organisations/new/").content.decode()
    assert _optional(page) == {"Краткое наименование", "ОКТМО"}
    municipality = office.post("/organisations/new/", {**NEW, "kind": "municipality", "inn": ""})
    assert "Укажите ИНН" not in municipality.content.decode()

    page = office.get(f"/organisations/{region.village_school.pk}/merge/").content.decode()
    assert _optional(page) == {"Организация другого муниципалитета"}


def test_an_inn_is_given_once(office: Client, region: Region) -> None:
    Organisation.objects.filter(pk=region.college.pk).update(inn=NEW["inn"])
    answer = office.post("/organisations/new/", {**NEW, "parent": region.district.pk, **ACT})
    assert "ИНН 7707083893 уже у организации «Ясногорский колледж»" in answer.content.decode()


def test_an_organisation_of_another_municipality_is_joined(office: Client, region: Region) -> None:
    heir, joined = region.village_school, region.schools[0]
    page, said = f"/organisations/{heir.pk}/merge/", {**ACT, "other": joined.name}
    assert "Отметьте хотя бы одну организацию" in office.post(page, ACT).content.decode()
    assert "Такой организации среди ваших нет" in office.post(page, {**said, "other": heir.name}).content.decode()
    asked = office.post(page, said).content.decode()
    assert "Закроются с 01.09.2025: «Школа № 1 города Ясногорска»" in asked
    assert office.post(page, {**said, "confirm": "1"}).status_code == 302
    joined.refresh_from_db()
    assert joined.successor == heir
