"""The way through the portal: a Word passport goes in, schools report, the figure appears, documents come out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from organisations.models import Organisation, OrganisationKind, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.passport import Passport, read
from projects.passport.typography import number
from tests.browser.conftest import NARROW, AssertAccessible, OpenAs, Screenshot
from tests.projects.passport.northern import municipal
from tests.projects.passport.word import word_file
from tests.worker import ROOT, Worker

SHARED = ROOT.parent / "shared" / "passports" / "sayansk.docx"
YEAR = 2020
FORMULA = "100 * connected / organisations"


@dataclass(frozen=True)
class Town:
    """A town whose schools are those of the breakdown of a passport, and the people who work with it."""

    file: Path
    passport: Passport
    node: Organisation
    office: User
    council: User
    answers: dict[User, bool]


@pytest.fixture
def town(db: None, tmp_path: Path) -> Town:
    """The real passport with its seven schools where it is at hand, a passport of our own where it is not."""
    file = SHARED
    if not file.exists():
        file = tmp_path / "passport.docx"
        file.write_bytes(word_file(municipal()))
    passport = read(file)
    region = organisation_create(kind=OrganisationKind.REGION, name="Северская область")
    node = organisation_create(kind=OrganisationKind.MUNICIPALITY, name=str(passport.territory), parent=region)
    first = passport.breakdown[0].indicator
    answers = {}
    for row in passport.breakdown:
        if row.indicator == first:
            school = organisation_create(kind=OrganisationKind.SCHOOL, name=str(row.territory), parent=node)
            head = user_create(
                login=f"head{school.pk}", full_name="Орлова Нина Павловна", roles=((Role.REPORTER, school),)
            )
            answers[head] = row.targets[str(YEAR)] == 100
    office = user_create(login="office", full_name="Волкова Анна Сергеевна", roles=((Role.OFFICE, region),))
    council = user_create(login="council", full_name="Зимина Ольга Марковна", roles=((Role.COUNCIL, region),))
    return Town(file, passport, node, office, council, answers)


@pytest.mark.django_db(transaction=True)
def test_from_a_word_passport_to_figures_and_documents(
    town: Town, open_as: OpenAs, worker: Worker, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    page = open_as(town.office, "/projects/upload/")
    upload(page, town, assert_accessible, screenshot)
    approve(open_as(town.council, page.url))
    page.goto("/projects/")
    page.get_by_role("link", name=str(town.passport.short_title or town.passport.title)).first.click()
    page.wait_for_url("**/projects/*/")
    project = page.url.rstrip("/").rsplit("/", 1)[-1]
    say_what_schools_count(page, project)
    open_the_period(page)
    for head, answer in town.answers.items():
        report(open_as(head, "/", NARROW), answer)

    *early, last = town.answers.values()
    accept_waiting(page, len(early))
    shown = share(early)
    figure(page, project, shown, f"{len(early)} из {len(town.answers)}")
    screenshot(page, "plan-fact-before-the-last")
    accept_waiting(page, 1)
    shown = share([*early, last])
    coverage = f"{len(town.answers)} из {len(town.answers)}"
    figure(page, project, shown, coverage)

    target = town.passport.indicators[0].targets[str(YEAR)]
    for address, words in (
        (f"/projects/{project}/documents/", [str(town.passport.short_title), number(target)]),
        (f"/projects/{project}/plan-fact/", [number(round(shown, 2)), coverage]),
    ):
        text = pdf_text(download(page, address, "PDF"))
        assert all(word in text for word in words)
    assert {str(town.passport.indicators[0].name), target} <= cells(
        download(page, f"/projects/{project}/documents/", "XLSX")
    )
    assert f"принято форм {coverage}" in cells(download(page, f"/projects/{project}/plan-fact/", "XLSX"))


def upload(page: Page, town: Town, assert_accessible: AssertAccessible, screenshot: Screenshot) -> None:
    page.select_option("select[name=territory]", str(town.node.pk))
    page.set_input_files("input[name=file]", town.file)
    page.get_by_role("button", name="Загрузить и прочитать").click()
    page.get_by_role("link", name="Посмотреть, что прочитано").click()
    expect(page.get_by_text(str(town.passport.goal)[:60]).first).to_be_visible()
    assert_accessible(page)
    screenshot(page, "proposal")


def approve(page: Page) -> None:
    page.fill("input[name=protocol_number]", "5")
    page.fill("input[name=protocol_date]", "2019-03-01")
    if page.locator("[name=reason_for_all]").count():
        page.fill("[name=reason_for_all]", "Так утверждено советом, исправим следующей редакцией.")
    page.check("input[name=confirmed]")
    page.get_by_role("button", name="Утвердить паспорт").click()
    page.wait_for_url("**/projects/*/")
    expect(page.get_by_role("link", name="редакция № 1", exact=True)).to_be_visible()


def say_what_schools_count(page: Page, project: str) -> None:
    page.goto("/base-indicators/new/")
    page.fill("[name=name]", "Школа подключена на нужной скорости?")
    page.fill("[name=code]", "connected")
    page.check("input[name=kind][value=boolean]")
    page.check("input[name=over_organisations][value=count_yes]")
    page.check("input[name=over_time][value=snapshot]")
    page.locator("main form").get_by_role("button").last.click()
    expect(page.get_by_text("connected").first).to_be_visible()
    page.goto(f"/projects/{project}/indicators/")
    page.get_by_role("link", name="Задать формулу").first.click()
    page.fill("[name=text]", FORMULA)
    page.get_by_role("button", name="Сохранить формулу").click()
    expect(page.get_by_text("100 × connected ÷ organisations").first).to_be_visible()


def open_the_period(page: Page) -> None:
    page.goto("/periods/open/")
    page.select_option("[name=kind]", "year")
    page.fill("[name=year]", str(YEAR))
    # The rule is asked for the kind, the year and the number: the last answer brings the day that is written over.
    with page.expect_response(lambda answer: f"year={YEAR}&number=1" in answer.url):
        page.fill("[name=number]", "1")
        page.press("[name=number]", "Tab")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    expect(page.get_by_text("По правилу:")).to_contain_text(str(YEAR + 1))
    page.fill("[name=deadline_date]", f"{dt.date.today() + dt.timedelta(days=10):%Y-%m-%d}")
    page.fill("[name=deadline_time]", "18:00")
    page.locator("input[name=projects]").first.check()
    page.get_by_role("button", name="Дальше: кто отчитывается").click()
    page.get_by_role("button", name="Открыть период").click()
    expect(page.get_by_role("heading", name=f"{YEAR} год").first).to_be_visible()


def report(page: Page, answer: bool) -> None:
    page.get_by_role("link", name="Заполнить").click()
    page.get_by_role("radio", name="Да" if answer else "Нет").check()
    page.get_by_role("button", name="Проверить и отправить").click()
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_text("на проверке").first).to_be_visible()


def accept_waiting(page: Page, forms: int) -> None:
    """The oldest forms of the queue, one after another."""
    for _ in range(forms):
        page.goto("/review/")
        page.locator("main table tbody a").first.click()
        page.get_by_role("button", name="Принять", exact=True).click()
        page.wait_for_load_state()


def share(answers: list[bool]) -> Decimal:
    return Decimal(100) * sum(answers) / len(answers)


def figure(page: Page, project: str, value: Decimal, coverage: str) -> None:
    """Plan and fact shows the figure as soon as the worker has rolled it up."""
    for _ in range(40):
        page.goto(f"/projects/{project}/plan-fact/")
        if page.get_by_text(coverage).count():
            break
        page.wait_for_timeout(250)
    cell = page.get_by_role("cell").filter(has_text=coverage)
    expect(cell.first).to_contain_text(number(round(value, 2)))


def download(page: Page, address: str, kind: str) -> bytes:
    page.goto(address)
    page.get_by_role("button", name=kind).first.click()
    link = page.get_by_role("link", name=f"Скачать {kind}")
    with page.expect_download() as coming:
        link.click(timeout=60_000)
    return Path(coming.value.path()).read_bytes()


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def cells(content: bytes) -> set[object]:
    """Values of a workbook; numbers as decimals, to be compared with those of the passport."""
    book = openpyxl.load_workbook(BytesIO(content))
    values = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return {Decimal(str(value)) if isinstance(value, int | float) else value for value in values}
