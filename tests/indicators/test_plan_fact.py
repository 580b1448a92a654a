"""Plan and fact by year, and the way down from a figure to the form that it comes from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator, ReportingPeriod, RolledUpValue, Target
from indicators.selectors.drill_down import DrillDown, drill_down
from indicators.selectors.forms import form_of
from indicators.selectors.plan_fact import Cell, PlanFact, plan_fact
from organisations.models import User
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.steps import agree, count, form_at, hand_in, indicator_of, measured, open_period, report

AFTER = dt.date(2100, 1, 1)
"""The year is over and so is the deadline of its periods."""


@pytest.fixture
def reported(period: ReportingPeriod, region: Region, reporter: User, cast: Cast) -> ReportingPeriod:
    figures = {
        region.schools[0]: {"roads": "4", "safe": "4"},
        region.schools[1]: {"roads": "4", "safe": "3"},
        region.village_school: {"roads": "2", "safe": "0"},
    }
    report(period, figures, reporter, cast.office)
    return period


def _cells(found: PlanFact) -> dict[int, Cell]:
    (row,) = found.rows
    return {cell.year: cell for cell in row.cells}


def test_each_year_has_its_target_its_actual_and_its_status(
    reported: ReportingPeriod, indicator: Indicator, cast: Cast
) -> None:
    Target.objects.create(indicator=indicator, year=2024, value=None)
    Target.objects.create(indicator=indicator, year=2110, value=100)
    found = plan_fact(indicator.project, cast.auditor, today=AFTER)
    cells = _cells(found)

    assert found.years == (2024, 2025, 2026, 2110)
    assert found.rows[0].formula == "100 × safe ÷ roads"
    told = {year: (c.target, c.actual, c.ratio, str(c.status)) for year, c in cells.items()}
    assert told == {
        2024: (None, None, None, "not_planned"),
        2025: (50, None, None, "grey"),
        2026: (100, 70, 70, "red"),
        2110: (100, None, None, "pending"),
    }
    assert cells[2026].coverage is not None
    assert (cells[2026].coverage.expected, cells[2026].coverage.accepted) == (4, 3)
    assert (cells[2026].as_of, cells[2026].period) == (reported.end, reported)
    assert found.rows[0].mean_ratio == 70


def test_the_latest_period_in_which_anything_was_accepted_stands_for_the_year(
    reported: ReportingPeriod, indicator: Indicator, region: Region, cast: Cast, reporter: User
) -> None:
    second = open_period(cast.office, indicator.project, number=2)
    hand_in(second, region.schools[0], reporter, roads="4", safe="4")
    assert _cells(plan_fact(indicator.project, cast.office))[2026].period == reported

    report(second, {region.schools[1]: {"roads": "4", "safe": "4"}}, reporter, cast.office)
    assert _cells(plan_fact(indicator.project, cast.office))[2026].period == second


def test_what_was_known_on_a_day_is_judged_as_of_that_day(reported: ReportingPeriod, indicator: Indicator) -> None:
    ReportingPeriod.objects.update(deadline=dt.datetime(2026, 4, 10, 20, 0, tzinfo=dt.UTC))

    def told(until: dt.date) -> tuple[Decimal | None, str]:
        cell = _cells(plan_fact(indicator.project, None, until=until, today=AFTER))[2026]
        return cell.actual, str(cell.status)

    assert told(dt.date(2026, 2, 28)) == (None, "pending")
    assert told(reported.end) == (Decimal(70), "pending")
    assert told(dt.date(2026, 12, 31)) == (Decimal(70), "red")


def test_one_municipality_has_its_own_targets_and_figures(
    reported: ReportingPeriod, indicator: Indicator, region: Region, cast: Cast
) -> None:
    cell = _cells(plan_fact(indicator.project, cast.office, region.district, today=AFTER))[2026]

    assert (cell.target, cell.actual, str(cell.status)) == (Decimal(100), Decimal(0), "red")


def test_one_school_is_computed_by_the_same_formula_and_shown_to_those_who_read_its_form(
    reported: ReportingPeriod, indicator: Indicator, region: Region, cast: Cast
) -> None:
    def cell(person: User) -> Cell:
        return _cells(plan_fact(indicator.project, person, region.schools[1]))[2026]

    for person in (cast.office, cast.coordinator, cast.reporters[1]):
        assert cell(person).actual == 75
    for person in (cast.reporters[0], cast.stranger):
        assert cell(person).actual is None


def test_a_decreasing_indicator_is_met_by_less(
    indicator: Indicator, region: Region, cast: Cast, reporter: User
) -> None:
    Indicator.objects.update(direction="decreasing")
    Target.objects.filter(organisation=None).update(value=35)
    period = open_period(cast.office, indicator.project)
    report(period, {region.schools[0]: {"roads": "4", "safe": "1"}}, reporter, cast.office)

    cell = _cells(plan_fact(indicator.project, cast.office))[2026]
    assert (cell.actual, cell.ratio, str(cell.status)) == (Decimal(25), Decimal(140), "green")


def _down(indicator: Indicator, period: ReportingPeriod, node_id: int, person: User) -> DrillDown:
    found = drill_down(measured(indicator, period), node_id, person)
    assert found is not None
    return found


def test_a_figure_leads_down_to_its_municipalities_schools_and_answers(
    reported: ReportingPeriod, indicator: Indicator, region: Region, cast: Cast
) -> None:
    top = _down(indicator, reported, region.root.pk, cast.office)
    assert [(row.place.short_name, row.value) for row in top.children] == [
        ("Город Ясногорск", Decimal("87.5")),
        ("Заречный район", Decimal(0)),
    ]
    assert [(figure.question.code, figure.value) for figure in top.figures] == [
        ("roads", Decimal(10)),
        ("safe", Decimal(7)),
    ]

    town = _down(indicator, reported, region.town.pk, cast.office)
    assert [row.organisation for row in town.trail] == [region.root, region.town]
    told = [(row.place.organisation_id, row.value, row.form.state if row.form else "") for row in town.children]
    assert told == [
        (region.schools[0].pk, Decimal(100), "accepted"),
        (region.schools[1].pk, Decimal(75), "accepted"),
        (region.schools[2].pk, None, "draft"),
    ]

    school = _down(indicator, reported, region.schools[1].pk, cast.office)
    assert school.children == ()
    assert [(q.code, answer.value if answer else None) for q, answer in school.answers] == [
        ("roads", Decimal(4)),
        ("safe", Decimal(3)),
    ]
    assert school.node.form == form_at(reported, region.schools[1])


def test_schools_are_shown_to_those_who_may_read_their_forms(
    reported: ReportingPeriod, indicator: Indicator, region: Region, cast: Cast
) -> None:
    measurement = measured(indicator, reported)

    own = _down(indicator, reported, region.town.pk, cast.reporters[0])
    assert [row.place.organisation for row in own.children] == [region.schools[0]]
    assert drill_down(measurement, region.schools[1].pk, cast.reporters[0]) is None
    assert drill_down(measurement, region.village_school.pk, cast.coordinator) is None


def test_what_takes_no_part_has_nothing_to_show(
    reported: ReportingPeriod, indicator: Indicator, region: Region, cast: Cast
) -> None:
    assert drill_down(measured(indicator, reported), region.college.pk, cast.office) is None
    assert drill_down(measured(indicator, reported), 0, cast.office) is None


@pytest.mark.parametrize("more", [0, 5])
def test_the_number_of_queries_does_not_grow_with_what_is_shown(
    more: int,
    reported: ReportingPeriod,
    indicator: Indicator,
    region: Region,
    cast: Cast,
    reporter: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(more):
        agree(indicator_of(indicator.project, str(number + 2)), "safe - roads", cast.office)
    for number in range(2, 2 + min(more, 3)):
        later = open_period(cast.office, indicator.project, number=number)
        report(later, {school: {"roads": "4", "safe": "4"} for school in region.schools}, reporter, cast.office)
    project = Project.objects.select_related("territory").get(pk=indicator.project_id)
    form = form_at(reported, region.schools[0])
    measurement = measured(indicator, reported)
    person = User.objects.get(pk=cast.office.pk)
    assert person.memberships.count() == 1

    with django_assert_num_queries(8):
        plan_fact(project, person)
    with django_assert_num_queries(14):
        plan_fact(project, person, region.schools[0])
    with django_assert_num_queries(14):
        drill_down(measurement, region.town.pk, person)
    with django_assert_num_queries(6):
        form_of(form)


def test_a_form_shows_last_time_the_target_and_the_year_so_far(
    indicator: Indicator, region: Region, cast: Cast, reporter: User
) -> None:
    count("trained", cast.office, time="flow", kinds=["school"])
    agree(indicator, "trained", cast.office)
    first = open_period(cast.office, indicator.project, number=1)
    report(first, {region.schools[0]: {"trained": "7"}}, reporter, cast.office)
    Target.objects.create(indicator=indicator, organisation=region.schools[0], year=2026, value=20)
    second = open_period(cast.office, indicator.project, number=2)

    form = form_of(form_at(second, region.schools[0]))
    (line,) = form.lines
    assert (line.code, line.value, line.previous, line.is_given) == ("trained", None, Decimal(7), False)
    assert (form.previous_period, form.answered) == (first, 0)
    (shown,) = form.indicators
    assert (shown.formula, shown.value, shown.target, shown.own_target) == ("trained", Decimal(7), Decimal(20), True)


def test_values_of_a_project_are_seen_by_those_who_see_it(reported: ReportingPeriod, cast: Cast) -> None:
    assert RolledUpValue.objects.visible_to(cast.reporters[0]).count() == 3
    assert not RolledUpValue.objects.visible_to(cast.stranger).exists()
