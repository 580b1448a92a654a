"""The nightly audit finds every figure that is not what accepted facts come to, says so, and repairs nothing."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from indicators.models import Indicator, NodeParts, ReportingPeriod, RollUpAudit
from indicators.rollup import audit_all, audit_period
from indicators.services import submission_accept
from indicators.tasks import audit_tonight
from jobs.services import run_queued
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.steps import hand_in, report, total

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast) -> None:
    report(period, {school: {"roads": "4", "safe": "1"} for school in region.schools}, reporter, cast.office)


def _corrupt(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1


@pytest.mark.usefixtures("reported")
def test_what_was_rolled_up_is_found_in_order(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        audit = audit_all()

    # An indicator at three nodes, and the parts of these three.
    assert (audit.periods, audit.compared, audit.differences, audit.listed) == (1, 6, 0, [])
    assert audit.finished_at is not None
    assert caplog.messages == []


@pytest.mark.usefixtures("reported")
def test_a_corrupted_value_is_told_and_left_as_it_is(
    indicator: Indicator, period: ReportingPeriod, region: Region, caplog: pytest.LogCaptureFixture
) -> None:
    _corrupt(f"UPDATE indicators_rolledupvalue SET value = 26 WHERE organisation_id = {region.town.pk}")

    with caplog.at_level(logging.ERROR):
        audit = audit_all()

    assert audit.differences == 1
    (found,) = audit.listed
    assert (found["period"], found["organisation"], found["indicator"]) == (period.pk, region.town.pk, indicator.pk)
    assert (found["kept"]["value"], found["right"]["value"]) == (26, 25)
    assert caplog.messages == [f"The audit of the roll-up found 1 differences in {period}."]
    assert total(indicator, period, region.town).value == 26


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE indicators_nodeparts SET total[1] = total[1] + 1 WHERE organisation_id = {node}",
        "UPDATE indicators_nodeparts SET accepted = ARRAY[2] WHERE organisation_id = {node}",
        "DELETE FROM indicators_nodeparts WHERE organisation_id = {node}",
        "DELETE FROM indicators_rolledupvalue WHERE organisation_id = {node}",
        "UPDATE indicators_rolledupvalue SET submitted = 4, expected = 4 WHERE organisation_id = {node}",
        "UPDATE indicators_rolledupvalue SET operands = '{{}}' WHERE organisation_id = {node}",
    ],
)
def test_whatever_is_corrupted_is_found(statement: str, period: ReportingPeriod, region: Region) -> None:
    _corrupt(statement.format(node=region.town.pk))

    assert audit_period(period_id=period.pk).differences == 1


@pytest.mark.usefixtures("reported")
def test_a_fact_that_somebody_wrote_past_the_portal_is_found(period: ReportingPeriod, region: Region) -> None:
    _corrupt(
        "DELETE FROM indicators_fact WHERE id = (SELECT min(id) FROM indicators_fact"
        f" WHERE organisation_id = {region.schools[0].pk})"
    )

    found = audit_period(period_id=period.pk)

    # The value and the parts of the town and of the region.
    assert found.differences == 4
    assert {row["organisation"] for row in found.listed} == {region.town.pk, region.root.pk}


@pytest.mark.usefixtures("reported")
def test_what_only_waits_for_its_roll_up_is_no_difference(
    period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    form = hand_in(period, region.village_school, reporter, roads="4", safe="4")
    submission_accept(submission=form, version=form.version, actor=cast.office)

    assert audit_period(period_id=period.pk).differences == 0
    assert audit_all().differences == 0
    assert NodeParts.objects.filter(period=period).count() == 3


@pytest.mark.usefixtures("reported")
def test_the_night_leaves_one_audit_however_often_it_is_told(period: ReportingPeriod) -> None:
    run_queued()
    audit_tonight()
    audit_tonight()
    run_queued()

    assert RollUpAudit.objects.count() == 1
