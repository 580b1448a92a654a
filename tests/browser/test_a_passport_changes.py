"""A change request from hand to hand, with its differences seen, and a conflict chosen by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from organisations.models import User
from projects.models import ChangeRequest, Project
from projects.services.proposals import change_request_open
from projects.services.route import approval_route_save
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot, fits
from tests.conftest import Cast, Region, approve

pytestmark = pytest.mark.django_db(transaction=True)


def propose(project: Project, region: Region, goal: str, actor: User) -> ChangeRequest:
    passport = project.redactions.latest("number").passport
    row = passport.results[0].model_copy(
        update={"characteristic": "Покрытие уложено, знаки стоят, освещение работает, снег убирают"}
    )
    changed = passport.model_copy(update={"goal": goal, "results": (row,), "additional": None})
    return change_request_open(passport=changed, territory=region.root, project=project, source_file=None, actor=actor)


def test_a_change_is_agreed_by_two_levels_with_its_differences_seen(
    project: Project,
    region: Region,
    cast: Cast,
    open_as: OpenAs,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    approval_route_save(project=project, steps=["head", "curator"], seen="")
    request = propose(project, region, "Дорога к школе безопасна и зимой", cast.administrator)
    author = open_as(cast.administrator, f"/projects/change-requests/{request.pk}/")
    author.get_by_role("button", name="Отправить на согласование").click()
    expect(author.get_by_role("button", name="Отозвать с согласования")).to_be_visible()
    screenshot(author, "request-on-approval")

    head = open_as(cast.head, "/")
    expect(head.get_by_role("heading", name="Запросы ждут вашего решения")).to_be_visible()
    screenshot(head, "home-decisions")
    head.get_by_role("link", name=f"запрос на изменение № {request.pk}").first.click()
    head.get_by_role("link", name="Сравнить по строкам и графам").click()
    expect(head.get_by_text("Дорога к школе безопасна и зимой").first).to_be_visible()
    expect(head.locator("ins", has_text="снег убирают")).to_be_visible()
    assert_accessible(head)
    screenshot(head, "request-comparison")
    head.go_back()
    head.get_by_role("button", name="Согласовать").click()

    curator = open_as(cast.curator, f"/projects/change-requests/{request.pk}/", NARROW)
    expect(curator.get_by_text("Согласован", exact=True)).to_be_visible()
    assert_accessible(curator)
    screenshot(curator, "request-narrow")
    curator.fill("input[name=protocol_number]", "7")
    curator.fill("input[name=protocol_date]", "2025-01-20")
    curator.check("input[name=confirmed]")
    curator.get_by_role("button", name="Утвердить паспорт").click()
    expect(curator.get_by_text("уже стоит у редакции № 1").first).to_be_visible()
    curator.check("input[name=protocol_confirmed]")
    curator.get_by_role("button", name="Утвердить паспорт").click()
    expect(curator.get_by_role("link", name="редакция № 2", exact=True)).to_be_visible()

    page = open_as(cast.office, f"/projects/{project.pk}/redactions/?on=2025-06-01")
    assert_accessible(page)
    screenshot(page, "redactions")
    page.get_by_role("link", name="Сравнить редакции").click()
    expect(page.locator("ins", has_text="снег убирают")).to_be_visible()
    page.goto(f"/projects/{project.pk}/route/")
    assert_accessible(page)
    screenshot(page, "route")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_request_comes_back_is_withdrawn_and_is_rejected(
    project: Project,
    region: Region,
    cast: Cast,
    open_as: OpenAs,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
    size: tuple[int, int],
) -> None:
    request = propose(project, region, "Дорога к школе безопасна и зимой", cast.administrator)
    address = f"/projects/change-requests/{request.pk}/"
    office = open_as(cast.office, f"/projects/{project.pk}/route/", size)
    office.get_by_label("Шаг 1").select_option(label="Руководитель проекта")
    office.get_by_label("Шаг 2").select_option(label="Журавлёв Пётр Кузьмич")
    office.get_by_role("button", name="Записать маршрут").click()
    expect(office.get_by_text("Маршрут согласования записан")).to_be_visible()
    assert_accessible(office)
    screenshot(office, "route-set")

    author = open_as(cast.administrator, address, size)
    author.get_by_role("button", name="Отправить на согласование").click()
    head = open_as(cast.head, address, size)
    head.get_by_role("link", name="К решению").click()
    expect(head.get_by_text("Шаг 1 из 2 – Руководитель проекта")).to_be_in_viewport()
    expect(head.get_by_text("Дальше – Журавлёв П. К.")).to_be_visible()
    head.get_by_role("button", name="Вернуть автору").click()
    expect(head.get_by_text("Напишите, что исправить").first).to_be_visible()
    assert_accessible(head)
    screenshot(head, "request-return-refused")
    head.get_by_label("Что исправить").fill("Назовите дорогу к школе № 3")
    head.get_by_role("button", name="Вернуть автору").click()
    expect(head.get_by_role("link", name="К решению")).to_have_count(0)

    author.goto(address)
    expect(author.get_by_text("Назовите дорогу к школе № 3")).to_be_visible()
    assert_accessible(author)
    screenshot(author, "request-returned")
    author.get_by_role("button", name="Отправить на согласование").click()
    author.get_by_role("button", name="Отозвать с согласования").click()
    author.get_by_role("button", name="Отправить на согласование").click()
    expect(author.get_by_role("button", name="Отозвать с согласования")).to_be_visible()

    head.goto(address)
    head.get_by_label("Почему отклоняем").fill("Денег на это нет")
    head.get_by_role("button", name="Отклонить запрос").click()
    author.goto(address)
    expect(author.get_by_text("Денег на это нет").first).to_be_visible()
    expect(author.get_by_role("button", name="Отправить на согласование")).to_have_count(0)
    assert fits(author)
    assert_accessible(author)
    screenshot(author, "request-rejected")


def test_a_conflict_is_chosen_by_keyboard(
    project: Project,
    region: Region,
    cast: Cast,
    open_as: OpenAs,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    mine = propose(project, region, "Дорога к школе безопасна и зимой", cast.administrator)
    approve(propose(project, region, "Дороги к школам отремонтированы", cast.office), cast.curator)
    page = open_as(cast.administrator, f"/projects/change-requests/{mine.pk}/")
    expect(page.get_by_text("Запрос устарел")).to_be_visible()
    reach(page, "Перенести изменения")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="расхождение")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "rebase")
    reach(page, "Перенести изменения")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Выберите, что оставить.").first).to_be_visible()
    assert_accessible(page)
    screenshot(page, "rebase-refused")
    page.locator("input[name=conflict-0]").first.focus()
    page.keyboard.press("ArrowDown")
    reach(page, "Перенести изменения")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Изменения перенесены")).to_be_visible()
    assert ChangeRequest.objects.get(pk=mine.pk).passport.goal == "Дорога к школе безопасна и зимой"
    narrow = open_as(cast.administrator, f"/projects/change-requests/{mine.pk}/compare/", NARROW)
    assert_accessible(narrow)
    screenshot(narrow, "comparison-narrow")


def reach(page: Page, name: str) -> None:
    """Walk with Tab until the link or button of that name has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == name:
            return
    raise AssertionError(f"{name!r} cannot be reached by keyboard")
