"""A figure that only schools are asked for is over schools, whoever else stands on the roster of the project."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pgtrigger
import pytest
from django.apps import apps

from indicators.models import Indicator, Measurement, ReportingPeriod, RolledUpValue
from indicators.rollup import roll_up_period
from indicators.selectors.drill_down import DrillDown, drill_down
from indicators.selectors.plan_fact import plan_fact
from indicators.services import base_indicator_save
from jobs.models import Job
from jobs.services import run_queued
from organisations.models import Organisation, User
from organisations.services import organisation_create
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, agree, count, hand_in, indicator_of, measured, open_period, report, total


@pytest.fixture
def share(project: Project, cast: Cast) -> Indicator:
    """«Доля подключённых школ»: asked of schools alone."""
    count("connected", cast.office, kind="boolean", kinds=["school"])
    found = Indicator.objects.get(project=project)
    agree(found, "100 * connected / organisations", cast.office)
    return found


@pytest.fixture
def places(share: Indicator, cast: Cast) -> Indicator:
    """A second indicator of the project, for which colleges report as well."""
    count("places", cast.office, kinds=["school", "college"])
    found = indicator_of(share.project, "2")
    agree(found, "places", cast.office)
    return found


@pytest.fixture
def reported(share: Indicator, places: Indicator, region: Region, reporter: User, cast: Cast) -> ReportingPeriod:
    """Two schools of the town and its college are accepted, the third school handed in; the village is silent."""
    period = open_period(cast.office, share.project)
    figures = {
        region.schools[0]: {"connected": "да", "places": "5"},
        region.schools[1]: {"connected": "нет", "places": "5"},
        region.college: {"places": "7"},
    }
    hand_in(period, region.schools[2], reporter, connected="да", places="1")
    report(period, figures, reporter, cast.office)
    return period


def _coverage(value: RolledUpValue) -> tuple[int, int, int]:
    return value.expected, value.submitted, value.accepted


def test_a_share_of_schools_is_over_schools_and_so_is_its_coverage(
    reported: ReportingPeriod, share: Indicator, places: Indicator, region: Region
) -> None:
    town, whole = total(share, reported, region.town), total(share, reported, region.root)

    assert (town.value, _coverage(town)) == (Decimal(50), (3, 3, 2))
    assert (whole.value, _coverage(whole)) == (Decimal(50), (4, 3, 2))
    assert _coverage(total(places, reported, region.root)) == (5, 4, 3)


@pytest.mark.parametrize(
    ("formula", "value", "coverage"),
    [
        ("100 * connected / expected", 25, (4, 3, 2)),
        ("connected + places", 18, (5, 4, 3)),  # one operand is asked of colleges
        ("expected", 5, (5, 4, 3)),  # nothing is asked: everybody on the roster of the project
        ("places - anything", 0, (5, 4, 3)),  # asked of all kinds
    ],
)
def test_a_formula_concerns_the_kinds_of_all_its_operands(
    formula: str,
    value: int,
    coverage: tuple[int, int, int],
    share: Indicator,
    places: Indicator,
    region: Region,
    reporter: User,
    cast: Cast,
) -> None:
    count("anything", cast.office)
    agree(share, formula, cast.office)
    agree(places, "places + anything + connected", cast.office)
    period = open_period(cast.office, share.project)
    school = {"places": "5", "anything": "5"}
    figures = {
        region.schools[0]: {**school, "connected": "да"},
        region.schools[1]: {**school, "connected": "нет"},
        region.college: {"places": "7", "anything": "7"},
    }
    hand_in(period, region.schools[2], reporter, connected="да", **school)
    report(period, figures, reporter, cast.office)

    found = total(share, period, region.root)
    assert (found.value, _coverage(found)) == (Decimal(value), coverage)


def test_a_municipality_of_colleges_has_no_share_of_schools(
    share: Indicator, places: Indicator, region: Region, cast: Cast, reporter: User
) -> None:
    north = organisation_create(kind="municipality", name="Северный район", parent=region.root)
    college = organisation_create(kind="college", name="Северный колледж", parent=north)
    period = open_period(cast.office, share.project)
    report(period, {college: {"places": "3"}}, reporter, cast.office)

    assert total(places, period, north).value == 3
    assert not RolledUpValue.objects.filter(indicator=share, organisation=north).exists()
    assert north not in _children(_down(share, period, region.root, cast.office))
    assert north in _children(_down(places, period, region.root, cast.office))


def _down(indicator: Indicator, period: ReportingPeriod, node: Organisation, person: User) -> DrillDown:
    found = drill_down(measured(indicator, period), node.pk, person)
    assert found is not None
    return found


def _children(found: DrillDown) -> set[Organisation]:
    return {child.place.organisation for child in found.children}


def test_the_way_down_shows_only_whom_the_figure_concerns(
    reported: ReportingPeriod, share: Indicator, places: Indicator, region: Region, cast: Cast
) -> None:
    assert _children(_down(share, reported, region.town, cast.office)) == set(region.schools)
    assert _children(_down(places, reported, region.town, cast.office)) == {*region.schools, region.college}

    assert drill_down(measured(share, reported), region.college.pk, cast.office) is None
    assert _down(places, reported, region.college, cast.office).node.value == 7

    college = plan_fact(share.project, cast.office, region.college).rows
    told = [(cell.actual, cell.coverage and cell.coverage.accepted) for row in college for cell in row.cells]
    assert [row.indicator for row in college] == [share, places]
    assert told == [(None, None), (7, 1)]


def test_an_organisation_counts_for_no_project_whose_roster_it_is_not_on(
    reported: ReportingPeriod, share: Indicator, region: Region, cast: Cast, reporter: User
) -> None:
    town = Project.objects.create(territory=region.town, level="municipal", title="Город", short_title="Город")
    own = indicator_of(town)
    agree(own, "places", cast.office)
    period = open_period(cast.office, share.project, town, number=2)
    report(period, {region.village_school: {"connected": "да", "places": "9"}}, reporter, cast.office)

    (row,) = plan_fact(town, cast.office, region.village_school).rows
    assert [cell.actual for cell in row.cells] == [None]


def test_what_a_kind_is_asked_no_more_drops_out_of_the_year(
    share: Indicator, places: Indicator, region: Region, reporter: User, cast: Cast
) -> None:
    trained = count("trained", cast.office, time="flow")
    agree(share, "trained", cast.office)
    first = open_period(cast.office, share.project, number=1)
    everybody = (region.schools[0], region.college)
    report(first, {node: {"trained": "10", "places": "1"} for node in everybody}, reporter, cast.office)

    base_indicator_save(
        instance=trained,
        code="trained",
        name=trained.name,
        kind="integer",
        over_organisations="sum",
        over_time="flow",
        kinds=["school"],
        actor=cast.office,
    )
    agree(places, "places + 0 * trained", cast.office)
    second = open_period(cast.office, share.project, number=2)
    school = hand_in(second, region.schools[0], reporter, trained="1", places="1")
    college = hand_in(second, region.college, reporter, places="1")
    for form in (school, college):
        accept(form, cast.office)
    run_queued()

    assert total(share, first, region.root).value == 20
    assert (total(share, second, region.root).value, _coverage(total(share, second, region.root))) == (
        Decimal(11),
        (4, 1, 1),
    )
    # The other indicator concerns colleges too, and yet has none of their former figures.
    assert total(places, second, region.root).operands == {"places": "2", "trained": "11"}
    assert _down(places, second, region.college, cast.office).node.value is None
    assert _down(places, second, region.schools[0], cast.office).figures[0].value == Decimal(11)


def test_the_kinds_are_frozen_with_the_period(reported: ReportingPeriod, share: Indicator, places: Indicator) -> None:
    kinds = {row.indicator_id: row.kinds for row in Measurement.objects.filter(period=reported)}

    assert kinds == {share.pk: ["school"], places.pk: ["college", "school"]}


def test_periods_that_were_open_before_kinds_were_kept_are_completed(
    reported: ReportingPeriod, share: Indicator, region: Region
) -> None:
    with pgtrigger.ignore("indicators.Measurement:frozen"):
        Measurement.objects.update(kinds=[])
    Job.objects.all().delete()
    RolledUpValue.objects.filter(indicator=share).update(expected=5)

    import_module("indicators.migrations.0003_measurement_kinds").freeze_kinds(apps, None)
    roll_up_period(period_id=reported.pk)

    assert measured(share, reported).kinds == ["school"]
    assert _coverage(total(share, reported, region.root)) == (4, 3, 2)
