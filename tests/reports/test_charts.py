"""The geometry of charts: what is higher is drawn higher, zero stands on the line, nothing leaves the picture."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts import HeatCell, PlanFactPoint, plan_fact, sparkline

D = Decimal


def test_a_greater_fact_is_a_taller_column() -> None:
    chart = plan_fact("Доля", "%", [PlanFactPoint("2024", D(50), D(20)), PlanFactPoint("2025", D(50), D(40))])
    low, high = chart.columns
    assert abs(high.fact_height - 2 * low.fact_height) <= 1
    assert low.plan_y == high.plan_y


def test_columns_stand_on_zero_and_the_grid_names_it() -> None:
    chart = plan_fact("Доля", "%", [PlanFactPoint("2024", None, D("97.5")), PlanFactPoint("2025", None, D(98))])
    for column in chart.columns:
        assert column.fact_y is not None
        assert column.fact_y + column.fact_height == chart.base_y
    assert [line.text for line in chart.grid if line.is_base] == ["0"]


def test_zero_is_drawn_and_missing_is_not() -> None:
    points = [
        PlanFactPoint("2023", D(10), D(0)),
        PlanFactPoint("2024", D(10), None, missing=True),
        PlanFactPoint("2025", D(10), None),
    ]
    zero, missing, ahead = plan_fact("Места", "мест", points).columns
    assert zero.fact_height > 0
    assert zero.text == "0"
    assert missing.fact_height == ahead.fact_height == 0
    assert missing.text == "нет"
    assert ahead.text == "10"


def test_the_grid_has_round_values_written_in_russian() -> None:
    chart = plan_fact("Деньги", "млн рублей", [PlanFactPoint("2024", D("2400"), D("1980.07"))])
    assert [line.text for line in chart.grid] == ["0", "1\u202f000", "2\u202f000", "3\u202f000"]
    small = plan_fact("Доля", "%", [PlanFactPoint("2024", D("0.4"), D("0.31"))])
    assert [line.text for line in small.grid] == ["0", "0,1", "0,2", "0,3", "0,4"]


@pytest.mark.parametrize("points", [[], [PlanFactPoint("2024", None, None)], [PlanFactPoint("2024", D(0), D(0))]])
def test_a_chart_of_nothing_is_still_a_chart(points: list[PlanFactPoint]) -> None:
    chart = plan_fact("Доля", "%", points)
    assert chart.width > chart.left
    assert len(chart.grid) >= 2


amounts = st.none() | st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12))
def test_nothing_leaves_the_picture(pairs: list[tuple[Decimal | None, Decimal | None]]) -> None:
    points = [PlanFactPoint(str(2020 + n), plan, fact) for n, (plan, fact) in enumerate(pairs)]
    chart = plan_fact("Проверка", "", points)
    for column in chart.columns:
        for y in (column.fact_y, column.plan_y, column.text_y):
            assert y is None or 0 <= y <= chart.height
        assert column.fact_y is None or column.fact_y + column.fact_height <= chart.height
        assert chart.left <= column.plan_x1 < column.plan_x2 <= chart.width


def test_a_sparkline_breaks_where_a_value_is_missing() -> None:
    spark = sparkline([D(1), D(2), None, D(3), D(4)])
    assert len(spark.lines) == 2
    assert spark.end_x == spark.width - 36


def test_a_single_value_is_a_point_and_none_draw_nothing() -> None:
    assert sparkline([None, D(5), None]).lines == ()
    assert sparkline([None, D(5), None]).end_x is not None
    assert sparkline([None, None]).end_x is None


def test_a_rising_series_ends_higher_than_it_began() -> None:
    (line,) = sparkline([D(1), D(5), D(9)]).lines
    ys = [int(dot.split(",")[1]) for dot in line.split()]
    assert ys == sorted(ys, reverse=True)


@pytest.mark.parametrize(
    ("accepted", "expected", "level"),
    [(0, 18, 0), (1, 18, 1), (6, 18, 2), (12, 18, 3), (17, 18, 3), (18, 18, 4), (0, 0, None), (20, 18, 4)],
)
def test_only_nobody_looks_empty_and_only_everybody_looks_full(accepted: int, expected: int, level: int | None) -> None:
    assert HeatCell(accepted, expected).level == level
