"""The status of a row of the plan: by dates alone, and over whole projects in two queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from milestones.models import PlanRow, PlanRule
from milestones.selectors import plan_states, states_of
from milestones.states import PlanRowState, PlanState, overruns_point, state_of
from projects.models import Project
from projects.passport.schema import Passport
from tests.conftest import Cast
from tests.milestones.conftest import PLAN, Saved, day, planned, redacted

TODAY = dt.date(2026, 3, 10)
RowOf = Callable[[str], PlanRow]


def march(number: int | None) -> dt.date | None:
    return None if number is None else dt.date(2026, 3, number)


@pytest.mark.parametrize(
    ("end", "actual", "state"),
    [
        (25, None, PlanState.NOT_DUE),
        (24, None, PlanState.DUE_SOON),
        (10, None, PlanState.DUE_SOON),
        (9, None, PlanState.OVERDUE),
        (9, 9, PlanState.DONE_IN_TIME),
        (25, 1, PlanState.DONE_IN_TIME),
        (9, 10, PlanState.DONE_LATE),
        (None, None, PlanState.UNDATED),
        (None, 9, PlanState.UNDATED),
    ],
)
def test_a_row_stands_where_its_dates_put_it(end: int | None, actual: int | None, state: PlanState) -> None:
    assert state_of(end=march(end), actual=march(actual), today=TODAY, soon_days=14) == state


@pytest.mark.parametrize(
    ("end", "actual", "forecast", "point", "overdue", "overruns"),
    [
        (12, None, None, 15, False, False),
        (15, None, None, 15, False, False),
        (16, None, None, 15, False, True),
        (12, None, 16, 15, False, True),
        (9, None, None, 15, True, True),
        (9, None, None, None, True, True),
        (12, None, None, None, False, False),
        (9, 15, None, 15, False, False),
        (9, 16, None, 15, False, True),
        (16, 14, None, 15, False, False),
    ],
)
def test_an_activity_overruns_its_control_point(
    end: int, actual: int | None, forecast: int | None, point: int | None, overdue: bool, overruns: bool
) -> None:
    told = overruns_point(
        end=march(end), actual=march(actual), forecast=march(forecast), point_end=march(point), overdue=overdue
    )
    assert told is overruns


def by_number(project: Project) -> dict[str, PlanRowState]:
    return {state.row.number: state for state in plan_states([project], today=timezone.localdate())}


def test_a_plan_is_judged_in_document_order(plan: Project, row: RowOf, save: Saved) -> None:
    save(row("1.2.1"), forecast=day(95), forecast_reason="Подрядчик")
    states = by_number(plan)

    assert list(states) == [row["number"] for row in PLAN]
    assert [state.state.value for state in states.values()] == [
        "not_due", "overdue", "due_soon", "due_soon", "not_due", "not_due",
    ]  # fmt: skip
    assert [number for number, state in states.items() if state.overruns] == ["1.1.1", "1.2.1"]
    assert {
        number: [row.number for row in state.overrun_by] for number, state in states.items() if state.overrun_by
    } == {
        "1.1": ["1.1.1"],
        "1.2": ["1.2.1"],
    }
    assert (states["1.1.1"].slip, states["1.2.1"].slip, states["1.2"].slip) == (10, 35, 0)


def test_a_point_alone_knows_what_overruns_it(plan: Project, row: RowOf) -> None:
    (state,) = states_of(PlanRow.objects.filter(pk=row("1.1").pk), today=timezone.localdate())
    assert [row.number for row in state.overrun_by] == ["1.1.1"]


def test_what_is_soon_is_a_setting_with_a_date_of_effect(plan: Project) -> None:
    PlanRule.objects.create(effective_from=day(1), soon_days=200, remind_before=7, remind_every=7)
    assert by_number(plan)["1"].state == PlanState.NOT_DUE
    PlanRule.objects.create(effective_from=day(0), soon_days=4, remind_before=7, remind_every=7)
    assert (by_number(plan)["1.1.2"].state, by_number(plan)["1.1"].state) == (PlanState.DUE_SOON, PlanState.NOT_DUE)


def test_a_redaction_that_moves_a_date_moves_the_state_and_the_progress_stays(
    plan: Project, passport: Passport, cast: Cast, row: RowOf, save: Saved
) -> None:
    save(row("1.1.1"), comment="Ждём погоды")
    save(row("1.2.1"), completed_on=day(-1))
    moved = planned("1.1.1", "activity", 40, -100)
    redacted(passport, [PLAN[0], moved, *PLAN[2:4], PLAN[5]], plan, cast)
    states = by_number(plan)

    assert states["1.1.1"].state == PlanState.NOT_DUE
    assert states["1.1.1"].progress
    assert states["1.1.1"].progress.comment == "Ждём погоды"
    assert (states["1.1.1"].slip, states["1.1.1"].slip_first) == (0, 50)
    assert states["1.1.1"].overruns, "planned after its point"
    assert "1.2.1" not in states
    dropped = row("1.2.1")
    assert dropped.archived_at
    assert dropped.progress.completed_on == day(-1)


def test_states_cost_the_same_for_any_number_of_projects(plan: Project, passport: Passport, cast: Cast) -> None:
    def queries(projects: list[Project]) -> int:
        with CaptureQueriesContext(connection) as asked:
            for state in plan_states(projects, today=timezone.localdate()):
                assert (state.row.project.territory, state.progress, state.row.result, state.overrun_by) is not None
        return len(asked)

    other = redacted(passport, PLAN, None, cast)
    assert queries([plan]) == queries([plan, other]) == 2
