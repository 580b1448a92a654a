"""A head of a school reports from her phone, from the first look at the form until it is accepted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from indicators.models import Indicator, RolledUpValue, Submission
from indicators.services import submission_accept, submission_return
from projects.models import Project
from tests.browser.conftest import NARROW, AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast, Region
from tests.indicators.attachments import exe, jpeg
from tests.indicators.steps import agree, count, form_at, hand_in, open_period
from tests.worker import Worker

SAVING = "[data-saving]"
PHOTO: FilePayload = {"name": "снимок.jpg", "mimeType": "image/jpeg", "buffer": jpeg(place=True)}
PROGRAM: FilePayload = {"name": "снимок.jpg", "mimeType": "image/jpeg", "buffer": exe()}


@pytest.fixture
def form(project: Project, region: Region, cast: Cast) -> Submission:
    """The second quarter; in the first 40 pupils were counted and accepted."""
    pupils = count("pupils", cast.office, name="Сколько учеников в школе", unit="человек")
    count("fed", cast.office, name="Сколько из них едят в школе", not_above=pupils, evidence="required")
    agree(Indicator.objects.get(project=project), "100 * fed / pupils", cast.office)
    school = region.schools[0]
    first = open_period(cast.office, project, number=1)
    sent = hand_in(first, school, cast.reporters[0], pupils="40", fed="0")
    submission_accept(submission=sent, version=sent.version, actor=cast.office)
    return form_at(open_period(cast.office, project, number=2, deadline=timezone.now() + dt.timedelta(days=9)), school)


def fill(page: Page, name: str, value: str) -> None:
    page.get_by_label(name, exact=True).fill(value)


@pytest.mark.django_db(transaction=True)
def test_from_the_first_look_until_it_is_accepted(
    open_as: OpenAs,
    worker: Worker,
    form: Submission,
    cast: Cast,
    region: Region,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    # Opens, fills in a part, leaves.
    page = open_as(cast.reporters[0], "/", NARROW)
    page.get_by_role("link", name="II квартал 2026 г.").first.click()
    expect(page.get_by_text("40\u00a0человек")).to_be_visible()
    fill(page, "Сколько учеников в школе", "400")
    expect(page.get_by_text("Это больше прошлого (40) в 10 раз")).to_be_visible()
    why = page.get_by_label("Пояснение: Сколько учеников в школе")
    expect(why).to_be_visible()
    expect(page.locator(SAVING)).to_contain_text("сохранено")
    assert_accessible(page)
    page.goto("/")

    # Comes back: what was typed is there, the arithmetic follows the figures.
    page.goto(reverse("indicators:submission", args=[form.pk]))
    expect(page.get_by_label("Сколько учеников в школе", exact=True)).to_have_value("400")
    fill(page, "Сколько из них едят в школе", "300")
    expect(page.locator("output").first).to_have_text("100 × 300 ÷ 400 = 75\u00a0%, план проекта 100\u00a0%")
    screenshot(page, "head-1-typed")

    # What is lacking is asked for, and given.
    page.get_by_role("button", name="Проверить и отправить").click()
    expect(page.get_by_text("Поясните одним предложением").last).to_be_visible()
    expect(page.get_by_text("Приложите файл").last).to_be_visible()
    screenshot(page, "head-2-lacking")
    page.get_by_label("Пояснение: Сколько учеников в школе").fill("Открыли новый корпус.")
    attach = page.get_by_label("Подтверждение (обязательно)")
    attach.set_input_files(PROGRAM)
    expect(page.get_by_text("Такой файл не принимается")).to_be_visible()
    attach.set_input_files(PHOTO)
    expect(page.get_by_role("link", name="снимок.jpg")).to_be_visible()
    expect(page.locator(SAVING)).to_contain_text("сохранено")
    assert_accessible(page)

    # A look at all of it, and off it goes.
    page.get_by_role("button", name="Проверить и отправить").click()
    expect(page.get_by_role("heading", name="Проверьте и отправьте")).to_be_visible()
    expect(page.get_by_text("Пояснение: Открыли новый корпус.")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "head-3-check")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Форма отправлена")).to_be_visible()
    page.get_by_role("link", name="Квитанция для печати").click()
    expect(page.get_by_text("Орлова Нина Павловна")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "head-4-receipt")
    if Path(settings.BASE_DIR, "test-results").exists():
        page.pdf(path=Path(settings.BASE_DIR, "test-results", "receipt.pdf"), format="A4")

    # Returned with a remark at the field; corrected and sent again.
    form.refresh_from_db()
    submission_return(
        submission=form, version=form.version, comment="", remarks={"fed": "По приказу их 280."}, actor=cast.office
    )
    page.goto("/forms/")
    page.get_by_role("link", name="II квартал 2026 г.").first.click()
    expect(page.get_by_text("По приказу их 280.")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "head-5-returned")
    fill(page, "Сколько из них едят в школе", "280")
    page.get_by_role("button", name="Проверить и отправить").click()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Форма отправлена")).to_be_visible()

    # Accepted, and rolled up by the worker.
    form.refresh_from_db()
    submission_accept(submission=form, version=form.version, actor=cast.office)
    page.goto(reverse("indicators:submission", args=[form.pk]))
    expect(page.get_by_text("Форма принята")).to_be_visible()
    screenshot(page, "head-6-accepted")
    for _ in range(60):
        if RolledUpValue.objects.filter(period=form.period, organisation=region.root, value=70).exists():
            return
        page.wait_for_timeout(500)
    pytest.fail("The figure never reached the region.")


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(
    open_as: OpenAs, form: Submission, cast: Cast
) -> None:
    cast.reporters[0].set_password("тихий-Вечер-42")
    cast.reporters[0].save()
    address = reverse("indicators:submission", args=[form.pk])
    page = open_as(cast.reporters[0], address, NARROW)
    page.route("**/autosave/", lambda route: route.abort())
    fill(page, "Сколько учеников в школе", "41")
    expect(page.locator(SAVING)).to_contain_text("нет связи")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Проверить и отправить").click()
    page.wait_for_url("**/sign-in/**")
    page.unroute("**/autosave/")
    page.get_by_label("Логин").fill(cast.reporters[0].login)
    page.get_by_label("Пароль", exact=True).fill("тихий-Вечер-42")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url(f"**{address}")
    page.get_by_role("button", name="Взять из черновика").click()
    expect(page.get_by_label("Сколько учеников в школе", exact=True)).to_have_value("41")
    expect(page.locator(SAVING)).to_contain_text("сохранено")
