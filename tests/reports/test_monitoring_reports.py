"""The monitoring report: it fills itself, people add only words, and once it is fixed nothing of it changes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.services import submission_accept
from jobs.services import run_queued
from milestones.models import PlanRow
from milestones.services import completion_undo
from organisations.models import User
from projects.models import Project
from reports.models import GeneratedDocument, MonitoringReport
from reports.monitoring.services import monitoring_begin, monitoring_fix, monitoring_write
from tests.conftest import Cast, Region
from tests.reports.test_progress_page import next_redaction
from tests.world import World

AsUser = Callable[[User], Client]
PAYLOAD = '=HYPERLINK("http://evil.example","Отчёт")'


def page_of(client: Client, report: MonitoringReport) -> str:
    return client.get(reverse("reports:monitoring_report", args=[report.pk])).content.decode()


def write(client: Client, report: MonitoringReport, version: int | None = None, **words: str) -> Any:
    body = {"version": report.version if version is None else version, **words}
    return client.post(reverse("reports:monitoring_report", args=[report.pk]), body)


def begin(world: World, kind: str, year: int, number: int) -> MonitoringReport:
    return monitoring_begin(project=world.project, kind=kind, year=year, number=number, actor=world.cast.office)


def test_it_fills_itself_with_what_was_known_on_the_last_day(world: World, as_user: AsUser) -> None:
    page = page_of(as_user(world.cast.auditor), world.monitoring)
    assert "За I квартал 2026 г., нарастающим итогом с 01.01.2026" in page
    assert "25<br>1\u00a0из\u00a04" in page
    assert "Под фактом стоит, сколько форм организаций принято и сколько ожидалось." in page
    # Money in thousands: planned, contracted, executed, in percent of the plan.
    for figure in ("1\u202f500,0", "900,0", "450,0", "30,0\u00a0%"):
        assert figure in page
    assert "просрочено" in page
    assert "Покрытие уложено" in page


def test_money_that_nobody_reported_is_not_zero_in_all(world: World, as_user: AsUser) -> None:
    own = world.redaction.passport.finance
    town = own[-1].model_copy(update={"id": None, "number": "1.1.2", "name": "местные бюджеты", "source": "municipal"})
    next_redaction(world.project, world.region, world.cast, finance=(*own, town))
    page = page_of(as_user(world.cast.office), begin(world, "month", 2026, 2))
    total = re.search(r">Всего</th>(.*?)</tr>", page, re.DOTALL)
    assert total is not None
    assert re.findall(r"<td[^>]*>(.*?)</td>", total[1])[:4] == ["3\u202f000,0", "—", "—", "—"]


def test_a_point_is_told_with_the_activity_that_overruns_it(world: World, as_user: AsUser) -> None:
    row = PlanRow.objects.get(project=world.project, number="1.1.1")
    completion_undo(row=row, version=1, reason="Акт отозван.", actor=world.cast.office)
    assert "просрочено, под угрозой: 1.1.1" in page_of(as_user(world.cast.auditor), world.monitoring)


def test_what_came_after_the_period_is_not_told(world: World, as_user: AsUser) -> None:
    """The quarter's forms and money are of its last day: the report of February knows neither."""
    page = page_of(as_user(world.cast.office), begin(world, "month", 2026, 2))
    assert "не наступил" in page
    assert "1\u00a0из\u00a04" not in page
    assert "450,0" not in page


def test_a_deviation_of_the_period_is_told_with_its_reason_and_measure(world: World, as_user: AsUser) -> None:
    page = page_of(as_user(world.cast.office), begin(world, "year", dt.datetime.now(tz=dt.UTC).year, 1))
    assert "Подрядчик сорвал срок поставки." in page
    assert "Заключить договор с другим поставщиком." in page


def test_people_add_words_and_each_version_stays(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    assert write(client, world.monitoring, money="Аванс выплачен.").status_code == 302
    assert write(as_user(world.cast.head), world.monitoring, plan="Покрытие укладывают.").status_code == 302
    assert world.monitoring.words == {"money": "Аванс выплачен.", "plan": "Покрытие укладывают."}
    page = page_of(client, world.monitoring)
    assert "Волкова А. С.: Финансирование".replace(" ", "") in page.replace("\u00a0", "").replace(" ", "")
    assert "ГромовБ.И.:Планмероприятий" in page.replace("\u00a0", "").replace(" ", "")
    assert "Пояснения: Аванс выплачен." in page_of(as_user(world.cast.auditor), world.monitoring)


def test_words_of_somebody_else_are_not_overwritten_and_ours_stay_on_the_page(world: World, as_user: AsUser) -> None:
    seen = world.monitoring.version
    write(as_user(world.cast.head), world.monitoring, money="Раньше")
    answer = write(as_user(world.cast.office), world.monitoring, seen, money="Позже")
    assert answer.status_code == 409
    assert "изменил кто-то другой" in answer.content.decode()
    assert "Позже" in answer.content.decode()
    assert world.monitoring.words == {"money": "Раньше"}


def test_too_many_words_are_refused_and_kept_on_the_page(world: World, as_user: AsUser) -> None:
    answer = write(as_user(world.cast.office), world.monitoring, general="ы" * 5001)
    assert answer.status_code == 422
    assert "Не больше 5000 знаков." in answer.content.decode()
    assert "ы" * 5001 in answer.content.decode()
    assert world.monitoring.words == {}


def test_the_page_saves_by_itself(world: World, as_user: AsUser) -> None:
    address = reverse("reports:monitoring_autosave", args=[world.monitoring.pk])
    client = as_user(world.cast.office)
    body = {"version": world.monitoring.version, "plan": "Идём по плану.", "money": "ы" * 5001}
    answer = client.post(address, body).json()
    assert answer["version"] == world.monitoring.version
    assert answer["errors"] == {"money": "Не больше 5000 знаков."}
    assert world.monitoring.words == {"plan": "Идём по плану."}
    assert client.post(address, body).status_code == 409
    assert as_user(world.cast.auditor).post(address, body).status_code == 403
    assert as_user(world.cast.stranger).post(address, body).status_code == 404


def test_nothing_new_makes_no_version(world: World) -> None:
    row = world.monitoring
    kept = monitoring_write(report=row, words={"money": "  "}, version=row.version, actor=world.cast.office)
    assert kept.version == row.version


def fix(client: Client, report: MonitoringReport) -> HttpResponse:
    address = reverse("reports:monitoring_fix", args=[report.pk])
    assert client.get(address).status_code == 200
    return client.post(address, {"version": report.version})  # type: ignore[return-value]


def test_it_is_fixed_after_a_question_and_numbered(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    report = world.monitoring
    answer = client.post(
        reverse("reports:monitoring_report", args=[report.pk]),
        {"version": report.version, "general": "Всё готово.", "action": "submit"},
    )
    assert answer["Location"] == reverse("reports:monitoring_fix", args=[report.pk])
    assert fix(client, world.monitoring).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.registration) == ("fixed", 2)
    assert f"№ 2 от {dt.datetime.now(tz=dt.UTC):%d.%m.%Y}"[:5] in page_of(client, report)
    assert write(client, report, general="Поздно").status_code == 409
    assert fix_again(client, report).status_code == 409


def fix_again(client: Client, report: MonitoringReport) -> Any:
    return client.post(reverse("reports:monitoring_fix", args=[report.pk]), {"version": report.version})


def test_a_period_that_is_not_over_is_not_fixed(world: World, as_user: AsUser) -> None:
    running = begin(world, "year", dt.datetime.now(tz=dt.UTC).year, 1)
    answer = fix(as_user(world.cast.office), running)
    assert answer.status_code == 422
    assert "ещё не закончился" in answer.content.decode()


def test_a_fixed_report_does_not_change_with_the_figures(world: World, as_user: AsUser) -> None:
    report = world.monitoring
    monitoring_fix(report=report, version=report.version, actor=world.cast.office)
    before = page_of(as_user(world.cast.auditor), report)
    submission_accept(submission=world.submitted, version=world.submitted.version, actor=world.cast.office)
    run_queued()
    after = page_of(as_user(world.cast.auditor), report)
    assert "25<br>1\u00a0из\u00a04" in before
    assert "25<br>1\u00a0из\u00a04" in after
    again = begin(world, "quarter", 2026, 1)
    assert again.pk != report.pk
    assert "2\u00a0из\u00a04" in page_of(as_user(world.cast.auditor), again)


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_a_fixed_report_is_printed_once(world: World, as_user: AsUser, ending: str) -> None:
    client = as_user(world.cast.auditor)
    address = reverse("reports:monitoring_print", args=[world.fixed_monitoring.pk])
    first = client.post(address, {"format": ending})["Location"]
    run_queued()
    assert client.post(address, {"format": ending})["Location"] == first
    document = GeneratedDocument.objects.select_related("file").get(kind="monitoring")
    assert document.file is not None
    assert document.title == "Отчёт № 1 о ходе реализации проекта «Школа рядом» за январь 2026 г."
    assert document.file.sha256 in client.get(first).content.decode()
    draft = reverse("reports:monitoring_print", args=[world.monitoring.pk])
    assert client.post(draft, {"format": ending}).status_code == 404


def test_words_are_never_a_formula(world: World, as_user: AsUser) -> None:
    report = world.monitoring
    monitoring_write(report=report, words={"general": PAYLOAD}, version=report.version, actor=world.cast.office)
    fixed = monitoring_fix(report=report, version=world.monitoring.version, actor=world.cast.office)
    as_user(world.cast.office).post(reverse("reports:monitoring_print", args=[fixed.pk]), {"format": "xlsx"})
    run_queued()
    document = GeneratedDocument.objects.select_related("file").get(kind="monitoring")
    assert document.file is not None
    book = openpyxl.load_workbook(BytesIO(document.file.read()))
    (cell,) = (cell for row in book.worksheets[0] for cell in row if PAYLOAD in str(cell.value))
    assert cell.data_type == "s"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "half_year", "number": "1", "year": "2026"}, "Выберите корректный вариант"),
        ({"kind": "quarter", "number": "5", "year": "2026"}, "от 1 до 4"),
        ({"kind": "month", "number": "1", "year": "2099"}, "ещё не начался"),
        ({"kind": "month", "number": "", "year": "x"}, "Введите целое число"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    project: Project, cast: Cast, as_user: AsUser, given: dict[str, str], sentence: str
) -> None:
    answer = as_user(cast.office).post(reverse("reports:monitoring", args=[project.pk]), given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not MonitoringReport.objects.exists()


def test_the_draft_of_a_period_is_one(project: Project, cast: Cast) -> None:
    first, second = (
        monitoring_begin(project=project, kind="month", year=2026, number=3, actor=actor)
        for actor in (cast.office, cast.head)
    )
    assert first == second


def test_readers_read_and_do_not_write(world: World, as_user: AsUser) -> None:
    begun = {"kind": "month", "number": "3", "year": "2026"}
    for reader in (world.cast.auditor, world.cast.curator, world.cast.coordinator):
        client = as_user(reader)
        assert 'name="general"' not in page_of(client, world.monitoring)
        assert write(client, world.monitoring, general="Я").status_code == 403
        assert client.post(reverse("reports:monitoring", args=[world.project.pk]), begun).status_code == 403
    stranger = as_user(world.cast.stranger)
    assert write(stranger, world.monitoring, general="Я").status_code == 404


def test_the_database_refuses_half_a_report(project: Project, cast: Cast) -> None:
    made = monitoring_begin(project=project, kind="month", year=2026, number=3, actor=cast.office)
    for wrong in ({"state": "fixed"}, {"registration": 1}, {"state": "signed"}, {"kind": "half_year"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MonitoringReport.objects.filter(pk=made.pk).update(**wrong)


def test_the_number_of_queries_does_not_grow(project: Project, region: Region, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)
    report = monitoring_begin(project=project, kind="quarter", year=2026, number=1, actor=cast.office)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page_of(client, report)
        return len(found)

    queries()
    few = queries()
    passport = project.redactions.get().passport
    plan = tuple(
        row.model_copy(update={"id": None, "number": f"{n}.{row.number}", "name": f"{row.name} {n}"})
        for n in range(2, 12)
        for row in passport.plan
        if row.kind == "activity"
    )
    indicators = tuple(
        passport.indicators[0].model_copy(update={"id": None, "number": str(n), "name": f"Показатель {n}, процент"})
        for n in range(2, 12)
    )
    next_redaction(project, region, cast, indicators=(*passport.indicators, *indicators), plan=(*plan, *passport.plan))
    assert queries() == few
