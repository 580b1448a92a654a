"""Workbooks that ministries make of the form: whatever the sheets and the cells, the passport is the same."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from projects.passport import UnreadableFile, read
from tests.projects.passport import northern
from tests.projects.passport.sheets import Layout, raw_book, saved, workbook
from tests.projects.passport.word import Block, package, word_file

LAYOUTS = {
    "one sheet": Layout(),
    "one sheet without empty rows": Layout(gaps=False),
    "a form that begins in the third column": Layout(top=3, left=2, widest=9),
    "real numbers and dates": Layout(typed=True),
    "a sheet a section": Layout(a_sheet_a_section=True, gaps=False, typed=True, widest=7),
    "columns in another order": Layout(shuffled=True),
}
PEOPLE_HEAD = ["№ п/п", "Роль в проекте", "Фамилия, инициалы", "Должность", "Руководитель", "Занятость, %"]
MONEY_HEAD = ["№ п/п", "Наименование результата и источники финансирования", "2021", "2022", "Всего (млн. рублей)"]
TITLE = "Паспорт регионального проекта «Мост»"


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("blocks", [northern.regional(), northern.municipal()], ids=["regional", "municipal"])
def test_a_workbook_says_the_same_as_the_word_file(blocks: list[Block], layout: Layout) -> None:
    assert read(workbook(blocks, layout)) == read(word_file(blocks))


def money(*rows: list[Any]) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in ([TITLE], ["4. Финансовое обеспечение"], MONEY_HEAD, *rows):
        sheet.append(row)
    return book


def test_sheets_are_told_by_their_names_where_nothing_else_tells() -> None:
    book = Workbook()
    book.worksheets[0].append([TITLE])
    sheet = book.create_sheet("Дополнительная информация")
    sheet.append(["Мост нужен школе."])
    sheet = book.create_sheet("Участники")
    sheet.append(PEOPLE_HEAD)
    sheet.append([1, "Участник", "Озёрная М.Л.", "министр", "Лесников П.И.", 0.2])
    sheet["F2"].number_format = "0%"
    passport = read(saved(book))
    assert passport.additional == "Мост нужен школе."
    assert [(row.number, row.employment) for row in passport.participants] == [("1", Decimal(20))]


def test_hidden_sheets_and_rows_are_not_read_but_filtered_and_folded_ones_are() -> None:
    book = money(["1", "Мост", 1, 2, 3], ["2", "Тень", 1, 2, 3], ["3", "Свёрнутая", 1, 2, 3])
    sheet = book.worksheets[0]
    sheet.row_dimensions[5].hidden = True
    sheet.row_dimensions[6].hidden, sheet.row_dimensions[6].outlineLevel = True, 1
    draft = book.create_sheet("Черновик")
    draft.append(MONEY_HEAD)
    draft.append(["9", "Черновик", 1, 2, 3])
    draft.sheet_state = "hidden"
    assert [row.name for row in read(saved(book)).finance] == ["Мост", "Свёрнутая"]
    sheet.auto_filter.ref = "A3:E6"
    assert [row.name for row in read(saved(book)).finance] == ["Мост", "Тень", "Свёрнутая"]


def test_a_hidden_column_is_not_read() -> None:
    book = money(["1", "Мост", 1, 2, 3])
    book.worksheets[0].column_dimensions["D"].hidden = True
    assert read(saved(book)).finance[0].amounts == {"2021": Decimal(1)}


def test_merged_cells_speak_for_all_they_cover_and_what_lies_under_them_is_not_read() -> None:
    header = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{title}</t></is></c>'
        for letter, title in zip(
            "ABCDE", ("№", "Наименование мероприятия", "Начало", "Окончание", "Исполнитель"), strict=True
        )
    )
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>1.{at}</v></c><c r="B{at}" t="inlineStr"><is><t>Осмотр {at}</t></is></c>'
        f'<c r="D{at}" t="inlineStr"><is><t>01.0{at}.2021</t></is></c>'
        f'<c r="E{at}" t="inlineStr"><is><t>{"Полевой И.П." if at == 2 else "черновик"}</t></is></c></row>'
        for at in (2, 3)
    )
    sheet = f'<sheetData><row r="1">{header}</row>{rows}</sheetData><mergeCells><mergeCell ref="E2:E3"/></mergeCells>'
    assert [row.responsible for row in read(raw_book(sheet)).plan] == ["Полевой И.П.", "Полевой И.П."]


def test_a_formula_is_its_last_value_and_one_never_computed_is_as_it_is_written() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>4. Финансовое обеспечение</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>№</t></is></c>'
        '<c r="B2" t="inlineStr"><is><t>Наименование результата и источники финансирования</t></is></c>'
        '<c r="C2"><v>2021</v></c><c r="D2"><f>C2+1</f><v>2022</v></c>'
        '<c r="E2" t="str"><f>"Все"&amp;"го"</f><v>Всего</v></c></row>'
        '<row r="3"><c r="A3"><v>1.1</v></c><c r="B3" t="inlineStr"><is><t>Мост</t></is></c>'
        '<c r="C3"><f>0.1+0.2</f><v>0.30000000000000004</v></c><c r="D3"><f>1/3</f><v>0.33333333333333331</v></c>'
        '<c r="E3"><f>SUM(C3:D3)</f></c></row>'
        '<row r="4"><c r="A4"><v>1.2</v></c><c r="B4" t="inlineStr"><is><t>Дорога</t></is></c>'
        '<c r="C4"><v>39.47</v></c><c r="D4" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E4"><v>1.0E2</v></c></row>'
    )
    passport = read(raw_book(f"<sheetData>{cells}</sheetData>"))
    bridge, road = passport.finance
    assert bridge.amounts == {"2021": Decimal("0.3"), "2022": Decimal("0.3333333333")}
    assert (bridge.number, bridge.total) == ("1.1", None)
    assert (road.amounts, road.total) == ({"2021": Decimal("39.47")}, Decimal(100))
    assert [(item.row, item.field, item.raw) for item in passport.unread] == [
        (0, "total", "=SUM(C3:D3)"),
        (1, "amounts.2022", "#DIV/0!"),
    ]


def test_numbers_are_read_however_they_are_kept() -> None:
    book = money(["1.1", "Мост", "39,47", "1\u202f069,44", "1 108.91"], ["1.2", "Дорога", 0.1, 1e-3, 0.101])
    bridge, road = read(saved(book)).finance
    assert bridge.amounts == {"2021": Decimal("39.47"), "2022": Decimal("1069.44")}
    assert bridge.total == Decimal("1108.91")
    assert road.amounts == {"2021": Decimal("0.1"), "2022": Decimal("0.001")}


def test_a_number_of_a_row_that_became_a_day_is_a_number_again() -> None:
    book = money(["1", "Мост", 1, 2, 3], [dt.date(2026, 2, 1), "Дорога", 1, 2, 3], [1.1, "Сад", 1, 2, 3])
    sheet = book.worksheets[0]
    sheet["A5"].number_format, sheet["A6"].number_format = "d\\.mmm", "0.00"
    assert [row.number for row in read(saved(book)).finance] == ["1", "1.2", "1.10"]


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    book = Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    sheet = book.worksheets[0]
    for row in (
        [TITLE],
        ["План мероприятий"],
        ["№", "Наименование мероприятия", "Начало", "Окончание", "Вид документа"],
        ["1.1.1", "Осмотр", dt.date(2021, 2, 1), dt.date(2021, 2, 28), "Акт"],
    ):
        sheet.append(row)
    step = read(saved(book)).plan[0]
    assert (step.start, step.end) == (dt.date(2021, 2, 1), dt.date(2021, 2, 28))


def test_names_and_posts_of_people_may_have_columns_of_their_own() -> None:
    front: list[list[str]] = [
        ["Краткое наименование проекта", "Мост", ""],
        ["Дата начала проекта", "01.02.2021", ""],
        ["Срок окончания проекта", "31.12.2023", ""],
        ["Куратор", "Лесников Павел Ильич", "руководитель аппарата Губернатора"],
        ["Руководитель", "Озёрная Мария Львовна", "министр образования"],
    ]
    passport = read(workbook([TITLE, "1. Основные положения", front], Layout(typed=True)))
    assert (passport.start, passport.end) == (dt.date(2021, 2, 1), dt.date(2023, 12, 31))
    assert passport.curator.position == "руководитель аппарата Губернатора"
    assert passport.head.name == "Озёрная Мария Львовна"


def test_a_million_empty_rows_cost_nothing() -> None:
    content = saved(money(["1", "Мост", 1, 2, 3]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                empty = "".join(f'<row r="{row}" s="1"><c r="A{row}" s="1"/></row>' for row in range(5, 1_048_576))
                empty += '<row r="1048576" ht="15"/>'
                part = part.replace(b"</sheetData>", empty.encode() + b"</sheetData>")
            target.writestr(name, part)
    assert len(read(out.getvalue()).finance) == 1


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, "паспорт.xlsx")
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200
    return sentence


def with_parts(**parts: str) -> bytes:
    """An ordinary workbook with other parts; ``__`` in a name is a slash, ``_`` before its ending a point."""
    content = saved(money(["1", "Мост", 1, 2, 3]))
    out = io.BytesIO()
    changed_parts = {name.replace("__", "/").replace("_", "."): text for name, text in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in changed_parts:
                target.writestr(name, source.read(name))
        for name, text in changed_parts.items():
            target.writestr(name, text)
    return out.getvalue()


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom">]><worksheet>&a;</worksheet>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (raw_book("<sheetData/>", main="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "макросы"),
        (with_parts(xl__vbaProject_bin="x"), "макросы"),
        (with_parts(xl__macrosheets__sheet1_xml="x"), "макросы"),
        (with_parts(xl__externalLinks__externalLink1_xml="<x/>"), "вне себя"),
        (with_parts(xl__connections_xml="<x/>"), "вне себя"),
        (with_parts(xl__worksheets__sheet1_xml=ENTITIES), "служебные объявления"),
        (with_parts(xl__worksheets__sheet1_xml="<worksheet><sheetData><row"), "повреждён"),
        (with_parts(xl__worksheets__sheet1_xml="<worksheet/>"), "нет ни одного листа"),
        (raw_book("<sheetData/>"), "нет ни одного листа"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook\0".encode("utf-16-le"), "старого формата Excel"),
        (package({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), "OpenDocument"),
        (raw_book('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'), "ни одного раздела"),
    ],
)
def test_one_sentence_says_what_is_wrong(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_one_long_text_in_every_cell_is_refused_before_it_fills_the_memory() -> None:
    cells = "".join(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(1, 2000))
    long = f"<sst><si><t>{'слово ' * 5000}</t></si></sst>"
    assert "слишком много данных" in refusal(raw_book(f"<sheetData><row r='1'>{cells}</row></sheetData>", strings=long))


def test_a_diagonal_of_cells_is_refused_before_it_fills_the_memory() -> None:
    rows = "".join(
        f'<row r="{at}"><c r="{chr(65 + at % 26)}{chr(65 + at // 26 % 26)}{at}"><v>1</v></c></row>'
        for at in range(1, 40_000)
    )
    assert "слишком много" in refusal(raw_book(f"<sheetData>{rows}</sheetData>"))


def test_sheets_that_are_no_passport_are_refused() -> None:
    book = Workbook()
    book.worksheets[0].append(["Список покупок", 5])
    assert "ни одного раздела" in refusal(saved(book))
