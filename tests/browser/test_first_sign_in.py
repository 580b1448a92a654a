"""The ways in, walked in a real browser: a head with a slip on a phone, a member of staff with an app."""

from __future__ import annotations

import re
from base64 import b32decode

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from organisations.models import User
from organisations.roles import Role
from organisations.services import user_create
from organisations.services.invitations import slips_issue
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot
from tests.conftest import PASSWORD, Cast, Region
from tests.organisations.signing import NEW_PASSWORD, code_now

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = "/people/"


@pytest.fixture
def invited(cast: Cast, region: Region) -> User:
    return user_create(login="3814001234", full_name="Юдина Зоя Карповна", roles=((Role.REPORTER, region.schools[1]),))


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def test_a_head_comes_in_for_the_first_time_with_a_slip(
    invited: User, cast: Cast, open_as: OpenAs, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    (slip,) = slips_issue(users=[invited], actor=cast.office)
    page = open_as(None, "/sign-in/", NARROW)
    screenshot(page, "sign-in")
    page.get_by_role("link", name="Первый вход: у меня листок с кодом").click()
    assert not sideways(page)
    assert_accessible(page)
    page.get_by_label("Логин").fill(slip.user.login)
    page.get_by_label("Код с листка").fill(slip.code)
    page.get_by_label("Придумайте пароль").fill("123456")
    page.get_by_label("Пароль ещё раз").fill("123456")
    press(page, "Сохранить пароль и войти")
    expect(page.get_by_role("alert")).to_contain_text("Проверьте, пожалуйста")
    assert_accessible(page)
    screenshot(page, "first-sign-in-refused")
    page.get_by_label("Придумайте пароль").fill(NEW_PASSWORD)
    page.get_by_label("Пароль ещё раз").fill(NEW_PASSWORD)
    press(page, "Сохранить пароль и войти")
    expect(page.get_by_text("Пароль сохранён. В следующий раз входите с ним.")).to_be_visible()
    screenshot(page, "first-sign-in-done")
    page.goto("/account/")
    assert not sideways(page)
    assert_accessible(page)
    screenshot(page, "account")


def test_the_office_prints_slips_and_looks_after_people(
    invited: User,
    cast: Cast,
    region: Region,
    open_as: OpenAs,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    school = ((Role.REPORTER, region.schools[0]),)
    for number in range(9):
        user_create(login=f"381400{number}", full_name="Абрамова Ия Львовна", roles=school)
    page = open_as(cast.office, PEOPLE, WIDE)
    screenshot(page, "people")
    page.get_by_role("link", name="Листки с кодами").click()
    page.get_by_label("Муниципалитет").select_option(label="Город Ясногорск")
    press(page, "Показать")
    screenshot(page, "slips-choose")
    press(page, "Выдать коды и напечатать")
    expect(page.locator(".slip")).to_have_count(10)
    expect(page.get_by_role("button", name="Распечатать")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "slips")
    page.emulate_media(media="print")
    screenshot(page, "slips-print")
    page.emulate_media(media="screen")
    # The picture is drawn whole at the size it is given; a part of it no camera reads.
    assert page.locator(".slip svg").first.get_attribute("viewBox")
    for width, height in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": height})
        for address, name in (
            (PEOPLE, "people"),
            (f"{PEOPLE}{invited.pk}/", "person"),
            (f"{PEOPLE}new/", "person-new"),
        ):
            page.goto(address)
            assert not sideways(page), address
            assert_accessible(page)
            screenshot(page, name)


def test_a_member_of_staff_connects_an_app_and_comes_in_with_it(
    cast: Cast, settings: Settings, open_as: OpenAs, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    settings.SECOND_FACTOR = "required"
    page = open_as(None, "/projects/", NARROW)
    page.get_by_label("Логин").fill("office")
    page.get_by_label("Пароль").fill(PASSWORD)
    press(page, "Войти")
    expect(page.get_by_role("heading", name="Подключите приложение с кодами")).to_be_visible()
    assert not sideways(page)
    assert_accessible(page)
    screenshot(page, "second-factor-connect")
    letters = page.locator("p.code").inner_text().replace(" ", "")
    secret = b32decode(letters).hex()
    page.get_by_label("Код из приложения").fill(code_now(secret))
    press(page, "Подключить")
    expect(page.locator("li.code")).to_have_count(10)
    assert_accessible(page)
    screenshot(page, "recovery-codes")
    code = page.locator("li.code").first.inner_text()
    page.get_by_role("link", name="Коды сохранены, продолжить").click()
    expect(page).to_have_url(re.compile("/projects/$"))

    again = open_as(None, "/sign-in/", NARROW)
    again.get_by_label("Логин").fill("office")
    again.get_by_label("Пароль").fill(PASSWORD)
    press(again, "Войти")
    assert_accessible(again)
    screenshot(again, "second-factor")
    again.get_by_label("Код из приложения").fill(code)
    press(again, "Войти")
    expect(again.get_by_role("heading", name="Здравствуйте, Анна Сергеевна")).to_be_visible()
