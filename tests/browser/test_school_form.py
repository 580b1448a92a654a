"""A head of a school at her phone: what she types is kept by itself, whatever becomes of the line."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from indicators.models import Indicator, Submission
from indicators.services import submission_save_draft
from projects.models import Project
from tests.browser.conftest import NARROW, AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast, Region
from tests.indicators.steps import agree, count, form_at, open_period

SAVING = "[data-saving]"


@pytest.fixture
def form(project: Project, region: Region, cast: Cast) -> Submission:
    """An empty form: roads in all, and how many of them are safe."""
    roads = count("roads", cast.office, name="Сколько подъездов к школе", kinds=["school"], unit="ед.")
    count("safe", cast.office, name="Сколько из них безопасны", kinds=["school"], not_above=roads)
    agree(Indicator.objects.get(project=project), "100 * safe / roads", cast.office)
    period = open_period(cast.office, project, deadline=timezone.now() + dt.timedelta(days=9))
    return form_at(period, region.schools[0])


def address(form: Submission) -> str:
    return reverse("indicators:submission", args=[form.pk])


def fill(page: Page, name: str, value: str) -> None:
    page.get_by_label(name, exact=True).fill(value)


@pytest.mark.django_db(transaction=True)
def test_a_form_is_saved_while_it_is_typed_checked_and_sent(
    open_as: OpenAs, form: Submission, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    page = open_as(cast.reporters[0], address(form), NARROW)
    assert_accessible(page)
    fill(page, "Сколько подъездов к школе", "4")
    expect(page.locator(SAVING)).to_contain_text("сохранено")
    fill(page, "Сколько из них безопасны", "5")
    refused = page.locator(".field-error", has_text="Не может быть больше, чем «Сколько подъездов к школе»")
    expect(refused).to_be_visible()
    expect(refused.locator("svg")).to_be_visible()  # not by colour alone, as when the server draws the page
    fill(page, "Сколько из них безопасны", "3")
    expect(page.get_by_text("Не может быть больше")).to_have_count(0)
    screenshot(page, "school-form")

    # Pressed before the last figure was saved by itself: both arrive, and nobody is told of a conflict.
    fill(page, "Сколько подъездов к школе", "6")
    page.get_by_role("button", name="Проверить и отправить").click()
    expect(page.get_by_role("heading", name="Проверьте и отправьте")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Форма отправлена")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "school-receipt")

    form.refresh_from_db()
    assert form.state == "submitted"
    assert {row.question.code: int(row.value or 0) for row in form.answers.all()} == {"roads": 6, "safe": 3}


@pytest.mark.django_db(transaction=True)
def test_what_is_typed_without_a_line_is_kept_on_the_device_and_offered_again(
    open_as: OpenAs, form: Submission, cast: Cast
) -> None:
    page = open_as(cast.reporters[0], address(form), NARROW)
    page.route("**/autosave/", lambda route: route.abort())
    fill(page, "Сколько подъездов к школе", "4")
    expect(page.locator(SAVING)).to_contain_text("нет связи")

    # Leaving tries once more, so the line comes back only when the page is open again.
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address(form))
    page.unroute("**/autosave/")
    offer = page.get_by_role("button", name="Взять из черновика")
    expect(offer).to_be_visible()
    offer.click()
    expect(page.get_by_label("Сколько подъездов к школе", exact=True)).to_have_value("4")
    expect(page.locator(SAVING)).to_contain_text("сохранено")
    form.refresh_from_db()
    assert [int(row.value or 0) for row in form.answers.all()] == [4]


@pytest.mark.django_db(transaction=True)
def test_a_value_that_was_refused_is_still_there_after_leaving(open_as: OpenAs, form: Submission, cast: Cast) -> None:
    page = open_as(cast.reporters[0], address(form), NARROW)
    fill(page, "Сколько подъездов к школе", "4")
    fill(page, "Сколько из них безопасны", "5")
    expect(page.locator(SAVING)).to_contain_text("кроме отмеченного красным")

    page.goto("/")
    page.goto(address(form))
    page.get_by_role("button", name="Взять из черновика").click()
    expect(page.get_by_label("Сколько из них безопасны", exact=True)).to_have_value("5")
    expect(page.get_by_text("Не может быть больше, чем")).to_be_visible()
    fill(page, "Сколько из них безопасны", "3")
    expect(page.locator(SAVING)).to_have_text(re.compile(r"^сохранено \d\d:\d\d$"))
    page.goto(address(form))
    expect(page.get_by_role("button", name="Взять из черновика")).to_be_hidden()


@pytest.mark.django_db(transaction=True)
def test_who_types_into_an_older_page_is_told_and_overwrites_nothing(
    open_as: OpenAs, form: Submission, cast: Cast
) -> None:
    page = open_as(cast.reporters[0], address(form), NARROW)
    submission_save_draft(submission=form, values={"roads": "9"}, version=0, actor=cast.reporters[0])
    fill(page, "Сколько подъездов к школе", "4")
    expect(page.locator(SAVING)).to_contain_text("форму изменил другой человек")

    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.get_by_text("Другой человек записал здесь: 9\u00a0ед.")).to_be_visible()
    expect(page.get_by_label("Сколько подъездов к школе", exact=True)).to_have_value("4")


@pytest.mark.django_db(transaction=True)
def test_a_formula_is_read_while_it_is_typed_and_a_click_inserts_a_name(
    open_as: OpenAs, form: Submission, project: Project, cast: Cast, assert_accessible: AssertAccessible
) -> None:
    indicator = Indicator.objects.get(project=project)
    page = open_as(cast.office, reverse("indicators:formula", args=[indicator.pk]))
    field = page.get_by_label("Как считать")
    field.fill("100 * (safe /")
    expect(page.get_by_text("Формула обрывается")).to_be_visible()
    page.get_by_role("button", name="roads").click()
    expect(field).to_have_value("100 * (safe / roads")
    field.press("End")
    field.press_sequentially(")")
    expect(page.locator("#formula-check").get_by_text("100 × (safe ÷ roads)")).to_be_visible()
    assert_accessible(page)
