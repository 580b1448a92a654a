"""Plan and fact on the page: the figure, its plan, status and coverage, and the way down to the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Indicator
from indicators.selectors import drill_down
from indicators.selectors.plan_fact import plan_fact
from indicators.services import direct_figure_enter, submission_accept
from jobs.services import run_queued
from organisations.models import Organisation, User
from organisations.selectors import municipalities
from organisations.services import organisation_create
from reports.documents.dataset import on_paper
from reports.models import GeneratedDocument
from reports.plan_fact import plan_fact_dataset
from tests.conftest import Region
from tests.world import World

AsUser = Callable[[User], Client]


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def figure_url(world: World, node: int) -> str:
    return reverse("reports:plan_fact_figure", args=[world.project.pk, world.indicator.pk, world.period.pk, node])


def test_the_figure_stands_with_plan_status_and_coverage(world: World, as_user: AsUser) -> None:
    page = text(as_user(world.cast.office).get(reverse("reports:plan_fact", args=[world.project.pk])))
    assert f'href="{figure_url(world, world.region.root.pk)}">25</a>' in page
    assert "план 100" in page
    assert "не наступил" in page
    assert "25,0 % плана года" in page
    assert "1 из 4" in page


def test_a_forecast_gives_the_year_its_colour_and_says_so(world: World, as_user: AsUser) -> None:
    direct_figure_enter(
        indicator=world.indicator,
        organisation=world.region.root,
        year=2026,
        kind="forecast",
        value=Decimal(60),
        reason="Дороги построят не все",
        actor=world.cast.office,
    )
    client = as_user(world.cast.office)
    own = reverse("reports:plan_fact_indicator", args=[world.project.pk, world.indicator.pk])
    ranking = f"{reverse('reports:ranking')}?project={world.project.pk}"
    for address in (
        reverse("reports:plan_fact", args=[world.project.pk]),
        own,
        figure_url(world, world.region.root.pk),
    ):
        assert "критические отклонения по прогнозу" in text(client.get(address)), address
    # The forecast is that of the region: municipalities have none.
    assert "критические отклонения" not in text(client.get(ranking))


def test_another_accepted_form_changes_the_figure_by_itself(world: World, as_user: AsUser) -> None:
    submission_accept(submission=world.submitted, version=world.submitted.version, actor=world.cast.office)
    run_queued()
    page = text(as_user(world.cast.office).get(reverse("reports:plan_fact", args=[world.project.pk])))
    assert ">37,5</a>" in page
    assert "2 из 4" in page


def test_a_municipality_has_its_own_figures_and_plan(world: World, as_user: AsUser, region: Region) -> None:
    address = reverse("reports:plan_fact", args=[world.project.pk])
    page = text(as_user(world.cast.office).get(address, {"node": region.town.pk}))
    assert "1 из 3" in page
    assert as_user(world.cast.office).get(address, {"node": region.schools[0].pk}).status_code == 404
    assert as_user(world.cast.office).get(address, {"node": "х"}).status_code == 404


def test_municipalities_to_choose_from_are_those_of_now(world: World, as_user: AsUser, region: Region) -> None:
    client, address = as_user(world.cast.office), reverse("reports:plan_fact", args=[world.project.pk])

    def offered() -> set[str]:
        page = text(client.get(address, {"node": region.district.pk}))
        assert f'<option value="{region.district.pk}" selected>' in page
        return set(re.findall(r'<option value="\d+"(?: selected)?>(.*?)</option>', page))

    assert offered() == {region.town.short_name, region.district.short_name}
    Organisation.objects.filter(pk=region.town.pk).update(short_name="Новый Город")
    assert offered() == {"Новый Город", region.district.short_name}
    organisation_create(kind="municipality", name="Новый район", parent=region.root)
    organisation_create(kind="municipality", name="Чужой район", parent=organisation_create(kind="region", name="Иная"))
    assert offered() == {"Новый Город", "Новый район", region.district.short_name}


def test_a_municipality_committed_out_of_turn_is_offered_a_minute_later(
    world: World, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = as_user(world.cast.office), reverse("reports:plan_fact", args=[world.project.pk])
    monkeypatch.setattr(municipalities, "monotonic", lambda: 0.0)
    client.get(address)
    trail = Organisation.pgh_event_model.objects  # type: ignore[attr-defined]
    last = trail.latest("pgh_id").pk
    made = organisation_create(kind="municipality", name="Новый район", parent=world.region.root)
    trail.filter(pgh_id__gt=last).update(pgh_id=0)
    assert made.short_name not in text(client.get(address))
    monkeypatch.setattr(municipalities, "monotonic", lambda: 60.0)
    assert made.short_name in text(client.get(address))


def test_from_the_region_down_to_the_form(world: World, as_user: AsUser, region: Region) -> None:
    client = as_user(world.cast.office)
    assert figure_url(world, region.town.pk) in text(client.get(figure_url(world, region.root.pk)))
    assert figure_url(world, region.schools[0].pk) in text(client.get(figure_url(world, region.town.pk)))
    bottom = text(client.get(figure_url(world, region.schools[0].pk)))
    form = world.period.submissions.get(organisation=region.schools[0])
    assert reverse("indicators:submission", args=[form.pk]) in bottom
    assert "100 × safe ÷ roads" in bottom


def test_a_figure_leads_to_those_whose_forms_it_lacks(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    page = text(client.get(figure_url(world, world.region.district.pk)))
    link = unescape(page.split('">Кто не сдал форму')[0].rpartition('href="')[2])
    assert world.region.village_school.short_name in text(client.get(link))
    assert "Кто не сдал форму" not in text(
        as_user(world.cast.reporters[0]).get(figure_url(world, world.region.root.pk))
    )


def test_many_organisations_under_a_figure_stand_on_pages(
    world: World, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = as_user(world.cast.office), figure_url(world, world.region.town.pk)
    assert "Страницы" not in text(client.get(address))
    monkeypatch.setattr(drill_down, "PER_PAGE", 2)

    def schools(page: str) -> list[str]:
        shown = text(client.get(address, {"page": page}))
        assert f'href="{figure_url(world, world.region.root.pk)}"' in shown
        return [school.short_name for school in world.region.schools if f">{school.short_name}</a>" in shown]

    assert schools("") == [school.short_name for school in world.region.schools[:2]]
    assert schools("2") == [world.region.schools[2].short_name]
    assert schools("нет") == schools("")


def test_the_chart_of_an_indicator_has_its_values_beside(world: World, as_user: AsUser) -> None:
    address = reverse("reports:plan_fact_indicator", args=[world.project.pk, world.indicator.pk])
    page = text(as_user(world.cast.office).get(address))
    assert "<svg" in page
    assert "25" in page
    missing = reverse("reports:plan_fact_indicator", args=[world.project.pk, 999])
    assert as_user(world.cast.office).get(missing).status_code == 404


def test_each_row_in_print_is_headed_by_what_is_measured(world: World) -> None:
    table = plan_fact_dataset(world.project, plan_fact(world.project, world.cast.office))
    heads = [[cell.text for cell in row.cells if cell.names_row] for row in on_paper(table).rows]
    assert heads
    assert all(head == [world.indicator.name] for head in heads)


def test_the_table_is_printed_as_it_stands_now(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    client.post(reverse("reports:plan_fact_print", args=[world.project.pk]), {"node": "", "format": "xlsx"})
    submission_accept(submission=world.submitted, version=world.submitted.version, actor=world.cast.office)
    run_queued()
    document = GeneratedDocument.objects.get(kind="plan_fact")
    assert document.file is not None
    book = openpyxl.load_workbook(BytesIO(document.file.read()))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {25, "принято форм 1 из 4", "не наступил"} <= cells


def test_the_table_costs_the_same_however_many_indicators(world: World, as_user: AsUser) -> None:
    client, address = as_user(world.cast.office), reverse("reports:plan_fact", args=[world.project.pk])
    client.get(address)  # the names of municipalities are kept from here on
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    Indicator.objects.bulk_create(
        Indicator(project=world.project, row_id=f"00000000-0000-4000-8000-{n:012d}", position=n, number=str(n))
        for n in range(10, 60)
    )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
