"""Download, fill in, upload: a head of a school her form, a coordinator the forms of her municipality."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from indicators.models import Indicator, Submission
from indicators.services import submission_save_draft
from projects.models import Project
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast, Region
from tests.indicators.filled_workbooks import filled, filled_row
from tests.indicators.steps import agree, count, form_at, open_period
from tests.worker import Worker

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def form(project: Project, region: Region, cast: Cast) -> Submission:
    roads = count("roads", cast.office, name="Сколько подъездов к школе", kinds=["school"], unit="ед.")
    count("safe", cast.office, name="Сколько из них безопасны", kinds=["school"], not_above=roads)
    agree(Indicator.objects.get(project=project), "100 * safe / roads", cast.office)
    period = open_period(cast.office, project, deadline=timezone.now() + dt.timedelta(days=9))
    return form_at(period, region.schools[0])


def downloaded(page: Page, words: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=words).click()
    return Path(download.value.path()).read_bytes()


def send(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "Форма.xlsx", "mimeType": XLSX, "buffer": content}
    page.get_by_label("Заполненная книга Excel").set_input_files(files=[file])
    page.get_by_role("button", name="Загрузить").click()


@pytest.mark.django_db(transaction=True)
def test_a_head_fills_her_form_in_without_a_line(
    open_as: OpenAs, form: Submission, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    page = open_as(cast.reporters[0], reverse("indicators:submission", args=[form.pk]), NARROW)
    page.get_by_role("link", name="Заполнить в Excel").click()
    assert_accessible(page)
    screenshot(page, "workbook")
    content = downloaded(page, "Скачать форму в Excel")

    send(page, filled(content, {"roads": 4, "safe": 5}))
    expect(page.get_by_text("Не может быть больше, чем «Сколько подъездов к школе»")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "workbook-refused")

    # Meanwhile somebody typed into the page.
    form.refresh_from_db()
    submission_save_draft(submission=form, values={"roads": "9"}, version=form.version, actor=cast.reporters[0])
    page.get_by_role("link", name="Загрузить книгу снова").click()
    send(page, filled(content, {"roads": 6, "safe": 3}))
    expect(page.get_by_text("Форму изменили после того, как скачали книгу")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "workbook-differs")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    screenshot(page, "workbook-differs")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_role("checkbox", name="Сколько подъездов к школе").check()
    page.get_by_role("button", name="Записать отмеченное").click()
    expect(page.get_by_text("Из книги записано 1 из 1\u00a0ячейки.")).to_be_visible()
    expect(page.get_by_label("Сколько подъездов к школе", exact=True)).to_have_value("6")


@pytest.mark.django_db(transaction=True)
def test_a_coordinator_uploads_the_forms_of_her_municipality(
    open_as: OpenAs,
    form: Submission,
    cast: Cast,
    worker: Worker,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    page = open_as(cast.coordinator, reverse("indicators:period", args=[form.period_id]))
    page.get_by_role("link", name="Формы в Excel").click()
    assert_accessible(page)
    screenshot(page, "municipality-workbook")
    content = downloaded(page, "Город Ясногорск")
    for number, answers in ((1, {"roads": 6, "safe": 3}), (2, {"roads": 1, "safe": "много"})):
        content = filled_row(content, f"Школа № {number} города Ясногорска", answers)
    send(page, content)
    page.get_by_role("link", name="Посмотреть, что принято").click()
    expect(page.get_by_text("Принято 3 из 4\u00a0ячеек")).to_be_visible()
    expect(page.get_by_text("Это не число: «много»")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "municipality-report")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert_accessible(page)
    screenshot(page, "municipality-report")

    head = open_as(cast.reporters[0], reverse("indicators:submission", args=[form.pk]), NARROW)
    expect(head.get_by_text("Форму заполнял муниципалитет")).to_be_visible()
    expect(head.get_by_label("Сколько подъездов к школе", exact=True)).to_have_value("6")
    assert_accessible(head)
    screenshot(head, "form-filled-for")
