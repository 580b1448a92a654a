"""«Ночная сверка»: whoever answers for the figures sees that they agree, or where they do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import ReportingPeriod, RolledUpValue
from indicators.rollup import audit_all
from jobs.services import run_queued
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.steps import report

pytestmark = pytest.mark.django_db
PAGE = "/periods/audits/"
AsUser = Callable[[User], Client]


@pytest.fixture
def corrupted(period: ReportingPeriod, region: Region, reporter: User, cast: Cast) -> ReportingPeriod:
    report(period, {school: {"roads": "4", "safe": "1"} for school in region.schools}, reporter, cast.office)
    RolledUpValue.objects.filter(organisation=region.town).update(value=26)
    return period


def test_before_the_first_night_it_says_so(as_user: AsUser, cast: Cast) -> None:
    assert "Сверок ещё не было" in as_user(cast.auditor).get(PAGE).content.decode()


def test_a_night_without_differences(
    period: ReportingPeriod, region: Region, reporter: User, cast: Cast, as_user: AsUser
) -> None:
    report(period, {region.schools[0]: {"roads": "4", "safe": "1"}}, reporter, cast.office)
    audit_all()

    page = as_user(cast.auditor).get(PAGE).content.decode()

    assert "расхождений не нашла" in page
    assert "Пересчитать" not in page


def test_a_difference_leads_to_what_the_figure_is_made_of_and_can_be_mended(
    corrupted: ReportingPeriod, region: Region, cast: Cast, as_user: AsUser
) -> None:
    audit_all()
    office = as_user(cast.office)

    page = office.get(PAGE).content.decode()
    measurement = corrupted.measurements.get()
    figure = reverse(
        "reports:plan_fact_figure",
        args=[measurement.indicator.project_id, measurement.indicator_id, corrupted.pk, region.town.pk],
    )
    assert figure in page
    assert region.town.short_name in page

    answer = office.post(reverse("indicators:period_recompute", args=[corrupted.pk]), follow=True)
    assert "пересчитывается" in answer.content.decode()
    run_queued()
    assert RolledUpValue.objects.get(organisation=region.town).value == 25
    assert audit_all().differences == 0


def test_the_page_asks_as_often_whatever_was_found(corrupted: ReportingPeriod, cast: Cast, as_user: AsUser) -> None:
    office = as_user(cast.office)
    audit_all()
    with CaptureQueriesContext(
        connection,
    ) as few:
        office.get(PAGE)
    RolledUpValue.objects.update(value=26)
    audit_all()
    with CaptureQueriesContext(connection) as many:
        office.get(PAGE)
    assert len(many) == len(few)


@pytest.mark.parametrize("who", ["auditor", "curator", "coordinator", "stranger"])
def test_nobody_but_those_who_manage_periods_has_one_computed_anew(
    corrupted: ReportingPeriod, cast: Cast, as_user: AsUser, who: str
) -> None:
    run_queued()
    answer = as_user(getattr(cast, who)).post(reverse("indicators:period_recompute", args=[corrupted.pk]))

    assert answer.status_code == 403
    assert run_queued() == 0
