"""The event plan on its pages: document order, states, filters, files, the chart."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.services import run_queued
from milestones.models import PlanRow
from milestones.services import assignee_set
from organisations.models import User
from projects.models import Project
from projects.passport.schema import Passport
from reports.models import Deviation
from tests.conftest import Cast
from tests.indicators.attachments import pdf
from tests.milestones.conftest import PLAN, Saved, day, planned, redacted

RowOf = Callable[[str], PlanRow]
AsUser = Callable[[User], Client]


@pytest.fixture
def auditor(cast: Cast, as_user: AsUser) -> Client:
    return as_user(cast.auditor)


def page(client: Client, project: Project, name: str = "milestones:project", query: str = "") -> str:
    answer = client.get(reverse(name, args=[project.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_rows_stand_in_document_order_and_tell_their_kind(auditor: Client, project: Project) -> None:
    html = page(auditor, project)
    places = [html.index(words) for words in ("Уложить покрытие", "ведёт к 1.1", "Покрытие уложено")]
    assert places == sorted(places)
    assert [html.count(f'class="plan-{kind}"') for kind in ("result", "activity", "control_point")] == [1, 1, 1]
    assert "Уровни контроля: К – куратор; РП – руководитель проекта." in html


def test_the_plan_is_filtered_from_the_address(
    auditor: Client, plan: Project, row: RowOf, save: Saved, cast: Cast
) -> None:
    save(row("1"), comment="Всё по плану")
    assignee_set(row=row("1.2.1"), version=0, assignee=cast.coordinator, actor=cast.office)
    every = [row["number"] for row in PLAN]
    for query, numbers in (
        ({"kind": "activity"}, ["1.1.1", "1.1.2", "1.2.1"]),
        ({"state": "overdue"}, ["1.1.1"]),
        ({"state": "overrun"}, ["1.1.1", "1.1"]),
        ({"result": str(row("1").pk)}, every),
        ({"result": "0"}, every),
        ({"responsible": "журавлёв"}, ["1.1.2"]),
        ({"responsible": "климов"}, ["1.2.1"]),
        ({"responsible": "никто"}, []),
        ({"since": str(day(0)), "until": str(day(60))}, ["1.1.2", "1.1", "1.2.1"]),
        ({"kind": "нет такого", "since": "31.02.2026"}, every),
    ):
        found = auditor.get(reverse("milestones:project", args=[plan.pk]), query)
        assert [line.row.number for line in found.context["lines"]] == numbers, query
    assert "Enter a valid" not in page(auditor, plan, query="?since=31.02.2026")


def test_a_point_in_danger_is_seen_wherever_the_point_is(
    auditor: Client, as_user: AsUser, plan: Project, cast: Cast, row: RowOf, save: Saved
) -> None:
    assert "под угрозой: 1.1.1" in page(auditor, plan)
    assert "под угрозой" in page(auditor, plan, "milestones:gantt")
    assert "под угрозой: 1.1.1" in auditor.get(reverse("milestones:week")).content.decode()
    assert "под угрозой: 1.1.1" in as_user(cast.office).get("/").content.decode()
    point = row("1.1")
    assert "под угрозой: 1.1.1" in auditor.get(reverse("milestones:row", args=[plan.pk, point.pk])).content.decode()
    run_queued()
    assert "под угрозой: 1.1.1" in page(auditor, plan, "reports:overview")
    history = reverse("reports:figure_history", args=[plan.pk, "control_point", point.row_id])
    assert "под угрозой: 1.1.1" in auditor.get(history).content.decode()
    counted = "под угрозой: 1<"
    assert counted in page(auditor, plan, "reports:overview")
    assert counted in as_user(cast.office).get("/").content.decode()
    assert counted in auditor.get(reverse("reports:portfolio")).content.decode()
    sent = auditor.get(reverse("reports:portfolio_export", args=["csv"])).content.decode()
    assert "под угрозой: 1" in sent
    save(point, completed_on=day(0))
    run_queued()
    assert counted not in page(auditor, plan, "reports:overview")


def test_a_deviation_of_a_point_names_what_overruns_it(auditor: Client, plan: Project, row: RowOf, save: Saved) -> None:
    save(row("1.1"), forecast=day(40), forecast_reason="Подрядчик опаздывает")
    run_queued()
    told = Deviation.objects.get(project=plan, kind="control_point").told
    assert told == f"срок {day(5):%d.%m.%Y}, ожидается {day(40):%d.%m.%Y}, под угрозой: 1.1.1"
    assert told in auditor.get(reverse("reports:deviations")).content.decode()


def test_the_plan_leaves_as_a_file_exactly_as_filtered(auditor: Client, plan: Project, row: RowOf, save: Saved) -> None:
    save(row("1.1"), forecast=day(9), forecast_reason="Дожди")
    address = reverse("reports:plan_export", args=[plan.pk, "csv"])
    text = auditor.get(f"{address}?kind=control_point").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 3
    assert f"скоро срок;под угрозой: 1.1.1;;{day(5):%d.%m.%Y};{day(5):%d.%m.%Y};;{day(9):%d.%m.%Y};Дожди;4;" in lines[1]
    assert auditor.get(reverse("reports:plan_export", args=[plan.pk, "xlsx"])).status_code == 200
    assert auditor.get(address.replace(".csv", ".pdf")).status_code == 404


def test_the_chart_draws_every_row_and_has_a_table_behind_it(
    auditor: Client, plan: Project, row: RowOf, save: Saved
) -> None:
    save(row("1.1"), completed_on=day(0))
    html = page(auditor, plan, "milestones:gantt")
    assert html.count("<title>") == 1 + len(PLAN)
    assert "gantt-point-done" in html
    assert "gantt-overdue" in html
    assert "style=" not in html
    assert html.count("table-dense") == 1


def test_a_long_result_is_drawn_on_several_sheets_that_fit_paper(
    auditor: Client, passport: Passport, cast: Cast
) -> None:
    rows = [planned(f"1.1.{n}", "activity", n, -9) for n in range(1, 30)]
    html = page(auditor, redacted(passport, [PLAN[0], *rows], None, cast), "milestones:gantt")
    assert html.count("gantt-labels") == 2
    assert html.count("<title>") == 1 + 30


def test_each_date_leads_to_the_history_of_its_row(auditor: Client, plan: Project, row: RowOf, save: Saved) -> None:
    save(row("1.2"), forecast=day(95), forecast_reason="Подрядчик опаздывает")
    html = page(auditor, plan)
    for number, dates in (("1", 2), ("1.1", 1), ("1.2", 2)):
        history = reverse("milestones:row", args=[plan.pk, row(number).pk]) + "#history"
        assert html.count(f'href="{history}"') == dates, number


def test_rows_that_were_dropped_keep_their_progress(
    auditor: Client, as_user: AsUser, plan: Project, passport: Passport, cast: Cast, row: RowOf, save: Saved
) -> None:
    save(row("1.2.1"), comment="Договор подписан", completed_on=day(0))
    gone = row("1.2.1")
    proof = SimpleUploadedFile("акт.pdf", pdf())
    as_user(cast.office).post(reverse("milestones:evidence_add", args=[plan.pk, gone.pk]), {"file": proof})
    redacted(passport, [*PLAN[:4], PLAN[5]], plan, cast)
    compared = page(auditor, plan, "projects:compare")
    said = f"По строке есть сведения (выполнено {day(0):%d.%m.%Y}, комментарий, подтверждений: 1)"
    assert compared.count(said) == 1
    assert "исключена</summary>" not in page(auditor, plan)
    assert reverse("milestones:row", args=[plan.pk, gone.pk]) in page(auditor, plan)
    kept = auditor.get(reverse("milestones:row", args=[plan.pk, gone.pk])).content.decode()
    assert "исключила эту строку" in kept
    assert "Договор подписан" in kept


@pytest.mark.parametrize("name", ["milestones:project", "milestones:gantt", "reports:plan_export"])
def test_a_long_plan_costs_as_many_queries_as_a_short_one(
    auditor: Client, passport: Passport, cast: Cast, name: str
) -> None:
    def queries(project: Project) -> int:
        address = reverse(name, args=[project.pk, *(["csv"] if name.startswith("reports") else [])])
        with CaptureQueriesContext(connection) as asked:
            assert auditor.get(address).status_code == 200
        return len(asked)

    short = redacted(passport, PLAN, None, cast)
    rows = [planned(f"1.{n}.1", "activity", n, -9, responsible=f"Петров А.{'АБВГДЕ'[n % 6]}.") for n in range(1, 30)]
    long = redacted(passport, [PLAN[0], *rows], None, cast)
    assert queries(long) == queries(short)
