"""The deadline that the rule proposes comes while people type, and what they typed stays."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenAs
from tests.conftest import Cast


@pytest.mark.django_db(transaction=True)
def test_a_day_that_was_typed_while_the_rule_was_asked_stays(open_as: OpenAs, cast: Cast) -> None:
    page = open_as(cast.office, reverse("indicators:period_open"))
    day = page.locator("[name=deadline_date]")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/periods/**", hold)
    with page.expect_request("**/periods/**"):
        page.select_option("[name=kind]", "month")
    day.fill("2027-03-15")
    with page.expect_response("**/periods/**"):
        late[0].continue_()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    expect(day).to_have_value("2027-03-15")

    page.unroute("**/periods/**")
    page.reload()
    with page.expect_response("**/periods/**"):
        page.select_option("[name=kind]", "year")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    expect(day).not_to_have_value("2027-03-15")
