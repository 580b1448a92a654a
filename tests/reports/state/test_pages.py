"""The pages over projects: one on one screen, all of them, a few side by side, municipalities, a figure's history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.services import submission_accept
from jobs.services import run_queued
from organisations.models import User
from projects.models import Project
from projects.services.approval import change_request_approve, errors_of
from projects.services.proposals import change_request_open
from reports.models import Deviation, PartKind, PartState
from reports.overview import overview_of
from reports.state.selectors import states_of
from reports.views.ranking import ranked
from tests.conftest import Cast, Region
from tests.world import World

AsUser = Callable[[User], Client]


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").split())


def page(client: Client, name: str, *args: object, **query: Any) -> str:
    return text(client.get(reverse(name, args=args), query))


def give_parts(project: Project, number: int, status: str, kind: PartKind = PartKind.INDICATOR) -> None:
    PartState.objects.bulk_create(
        PartState(
            project=project,
            kind=kind,
            row_id=uuid.uuid4(),
            year=year,
            source_id=1,
            position=n,
            number=str(n),
            name=f"Часть {n}",
            status=status,
            is_current=year == 2026,
            is_settled=True,
            target=Decimal(50),
            actual=Decimal(48),
        )
        for n in range(number)
        for year in (2025, 2026)
    )


def another_project(world: World, title: str, status: str = "green", **more: Any) -> Project:
    given = {"territory": world.region.root, "level": "regional", "title": title, "short_title": title, **more}
    made = Project.objects.create(**given)
    give_parts(made, 2, status)
    return made


# --- The front page of a project --------------------------------------------------------------------------------


def test_one_screen_says_how_the_project_goes(world: World, as_user: AsUser) -> None:
    shown = page(as_user(world.cast.curator), "reports:overview", world.project.pk)
    assert "Как идёт проект" in shown
    assert "критические отклонения" in shown
    assert "Доля школ с безопасным подъездом" in shown
    assert "1 из 4 форм" in shown
    assert f'href="/deviations/{world.deviation.pk}/"' in shown
    assert "Утверждена редакция № 1" in shown
    assert reverse("reports:figure_history", args=[world.project.pk, "indicator", world.part.row_id]) in shown


def test_money_that_nobody_told_of_is_no_zero(project: Project, cast: Cast, as_user: AsUser) -> None:
    run_queued()
    client = as_user(cast.curator)
    assert "сведения не представлены, план 1,5 млн руб." in page(client, "reports:overview", project.pk)
    assert "сведений нет" in page(client, "reports:portfolio")


def test_a_school_sees_the_project_and_not_its_deviations(world: World, as_user: AsUser) -> None:
    shown = page(as_user(world.cast.village_reporter), "reports:overview", world.project.pk)
    assert "Как идёт проект" in shown
    assert "/deviations/" not in shown


def test_the_front_page_tells_of_the_deviations_that_the_person_may_list(world: World) -> None:
    cast, project = world.cast, world.project
    told: list[dict[str, Any]] = [{}, {"state": "closed", "closed_at": timezone.now(), "closing": "Догнали"}]
    for owner in (cast.village_reporter, cast.curator, None):
        for more in told:
            given = {"kind": "indicator", "row_id": uuid.uuid4(), "status": "red", "owner": owner}
            Deviation.objects.create(project=project, **given, **more)
    [state] = states_of([project])
    counts = set()
    for person in (cast.office, cast.curator, cast.auditor, cast.coordinator, cast.village_reporter, *cast.reporters):
        shown, listed = overview_of(state, person, today=timezone.localdate()), Deviation.objects.visible_to(person)
        own = listed.filter(project=project)
        assert shown.live == own.live().count()
        closed = {reverse("reports:deviation", args=[row.pk]) for row in own.filter(state="closed")}
        assert {change.href for change in shown.changes if "отклонение" in change.title} == closed
        counts.add(shown.live)
    assert counts == {0, 1, 5}


def test_the_front_page_costs_the_same_however_large_the_project_is(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, "reports:overview", world.project.pk)
        return len(queries)

    first = cost()
    give_parts(world.project, 100, "yellow")
    give_parts(world.project, 40, "red", PartKind.CONTROL_POINT)
    assert cost() == first


# --- All projects -----------------------------------------------------------------------------------------------


def test_the_portfolio_lists_the_worst_first(world: World, as_user: AsUser) -> None:
    good, middling = another_project(world, "Хороший"), another_project(world, "Средний", "yellow")
    shown = page(as_user(world.cast.curator), "reports:portfolio")
    order = [shown.index(f'href="/projects/{row.pk}/"') for row in (world.project, middling, good)]
    assert order == sorted(order)
    other = page(as_user(world.cast.curator), "reports:portfolio", sort="-state")
    assert other.index("Хороший") < other.index("Средний")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "yellow"}, {"Средний"}),
        ({"q": "средн"}, {"Средний"}),
        ({"person": "Зорина И.П."}, {"Хороший"}),
        ({"level": "municipal"}, set()),
        ({"status": "нет такого"}, {"Хороший", "Средний"}),
    ],
)
def test_the_filter_of_the_address_narrows_page_and_file_alike(
    world: World, as_user: AsUser, query: dict[str, str], found: set[str]
) -> None:
    another_project(world, "Хороший", head="Зорина И.П.")
    another_project(world, "Средний", "yellow", curator="Котов А.А.")
    client = as_user(world.cast.auditor)
    titles = {"Хороший", "Средний"}
    shown = page(client, "reports:portfolio", **query)
    assert {title for title in titles if f">{title}</a>" in shown} == found
    file = client.get(reverse("reports:portfolio_export", args=["csv"]), query).content.decode()
    assert {title for title in titles if f"\n{title};" in file} == found


def test_the_portfolio_costs_the_same_however_many_projects_there_are(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, "reports:portfolio")
        return len(queries)

    first = cost()
    for n in range(12):
        another_project(world, f"Проект {n}")
    assert cost() == first


def test_projects_stand_side_by_side(world: World, as_user: AsUser) -> None:
    others = [another_project(world, f"Проект {n}") for n in range(4)]
    client = as_user(world.cast.curator)
    shown = page(client, "reports:comparison", p=[world.project.pk, others[0].pk])
    assert shown.index("Школа рядом</a>") < shown.index("Проект 0</a>")
    for chosen in (
        [world.project.pk],
        [world.project.pk, 10**9],
        ["x"],
        [row.pk for row in others] + [world.project.pk],
    ):
        assert "Выберите от двух до четырёх" in page(client, "reports:comparison", p=chosen)


# --- Municipalities ---------------------------------------------------------------------------------------------


def test_municipalities_are_ranked_with_their_coverage(world: World, as_user: AsUser, region: Region) -> None:
    shown = page(as_user(world.cast.curator), "reports:ranking")
    assert "Больше — лучше" in shown
    assert "1 из 3" in shown
    assert "без значения 1" in shown
    assert shown.index(region.town.short_name) < shown.index(region.district.short_name)
    assert "нет значения" in shown


def test_equal_values_share_places_and_missing_ones_have_none() -> None:
    def node(name: str, value: int | None) -> Any:
        place = type("Place", (), {"sort_key": name})()
        return type("Node", (), {"place": place, "value": None if value is None else Decimal(value)})()

    nodes = [node("а", 5), node("б", None), node("в", 0), node("г", 5), node("д", 9)]
    told = [(row.place, row.node.place.sort_key) for row in ranked(nodes, decreasing=False)]
    assert told == [("1", "д"), ("2–3", "а"), ("2–3", "г"), ("4", "в"), ("", "б")]
    told = [(row.place, row.node.place.sort_key) for row in ranked(nodes, decreasing=True)]
    assert told == [("1", "в"), ("2–3", "а"), ("2–3", "г"), ("4", "д"), ("", "б")]


def test_nonsense_in_the_address_of_the_ranking_shows_the_first_there_is(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.curator)
    assert "1 из 3" in page(client, "reports:ranking", project="x", indicator="9" * 5000, period="-1")
    file = client.get(reverse("reports:ranking_export", args=["csv"])).content.decode()
    assert "нет значения" in file


# --- The history of a figure ------------------------------------------------------------------------------------


def test_a_target_changed_by_a_redaction_is_seen_with_who_and_when(world: World, as_user: AsUser) -> None:
    before = world.redaction.passport
    changed = before.indicators[0].model_copy(update={"targets": {"2025": Decimal(45), "2026": Decimal(100)}})
    proposed = before.model_copy(update={"indicators": (changed,)})
    request = change_request_open(
        passport=proposed, territory=world.region.root, project=world.project, source_file=None, actor=world.cast.office
    )
    change_request_approve(
        change_request=request,
        version=request.version,
        actor=world.cast.curator,
        protocol_number="9",
        protocol_date=dt.date(2026, 2, 2),
        waivers=dict.fromkeys(errors_of(request), "так решено"),
    )
    shown = page(
        as_user(world.cast.auditor), "reports:figure_history", world.project.pk, "indicator", world.part.row_id
    )
    assert "№ 2 от 02.02.2026" in shown
    assert '45 <span class="small soft">изменено</span>' in shown
    assert "Журавлёв П. К." in shown
    assert "I квартал 2026 г." in shown
    assert "Протокол № 4" in shown


def test_a_plan_mended_by_a_redaction_closes_the_deviation_by_itself(world: World, as_user: AsUser) -> None:
    test_a_target_changed_by_a_redaction_is_seen_with_who_and_when(world, as_user)
    run_queued()
    assert Deviation.objects.get(pk=world.deviation.pk).state == "closed"


@pytest.mark.parametrize("kind", ["result", "control_point", "money", "нет"])
def test_a_history_is_of_a_row_of_its_own_kind(world: World, as_user: AsUser, kind: str) -> None:
    address = f"/projects/{world.project.pk}/history/{kind}/{world.part.row_id}/"
    assert as_user(world.cast.office).get(address).status_code == 404


@pytest.mark.parametrize("kind", ["control_point", "money"])
def test_points_and_money_have_their_history(world: World, as_user: AsUser, kind: str) -> None:
    points, lines = world.project.planrows.filter(kind=kind), world.project.financelines.all()
    row = (points if kind == "control_point" else lines).latest("position")
    shown = page(as_user(world.cast.auditor), "reports:figure_history", world.project.pk, kind, row.row_id)
    assert "План по редакциям паспорта" in shown


# --- Deviations -------------------------------------------------------------------------------------------------


def test_what_was_refused_keeps_what_was_typed(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    given = {
        "reason": "Сорван срок",
        "measure": "",
        "owner": "",
        "due": "31.11.2026",
        "version": world.deviation.version,
    }
    answer = client.post(reverse("reports:deviation_explain", args=[world.deviation.pk]), given)
    assert answer.status_code == 422
    shown = unescape(answer.content.decode())
    assert "Сорван срок" in shown
    assert "Такой даты нет" in shown
    stale = {**given, "measure": "Торги", "owner": world.cast.head.pk, "due": "2099-01-01", "version": 0}
    answer = client.post(reverse("reports:deviation_explain", args=[world.deviation.pk]), stale)
    assert answer.status_code == 422
    assert "отклонение изменилось" in answer.content.decode()


def test_the_list_is_narrowed_by_its_address_and_sent_as_shown(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.auditor)
    assert "Доля школ" in page(client, "reports:deviations", state="explained", kind="indicator", text="доля")
    assert "не подходит" in page(client, "reports:deviations", state="open", kind="indicator")
    assert "не подходит" in page(client, "reports:deviations", state="overdue")
    file = client.get(reverse("reports:deviations_export", args=["csv"]), {"state": "explained"}).content.decode()
    assert "Заключить договор с другим поставщиком." in file


def test_the_list_costs_the_same_however_long_it_is(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, "reports:deviations")
        return len(queries)

    first = cost()
    Deviation.objects.bulk_create(
        Deviation(
            project=world.project, kind="indicator", row_id=uuid.uuid4(), year=2025, name=f"Строка {n}", status="red"
        )
        for n in range(20)
    )
    assert cost() == first


def test_home_asks_for_reasons_and_reminds_the_owner(world: World, as_user: AsUser) -> None:
    assert "Меры, за которые отвечаете вы" in text(as_user(world.cast.administrator).get("/"))
    assert "Школа построена" not in text(as_user(world.cast.office).get("/"))
    Deviation.objects.create(
        project=world.project, kind="result", row_id=uuid.uuid4(), year=2025, name="Школа построена", status="red"
    )
    assert "Школа построена" in text(as_user(world.cast.office).get("/"))
    assert "Школа построена" not in text(as_user(world.cast.curator).get("/"))


def test_the_rules_are_on_the_screen_with_the_thresholds_of_today(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    shown = page(client, "reports:state_rules")
    assert "просрочена больше чем на 30 дней" in shown
    given = {"effective_from": "2026-01-01", "red_after": "10", "slip": "5"}
    assert client.post(reverse("reports:state_rules"), given).status_code == 302
    assert "просрочена больше чем на 10 дней" in page(client, "reports:state_rules")
    answer = client.post(reverse("reports:state_rules"), {**given, "slip": "0"})
    assert answer.status_code == 422


def test_the_state_follows_the_next_accepted_form(world: World, as_user: AsUser) -> None:
    submission_accept(submission=world.submitted, version=world.submitted.version, actor=world.cast.office)
    run_queued()
    assert PartState.objects.get(pk=world.part.pk).accepted == 2
    assert PartState.objects.get(pk=world.part.pk).under_way == "37,5\u00a0% плана года"
