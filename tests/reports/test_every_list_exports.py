"""Everything on any list goes into a file as the page shows it: found by walking every page of the portal."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from operator import attrgetter

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from organisations.models import User
from projects.models import Project
from projects.passport.intermediate import squash
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from reports.lists import LISTS, LISTS_OF_PROJECT
from tests.conftest import Cast, Region, approve
from tests.platform.test_every_route import PEOPLE, ROUTES, browser_of, sign
from tests.world import World

AsUser = Callable[[User], Client]

PAGE_OF = {
    "projects": "projects:list",
    "change-requests": "projects:change_requests",
    "documents": "reports:all_documents",
    "base-indicators": "indicators:base_indicators",
    "periods": "indicators:periods",
    "my-forms": "indicators:my_submissions",
    "roll-up-audits": "indicators:roll_up_audits",
    "people": "organisations:people",
    "register-loads": "organisations:register_loading",
    "letters": "organisations:letters",
}
PAGE_OF_PROJECT = {
    "results": "projects:results",
    "redactions": "projects:redactions",
    "participants": "participants:project",
    "documents": "reports:documents",
    "indicators": "indicators:project_indicators",
    "breakdown": "indicators:project_breakdown",
    "methodology": "indicators:project_methodology",
    "monitoring": "reports:monitoring",
    "plan-fact": "reports:plan_fact",
}
# Pages whose tables are no lists, and why.
NO_LISTS = {
    "reports:styleguide": "samples of components",
    "reports:home": "the beginnings of lists that have pages of their own",
    "reports:overview": "the beginnings of lists that have pages of their own",
    "reports:figure_history": "versions of one figure",
    "reports:state_rules": "settings",
    "reports:progress": "a report, which is printed as a document",
    "reports:monitoring_report": "a report, which is printed as a document",
    "reports:monitoring_fix": "a question",
    "reports:plan_fact_indicator": "one row of «План и факт»",
    "reports:plan_fact_figure": "what one figure is made of",
    "indicators:entered": "versions of one figure",
    "indicators:formula": "one formula",
    "indicators:period_open": "what would be asked, before it is",
    "indicators:submission": "one form, which has a workbook",
    "indicators:submission_receipt": "one form",
    "indicators:review_submission": "one form",
    "indicators:workbook": "what came of one upload",
    "indicators:thresholds": "settings",
    "indicators:deadline_rules": "settings",
    "indicators:review_settings": "settings",
    "organisations:calendar": "settings",
    "organisations:notification_settings": "settings",
    "organisations:tokens": "one's own keys",
    "organisations:organisation": "one organisation",
    "participants:person": "one person",
    "participants:replace": "one person",
    "organisations:register_load": "one workbook, which is there to be downloaded",
    "projects:change_request": "one document, which is printed",
    "projects:change_request_section": "one document, which is printed",
    "projects:redaction": "one document, which is printed",
    "finance:line": "one line of money",
    "finance:enter": "a form",
    "finance:workbook": "uploads of workbooks",
    "finance:load": "what came of one upload",
    "finance:thresholds": "settings",
    "milestones:gantt": "the event plan as a picture",
    "milestones:row": "one row of the event plan",
    "milestones:row_undo": "one row of the event plan",
    "milestones:evidence_remove": "one row of the event plan",
    "milestones:rules": "settings",
    "api:guide": "a description",
}
# Rows that sum the list up, or lead out of it.
NO_ROWS = {"Среднее исполнение", "По проекту в целом", "Всего"}


def pages(world: World) -> list[tuple[str, str, Client]]:
    """Every page that the office may open, and those that only a school has."""
    office, school = browser_of(world, "office"), browser_of(world, "reporter")
    found = []
    for name, (method, about, signs) in ROUTES.items():
        for who, browser in (("office", office), ("reporter", school)):
            if method == "GET" and signs[PEOPLE.index(who)] == "+":
                found.append((name, reverse(name, args=[attrgetter(path)(world) for path in about.split()]), browser))
                break
    return found


@pytest.mark.django_db
def test_every_table_is_a_list_with_its_files_or_says_why_not(world: World) -> None:
    wrong = []
    for name, address, browser in pages(world):
        answer = browser.get(address)
        # Asked of its sign first: that reads a file to its end.
        if sign(answer) != "+" or answer.streaming or b"<main" not in answer.content:
            continue
        page = html.fromstring(answer.content.decode()).find(".//main")
        if page is None or page.find(".//table") is None or name in NO_LISTS:
            continue
        link = next((link for link in (a.get("href", "") for a in page.iter("a")) if ".csv" in link), "")
        if not link:
            wrong.append(f"{name}: no file of its list")
            continue
        rows = csv_rows(browser, link)
        told = squash(" ".join(cell for row in rows for cell in row))
        # A page may have other tables beside its list.
        lacking = [heads - {head for head in heads if head in told} for heads in map(row_heads, page.iter("table"))]
        if all(lacking):
            wrong.append(f"{name}: {min(lacking, key=len)} is not in the file")
        book = openpyxl.load_workbook(BytesIO(browser.get(link.replace(".csv", ".xlsx")).content))
        assert book.worksheets[0].max_row >= len(rows), name
    assert not wrong, "\n".join(wrong)


def csv_rows(browser: Client, address: str) -> list[list[str]]:
    text = browser.get(address).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


def row_heads(table: html.HtmlElement) -> set[str]:
    return {row_head(th)[:60] for th in table.iterfind("./tbody/tr/th[@scope='row']")} - NO_ROWS


def row_head(cell: html.HtmlElement) -> str:
    """The first words of the head of a row that are not its number."""
    for number in cell.iterfind(".//span[@class='row-number']"):
        number.text = ""
    texts = (squash(text) for text in cell.itertext())
    return next(filter(None, texts), "").removeprefix("Редакция № ").removeprefix("№ ")


@pytest.mark.django_db
def test_a_list_goes_to_those_who_see_its_page(world: World) -> None:
    assert set(LISTS) == set(PAGE_OF)
    assert set(LISTS_OF_PROJECT) == set(PAGE_OF_PROJECT)
    exports = {page: reverse("reports:list_export", args=[name, "csv"]) for name, page in PAGE_OF.items()}
    exports |= {
        page: reverse("reports:project_list_export", args=[world.project.pk, name, "csv"])
        for name, page in PAGE_OF_PROJECT.items()
    }
    browsers = {who: browser_of(world, who) for who in PEOPLE}
    for page, address in exports.items():
        signs = "".join(sign(browsers[who].get(address)) for who in PEOPLE)
        assert signs == ROUTES[page][2], page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "query", "kept", "left_out"),
    [
        ("projects", {"q": "рядом"}, "Школа рядом", "нет такого"),
        ("projects", {"q": "другого"}, "Проект", "Школа рядом"),
        ("change-requests", {"state": "approved"}, "Утверждён", "Черновик"),
        ("base-indicators", {"text": "безопасные"}, "Безопасные подъезды", "Подъезды к школе"),
        ("people", {"role": "auditor"}, "Шилов", "Орлова"),
    ],
)
def test_the_filter_of_the_page_holds_in_the_file(
    world: World, name: str, query: dict[str, str], kept: str, left_out: str
) -> None:
    answer = browser_of(world, "office").get(reverse("reports:list_export", args=[name, "csv"]), query)
    text = answer.content.decode("utf-8-sig")
    assert kept in text
    assert left_out not in text


def test_the_links_of_a_page_keep_its_filter_and_not_its_page(world: World, as_user: AsUser) -> None:
    page = as_user(world.cast.office).get(reverse("projects:list"), {"q": "рядом", "page": "1"}).content.decode()
    address = reverse("reports:list_export", args=["projects", "csv"])
    assert f'href="{address}?q=%D1%80%D1%8F%D0%B4%D0%BE%D0%BC"' in page


@pytest.mark.parametrize("address", ["/lists/nothing.csv", "/lists/projects.pdf", "/lists/projects.exe"])
def test_another_list_or_ending_does_not_exist(project: Project, cast: Cast, as_user: AsUser, address: str) -> None:
    assert as_user(cast.office).get(address).status_code == 404


def test_what_looks_like_a_formula_is_a_text(
    project: Project, passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    payload = "=cmd|'/c calc'!A1"
    named = passport.model_copy(update={"short_title": payload})
    draft = change_request_open(
        passport=named, territory=region.root, project=None, source_file=None, actor=cast.office
    )
    approve(draft, cast.curator)
    client = as_user(cast.office)
    rows = csv_rows(client, reverse("reports:list_export", args=["projects", "csv"]))
    assert f"'{payload}" in {row[0] for row in rows}
    book = openpyxl.load_workbook(
        BytesIO(client.get(reverse("reports:list_export", args=["projects", "xlsx"])).content)
    )
    (cell,) = (cell for row in book.worksheets[0] for cell in row if cell.value == payload)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["projects", "change-requests", "documents"])
def test_the_number_of_queries_does_not_grow(
    project: Project, passport: Passport, region: Region, cast: Cast, as_user: AsUser, name: str
) -> None:
    client = as_user(cast.office)
    address = reverse("reports:list_export", args=[name, "csv"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    few = queries()
    for number in range(5):
        made = change_request_open(
            passport=passport.model_copy(update={"short_title": f"Проект {number}"}),
            territory=region.root,
            project=None,
            source_file=None,
            actor=cast.office,
        )
        approve(made, cast.curator)
    assert queries() == few
