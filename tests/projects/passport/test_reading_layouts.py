"""Passports of other regions, levels and layouts read as the official form does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from projects.passport import Passport, UnreadableFile, check, read
from tests.projects.passport import northern
from tests.projects.passport.word import Block, Span, text_dump, word_file


@pytest.fixture(scope="module", params=["docx", "txt"])
def regional(request: pytest.FixtureRequest) -> Passport:
    blocks = northern.regional()
    return read(word_file(blocks) if request.param == "docx" else text_dump(blocks).encode())


@pytest.fixture(scope="module", params=["docx", "txt"])
def municipal(request: pytest.FixtureRequest) -> Passport:
    blocks = northern.municipal()
    return read(word_file(blocks) if request.param == "docx" else text_dump(blocks).encode())


def test_front_page_of_a_regional_passport(regional: Passport) -> None:
    assert (regional.level, regional.title, regional.territory) == ("regional", "Дорога в школу", "Северская область")
    assert (regional.parent_title, regional.parent_level) == ("Доступная школа", "federal")
    assert (regional.start, regional.end) == (dt.date(2021, 2, 1), dt.date(2023, 12, 31))
    assert regional.approval.body == "Советом при Губернаторе Северской области"
    assert (regional.approval.protocol_number, regional.approval.protocol_date) == ("3", dt.date(2021, 1, 14))
    assert [(row.protocol_number, row.protocol_date) for row in regional.approval.amendments] == [
        ("11", dt.date(2021, 6, 2)),
        ("19/2", dt.date(2021, 12, 20)),
    ]
    assert regional.curator.name == "Лесников Павел Ильич"
    assert regional.head.position == "министр образования Северской области"
    assert len(regional.programmes) == 2
    assert regional.goal == "сократить время в пути до школы для сельских детей"


def test_indicators_keep_their_unit_and_what_the_federal_project_asks(regional: Passport) -> None:
    share, buses = regional.indicators
    assert share.federal_name is not None
    assert share.federal_name.startswith("Доля детей")
    assert buses.federal_name is None
    assert (share.unit, share.kind, share.base.value) == ("процент", "main", Decimal("40.5"))
    assert (buses.unit, buses.kind, buses.base.date) == ("единиц", "additional", dt.date(2021, 1, 1))
    assert buses.targets == {"2021": 10, "2022": 20, "2023": 1030}


def test_results_have_tasks_yearly_values_and_federal_results(regional: Passport) -> None:
    assert [task.name for task in regional.tasks] == ["Сделать дорогу в школу короткой и безопасной"]
    roads, buses = regional.results
    assert (roads.number, roads.task, roads.due) == ("1.1", 0, dt.date(2023, 12, 31))
    assert roads.targets == {"2021": Decimal("12.5"), "2022": 40, "2023": 100}
    assert roads.federal_result is not None
    assert "построены дороги" in roads.federal_result
    assert buses.targets == {}


def test_money_words_for_money_and_groups_of_people(regional: Passport) -> None:
    by_number = {row.number: row for row in regional.finance if row.number}
    assert by_number["1.1"].amounts == {"2021": Decimal("100.25"), "2022": Decimal("200.25"), "2023": Decimal("1000.5")}
    assert by_number["1.2"].note == "В пределах средств на текущую работу школ"
    assert by_number["1.2"].amounts is None
    assert [row.source for row in regional.finance[-3:]] == [None, "federal", "regional"]
    assert [row.group for row in regional.participants] == [None, None, northern.RESULT_ROADS]
    assert regional.participants[2].name is None


def test_plan_breakdown_methodology_and_levels_of_control(regional: Passport) -> None:
    kinds = [row.kind for row in regional.plan]
    assert kinds == ["result", "activity", "control_point"] * 2
    assert regional.control_levels == {"К": "куратор", "РП": "руководитель проекта"}
    assert [(row.indicator, row.territory) for row in regional.breakdown] == [
        ("1", "Береговой район"),
        ("1", "Лесной район"),
    ]
    assert [row.indicator for row in regional.methodology] == ["1", "2"]
    assert regional.methodology[0].formula == "100 × Ч / В"
    assert regional.additional == "Проект не требует дополнительной информации."


def test_parts_in_another_order_with_seven_years(municipal: Passport) -> None:
    assert (municipal.level, municipal.title, municipal.parent_title) == (
        "municipal",
        "Тёплая школа",
        "Современные здания",
    )
    assert municipal.approval.approver == "Глава города Ельники А.Б. Ветров"
    assert municipal.territory == "город Ельники"
    assert (municipal.curator.name, municipal.head.name) == ("Снегов Олег Юрьевич", "Ветрова А. С.")
    assert municipal.administrator.position == "главный специалист"
    assert list(municipal.indicators[0].targets) == [str(year) for year in range(2019, 2026)]
    assert municipal.indicators[1].targets["2025"] is None
    assert [(item.section, item.field, item.raw) for item in municipal.unread[:1]] == [
        ("indicators", "targets.2025", "-")
    ]
    assert municipal.results[0].due == dt.date(2025, 12, 31)
    assert {row.indicator for row in municipal.breakdown} == {"Доля школ с новыми окнами"}


def test_budget_codes_thousands_and_footnoted_money(municipal: Passport) -> None:
    assert municipal.finance_unit == "thousand"
    budget, transfers, sponsors = municipal.finance[1:4]
    assert budget.code == "07020123456789244001"
    assert (budget.source, transfers.source, sponsors.source) == ("municipal", "transfers", "extrabudgetary")
    assert sponsors.amounts is not None
    assert sponsors.amounts["2019"] == Decimal("7955.2")
    assert sponsors.note == "средства спонсоров, договор подписан"
    assert municipal.footnotes == ("* средства спонсоров, договор подписан",)


def test_faultless_passports_have_no_findings(regional: Passport, municipal: Passport) -> None:
    assert check(regional) == []
    assert check(municipal) == []


HEADER = ["№ п/п", "Роль в проекте", "Фамилия, инициалы", "Должность", "Непосредственный руководитель", "Занятость"]


def people(*pieces: Block) -> Passport:
    return read(text_dump(["Паспорт регионального проекта «Проба»", "5. Участники проекта", *pieces]).encode())


def test_a_row_cut_by_a_page_is_one_row_again() -> None:
    passport = people(
        [HEADER, ["1.", "Руководитель проекта", "Озёрная М.Л.", "начальник инфор-", "Лесников П.И., за-", "20"]],
        "17",
        [
            HEADER,
            ["", "", "", "мационного отдела", "меститель Губернатора", ""],
            ["2", "Участник", "Полевой И.П.", "инженер", "Озёрная М.Л.", "5"],
        ],
        "Информационного отдела заместитель ждёт",
    )
    first, second = passport.participants
    assert first.position == "начальник информационного отдела"
    assert first.supervisor == "Лесников П.И., заместитель Губернатора"
    assert (second.number, second.employment) == ("2", Decimal(5))


def test_a_compound_word_keeps_its_hyphen_across_the_cut() -> None:
    passport = people(
        [HEADER, ["1", "Участник", "Озёрная М.Л.", "информационно-", "Лесников П.И.", "20"]],
        [HEADER, ["", "", "", "аналитический отдел", "", ""]],
    )
    assert passport.participants[0].position == "информационно-аналитический отдел"


def test_a_row_without_a_number_is_a_row_and_a_lone_paragraph_a_group() -> None:
    passport = people(
        [HEADER, ["1", "Участник", "Озёрная М.Л.", "министр", "Лесников П.И.", "20"]],
        "Ремонт дорог",
        [
            HEADER,
            ["", "Участник", "Полевой И.П.", "инженер", "Озёрная М.Л.", "5"],
            ["3", "Участник", "Инеев Я.К.", "-", "Озёрная М.Л.", "XX"],
        ],
    )
    assert [row.number for row in passport.participants] == ["1", None, "3"]
    assert [row.group for row in passport.participants] == [None, "Ремонт дорог", "Ремонт дорог"]
    assert [(item.row, item.field, item.raw) for item in passport.unread] == [
        (2, "position", "-"),
        (2, "employment", "XX"),
    ]


def test_missing_sections_leave_empty_lists() -> None:
    blocks = northern.regional()
    at = blocks.index("4. Финансовое обеспечение реализации регионального проекта")
    passport = read(word_file(blocks[:at] + blocks[at + 2 :]))
    assert passport.finance == ()
    assert len(passport.participants) == 3
    assert [finding.code for finding in check(passport)] == ["section.missing"]


def test_headings_may_be_missing_where_column_titles_speak() -> None:
    blocks = [
        block for block in northern.regional() if not (isinstance(block, str) and block[:2] in {"2.", "3.", "4.", "5."})
    ]
    passport = read(word_file(blocks))
    assert [len(rows) for rows in (passport.indicators, passport.results, passport.finance, passport.participants)] == [
        2,
        2,
        7,
        3,
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_text_dumps_in_any_usual_encoding(encoding: str) -> None:
    text = text_dump(northern.municipal()).replace("–", "-")
    assert read(text.encode(encoding)).title == "Тёплая школа"


def test_tags_of_a_dump_are_not_words() -> None:
    text = text_dump(northern.regional()).replace(
        "Подписан контракт", '<p style="x">Подписан <i>контракт</i></p>&nbsp;'
    )
    assert [row.name for row in read(text.encode()).plan if row.number == "1.1"] == ["Подписан контракт"]


def test_a_letter_that_is_no_passport_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="ни одного раздела"):
        read("Уважаемые коллеги!\n\nНапоминаем о совещании.".encode())


def test_source_lines_without_money_stay_lines() -> None:
    header = ["№ п/п", "Наименование результата и источники финансирования", "2021", "2022", "Всего (млн. рублей)"]
    rows = [
        ["1.1", "Отремонтирован мост", "", "", ""],
        ["", "федеральный бюджет", "", "", ""],
        ["", "бюджет области", "1,0", "-", "1,0"],
    ]
    passport = read(
        text_dump(["Паспорт регионального проекта «Мост»", "4. Финансовое обеспечение", [header, *rows]]).encode()
    )
    assert [(row.name, row.source) for row in passport.finance] == [
        ("Отремонтирован мост", None),
        ("федеральный бюджет", "federal"),
        ("бюджет области", "regional"),
    ]
    assert passport.finance[2].amounts == {"2021": Decimal(1)}
    assert [(item.field, item.raw) for item in passport.unread] == [("amounts.2022", "-")]


def test_cells_merged_downwards_speak_for_every_row() -> None:
    header: list[str | Span] = [
        "№ п/п",
        "Наименование мероприятия, контрольной точки",
        "Начало",
        "Окончание",
        "Ответственный исполнитель",
        "Вид документа",
        "Уровень контроля",
    ]
    rows: list[list[str | Span]] = [
        ["1.1.1", "Осмотр", "01.02.2021", "28.02.2021", Span("Полевой И.П.", 1, "restart"), "Акт", "РП"],
        ["1.1", "Осмотрено", "–", "28.02.2021", Span("", 1, "continue"), "Отчёт", "РП"],
    ]
    passport = read(word_file(["Паспорт регионального проекта «Мост»", "План мероприятий", [header, *rows]]))
    assert [row.responsible for row in passport.plan] == ["Полевой И.П.", "Полевой И.П."]


def test_letters_marks_and_words_where_values_belong() -> None:
    header = ["№ п/п", "Наименование показателя", "Тип показателя", "Базовое значение", "", "Период, год", "", ""]
    rows = [
        ["", "", "", "значение", "дата", "2019", "2020", "2021"],
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["Показатели федерального проекта", *[""] * 7],
        ["5.", "Доля новых школ, %", "основной", "0", "01.06.2018", "XX", "6,0**", "70"],
        ["б.", "Численность детей, тыс. человек", "дополнительный", "1 069,44", "1 января 2018 г.", "1,0*", "-", "нет"],
    ]
    blocks: list[Block] = [
        "УТВЕРЖДЁН\nпротоколом заседания проектного комитета Лесного края\nот 12 марта 2019 г. № 5",
        "П А С П О Р Т",
        "РЕГИОНАЛЬНОГО ПРОЕКТА",
        "Школа рядом (Лесной край)",
        "2. Цель и показатели регионального проекта",
        [header, *rows],
        "* уточняется",
        "** прогноз",
    ]
    for passport in (read(word_file(blocks)), read(text_dump(blocks).encode())):
        assert (passport.level, passport.title) == ("regional", "Школа рядом")
        assert passport.approval.body == "проектного комитета Лесного края"
        assert passport.approval.protocol_date == dt.date(2019, 3, 12)
        first, second = passport.indicators
        assert (first.number, second.number, second.unit) == ("5", "б", "тыс. человек")
        assert first.federal_name is None
        assert first.targets == {"2019": None, "2020": Decimal(6), "2021": Decimal(70)}
        assert second.base.value == Decimal("1069.44")
        assert [item.raw for item in passport.unread] == ["XX", "-", "нет"]
        assert passport.footnotes == ("* уточняется", "** прогноз")


@pytest.mark.parametrize(
    ("written", "territory"),
    [
        ("Глава города Саянска", "город Саянск"),
        ("Мэр г. Ярославля", "город Ярославль"),
        ("Глава города Вятские Поляны", "город Вятские Поляны"),
        ("Мэр города Нижнего Новгорода", "город Нижний Новгород"),
        ("Глава города Ростова-на-Дону", "город Ростов-на-Дону"),
        ("Администрация города Самары, Самара", "город Самара"),
        ("Администрация Лесогорского района", "Лесогорский район"),
    ],
)
def test_a_town_is_named_in_the_nominative(written: str, territory: str) -> None:
    dump = text_dump(northern.municipal()).replace("Глава города Ельники", written)
    assert read(dump.encode()).territory == territory
