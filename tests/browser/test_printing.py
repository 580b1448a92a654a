"""A page printed from the browser: a wide table stands on a turned sheet, whole, without what works the page."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from projects.passport.schema import Passport
from tests.browser.conftest import OpenAs
from tests.world import World

# What a sheet of A4 on its side has between its margins, at 96 dots an inch.
SHEET = {"width": 1031, "height": 718}
WORKS_THE_PAGE = "button, .button, nav, input, select, textarea, .site-bell"
CUT_OFF = "tables => tables.filter(t => t.getBoundingClientRect().right > window.innerWidth + 1).length"


@pytest.fixture
def passport(passport: Passport) -> Passport:
    """Eight years wide."""
    years = {str(year): "50" for year in range(2019, 2027)}
    document = passport.model_dump(mode="json")
    document["start"] = "2019-01-01"
    document["indicators"][0]["targets"] = years
    return Passport.model_validate(document)


def sheets(page: Page) -> set[tuple[int, int]]:
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return {(round(float(width)), round(float(height))) for width, height in boxes}


@pytest.mark.django_db(transaction=True)
def test_wide_tables_are_printed_whole_on_a_turned_sheet(world: World, open_as: OpenAs) -> None:
    project = [world.project.pk]
    page = open_as(world.cast.office, "/")
    for address in (
        reverse("reports:plan_fact", args=project),
        reverse("indicators:period", args=[world.period.pk]),
        reverse("milestones:project", args=project),
    ):
        page.goto(address)
        assert sheets(page) == {(842, 595)}, address

        page.emulate_media(media="print")
        page.set_viewport_size({"width": SHEET["width"], "height": SHEET["height"]})
        assert page.locator(".table").count()
        assert page.locator(".table").evaluate_all(CUT_OFF) == 0, address
        assert page.locator(WORKS_THE_PAGE).filter(visible=True).count() == 0, address
        page.emulate_media(media="null")


@pytest.mark.django_db(transaction=True)
def test_a_page_without_a_wide_table_is_printed_upright(world: World, open_as: OpenAs) -> None:
    page = open_as(world.cast.office, reverse("projects:detail", args=[world.project.pk]))
    assert sheets(page) == {(595, 842)}
