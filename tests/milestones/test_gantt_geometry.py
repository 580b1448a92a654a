"""Where things stand in the Gantt chart."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from milestones.gantt import FURTHEST_MONTHS, Scale, gantt_of, scale_of
from milestones.models import PlanRow
from milestones.states import PlanRowState, PlanState, state_of

TODAY = dt.date(2026, 3, 16)


def row(kind: str, end: dt.date | None, start: dt.date | None = None, **more: dt.date | None) -> PlanRowState:
    first_end = more.pop("first_end", end)
    actual, forecast = more.pop("actual", None), more.pop("forecast", None)
    state = state_of(end=end, actual=actual, today=TODAY, soon_days=14)
    planned = PlanRow(kind=kind, number="1.1", name="Строка", start=start, end=end, first_end=first_end)
    return PlanRowState(planned, state, TODAY, actual, forecast)


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def test_a_scale_begins_with_a_month_and_holds_every_date() -> None:
    scale = scale_of([row("activity", day(11, 30), day(2, 14))], today=TODAY)
    assert (scale.first, scale.months) == (day(2, 1), 10)
    assert scale.x(day(2, 1)) == 0
    assert scale.after(day(11, 30)) == scale.width
    assert scale.x(day(3, 1)) == scale.month
    assert scale.x(day(1, 1, 2020)) == 0, "what lies outside stands at the edge"
    assert scale.x(day(1, 1, 2030)) == scale.width


def test_ticks_are_months_or_quarters_by_the_room_there_is() -> None:
    short = Scale(day(11, 1), 4, 60)
    assert [tick.text for tick in short.ticks] == ["ноя", "дек", "янв", "фев"]
    assert [tick.is_year for tick in short.ticks] == [True, False, True, False]
    assert short.years == ((0, "2026"), (120, "2027"))
    long = Scale(day(1, 1), 24, 12)
    assert [tick.text for tick in long.ticks] == ["I", "II", "III", "IV"] * 2
    assert long.years == ((0, "2026"), (144, "2027"))
    begun = Scale(day(12, 1), 24, 12)
    assert [tick.text for tick in begun.ticks][:2] == ["IV", "I"]
    assert begun.years == ((12, "2027"), (156, "2028")), "one month has no room for its year"


def test_a_date_that_is_misspelt_does_not_make_a_mile_of_paper() -> None:
    scale = scale_of([row("activity", day(1, 1, 2204), day(1, 1, 1019))], today=TODAY)
    assert scale.months == FURTHEST_MONTHS
    assert 0 < scale.x(TODAY) < scale.width


def bars(state: PlanRowState) -> list[str]:
    (chart,) = gantt_of([row("result", day(12, 31), day(1, 1)), state], today=TODAY)
    found = chart.rows[1].bars
    assert all(later.x >= earlier.x + earlier.width for earlier, later in pairwise(found))
    return [bar.look for bar in found]


def test_bars_tell_what_happened_and_what_lies_beyond_the_deadline() -> None:
    assert bars(row("activity", day(5, 1), day(4, 1))) == []
    assert bars(row("activity", day(5, 1), day(2, 1))) == ["run"]
    assert bars(row("activity", day(5, 1), day(2, 1), forecast=day(6, 1))) == ["run", "forecast"]
    assert bars(row("activity", day(3, 1), day(2, 1))) == ["run", "overdue"]
    assert bars(row("activity", day(3, 1), day(2, 1), forecast=day(6, 1))) == ["run", "overdue", "forecast"]
    assert bars(row("activity", day(3, 1), day(2, 1), actual=day(2, 20))) == ["done"]
    assert bars(row("activity", day(3, 1), day(2, 1), actual=day(3, 10))) == ["done", "late"]
    assert bars(row("activity", day(3, 10), day(3, 1), actual=day(2, 10))) == ["done"], "before its time"
    assert bars(row("activity", None, day(3, 1))) == []


def test_a_point_is_a_diamond_where_it_was_planned_and_where_it_is_expected() -> None:
    (chart,) = gantt_of(
        [row("control_point", day(5, 1)), row("control_point", day(3, 1)), row("control_point", None)], today=TODAY
    )
    ahead, late, undated = chart.rows
    assert (ahead.point_x, ahead.reached_x) == (chart.scale.x(day(5, 1)), None)
    assert late.point_x == chart.scale.x(day(3, 1))
    assert late.reached_x == chart.today_x
    assert late.note == "+15\N{NO-BREAK SPACE}дн."
    assert (undated.point_x, undated.note) == (None, "срок не указан")
    assert not chart.head


def test_the_first_redaction_is_marked_where_a_later_one_moved_the_date() -> None:
    (chart,) = gantt_of(
        [row("activity", day(5, 1), day(2, 1), first_end=day(4, 1)), row("activity", day(5, 1))], today=TODAY
    )
    assert [line.first_x for line in chart.rows] == [chart.scale.x(day(4, 1)), None]


def test_a_chart_for_each_result_on_one_scale_open_where_it_is_urgent() -> None:
    calm = [row("result", day(12, 31), day(1, 1)), row("activity", day(11, 1), day(10, 1))]
    late = [row("result", day(12, 31), day(1, 1)), row("activity", day(3, 1), day(2, 1))]
    charts = gantt_of([*calm, *late], today=TODAY)
    assert [(chart.is_open, chart.troubled, len(chart.rows)) for chart in charts] == [(False, 0, 2), (True, 1, 2)]
    assert charts[0].scale == charts[1].scale
    assert all(chart.is_open for chart in gantt_of([*calm, *late], today=TODAY, all_open=True))
    assert charts[1].rows[1].of.state == PlanState.OVERDUE
