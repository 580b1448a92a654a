"""A control point and a line of money become parts of the state by themselves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from finance.entering import Given
from finance.models import FinanceLine
from finance.services import execution_enter
from jobs.services import run_queued
from milestones.models import PlanRow
from milestones.services import progress_save
from milestones.states import PlanRowState, state_of
from projects.models import Project
from reports.models import Deviation, PartState
from reports.state.plan_parts import colour_of
from reports.state.recomputing import state_recompute
from reports.state.thresholds import PlanRule
from tests.conftest import Cast

TODAY = dt.date(2026, 6, 15)
RULE = PlanRule(red_after=30, slip=14)


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("end", "actual", "forecast", "colour", "word"),
    [
        (days(40), None, None, "pending", "не наступил"),
        (days(3), None, None, "pending", "скоро срок"),
        (days(0), None, None, "pending", "скоро срок"),
        (days(-1), None, None, "yellow", "просрочено"),
        (days(-30), None, None, "yellow", "просрочено"),
        (days(-31), None, None, "red", "просрочено"),
        (days(-31), None, days(5), "red", "просрочено"),
        (days(40), None, days(53), "pending", "не наступил"),
        (days(40), None, days(54), "yellow", "ожидается позже срока"),
        (days(-5), days(-6), None, "green", "выполнено в срок"),
        (days(-50), days(-1), None, "green", "выполнено с опозданием"),
    ],
)
def test_the_dates_of_a_control_point_give_its_colour(
    end: dt.date, actual: dt.date | None, forecast: dt.date | None, colour: str, word: str
) -> None:
    stands = state_of(end=end, actual=actual, today=TODAY, soon_days=14)
    assert colour_of(PlanRowState(PlanRow(end=end), stands, TODAY, actual, forecast), RULE) == (colour, word)


def test_a_point_goes_overdue_by_itself_and_recovers_when_it_is_done(project: Project, cast: Cast) -> None:
    point = PlanRow.objects.get(project=project, kind="control_point")
    assert point.end
    state_recompute(project_id=project.pk, today=point.end)
    assert not Deviation.objects.filter(kind="control_point").exists()
    state_recompute(project_id=project.pk, today=point.end + dt.timedelta(days=1))
    opened = Deviation.objects.get(kind="control_point")
    assert (opened.status, opened.told) == ("yellow", "срок 31.10.2025, просрочено, под угрозой: 1.1.1")
    state_recompute(project_id=project.pk, today=point.end + dt.timedelta(days=40))
    opened.refresh_from_db()
    assert opened.status == "red"
    progress_save(
        row=point,
        version=0,
        completed_on=dt.date(2025, 12, 1),
        forecast=None,
        forecast_reason="",
        comment="",
        actor=cast.office,
    )
    run_queued()
    opened.refresh_from_db()
    assert (opened.state, opened.closed_by) == ("closed", None)
    assert "выполнено 01.12.2025" in opened.closing


def test_money_behind_its_quarter_opens_a_deviation(project: Project, cast: Cast) -> None:
    line = FinanceLine.objects.get(project=project, source="regional")
    execution_enter(
        project=project,
        as_of=dt.date(2025, 12, 31),
        rows=[Given(line_id=line.pk, version=0, executed=Decimal(1_000_000), contracted=None, explanation="")],
        actor=cast.office,
    )
    run_queued()
    part = PartState.objects.get(kind="money", year=2025)
    assert (part.status, part.target, part.actual) == ("red", Decimal(1_500_000), Decimal(1_000_000))
    opened = Deviation.objects.get(kind="money")
    assert opened.told.replace("\u00a0", " ").startswith("исполнено 1 млн руб., план 1,5 млн руб.")
