"""A control point going overdue: seen everywhere, its activity and the point completed by keyboard."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from milestones.models import PlanProgress, PlanRow
from projects.models import Project
from projects.passport.schema import Passport
from tests.browser.conftest import NARROW, AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast, Region
from tests.milestones.conftest import PLAN, day, planned, redacted

POINT = planned("1.1", "control_point", -2)


@pytest.fixture
def late(passport: Passport, region: Region, cast: Cast) -> Project:
    """The point 1.1 was due the day before yesterday, and the activity 1.1.1 that leads to it is not done either."""
    return redacted(passport, [*PLAN[:3], POINT, *PLAN[4:]], None, cast)


@pytest.mark.django_db(transaction=True)
def test_a_control_point_goes_overdue_and_is_completed(
    open_as: OpenAs, late: Project, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    page = open_as(cast.head, "/")
    expect(page.get_by_text("под угрозой: 1.1.1")).to_be_visible()
    page.goto(reverse("milestones:project", args=[late.pk]))
    point = page.locator("tr", has=page.get_by_role("link", name="Строка 1.1", exact=True))
    expect(point.get_by_text("просрочено")).to_be_visible()
    expect(point.get_by_text("под угрозой: 1.1.1, 1.1.2")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "plan-table")

    page.goto(reverse("milestones:gantt", args=[late.pk]))
    expect(page.get_by_role("img", name="Сроки строк плана")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "plan-gantt")

    page.goto(reverse("milestones:week"))
    in_order(page, "link", "Строка 1.1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1.1 Строка 1.1")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "plan-row")
    says_why_it_is_late(page)
    says_it_is_done(page)
    screenshot(page, "plan-row-done")
    assert PlanProgress.objects.get(row__number="1.1").completed_on == day(0)

    page.goto(reverse("milestones:week"))
    overdue = page.locator("section", has=page.locator("#overdue"))
    expect(overdue.get_by_role("link", name="Строка 1.1.1", exact=True)).to_be_visible()
    expect(overdue.get_by_role("link", name="Строка 1.1", exact=True)).to_have_count(0)


@pytest.mark.django_db(transaction=True)
def test_the_plan_on_a_phone(
    open_as: OpenAs, late: Project, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    row = PlanRow.objects.get(project=late, number="1.1")
    page = open_as(cast.head, "/", NARROW)
    for name, address in (
        ("table", reverse("milestones:project", args=[late.pk])),
        ("gantt", reverse("milestones:gantt", args=[late.pk])),
        ("row", reverse("milestones:row", args=[late.pk, row.pk])),
        ("week", reverse("milestones:week")),
        ("rules", reverse("milestones:rules")),
    ):
        page.goto(address)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), name
        assert_accessible(page)
        screenshot(page, f"plan-{name}")


def in_order(page: Page, role: str, name: str) -> None:
    """Go on by Tab until that thing has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def says_why_it_is_late(page: Page) -> None:
    page.get_by_label("Ожидаемая дата").fill(day(9).isoformat())
    page.get_by_label("Ожидаемая дата").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Почему ожидается эта дата")
    page.get_by_label("Почему ожидается эта дата").fill("Подрядчик ждёт тепла")
    in_order(page, "button", "Сохранить")
    page.keyboard.press("Enter")
    expect(page.get_by_text("+11\N{NO-BREAK SPACE}дн.").first).to_be_visible()


def says_it_is_done(page: Page) -> None:
    page.get_by_label("Выполнено").fill(day(0).isoformat())
    page.get_by_label("Выполнено").press("Enter")
    expect(page.get_by_text("выполнено с опозданием").first).to_be_visible()
    expect(page.get_by_text("Подрядчик ждёт тепла").first).to_be_visible()
