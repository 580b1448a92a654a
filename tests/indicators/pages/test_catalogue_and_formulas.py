"""What schools count, and how indicators are computed from it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import BaseIndicator, Indicator
from indicators.okei import UNITS
from organisations.models import User
from projects.models import Project
from tests.conftest import Cast, Region

LIST, NEW = "/base-indicators/", "/base-indicators/new/"
PUPILS = {
    "name": "Учеников на 1 сентября",
    "code": "pupils_now",
    "kind": "integer",
    "unit": "чел.",
    "hint": "По данным приказа",
    "over_organisations": "sum",
    "over_time": "snapshot",
    "minimum": "0",
    "maximum": "5 000",
    "kinds": ["school"],
}


def test_a_base_indicator_is_added_and_listed(office: Client, region: Region) -> None:
    page = office.post(NEW, PUPILS, follow=True).content.decode()

    row = BaseIndicator.objects.get(code="pupils_now")
    assert (row.minimum, row.maximum, row.kinds, row.unit) == (Decimal(0), Decimal(5000), ["school"], "чел.")
    assert "«Учеников на 1 сентября» сохранён" in page
    assert "до 5\u202f000" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "Ученики"}, "строчными латинскими"),
        ({"code": "organisations"}, "занято самим языком формул"),
        ({"minimum": "10", "maximum": "2"}, "не может быть меньше"),
        ({"minimum": "1e30"}, "Это не число"),
        ({"over_organisations": "weighted_average"}, "выберите показатель-вес"),
        ({"over_organisations": "count_yes"}, "и только они"),
        ({"kind": "boolean"}, "и только они"),
        ({"kind": "boolean", "over_organisations": "count_yes", "over_time": "flow"}, "подходит «на дату»"),
        ({"kinds": ["region"]}, "region"),
        ({"name": ""}, "Обязательное поле"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(
    office: Client, region: Region, changes: dict[str, object], sentence: str
) -> None:
    answer = office.post(NEW, {**PUPILS, **changes})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "По данным приказа" in answer.content.decode()
    assert "Constraint" not in answer.content.decode()
    assert not BaseIndicator.objects.exists()


def test_a_unit_is_chosen_by_its_code_and_says_its_word_itself(office: Client, region: Region) -> None:
    office.post(NEW, {**PUPILS, "unit": "штук", "okei": "792", "evidence": "required"})
    row = BaseIndicator.objects.get(code="pupils_now")
    assert (row.okei, row.unit, row.evidence) == ("792", "человек", "required")
    assert "ОКЕИ 792" in office.get(LIST).content.decode()

    refused = office.post(NEW, {**PUPILS, "code": "more", "okei": "001"})
    assert refused.status_code == 422
    assert office.post(NEW, {**PUPILS, "code": "more", "evidence": "any"}).status_code == 422


def test_the_units_are_those_of_the_classifier() -> None:
    known = {"796": "штука", "792": "человек", "744": "процент", "642": "единица", "839": "комплект", "055": "м²"}
    known |= {"006": "м", "383": "рубль", "384": "тыс. руб.", "385": "млн руб.", "356": "час", "362": "месяц"}
    assert known.items() <= UNITS.items()
    assert all(code.isdigit() and len(code) in {3, 4} for code in UNITS)
    assert len(set(UNITS.values())) == len(UNITS)


def test_the_page_of_a_base_indicator_tells_what_was_changed_and_by_whom(
    office: Client, region: Region, cast: Cast
) -> None:
    office.post(NEW, PUPILS)
    row = BaseIndicator.objects.get(code="pupils_now")
    address = reverse("indicators:base_indicator", args=[row.pk])
    office.post(address, {**PUPILS, "maximum": "900", "evidence": "welcome", "kinds": []})

    page = office.get(address).content.decode()
    assert "Не больше: 5\u202f000 → 900" in page
    assert "Подтверждение: Не нужно → Можно приложить" in page
    assert "Кто считает: школа → все" in page
    assert "Показатель добавлен" in page
    assert cast.office.full_name in page.split("Что менялось")[1]


def test_a_taken_name_is_refused(office: Client, formulas: Project) -> None:
    answer = office.post(NEW, {**PUPILS, "code": "pupils"})

    assert answer.status_code == 422
    assert "уже существует" in answer.content.decode()


def test_a_base_indicator_is_changed_but_keeps_its_name_while_formulas_use_it(
    office: Client, formulas: Project
) -> None:
    row = BaseIndicator.objects.get(code="pupils")
    address = reverse("indicators:base_indicator", args=[row.pk])
    assert 'value="pupils"' in office.get(address).content.decode()

    refused = office.post(address, {**PUPILS, "code": "renamed"})
    assert (refused.status_code, "Это имя стоит в формулах" in refused.content.decode()) == (422, True)
    office.post(address, {**PUPILS, "code": "pupils"})
    row.refresh_from_db()
    assert row.name == "Учеников на 1 сентября"


def test_what_is_not_needed_is_archived_and_never_deleted(office: Client, formulas: Project) -> None:
    office.post(NEW, PUPILS)
    spare = BaseIndicator.objects.get(code="pupils_now")
    page = office.post(reverse("indicators:base_indicator_archive", args=[spare.pk]), follow=True).content.decode()
    assert "в архиве" in page

    used = BaseIndicator.objects.get(code="pupils")
    page = office.post(reverse("indicators:base_indicator_archive", args=[used.pk]), follow=True).content.decode()
    assert "сначала измените их" in page
    assert BaseIndicator.objects.filter(archived_at=None).count() == 4


def test_the_list_is_filtered_by_words_and_costs_the_same(office: Client, formulas: Project) -> None:
    with CaptureQueriesContext(connection) as four:
        page = office.get(LIST).content.decode()
    assert page.count("<code>pupils</code>") == 2  # its own row, and the limit of «safe»
    assert "distance" not in office.get(f"{LIST}?text=УЧЕНИКОВ").content.decode()
    assert "в архиве" not in office.get(f"{LIST}?state=current").content.decode().split("<tbody>")[1]

    office.post(NEW, PUPILS)
    with CaptureQueriesContext(connection) as five:
        office.get(LIST)
    assert len(four) == len(five)


def test_the_catalogue_is_kept_by_those_who_may(
    as_user: Callable[[User], Client], formulas: Project, cast: Cast
) -> None:
    row = BaseIndicator.objects.get(code="safe")
    edit, archive = (reverse(f"indicators:{n}", args=[row.pk]) for n in ("base_indicator", "base_indicator_archive"))
    for person in (cast.office, cast.head, cast.administrator):
        assert as_user(person).get(edit).status_code == as_user(person).get(NEW).status_code == 200
    for person in (cast.curator, cast.council, cast.coordinator, cast.auditor, cast.reporters[0]):
        client = as_user(person)
        assert client.get(LIST).status_code == 200
        assert edit not in client.get(LIST).content.decode()
        answers = (client.get(NEW), client.post(NEW, PUPILS), client.post(edit, PUPILS), client.post(archive))
        assert {answer.status_code for answer in answers} == {403}
    stranger = as_user(cast.stranger)
    assert stranger.get(LIST).status_code == stranger.get(NEW).status_code == 403
    assert stranger.post(edit, PUPILS).status_code == stranger.post(archive).status_code == 404


@pytest.fixture
def indicator(formulas: Project) -> Indicator:
    return Indicator.objects.get(project=formulas, number="1")


def test_the_formula_stands_beside_the_words_of_the_passport(office: Client, indicator: Indicator) -> None:
    page = office.get(reverse("indicators:formula", args=[indicator.pk])).content.decode()

    assert 'value="100 * safe / pupils"' in page
    assert "100 × safe ÷ pupils" in page
    assert "100 × школы с безопасным подъездом / все школы" in page
    assert 'data-insert="organisations"' in page
    assert 'data-insert="pupils"' in page


def test_a_formula_is_checked_while_it_is_typed(office: Client, indicator: Indicator) -> None:
    address = reverse("indicators:formula_check", args=[indicator.pk])

    assert "100 × safe ÷ expected" in office.post(address, {"text": "100*safe/expected"}).content.decode()
    wrong = office.post(address, {"text": "100 * (safe"}).content.decode()
    assert "Скобка не закрыта (знак 7)" in wrong
    assert "100 * <mark>(</mark>safe" in wrong
    assert "Нет такого базового показателя: unknown" in office.post(address, {"text": "unknown"}).content.decode()
    assert "<mark>&lt;</mark>b&gt;" in office.post(address, {"text": "<b>"}).content.decode()
    assert office.post(address, {"text": ""}).content.decode().strip() == ""


def test_a_formula_is_saved_or_refused_with_what_was_typed(office: Client, indicator: Indicator) -> None:
    address = reverse("indicators:formula", args=[indicator.pk])
    refused = office.post(address, {"text": "100 * nobody"})
    assert refused.status_code == 422
    assert "Нет такого базового показателя: nobody" in refused.content.decode()
    assert 'value="100 * nobody"' in refused.content.decode()

    saved = office.post(address, {"text": "100 * safe / organisations"})
    assert saved["Location"] == reverse("indicators:project_indicators", args=[indicator.project_id])
    indicator.formula.refresh_from_db()
    assert indicator.formula.text == "100 * safe / organisations"


def test_formulas_are_written_by_those_who_may(
    as_user: Callable[[User], Client], indicator: Indicator, cast: Cast
) -> None:
    pages = [reverse(f"indicators:{name}", args=[indicator.pk]) for name in ("formula", "formula_check")]
    for person in (cast.curator, cast.council, cast.coordinator, cast.auditor, cast.reporters[0]):
        assert {as_user(person).post(page, {"text": "1"}).status_code for page in pages} == {403}
    assert {as_user(cast.stranger).post(page, {"text": "1"}).status_code for page in pages} == {404}
