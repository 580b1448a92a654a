"""Thresholds are settings with a date of effect; a period keeps those that it was opened with."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from indicators.models import Measurement, ReportingPeriod, Threshold
from organisations.models import User
from tests.conftest import Cast
from tests.indicators.steps import open_period

AsUser = Callable[[User], Client]
ADDRESS = "/thresholds/"
SAID = {"effective_from": "2026-01-01", "green": "95", "yellow": "80,5"}


def test_the_ministry_sets_thresholds_from_a_day_on(cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)
    assert "Своих порогов ещё нет" in client.get(ADDRESS).content.decode()

    page = client.post(ADDRESS, SAID, follow=True).content.decode()

    assert "1 января" in page.replace("\xa0", " ")
    assert "от 95" in page
    assert "от 80,5" in page


def test_an_open_period_keeps_its_own(period: ReportingPeriod, cast: Cast, as_user: AsUser) -> None:
    as_user(cast.office).post(ADDRESS, SAID)

    assert {row.green for row in Measurement.objects.filter(period=period)} == {100}
    later = open_period(cast.office, period.projects.get().project, number=4)
    assert {row.green for row in Measurement.objects.filter(period=later)} == {95}


def test_naming_the_day_again_mends_it(cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)
    client.post(ADDRESS, SAID)
    client.post(ADDRESS, {**SAID, "green": "98"})
    assert Threshold.objects.get().green == 98


def test_what_makes_no_sense_is_said_at_its_field(cast: Cast, as_user: AsUser) -> None:
    for changes in ({"green": "70"}, {"effective_from": "когда-нибудь"}, {"yellow": "-5"}, {"green": "NaN"}):
        answer = as_user(cast.office).post(ADDRESS, {**SAID, **changes})
        assert answer.status_code == 422
    assert not Threshold.objects.exists()


def test_readers_read_and_others_do_not(cast: Cast, as_user: AsUser) -> None:
    assert as_user(cast.auditor).get(ADDRESS).status_code == 200
    assert as_user(cast.auditor).post(ADDRESS, SAID).status_code == 403
    assert as_user(cast.reporters[0]).get(ADDRESS).status_code == 403


def test_the_rules_stand_on_the_page_of_plan_and_fact(period: ReportingPeriod, cast: Cast, as_user: AsUser) -> None:
    as_user(cast.office).post(ADDRESS, SAID)
    project = period.projects.get().project
    page = as_user(cast.office).get(reverse("reports:plan_fact", args=[project.pk])).content.decode()
    assert "факт ÷ план" in page
    assert "жёлтый от 80,5" in page
