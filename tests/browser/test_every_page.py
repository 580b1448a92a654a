"""Every page of the portal in a real browser: axe finds nothing, and no page scrolls sideways on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from organisations.models import User
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot, fits
from tests.platform.test_every_route import PEOPLE, ROUTES
from tests.world import World

Look = Callable[[Page, str], None]

# Addresses that answer with something else than a page of their own.
NOT_PAGES = {
    "api:schema",
    "health",
    "jobs:progress",
    "projects:change_request_file",
    "indicators:formula_check",
    "indicators:base_indicator_archive",
    "reports:download",
    "indicators:evidence_of_figure",
    "indicators:submission_evidence_file",
    "indicators:form_workbook_file",
    "indicators:municipality_workbook_file",
    "reports:period_export",
    "reports:deviations_export",
    "reports:portfolio_export",
    "reports:ranking_export",
    "reports:register_export",
    "organisations:register_template",
    "reports:review_export",
    "reports:late_export",
    "indicators:period_deadline",
    "milestones:evidence_file",
    "reports:plan_export",
    "reports:week_export",
    "reports:completeness_export",
    "reports:people_export",
    "finance:workbook_file",
    "reports:money_export",
    "reports:list_export",
    "reports:project_list_export",
}


def pages(world: World, who: str) -> Iterator[tuple[str, str]]:
    """Names and addresses of the pages that this person may open."""
    for name, (method, about, signs) in ROUTES.items():
        if method == "GET" and name not in NOT_PAGES and signs[PEOPLE.index(who)] == "+":
            yield name, reverse(name, args=[attrgetter(path)(world) for path in about.split()])


@pytest.fixture
def look(assert_accessible: AssertAccessible, screenshot: Screenshot) -> Iterator[Look]:
    """Judge a page at both widths. What is wrong is told at the end, for all pages at once."""
    wrong: list[str] = []

    def judge(page: Page, name: str) -> None:
        for width, height in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": height})
            if not fits(page):
                wrong.append(f"{page.url} scrolls sideways at {width} px")
            try:
                assert_accessible(page)
            except AssertionError as violations:
                wrong.append(f"{width} px: {violations}")
            screenshot(page, name.replace(":", "-"))

    yield judge
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_ministry_is_accessible(world: World, open_as: OpenAs, look: Look) -> None:
    page = open_as(world.cast.office, "/", NARROW)
    for name, address in pages(world, "office"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, name
        look(page, name)


@pytest.mark.django_db(transaction=True)
def test_pages_of_a_school_are_accessible(world: World, open_as: OpenAs, look: Look) -> None:
    """The head of the third school has a form that was returned: home, the form, its summary; then one handed in."""
    returned, accepted = world.cast.reporters[2], world.cast.reporters[0]
    form = reverse("indicators:submission", args=[world.returned.pk])
    check = reverse("indicators:submission_check", args=[world.returned.pk])
    receipt = reverse("indicators:submission", args=[world.period.submissions.get(organisation=world.first_school).pk])
    visits: list[tuple[User | None, str, str]] = [
        (returned, "/", "school-home"),
        (returned, reverse("indicators:my_submissions"), "school-forms"),
        (returned, form, "school-form"),
        (returned, check, "school-check"),
        (accepted, receipt, "school-receipt"),
        (accepted, f"{receipt}receipt/", "school-printed"),
        (None, "/sign-in/", "sign-in"),
        (None, reverse("reports:check", args=[world.document.public_id]), "document-check"),
        (world.cast.stranger, "/", "stranger-home"),
        (world.cast.stranger, "/projects/999/", "not-found"),
        (world.cast.auditor, "/periods/open/", "forbidden"),
    ]
    for person, address, name in visits:
        look(open_as(person, address, NARROW), name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("contrast", ["light", "dark"])
def test_the_version_for_weak_sight_is_accessible(world: World, open_as: OpenAs, look: Look, contrast: str) -> None:
    page = open_as(world.cast.office, "/", NARROW)
    page.context.add_cookies([{"name": "appearance", "value": f"huge.{contrast}.wide", "url": page.url}])
    for address in ("/", reverse("reports:plan_fact", args=[world.project.pk]), "/styleguide/"):
        page.goto(address)
        look(page, f"weak-sight-{contrast}")
