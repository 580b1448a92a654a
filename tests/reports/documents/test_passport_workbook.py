"""The workbook of a passport: nothing lost, real numbers and dates, words that are never formulas, ready to print."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from projects.passport import read
from projects.passport.schema import Passport
from projects.passport.workbook_form import CELL_LIMIT
from reports.documents.passport import render
from reports.documents.workbook import FIRST_ROW, HEAD_ROW
from tests.reports.documents.sample import sample, sample_passport

EXPECTED = Path("../shared/passports/expected")
PAYLOADS = (
    "=1+1",
    '=HYPERLINK("http://127.0.0.1/","x")',
    "=cmd|' /C calc'!A0",
    '=IMPORTXML(CONCAT("http://127.0.0.1/",A1),"//a")',
    "+1+1",
    "+7 (000) 000-00-00",
    "-1+1",
    "-",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "#N/A",
    "#REF!",
    "TRUE",
    "12.5",
    "_x000D_",
    "_x005F_x000D_",
    "{=1+1}",
)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(io.BytesIO(render(sample_passport(), "xlsx")))


def column(book: Workbook, sheet: str, title: str) -> list[Any]:
    """The cells under a column title."""
    titles = [str(cell.value).partition(", млн")[0] for cell in book[sheet][HEAD_ROW]]
    return [row[titles.index(title)] for row in book[sheet].iter_rows(min_row=FIRST_ROW)]


def test_every_section_has_its_sheet(book: Workbook) -> None:
    assert book.sheetnames == [
        "Основные положения",
        "Показатели",
        "Задачи и результаты",
        "Финансирование",
        "Участники",
        "План мероприятий",
        "Уровни контроля",
        "Показатели по территориям",
        "Методика",
        "Дополнительно",
        "Записи без значения",
    ]


def test_numbers_and_dates_are_real(book: Workbook) -> None:
    targets = column(book, "Показатели", "2026")
    assert (targets[0].value, targets[0].data_type, targets[0].number_format) == (62.75, "n", "#,##0.00")
    dates = column(book, "Показатели", "Дата базового значения")
    assert (dates[0].value, dates[0].number_format) == (dt.datetime(2024, 12, 31), "DD.MM.YYYY")


def test_a_column_of_money_shows_even_decimals(book: Workbook) -> None:
    cells = [cell for cell in column(book, "Финансирование", "2026") if cell.value is not None]
    assert {cell.number_format for cell in cells} == {"#,##0.00"}


def test_a_budget_code_keeps_its_twenty_digits(book: Workbook) -> None:
    assert column(book, "Финансирование", "Код бюджетной классификации")[2].value == "0" * 20


def test_what_is_not_said_not_read_and_not_asked_are_three_things(book: Workbook) -> None:
    targets = column(book, "Показатели", "2027")
    assert [cell.value for cell in targets] == [85, "XX", "х"]
    assert "такого года в строке нет" in str(book["Показатели"]["B2"].value)
    form = sample() | {"unread": []}
    empty = load_workbook(io.BytesIO(render(Passport.model_validate(form), "xlsx")))
    assert [cell.value for cell in column(empty, "Показатели", "2027")] == [85, None, "х"]
    assert column(book, "Задачи и результаты", "Срок")[2].value == "31.11.2026"


def test_nothing_but_the_ids_of_rows_is_hidden_and_headers_stay_in_sight(book: Workbook) -> None:
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        hidden = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
        assert [sheet[f"{letter}3"].value for letter in hidden] in ([], ["Ключ строки"])
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith(str(FIRST_ROW))
    sheet = book["План мероприятий"]
    assert sheet.column_dimensions["A"].hidden
    assert sheet["A4"].value == "plan-1"


def test_sheets_are_ready_to_print(book: Workbook) -> None:
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.right.text == "Страница &P из &N"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"level": "municipal", "finance_unit": "thousand", "parent_level": "national", "approval": {"approver": "Мэр"}},
        {"unread": [], "programmes": [], "control_levels": {}, "footnotes": [], "additional": None},
    ],
)
def test_nothing_is_lost_on_the_way_through_a_workbook(changes: dict[str, Any]) -> None:
    passport = sample_passport(**changes)
    assert read(render(passport, "xlsx")) == passport


def test_an_empty_passport_survives_too() -> None:
    assert read(render(Passport(), "xlsx")) == Passport()


@pytest.mark.parametrize("name", ["kirov", "sayansk"])
def test_a_real_passport_survives(name: str) -> None:
    file = EXPECTED / f"{name}.json"
    if not file.exists():
        pytest.skip("the real passports are not beside the project")
    passport = Passport.model_validate_json(file.read_bytes())
    assert read(render(passport, "xlsx")) == passport


_NOT_WORDS = {"format", "level", "parent_level", "direction", "finance_unit", "section", "row", "field", "task"} | {
    *("start", "end", "date", "protocol_date", "due", "targets", "amounts", "value", "total", "employment")
}
# They are computed from the words of their row.
_COMPUTED = {"source", "kind"}


def _replaced(value: Any, payload: str) -> Any:
    """The passport with every free text replaced by a payload; what is computed from a text is gone with it."""
    if isinstance(value, dict):
        return {
            key: None if key in _COMPUTED else child if key in _NOT_WORDS else _replaced(child, payload)
            for key, child in value.items()
        }
    if isinstance(value, list):
        return [_replaced(child, payload) for child in value]
    return payload if isinstance(value, str) else value


def _starts_like_a_formula(text: str) -> bool:
    return text.strip()[:1] in set("=+-@＝＋－＠")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_passport_becomes_a_formula(payload: str) -> None:
    form = _replaced(sample(), payload) | {"control_levels": {payload: payload}}
    form["plan"] = [{"name": payload, "responsible": payload, "document": payload, "control_level": payload}]
    passport = Passport.model_validate(form)
    content = render(passport, "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet or b't="e"' in sheet or b't="b"' in sheet for sheet in sheets)
    found = 0
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows(min_row=FIRST_ROW):
            for cell in row:
                if isinstance(cell.value, str) and _starts_like_a_formula(unescape(cell.value)):
                    assert cell.data_type == "s"
                    assert cell.quotePrefix, cell.coordinate
                    found += 1
    if _starts_like_a_formula(payload):
        assert found > 50
    assert read(content) == passport


def test_characters_that_xml_forbids_survive_escaped() -> None:
    bad = "до\x00\x01\x0b\x1f\ufffe\uffffпосле\r\n_x0041_"
    passport = sample_passport(goal=bad, title=bad, unread=[])
    content = render(passport, "xlsx")
    assert "_x000B_" in load_workbook(io.BytesIO(content))["Основные положения"]["B6"].value
    assert read(content) == passport


def test_a_text_longer_than_a_cell_is_continued() -> None:
    long = "Слово 😀 и ещё. " * 3_000
    passport = sample_passport(goal=long[:50_000], additional="=" + long[:40_000])
    content = render(passport, "xlsx")
    book = load_workbook(io.BytesIO(content))
    assert "Продолжения текстов" in book.sheetnames
    lengths = [len(str(cell.value).encode("utf-16-le")) // 2 for sheet in book for row in sheet for cell in row]
    assert max(lengths) <= CELL_LIMIT
    assert read(content) == passport


def test_a_number_too_exact_for_a_spreadsheet_is_kept_in_words() -> None:
    rows = sample()["indicators"]
    rows[0]["base"]["value"] = "123456789012345678.000000000001"
    rows[1]["base"]["value"] = "999999999999.999"
    book = load_workbook(io.BytesIO(render(sample_passport(indicators=rows), "xlsx")))
    values = [cell.value for cell in column(book, "Показатели", "Базовое значение")]
    assert values[0] == "123456789012345678,000000000001"
    assert Decimal(repr(values[1])) == Decimal("999999999999.999")


def test_a_date_that_spreadsheets_disagree_about_is_kept_in_words() -> None:
    book = load_workbook(io.BytesIO(render(sample_passport(start="1899-12-31"), "xlsx")))
    front = {row[0].value: row[1].value for row in book["Основные положения"].iter_rows(min_row=FIRST_ROW)}
    assert front["Срок начала проекта"] == "31.12.1899"


def test_the_json_of_a_passport_is_its_own_measure() -> None:
    """Guards the comparison above: two passports that differ in one cell are not equal."""
    form = json.loads(sample_passport().model_dump_json())
    form["breakdown"][4]["targets"]["2028"] = "99.5"
    assert Passport.model_validate(form) != sample_passport()
