"""One table, the same in every export: figures stay figures, words stay words."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pydantic import ValidationError
from pypdf import PdfReader

from reports.documents.dataset import NOTHING, Column, Dataset, Value, on_screen, render_dataset, shown
from reports.documents.passport import UnknownEndingError
from tests.reports.documents.test_passport_workbook import PAYLOADS

COLUMNS = (
    Column(title="Школа"),
    Column(title="План", kind="percent", decimals=1),
    Column(title="Факт", kind="percent"),
    Column(title="Исполнено", kind="number", unit="млн. рублей", decimals=2),
    Column(title="Срок", kind="date"),
)
ROWS: tuple[tuple[Value, ...], ...] = (
    ("Школа № 1", Decimal(40), Decimal("62.75"), Decimal("-1069.4"), dt.date(2026, 11, 5)),
    ("Школа № 2", Decimal(40), "сведения не представлены", None, None),
)


def dataset(rows: tuple[tuple[Value, ...], ...] = ROWS) -> Dataset:
    lines = ("По состоянию на 21.11.2026", "Редакция № 3")
    return Dataset(title="Ход работ", lines=lines, columns=COLUMNS, rows=rows)


def csv_rows(table: Dataset) -> list[list[str]]:
    content = render_dataset(table, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_opens_in_a_russian_spreadsheet() -> None:
    assert csv_rows(dataset()) == [
        ["Школа", "План", "Факт", "Исполнено, млн. рублей", "Срок"],
        ["Школа № 1", "40,0", "62,75", "-1069,40", "05.11.2026"],
        ["Школа № 2", "40,0", "сведения не представлены", "", ""],
    ]


@pytest.fixture(params=["short", "long"])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Workbooks of few rows and of thousands are written by different means and must say the same."""
    if request.param == "long":
        monkeypatch.setattr("reports.documents.dataset.LONG", 0)
    return str(request.param)


def test_the_workbook_holds_real_numbers_and_dates_under_the_lines(written: str) -> None:
    sheet = load_workbook(io.BytesIO(render_dataset(dataset(), "xlsx")))["Данные"]
    words = [sheet.cell(row, 1).value for row in (1, 3, 4, 5)]
    assert words == ["Ход работ", "По состоянию на 21.11.2026", "Редакция № 3", "Школа"]
    values = [cell.value for cell in sheet[6]]
    assert values == ["Школа № 1", 40, 62.75, -1069.4, dt.datetime(2026, 11, 5)]
    formats = [cell.number_format for cell in sheet[6]]
    assert formats[1:] == ['#,##0.0" %"', '#,##0.00" %"', "#,##0.00", "DD.MM.YYYY"]
    assert [cell.value for cell in sheet[7]][2:] == ["сведения не представлены", None, None]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B6", "$5:$5")


def test_the_pdf_prints_what_the_page_shows() -> None:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_dataset(dataset(), "pdf"))).pages)
    assert "По состоянию на 21.11.2026" in text
    for column, value in zip(COLUMNS, ROWS[0], strict=True):
        assert shown(column, value) in text
    assert "\u22121\u202f069,40" in text
    assert "62,75\u00a0%" in text


def test_long_tables_repeat_their_header() -> None:
    reader = PdfReader(io.BytesIO(render_dataset(dataset(ROWS * 40), "pdf")))
    assert len(reader.pages) > 1
    assert all("Исполнено" in page.extract_text() for page in reader.pages)


def test_an_empty_table_says_so() -> None:
    empty = dataset(())
    assert NOTHING in PdfReader(io.BytesIO(render_dataset(empty, "pdf"))).pages[0].extract_text()
    assert len(csv_rows(empty)) == 1
    sheet = load_workbook(io.BytesIO(render_dataset(empty, "xlsx")))["Данные"]
    assert [sheet.cell(row, 1).value for row in (5, 6, 7)] == [NOTHING, "Школа", None]


def test_a_fact_is_written_no_coarser_than_its_plan(written: str) -> None:
    table = Dataset(
        title="Ход работ",
        columns=(Column(title="план", kind="number"), Column(title="факт", kind="number", as_before=True)),
        rows=(
            (Decimal("0.5"), Decimal(6)),
            (Decimal(40), Decimal("41.1")),
            (Decimal(0), Decimal(0)),
            ("-", Decimal(7)),
            (Decimal("0.25"), "сведения не представлены"),
        ),
    )
    assert [row[1] for row in csv_rows(table)[1:]] == ["6,0", "41,1", "0", "7", "сведения не представлены"]
    sheet = load_workbook(io.BytesIO(render_dataset(table, "xlsx")))["Данные"]
    assert [cell.number_format for cell in sheet["B"][3:7]] == ["#,##0.0", "#,##0.0", "#,##0", "#,##0"]
    assert [row.cells[1].text for row in on_screen(table).rows][:3] == ["6,0", "41,1", "0"]


def test_figures_and_dates_that_no_spreadsheet_keeps_are_written_as_words(written: str) -> None:
    rows = (("Школа", None, None, Decimal("12345678901234567.5"), dt.date(1880, 5, 1)),)
    sheet = load_workbook(io.BytesIO(render_dataset(dataset(rows), "xlsx")))["Данные"]
    assert [cell.value for cell in sheet[6]][3:] == ["12345678901234567,5", "01.05.1880"]


def test_a_quotient_stays_a_figure(written: str) -> None:
    rows = (("Школа", None, None, Decimal(100) / Decimal(7), None),)
    sheet = load_workbook(io.BytesIO(render_dataset(dataset(rows), "xlsx")))["Данные"]
    assert sheet["D6"].data_type == "n"
    assert f"{sheet['D6'].value:.8f}" == "14.28571429"
    assert csv_rows(dataset(rows))[1][3] == "14,29"


def test_the_same_rows_are_the_same_bytes(written: str) -> None:
    assert render_dataset(dataset(), "xlsx") == render_dataset(dataset(), "xlsx")


def test_a_table_frozen_as_json_comes_back_the_same() -> None:
    assert Dataset.model_validate(dataset().model_dump(mode="json")) == dataset()
    assert Dataset.model_validate_json(dataset().model_dump_json()) == dataset()


def test_a_row_that_does_not_fit_the_header_is_refused() -> None:
    with pytest.raises(ValidationError, match="as many cells"):
        dataset((("Школа № 1",),))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_table_becomes_a_formula(payload: str, written: str) -> None:
    table = Dataset(
        title=payload, lines=(payload,), columns=(Column(title=payload, unit="штук"),), rows=((payload,), ("слово",))
    )
    content = render_dataset(table, "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    cells = [cell for row in load_workbook(io.BytesIO(content))["Данные"] for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    for row in csv_rows(table):
        first = row[0].lstrip()[:1]
        assert first not in set("=+-@＝＋－＠") or row[0] == "-"
        assert row[0][:1] not in set("\t\r\n")


def test_a_semicolon_and_a_quote_stay_inside_their_cell() -> None:
    rows: tuple[tuple[Value, ...], ...] = (('а";=1+1;"б\nв', None, None, None, None),)
    assert csv_rows(dataset(rows))[1] == ['а";=1+1;"б\nв', "", "", "", ""]


def test_an_unknown_ending_is_refused() -> None:
    with pytest.raises(UnknownEndingError, match="pdf, xlsx, csv"):
        render_dataset(dataset(), "docx")
