"""Deadline day: a municipal coordinator on her phone and the ministry at its desk, with a real worker behind them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from indicators.models import Indicator, ReportingPeriod, Submission
from indicators.services import evidence_add, submission_check
from indicators.services.review_settings import review_route_save
from organisations.models import Notification, User
from projects.models import Project
from tests.browser.conftest import NARROW, AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast, Region
from tests.indicators.attachments import png
from tests.indicators.steps import accept, agree, count, form_at, hand_in, open_period
from tests.worker import Worker

REMARK = "По списку школы 44 ученика, а не 440."
REASON = "Школа прислала поправку: учеников 30."
CLEAN = "Принять все на странице без замечаний"


@dataclass(frozen=True)
class Day:
    """The second quarter on its last day; a year ago, so to say, every school had 40 pupils and fed 20."""

    project: Project
    period: ReportingPeriod
    forms: tuple[Submission, ...]


@pytest.fixture
def day(project: Project, region: Region, cast: Cast) -> Day:
    """One school is ready, one slipped by a digit, one and the college are silent, the village waits for a decision."""
    pupils = count("pupils", cast.office, name="Сколько учеников в школе", unit="человек")
    count("fed", cast.office, name="Сколько из них едят в школе", not_above=pupils, evidence="welcome")
    agree(Indicator.objects.get(project=project), "100 * fed / pupils", cast.office)
    reporters = dict(zip(region.schools, cast.reporters, strict=True)) | {region.village_school: cast.village_reporter}
    first = open_period(cast.office, project, number=1)
    for school, head in reporters.items():
        accept(hand_in(first, school, head, pupils="40", fed="20"), cast.office)
    review_route_save(project=project, municipality_first=True, actor=cast.office)
    period = open_period(cast.office, project, number=2, deadline=timezone.now() + dt.timedelta(hours=1))
    ready, slipped, _ = region.schools
    evidence_add(
        submission=form_at(period, ready), code="fed", name="приказ.png", content=png(), actor=reporters[ready]
    )
    hand_in(period, ready, reporters[ready], pupils="40", fed="30")
    hand_in(period, slipped, reporters[slipped], pupils="440", fed="33")
    village = hand_in(period, region.village_school, cast.village_reporter, pupils="40", fed="20")
    submission_check(submission=village, version=village.version, actor=cast.administrator)
    return Day(project, period, tuple(form_at(period, school) for school in region.schools))


@pytest.mark.django_db(transaction=True)
def test_the_coordinator_and_the_ministry_on_deadline_day(
    open_as: OpenAs,
    worker: Worker,
    day: Day,
    cast: Cast,
    region: Region,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    coordinator = open_as(cast.coordinator, "/", NARROW)
    hurries_the_silent(coordinator, day, cast.reporters[2])
    assert_accessible(coordinator)
    screenshot(coordinator, "day-1-late")
    returns_the_odd_one(coordinator, region)
    passes_on(coordinator, day.forms[0])

    ReportingPeriod.objects.filter(pk=day.period.pk).update(deadline=timezone.now() - dt.timedelta(minutes=1))
    slipped = open_as(cast.reporters[1], "/", NARROW)
    expect(slipped.get_by_text("Исправьте ответы, у которых стоят замечания.")).to_be_visible()
    reports(slipped, day.forms[1], pupils="44", fed="33", sees=REMARK)
    silent = open_as(cast.reporters[2], "/", NARROW)
    reports(silent, day.forms[2], pupils="300", fed="150", why="Присоединили соседнюю школу.")
    coordinator.goto("/review/")
    expect(coordinator.locator("main tbody tr").first).to_contain_text("Школа № 3")
    expect(coordinator.locator("main tbody tr").first).to_contain_text("с опозданием")
    screenshot(coordinator, "day-2-queue")
    passes_on(coordinator, day.forms[1])
    passes_on(coordinator, day.forms[2])

    ministry = open_as(cast.office, "/")
    accepts_many_and_the_odd_one_by_itself(ministry, region, screenshot)
    finds_the_figure(ministry, day, "54,95", assert_accessible, screenshot)
    goes_down_to_the_evidence(ministry, region)

    # One accepted form is opened for correction; the figure follows.
    ministry.goto(reverse("indicators:review_reopen", args=[day.forms[2].pk]))
    ministry.get_by_label("Почему", exact=False).fill(REASON)
    ministry.get_by_role("button", name="Открыть для исправления").click()
    finds_the_figure(ministry, day, "66,94", assert_accessible, screenshot, accepted=3)
    silent.goto("/")
    expect(silent.get_by_text(REASON)).to_be_visible()
    reports(silent, day.forms[2], pupils="30", fed="15", why="Соседей посчитали по ошибке.")
    passes_on(coordinator, day.forms[2])
    ministry.goto(reverse("indicators:review_submission", args=[day.forms[2].pk]))
    ministry.get_by_role("button", name="Принять", exact=True).click()
    ministry.wait_for_load_state()
    finds_the_figure(ministry, day, "63,64", assert_accessible, screenshot)

    closes(ministry, day)
    sees_who_was_late(ministry, region, assert_accessible, screenshot)


def hurries_the_silent(page: Page, day: Day, head: User) -> None:
    page.get_by_role("link", name="II квартал 2026 г.: 2 организации").click()
    expect(page.get_by_role("row").filter(has_text="Ясногорский колледж")).to_contain_text("нет учётной записи")
    page.get_by_role("button", name="Напомнить всем в списке").click()
    expect(page.get_by_role("row").filter(has_text="Школа № 3")).to_contain_text("сегодня")
    reminded = Notification.objects.filter(kind="reminder").values_list("recipient", flat=True)
    assert list(reminded) == [head.pk]


def returns_the_odd_one(page: Page, region: Region) -> None:
    page.goto("/review/")
    first = page.locator("main tbody tr").first
    expect(first).to_contain_text("Это больше прошлого (40) в 11 раз")
    first.get_by_role("link", name=region.schools[1].short_name).click()
    page.get_by_text("Замечание к ответу").first.click()
    page.get_by_label("Замечание к ответу: Сколько учеников в школе").fill(REMARK)
    page.get_by_role("button", name="Вернуть на доработку").click()
    page.wait_for_load_state()
    assert Submission.objects.filter(organisation=region.schools[1], state="returned").exists()


def passes_on(page: Page, form: Submission) -> None:
    page.goto(reverse("indicators:review_submission", args=[form.pk]))
    page.get_by_role("button", name="Проверено, передать в министерство").click()
    page.wait_for_load_state()
    form.refresh_from_db()
    assert form.state == "checked"


def reports(page: Page, form: Submission, *, pupils: str, fed: str, sees: str = "", why: str = "") -> None:
    """A head fills in the form and sends it after the deadline, for the first time or again."""
    page.goto(reverse("indicators:submission", args=[form.pk]))
    expect(page.get_by_text(sees).first).to_be_visible()
    for name, value in {"Сколько учеников в школе": pupils, "Сколько из них едят в школе": fed}.items():
        page.get_by_label(name, exact=True).fill(value)
        if why:
            page.get_by_label(f"Пояснение: {name}").fill(why)
    page.get_by_role("button", name="Проверить и отправить").click()
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_text("Форма отправлена")).to_be_visible()
    form.refresh_from_db()
    assert form.late or form.corrected_late


def accepts_many_and_the_odd_one_by_itself(page: Page, region: Region, screenshot: Screenshot) -> None:
    page.get_by_role("link", name="Проверить 4 формы").click()
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("Присоединили соседнюю школу.")
    screenshot(page, "day-3-queue")
    page.get_by_role("button", name=CLEAN).click()
    expect(rows).to_have_count(1)
    rows.first.get_by_role("link", name=region.schools[2].short_name).click()
    page.get_by_role("button", name="Принять", exact=True).click()
    expect(page.get_by_text("Всё проверено")).to_be_visible()


def finds_the_figure(
    page: Page, day: Day, value: str, assert_accessible: AssertAccessible, screenshot: Screenshot, accepted: int = 4
) -> None:
    """Plan and fact of the project shows the figure of the region as soon as the worker has rolled it up."""
    cell = page.get_by_role("cell").filter(has_text=f"{accepted} из 5").filter(has_text=value)
    for _ in range(60):
        page.goto(reverse("reports:plan_fact", args=[day.project.pk]))
        if cell.count():
            break
        page.wait_for_timeout(250)
    expect(cell.first).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"day-4-figure-{value}")


def goes_down_to_the_evidence(page: Page, region: Region) -> None:
    """From the figure of the region to the form of one school and the file that proves it."""
    page.get_by_role("link", name="54,95").first.click()
    page.get_by_role("link", name=region.town.short_name).last.click()
    page.get_by_role("link", name=region.schools[0].short_name).last.click()
    expect(page.get_by_text("75").first).to_be_visible()
    page.get_by_role("link", name="Открыть форму целиком").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="приказ.png").click()
    assert Path(coming.value.path()).read_bytes() == png()


def closes(page: Page, day: Day) -> None:
    page.goto(reverse("indicators:period", args=[day.period.pk]))
    page.get_by_role("link", name="Закрыть период").click()
    page.get_by_role("button", name="Закрыть период").click()
    expect(page.get_by_text("Период закрыт: II квартал 2026 г.")).to_be_visible()
    day.period.refresh_from_db()
    assert not day.period.is_open


def sees_who_was_late(page: Page, region: Region, assert_accessible: AssertAccessible, screenshot: Screenshot) -> None:
    page.goto("/completeness/")
    town = page.get_by_role("row").filter(has_text=region.town.short_name)
    expect(town.first).to_contain_text(re.compile("3.+4"))
    assert_accessible(page)
    screenshot(page, "day-5-completeness")
    with page.expect_download() as coming:
        page.get_by_role("link", name="XLSX").first.click()
    book = openpyxl.load_workbook(BytesIO(Path(coming.value.path()).read_bytes()))
    told = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert [region.town.short_name, 3, 4, 3, 4] in told
