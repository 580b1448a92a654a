"""What a workbook of the register says, and which of its rows cannot be taken."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.files.errors import UnreadableFile
from organisations.models import Organisation, User
from organisations.register.checking import inn_is_right
from organisations.register.planning import Plan, plan, same_person
from organisations.register.reading import read_workbook
from organisations.register.snapshot import register_of
from organisations.register.template import template
from tests.conftest import Cast, Region
from tests.hostile.workbooks import executables
from tests.organisations.workbooks import HEADINGS, inn, inn_of, workbook


def plans(region: Region, cast: Cast, *rows: Any, headings: Any = HEADINGS) -> list[Plan]:
    table = read_workbook(workbook(*rows, headings=headings))
    return plan(table.rows, register_of(region.root, cast.office))


def sentences(region: Region, cast: Cast, *rows: Any, headings: Any = HEADINGS) -> list[str]:
    return [made.sentence for made in plans(region, cast, *rows, headings=headings)]


def school(number: int = 1, /, **cells: str) -> list[str]:
    said = {
        "ИНН": inn(number),
        "Вид": "Школа",
        "Муниципалитет": "Город Ясногорск",
        "Полное наименование": f"Средняя школа № {100 + number}",
        **cells,
    }
    return [said.get(heading, "") for heading in HEADINGS]


@pytest.mark.parametrize("right", ["7707083893", "7830002293", "500100732259"])
def test_check_digits_of_an_inn(right: str) -> None:
    assert inn_is_right(right)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert not inn_is_right(wrong)
    assert not inn_is_right(right[:-1])


def test_headings_are_known_in_any_order_and_case() -> None:
    table = read_workbook(
        workbook(
            ["Сводка за год"],
            ["Реестр на 1 сентября"],
            ["НАИМЕНОВАНИЕ", " инн ", "Примечание", "Тип организации", "Район", "ФИО руководителя"],
            ["Школа № 7", 7707083893, "важно", "школа", "Заречный район", "Орлова Нина Павловна"],
            headings=["Министерство образования"],
        )
    )
    assert table.unknown_headings == ["Примечание"]
    (row,) = table.rows
    assert row.number == 5
    assert row.cells == {
        "name": "Школа № 7",
        "inn": "7707083893",
        "kind": "школа",
        "municipality": "Заречный район",
        "head": "Орлова Нина Павловна",
    }


def test_the_template_is_read_as_an_empty_register() -> None:
    with pytest.raises(UnreadableFile, match="нет ни одной строки"):
        read_workbook(template(["Город Ясногорск", "=опасно"]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "пуст"),
        ("ИНН;Наименование".encode(), "не книга Excel"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "старого формата"),
        (workbook(["1"], headings=["Номер"]), "нет строки с заголовками"),
        (workbook(headings=["ИНН", "Наименование", "Название"]), "дважды"),
        (workbook(["1", "Школа"], headings=["ИНН", "Наименование"]), "Вид, Муниципалитет"),
    ],
)
def test_a_file_that_is_no_register_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        read_workbook(content)


def test_a_workbook_with_something_to_run_is_refused_before_it_is_parsed() -> None:
    for case in executables():
        content = case.make()
        assert isinstance(content, bytes)
        with pytest.raises(UnreadableFile) as refusal:
            read_workbook(content)
        assert (case.says or "нет строки с заголовками") in str(refusal.value) or "Excel (.xls)" in str(refusal.value)


def test_a_new_school_with_its_head(region: Region, cast: Cast) -> None:
    row = school(**{"Руководитель": "Белов Пётр Ильич", "Электронная почта": "b@example.ru", "ОКТМО": "25701000"})
    (made,) = plans(region, cast, row)
    assert (made.outcome, made.head, made.login, made.parent) == ("added", "new", inn(1), region.town.pk)
    assert ["Логин", "", inn(1)] in made.changes
    assert ["Муниципалитет", "", region.town.short_name] in made.changes


def test_a_school_known_by_its_name_gets_its_inn(region: Region, cast: Cast) -> None:
    row = school(**{"Полное наименование": region.schools[0].name, "Руководитель": "Орлова Н. П."})
    (made,) = plans(region, cast, row)
    assert (made.outcome, made.organisation_id, made.head) == ("changed", region.schools[0].pk, "same")
    assert made.changes == [["ИНН", "", inn(1)]]


def test_the_same_file_again_changes_nothing(region: Region, cast: Cast) -> None:
    first = region.schools[0]
    Organisation.objects.filter(pk=first.pk).update(inn=inn(1))
    row = school(**{"Полное наименование": first.name, "Руководитель": "орлова нина павловна"})
    (made,) = plans(region, cast, row)
    assert (made.outcome, made.head, made.changes) == ("unchanged", "same", [])


def test_what_changes_is_told_cell_by_cell(region: Region, cast: Cast) -> None:
    first = region.schools[0]
    Organisation.objects.filter(pk=first.pk).update(inn=inn(1))
    row = school(
        **{
            "Муниципалитет": "заречный  район",
            "Вид": "колледж",
            "Полное наименование": "Лицей",
            "Руководитель": "Белов Пётр Ильич",
            "Должность": "директор",
        }
    )
    (made,) = plans(region, cast, row)
    assert (made.outcome, made.head, made.ended) == ("changed", "replaced", cast.reporters[0].pk)
    assert made.changes == [
        ["Вид", "Школа", "Колледж"],
        ["Полное наименование", first.name, "Лицей"],
        ["Краткое наименование", first.short_name, "Лицей"],
        ["Муниципалитет", region.town.short_name, region.district.short_name],
        ["Руководитель", "Орлова Нина Павловна", "Белов Пётр Ильич"],
        ["Логин", "school1", inn(1)],
        ["Должность", "", "директор"],
    ]


def test_a_municipality_of_the_same_file_may_be_named_above_or_below(region: Region, cast: Cast) -> None:
    town = ["", "25702000", "Муниципальное образование", "", "Город Новый", "", "", "", "", ""]
    by_name, by_code = plans(region, cast, school(1, Муниципалитет="город новый"), town)
    assert (by_name.outcome, by_name.parent) == ("added", -by_code.number)
    (_, second) = plans(region, cast, town, school(1, Муниципалитет="25702000"))
    assert second.outcome == "added"


def test_what_a_spreadsheet_does_to_numbers_is_undone(region: Region, cast: Cast) -> None:
    """A code that begins with a zero became a number without it."""
    right = inn_of("027700492")
    row: list[Any] = school()
    row[0], row[1] = int(right), 1701000
    (made,) = plans(region, cast, row)
    assert (made.values["inn"], made.values["oktmo"]) == (right, "01701000")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"ИНН": ""}, "Не указан ИНН"),
        ({"ИНН": "7707083894"}, "контрольная цифра"),
        ({"ИНН": "77070838"}, "10 или 12 цифр"),
        ({"ИНН": "ИНН 7"}, "только цифры"),
        ({"ОКТМО": "257"}, "8 или 11 цифр"),
        ({"Вид": "Завод"}, "порталу не известен"),
        ({"Вид": "Регион"}, "порталу не известен"),
        ({"Вид": ""}, "Не указан вид"),
        ({"Муниципалитет": ""}, "Не указан муниципалитет"),
        ({"Муниципалитет": "Тридевятое царство"}, "нет в реестре"),
        ({"Полное наименование": ""}, "Не указано полное наименование"),
        ({"Полное наименование": "=HYPERLINK(1)"}, "формула"),
        ({"Руководитель": "=A1"}, "формула"),
        ({"Краткое наименование": "ж" * 201}, "больше 200 знаков"),
        ({"Должность": "директор"}, "нет его фамилии"),
        ({"Руководитель": "Белов"}, "фамилию, имя"),
        ({"Руководитель": "Белов Пётр", "Электронная почта": "почта"}, "с ошибкой"),
        ({"Руководитель": "Белов Пётр", "Логин": "два слова"}, "без пробелов"),
        ({"Руководитель": "Белов Пётр", "Логин": "office"}, "уже занят"),
        ({"Полное наименование": "Школа № 1 города Ясногорска", "Руководитель": "Орлова Нина Павловна", "Логин": "x"},
         "логин не меняется"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why(region: Region, cast: Cast, cells: dict[str, str], sentence: str) -> None:
    (told,) = sentences(region, cast, school(**cells))
    assert sentence in told


def test_rows_that_contradict_one_another(region: Region, cast: Cast) -> None:
    told = sentences(
        region,
        cast,
        school(1, Руководитель="Белов Пётр", Логин="belov"),
        school(1, **{"Полное наименование": "Иная школа"}),
        school(2, Руководитель="Белова Анна", Логин="belov"),
        school(3, **{"Полное наименование": "Средняя школа № 101"}),
        school(4, **{"Полное наименование": region.schools[0].name}),
        school(5, **{"Полное наименование": region.schools[0].name}),
    )
    assert [told[0], told[4]] == ["", ""]
    for sentence, number in ((told[1], 2), (told[3], 2), (told[5], 6)):
        assert f"строк{'' if number == 0 else 'е'} {number}" in sentence
    assert "дважды" in told[2]


def test_what_the_register_forbids(region: Region, cast: Cast) -> None:
    first, second, third = region.schools
    for number, row in enumerate((first, second, third), 1):
        Organisation.objects.filter(pk=row.pk).update(inn=inn(number))
    Organisation.objects.filter(pk=first.pk).update(closed_at="2025-01-01")
    cast.village_reporter.memberships.create(organisation=second, role="reporter")
    told = sentences(
        region,
        cast,
        school(1),
        school(2, Руководитель="Белов Пётр"),
        school(3, Вид="Муниципальное образование"),
    )
    assert "закрыта" in told[0]
    assert "несколько человек" in told[1]
    assert "такой вид файлом не меняется" in told[2]


def test_one_who_has_an_account_may_head_a_second_school(region: Region, cast: Cast) -> None:
    row = school(7, Руководитель="Уварова Раиса Фёдоровна", Логин="village")
    (made,) = plans(region, cast, row)
    assert (made.head, made.user, made.person) == ("new", cast.village_reporter.pk, {})


def test_an_account_that_another_office_manages_is_left_alone(region: Region, cast: Cast) -> None:
    other = Organisation.objects.create(
        pk=99_999, path="99999.", depth=0, kind="region", name="Край", short_name="Край"
    )
    cast.reporters[0].memberships.create(organisation=other, role="office")
    row = school(**{"Полное наименование": region.schools[0].name, "Руководитель": "Белов Пётр Ильич"})
    assert "другой проектный офис" in sentences(region, cast, row)[0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Орлова Н.П.", "Орлова Нина Павловна", True),
        ("ОРЛОВА НИНА ПАВЛОВНА", "Орлова Нина Павловна", True),
        ("Семёнов Пётр Ильич", "Семенов Петр Ильич", True),
        ("Орлова Н. С.", "Орлова Нина Павловна", False),
        ("Орлов Н. П.", "Орлова Нина Павловна", False),
        ("Орлова Нина", "Орлова Нина Павловна", False),
    ],
)
def test_who_is_the_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


def test_comparing_costs_the_same_for_any_number_of_rows(
    region: Region, cast: Cast, django_assert_num_queries: Any
) -> None:
    rows = read_workbook(workbook(*(school(n) for n in range(1, 60)))).rows
    actor = User.objects.get(pk=cast.office.pk)
    with django_assert_num_queries(5):
        made = plan(rows, register_of(region.root, actor))
    assert {one.outcome for one in made} == {"added"}
