"""A workbook of ours reads back to the very document it was printed from, by what a person sees in it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from projects.passport import Passport, read
from reports.documents.passport import render
from tests.projects.passport import northern
from tests.projects.passport.strategies import passports
from tests.projects.passport.word import word_file
from tests.reports.documents.sample import sample_passport

SHARED = Path(__file__).resolve().parents[4] / "shared" / "passports"
ID_TITLE = "Ключ строки"


def seen(content: bytes) -> bytes:
    """The workbook with only what a person sees in it: nothing but the ids of rows is left in hidden cells."""
    book = load_workbook(io.BytesIO(content))
    book.properties = DocumentProperties()
    book.defined_names.clear()
    for sheet in list(book.worksheets):
        if sheet.sheet_state != "visible":
            book.remove(sheet)
        else:
            _clear_hidden(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _clear_hidden(sheet: Worksheet) -> None:
    sheet.defined_names.clear()
    hidden_rows = {row for row, dimension in sheet.row_dimensions.items() if dimension.hidden}
    hidden_columns = {letter for letter, dimension in sheet.column_dimensions.items() if dimension.hidden}
    for column in sheet.iter_cols():
        letter = get_column_letter(column[0].column or 1)
        hidden = letter in hidden_columns and not any(cell.value == ID_TITLE for cell in column)
        for cell in column:
            cell.comment = None
            if hidden or cell.row in hidden_rows:
                cell.value = None


def without_ids(passport: Passport) -> Passport:
    form = passport.model_dump(mode="json")
    for rows in form.values():
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                row.pop("id", None)
    return Passport.model_validate(form)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(passports(free=True))
def test_whatever_the_form_allows_comes_back_the_same(passport: Passport) -> None:
    assert read(seen(render(passport, "xlsx"))) == passport


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(passports())
def test_a_passport_as_readers_make_it_comes_back_the_same(passport: Passport) -> None:
    assert read(render(passport, "xlsx")) == passport


@pytest.mark.parametrize("blocks", [northern.regional(), northern.municipal()], ids=["regional", "municipal"])
def test_passports_of_other_regions_come_back_the_same(blocks: list[object]) -> None:
    passport = read(word_file(blocks))  # type: ignore[arg-type]
    assert read(seen(render(passport, "xlsx"))) == passport


def test_a_passport_with_every_field_and_an_empty_one_come_back_the_same() -> None:
    for passport in (sample_passport(), Passport()):
        assert read(seen(render(passport, "xlsx"))) == passport


@pytest.mark.parametrize("name", ["kirov", "sayansk"])
def test_a_real_passport_comes_back_the_same(name: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the real passports are not beside the project")
    passport = read(SHARED / f"{name}.docx")
    assert read(seen(render(passport, "xlsx"))) == passport


def test_without_its_ids_a_workbook_is_the_same_document() -> None:
    book = load_workbook(io.BytesIO(render(sample_passport(), "xlsx")))
    for sheet in book.worksheets:
        if sheet["A3"].value == ID_TITLE:
            sheet.delete_cols(1)
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()) == without_ids(sample_passport())


def edited(change: Callable[[Workbook], None], **changes: Any) -> Passport:
    """The sample after somebody opened its workbook, changed it and saved it."""
    book = load_workbook(io.BytesIO(render(sample_passport(**changes), "xlsx")))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return read(out.getvalue())


def test_sheets_may_be_renamed_and_moved_and_others_added() -> None:
    def change(book: Workbook) -> None:
        book["Показатели"].title = "2"
        book.move_sheet("2", offset=5)
        book.create_sheet("Заметки", 0).append(["Спросить про уголь", 5])

    assert edited(change) == sample_passport()


def test_columns_may_be_moved_added_and_hidden_to_make_room() -> None:
    def change(book: Workbook) -> None:
        sheet = book["План мероприятий"]
        sheet.insert_cols(4)
        sheet["D3"] = "Наша пометка"
        sheet["D4"] = "проверено"
        last = sheet.max_column
        for row in sheet.iter_rows(min_row=3):
            row[2].value, row[last - 1].value = row[last - 1].value, row[2].value
        sheet.column_dimensions["C"].hidden = True

    assert edited(change) == sample_passport()


def test_a_corrected_cell_is_no_longer_unread_and_a_spoiled_one_is() -> None:
    def change(book: Workbook) -> None:
        sheet = book["Показатели"]
        at = {str(cell.value): cell.column or 1 for cell in sheet[3]}
        assert sheet.cell(5, at["2027"]).value == "XX"
        sheet.cell(5, at["2027"], "850,5")
        sheet.cell(4, at["2026"], "уточнить")
        sheet.cell(6, at["2025"], 0.25).number_format = "0%"

    passport = edited(change)
    assert passport.indicators[1].targets["2027"] == Decimal("850.5")
    assert passport.indicators[0].targets["2026"] is None
    assert passport.indicators[2].targets == {"2025": Decimal(25)}
    unread = [(entry.section, entry.row, entry.field, entry.raw) for entry in passport.unread]
    assert ("indicators", 1, "targets.2027", "XX") not in unread
    assert ("indicators", 0, "targets.2026", "уточнить") in unread


def test_a_new_row_takes_its_kind_from_its_number_and_its_source_from_its_name() -> None:
    def change(book: Workbook) -> None:
        book["План мероприятий"].append([None, 4.1, "Приёмка", None, None, dt.date(2028, 5, 1)])
        book["Финансирование"].append([None, "2.1.1", "местные бюджеты", None, None, "1 069,44"])

    passport = edited(change)
    assert (passport.plan[-1].number, passport.plan[-1].kind) == ("4.1", "control_point")
    assert passport.plan[-1].end == dt.date(2028, 5, 1)
    assert passport.finance[-1].source == "municipal"
    assert passport.finance[-1].amounts == {"2025": Decimal("1069.44")}
