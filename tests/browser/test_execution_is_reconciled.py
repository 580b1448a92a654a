"""Execution uploaded from a workbook and reconciled; then a figure typed into the table by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect

from finance.models import ExecutionEntry
from projects.passport.schema import Passport
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast, Region
from tests.finance.filled_books import typed_into
from tests.finance.steps import funded_project, lines_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FEDERAL, REGIONAL, ROADS = "федеральный бюджет", "бюджет Северской области", "Подъезды к школам приведены в порядок"


def upload(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "Исполнение.xlsx", "mimeType": XLSX, "buffer": content}
    page.get_by_label("Заполненная книга Excel").set_input_files(files=[file])
    page.get_by_role("button", name="Загрузить и сравнить").click()


@pytest.mark.django_db(transaction=True)
def test_execution_is_uploaded_and_reconciled(
    open_as: OpenAs,
    passport: Passport,
    region: Region,
    cast: Cast,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    project = funded_project(passport, region, cast)

    def look(name: str) -> None:
        # The words of a page may be there before its styles are.
        page.wait_for_load_state()
        for width, height in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert_accessible(page)
            screenshot(page, name)

    page = open_as(cast.administrator, reverse("finance:project", args=[project.pk]))
    page.get_by_role("link", name="Загрузить из Excel").click()
    look("money-workbook")
    page.get_by_label("На дату").fill("2025-06-30")
    page.get_by_label("Единица").select_option("thousand")
    with page.expect_download() as download:
        page.get_by_role("button", name="Скачать книгу").click()
    blank = Path(download.value.path()).read_bytes()

    federal = {"executed": 6000.55, "contracted": 9000.0}
    content = typed_into(blank, {FEDERAL: federal, REGIONAL: {"executed": 1.2}, ROADS: {"executed": 7000.0}})
    upload(page, content)
    expect(page.get_by_text("Вы ввели тысячи вместо рублей?")).to_be_visible()
    look("money-preview")
    page.get_by_role("button", name="Записать на 30.06.2025").click()
    expect(page.get_by_text("2\u00a0строки записаны на 30.06.2025.")).to_be_visible()

    expect(
        page.get_by_text("дают в сумме 6\u202f000\u202f550,0, а в строке стоит 7\u202f000\u202f000,0")
    ).to_be_visible()
    look("money-not-reconciled")

    # The line that was asked about, typed by keyboard: down the column, Enter on the last button.
    page.get_by_role("link", name="Внести исполнение").click()
    page.get_by_label("На дату").fill("2025-06-30")
    page.get_by_label("Единица").select_option("rouble")
    page.get_by_role("button", name="Показать строки").click()
    look("money-enter")
    page.get_by_label(f"Исполнено: {ROADS}").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("6500550")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label(f"Исполнено: {REGIONAL}").first).to_be_focused()
    page.keyboard.type("5о0000")
    page.get_by_role("button", name="Записать на 30.06.2025").click()
    expect(page.get_by_text("вместо цифры стоит буква «о»")).to_be_visible()
    look("money-refused")
    expect(page.get_by_label(f"Исполнено: {ROADS}")).to_have_value("6500550")
    page.get_by_label(f"Исполнено: {REGIONAL}").first.fill("500 000,00")
    page.get_by_role("button", name="Записать на 30.06.2025").click()
    expect(page.get_by_text("2\u00a0строки записаны.")).to_be_visible()

    page.goto(reverse("finance:project", args=[project.pk]) + "?year=2025")
    expect(page.get_by_text("сходится", exact=True)).to_have_count(2)
    look("money-reconciled")
    line = lines_of(project)["federal"]
    assert str(ExecutionEntry.objects.get(line=line).executed) == "6000550.00"
    page.get_by_role("link", name=ROADS).first.click()
    expect(page.get_by_text("было до исправления")).to_be_visible()
    expect(page.get_by_text("из файла «Исполнение.xlsx»")).to_be_visible()
    look("money-history")
