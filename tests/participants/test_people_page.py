"""The load of people over projects: the list, its filter and files, one person, the cost of it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import User
from tests.conftest import Cast, Region
from tests.participants.conftest import MakeProject, Three, row

AsUser = Callable[[User], Client]
PEOPLE = "/participants/"


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{PEOPLE}?{query}").context["page"]
    return [person.name for person in page]


@pytest.fixture
def office(as_user: AsUser, cast: Cast) -> Client:
    return as_user(cast.office)


def test_the_busiest_come_first_and_say_what_is_too_much(office: Client, three: Three) -> None:
    answer = office.get(PEOPLE)
    page = answer.content.decode()
    assert names(office)[:3] == ["Лугов К. Т.", "Яшина П. П.", "Реброва О. Д."]
    assert answer.context["over"] == 2
    assert "двойная занятость" in page
    assert "01.01.2027\u00a0– 30.06.2027" in page
    assert "Руководители школ" not in page
    # Section 1 names a curator whom no row of section 5 does.
    assert "Журавлёв П.К." in page


def test_the_list_is_filtered_and_sorted_by_its_address(office: Client, three: Three, region: Region) -> None:
    assert names(office, "q=лугов") == ["Лугов К. Т."]
    assert names(office, "q=главный инженер") == ["Лугов К. Т."]
    assert names(office, "q=город&load=over") == ["Яшина П. П."]
    assert names(office, "load=double") == ["Лугов К. Т."]
    assert names(office, f"territory={region.town.pk}&load=over") == ["Яшина П. П."]
    assert names(office, "load=nonsense&territory=x&sort=nonsense")[0] == "Лугов К. Т."
    by_name = names(office, "sort=name")
    assert by_name == sorted(by_name, key=lambda name: name.replace("ё", "е"))
    assert names(office, "sort=-name") == by_name[::-1]
    assert names(office, "sort=-now")[0] == "Яшина П. П."
    assert names(office, "q=нет такого") == []


def test_the_file_holds_what_the_page_shows(office: Client, three: Three) -> None:
    address = reverse("reports:people_export", args=["csv"])
    header, *rows = office.get(f"{address}?load=double").content.decode("utf-8-sig").splitlines()
    assert header.startswith("Участник;Должность;Проекты и роли;Сейчас, %;Наибольшая, %")
    assert len(rows) == 1
    assert rows[0].startswith('Лугов К. Т.;"инженер; главный инженер";"Дороги: Администратор, Участник, 70')
    assert rows[0].endswith(";70;130;двойная занятость;01.01.2027;30.06.2027")
    book = openpyxl.load_workbook(BytesIO(office.get(reverse("reports:people_export", args=["xlsx"])).content))
    cells = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]
    assert next(line for line in cells if line[0] == "Лугов К. Т.")[3:5] == [70, 130]


def test_one_person_by_any_spelling(office: Client, three: Three) -> None:
    for spelling in ("Лугов К. Т.", "К.Т. Лугов", "Лугов Кирилл Тимофеевич"):
        page = office.get(reverse("participants:person", args=[spelling])).content.decode()
        assert "01.01.2027\u00a0– 30.06.2027" in page
        assert "Дороги 70" in page
        assert "Ответственный в плане мероприятий, строк: 3" in page
        assert "Непосредственный руководитель участников, строк: 1" in page
    assert "Ким Ли" in office.get(reverse("participants:person", args=["Ким Ли"])).content.decode()
    for nobody in ("Пустов А.А.", "нет", "Лугов К.Т., Ким Ли И.И.", "x" * 300, "\x00"):
        assert office.get(reverse("participants:person", args=[nobody])).status_code == 404


def test_who_sees_whose_load(as_user: AsUser, three: Three, cast: Cast) -> None:
    """A school's head sees the projects, not what else their people do; a coordinator the own town and the region."""
    assert as_user(cast.reporters[0]).get(PEOPLE).status_code == 403
    assert as_user(cast.village_reporter).get(reverse("participants:person", args=["Лугов К.Т."])).status_code == 403
    assert "Яшина П. П." in names(as_user(cast.coordinator))
    assert as_user(cast.stranger).get(PEOPLE).status_code == 403
    section = reverse("participants:project", args=[three.roads.pk])
    link = reverse("participants:person", args=["Лугов К. Т."])
    assert link in as_user(cast.auditor).get(section).content.decode()
    assert link not in as_user(cast.reporters[0]).get(section).content.decode()


def test_the_list_costs_the_same_however_many_projects_there_are(
    office: Client, three: Three, make_project: MakeProject
) -> None:
    person = reverse("participants:person", args=["Лугов К. Т."])
    office.get(PEOPLE)
    with CaptureQueriesContext(connection) as few:
        office.get(PEOPLE)
    with CaptureQueriesContext(connection) as few_of_one:
        office.get(person)
    for number in range(5):
        make_project(f"Ещё {number}", row("Лугов К. Т.", "1"), row(f"Новиков {'АБВГД'[number]}.А.", "5"))
    with CaptureQueriesContext(connection) as many:
        office.get(PEOPLE)
    with CaptureQueriesContext(connection) as many_of_one:
        office.get(person)
    assert len(many) == len(few)
    assert len(many_of_one) == len(few_of_one)
