"""Completeness: nodes × periods as a heat map, organisations × periods below it, and the same in a file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import PeriodOrganisation, ReportingPeriod, Submission
from indicators.selectors.turnout import MEASURES, Scope, Turnout, first_node, turnout_of
from organisations.models import Organisation, User
from organisations.services import organisation_create
from tests.conftest import Region
from tests.indicators.steps import open_period
from tests.world import World

AsUser = Callable[[User], Client]
ADDRESS = "/completeness/"


@pytest.fixture
def second(world: World) -> ReportingPeriod:
    """A second quarter of the year in which nobody did anything."""
    return open_period(world.cast.office, world.project, number=2)


def counted(world: World, node: Organisation, user: User, **scope: object) -> dict[str, Turnout]:
    rows = turnout_of(Scope(node, (world.period,), **scope), user)  # type: ignore[arg-type]
    return {row.node.short_name if row.node else "": row.cells[0] for row in rows}


def page_of(client: Client, **query: str | int) -> str:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_each_municipality_has_its_counts(world: World, region: Region) -> None:
    # Accepted, waiting, returned in the town; begun in the village.
    assert counted(world, region.root, world.cast.office) == {
        region.town.short_name: Turnout(expected=3, submitted=1, accepted=1),
        region.district.short_name: Turnout(expected=1, missing=1),
    }


def test_measures_follow_from_the_counts() -> None:
    turnout = Turnout(expected=10, submitted=3, passed=2, accepted=1, missing=3, late=2)
    told = {measure: getattr(turnout, measure) for measure in MEASURES}
    assert told == {
        "handed_in": 6,
        "on_time": 4,
        "late": 2,
        "checked": 3,
        "accepted": 1,
        "returned": 1,
        "missing": 3,
    }


def test_what_came_late_is_counted_apart(world: World, region: Region) -> None:
    Submission.objects.filter(pk=world.submitted.pk).update(late=True)

    town = counted(world, region.root, world.cast.office)[region.town.short_name]
    assert (town.on_time, town.late, town.handed_in) == (1, 1, 2)


def test_kinds_and_projects_narrow_who_counts(world: World, region: Region) -> None:
    office = world.cast.office
    assert counted(world, region.root, office, kind="college") == {}
    assert len(counted(world, region.root, office, kind="school", project_id=world.project.pk)) == 2
    assert counted(world, region.root, office, project_id=0) != {}
    assert counted(world, region.root, office, project_id=world.project.pk + 1) == {}


def test_organisations_right_under_the_region_have_a_row_of_their_own(world: World, region: Region) -> None:
    lyceum = organisation_create(kind="school", name="Лицей области", parent=region.root)
    period = open_period(world.cast.office, world.project, number=3)

    rows = turnout_of(Scope(region.root, (world.period, period)), world.cast.office)
    assert rows[-1].node is None
    assert rows[-1].cells == (Turnout(), Turnout(expected=1, missing=1))
    assert PeriodOrganisation.objects.get(organisation=lyceum).period == period


def test_a_coordinator_begins_at_the_own_municipality_and_counts_nobody_else(world: World, region: Region) -> None:
    assert first_node(world.cast.coordinator) == region.town
    assert list(counted(world, region.root, world.cast.coordinator)) == [region.town.short_name]
    assert first_node(world.cast.office) == region.root


def test_the_map_says_share_and_count_and_leads_down(world: World, region: Region, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    page = page_of(client)
    assert ">66\N{NO-BREAK SPACE}%<" in client.get(ADDRESS).content.decode()
    assert "2 из 3" in page
    assert "0 из 1" in page
    down = page_of(client, node=region.town.pk)
    for words in ("принята", "на проверке", "возвращена", region.schools[0].short_name):
        assert words in down
    assert reverse("indicators:submission", args=[world.returned.pk]) in down
    assert region.village_school.short_name not in down


def test_a_figure_leads_to_those_whom_it_counts(
    world: World, second: ReportingPeriod, region: Region, as_user: AsUser
) -> None:
    client = as_user(world.cast.office)
    assert "only=missing" in page_of(client, show="missing")
    page = page_of(client, node=region.town.pk, period=world.period.pk, only="returned")
    assert region.schools[2].short_name in page
    assert region.schools[0].short_name not in page
    assert str(second) not in page


def test_who_was_not_asked_is_no_missing_form(world: World, region: Region, as_user: AsUser) -> None:
    page = page_of(as_user(world.cast.office), node=region.town.pk)
    row = page[page.index(region.college.short_name) :]
    assert "не спрашивали" in row[: row.index("</tr>")]


def test_a_measure_is_chosen_in_the_address(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    assert "1 из 1" in page_of(client, show="missing")
    # Nonsense filters nothing.
    assert "2 из 3" in page_of(client, show="x", year="MMXX", kind="decade", project="1e9", organisations="zoo")


def test_the_file_holds_what_the_page_shows(
    world: World, second: ReportingPeriod, region: Region, as_user: AsUser
) -> None:
    client = as_user(world.cast.office)
    address = reverse("reports:completeness_export", args=["xlsx"])
    sheet = openpyxl.load_workbook(BytesIO(client.get(address).content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [region.town.short_name, 2, 3, 0, 3] in rows
    assert ["Всего", 2, 4, 0, 4] in rows
    address = reverse("reports:completeness_export", args=["csv"])
    text = client.get(address, {"node": region.town.pk}).content.decode("utf-8-sig")
    assert f"{region.schools[2].short_name};возвращена;не начата" in text


def test_other_nodes_and_endings_do_not_exist(world: World, region: Region, as_user: AsUser) -> None:
    client = as_user(world.cast.coordinator)
    for node in (region.district.pk, region.schools[0].pk, 0, "9" * 30, "x"):
        assert client.get(ADDRESS, {"node": node}).status_code == 404
    assert client.get("/completeness/export.exe").status_code == 404


def test_nothing_to_show_is_said_kindly(region: Region, cast: object, as_user: AsUser) -> None:
    assert "Отчётных периодов ещё нет" in page_of(as_user(cast.office))  # type: ignore[attr-defined]


@pytest.mark.parametrize("deep", [False, True])
def test_the_page_costs_the_same_however_many_report(deep: bool, world: World, region: Region, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    query = {"node": region.town.pk} if deep else {}
    client.get(ADDRESS, query)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS, query)
    for n in range(10):
        town = organisation_create(kind="municipality", name=f"Посёлок {n}", parent=region.root)
        organisation_create(kind="school", name=f"Школа посёлка {n}", parent=town)
        organisation_create(kind="school", name=f"Школа {n} города", parent=region.town)
    open_period(world.cast.office, world.project, number=2)
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS, query)
    assert len(many) == len(few)
