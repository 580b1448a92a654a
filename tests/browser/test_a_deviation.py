"""A control point goes overdue, its deviation opens by itself and is closed with a measure, all of it by keyboard."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from jobs.services import run_queued
from milestones.models import PlanRow
from organisations.models import Notification
from projects.models import Project
from reports.models import Deviation
from tests.browser.conftest import AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast

REASON = "Поставщик асфальта сорвал срок: торги признаны несостоявшимися."
MEASURE = "Заключить договор с единственным поставщиком."


@pytest.mark.django_db(transaction=True)
def test_an_overdue_control_point_is_explained_and_closed_by_keyboard(
    open_as: OpenAs,
    project: Project,
    cast: Cast,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    point = PlanRow.objects.get(project=project, kind="control_point")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    PlanRow.objects.filter(pk=point.pk).update(end=yesterday)
    run_queued()

    head = open_as(cast.head, "/")
    expect(head.get_by_role("heading", name="Отклонения без причины")).to_be_visible()
    follow(head, f"{point.number} {point.name}", within="section[aria-labelledby=explain]")
    expect(head.get_by_text("наличие отклонений").first).to_be_visible()
    assert_accessible(head)
    screenshot(head, "deviation-1-open")

    typed(head, "Причина", REASON)
    typed(head, "Мера", MEASURE)
    head.get_by_label("Кто отвечает").focus()
    head.get_by_label("Кто отвечает").select_option(str(cast.administrator.pk))
    due = timezone.localdate() + dt.timedelta(days=10)
    head.get_by_label("Срок меры").fill(due.isoformat())
    press(head, "Записать причину и меру")
    expect(head.get_by_text("Записано: причина, мера и срок.")).to_be_visible()
    told = Notification.objects.get(recipient=cast.administrator, kind="measure_given")
    assert MEASURE in told.text

    owner = open_as(cast.administrator, "/")
    follow(owner, MEASURE, within="section[aria-labelledby=measures]")
    typed(owner, "Что сделано", "Договор заключён, покрытие уложено.")
    press(owner, "Мера выполнена")
    expect(owner.get_by_text("Отчёт записан.")).to_be_visible()

    head.goto(reverse("reports:deviation", args=[Deviation.objects.get(row_id=point.row_id).pk]))
    typed(head, "Чем закончилось", "Приёмка завтра, срок сдвинулся на два дня.")
    press(head, "Закрыть с пояснением")
    expect(head.get_by_text("Отклонение закрыто.")).to_be_visible()
    history = head.get_by_role("list").filter(has_text="Открыто порталом")
    for line in ("Закрыто", "Договор заключён, покрытие уложено.", REASON):
        expect(history).to_contain_text(line)
    assert_accessible(head)
    screenshot(head, "deviation-2-closed")

    head.goto(reverse("reports:overview", args=[project.pk]))
    expect(head.get_by_text("Открытых отклонений нет.")).to_be_visible()
    expect(head.get_by_text("Закрыто отклонение", exact=False)).to_be_visible()
    assert_accessible(head)
    screenshot(head, "deviation-3-overview")


def follow(page: Page, name: str, *, within: str) -> None:
    link = page.locator(within).get_by_role("link", name=name)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def typed(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.insert_text(words)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
