"""What a figure of a municipality or the region is made of."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pytest

from indicators.models import Indicator, ReportingPeriod, RolledUpValue, SubmissionState
from indicators.rollup import roll_up_period
from indicators.services import submission_return
from jobs.services import run_queued
from organisations.models import Organisation, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, agree, count, form_at, hand_in, indicator_of, open_period, report, total

pytestmark = pytest.mark.django_db


def _coverage(value: RolledUpValue) -> tuple[int, int, int]:
    return value.expected, value.submitted, value.accepted


class TestSevenSchoolsOfATown:
    """A municipal project with its breakdown by school: who is connected to fast Internet by the end of each year."""

    CONNECTED: ClassVar = {2019: 1, 2020: 2, 2021: 4, 2022: 5, 2023: 6, 2024: 7}
    SHARES: ClassVar = ["14.29", "28.57", "57.14", "71.43", "85.71", "100.00"]

    @pytest.fixture
    def town(self) -> Organisation:
        region = organisation_create(kind="region", name="Северская область")
        return organisation_create(kind="municipality", name="Город Солнечный", parent=region)

    @pytest.fixture
    def schools(self, town: Organisation) -> list[Organisation]:
        return [organisation_create(kind="school", name=f"Школа № {n}", parent=town) for n in range(1, 8)]

    @pytest.fixture
    def office(self, town: Organisation) -> User:
        return user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, town.parent),))  # type: ignore[arg-type]

    @pytest.fixture
    def reporter(self, town: Organisation) -> User:
        return user_create(login="all", full_name="Яковлева Зоя", roles=((Role.REPORTER, town),))

    @pytest.fixture
    def share(self, town: Organisation, office: User) -> Indicator:
        project = Project.objects.create(territory=town, level="municipal", title="Сеть", short_title="Сеть")
        count("connected", office, kind="boolean")
        found = indicator_of(project)
        agree(found, "100 * connected / organisations", office)
        return found

    def test_the_share_of_connected_schools_year_by_year(
        self, town: Organisation, schools: list[Organisation], share: Indicator, office: User, reporter: User
    ) -> None:
        shares = []
        for year, connected in self.CONNECTED.items():
            period = open_period(office, share.project, kind="year", year=year)
            answers = {
                school: {"connected": "да" if place < connected else "нет"} for place, school in enumerate(schools)
            }
            report(period, answers, reporter, office)
            value = total(share, period, town)
            assert _coverage(value) == (7, 7, 7)
            assert value.operands == {"connected": str(connected)}
            shares.append(f"{value.value:.2f}")

        assert shares == self.SHARES
        # The project is the town's: nothing is totalled above it.
        assert not RolledUpValue.objects.exclude(organisation=town).exists()

    def test_six_accepted_of_seven_are_the_whole_until_the_seventh_is(
        self, town: Organisation, schools: list[Organisation], share: Indicator, office: User, reporter: User
    ) -> None:
        period = open_period(office, share.project, kind="year", year=2024)
        report(period, {school: {"connected": "да"} for school in schools[:5]}, reporter, office)
        report(period, {schools[5]: {"connected": "нет"}}, reporter, office)
        last = hand_in(period, schools[6], reporter, connected="нет")
        run_queued()

        value = total(share, period, town)
        assert (value.value, _coverage(value)) == (Decimal("83.3333333333"), (7, 7, 6))

        accept(last, office)
        run_queued()
        value.refresh_from_db()
        assert (value.value, _coverage(value)) == (Decimal("71.4285714286"), (7, 7, 7))


def test_percentages_are_never_averaged(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    figures = {
        region.schools[0]: {"roads": "1", "safe": "1"},
        region.schools[1]: {"roads": "9", "safe": "0"},
        region.village_school: {"roads": "2", "safe": "1"},
    }
    report(period, figures, reporter, cast.office)

    assert [total(indicator, period, node).value for node in (region.town, region.district)] == [10, 50]
    assert total(indicator, period, region.root).value == Decimal("16.6666666667")


def test_zero_is_a_figure_and_silence_is_not(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    report(period, {region.schools[0]: {"roads": "4", "safe": "0"}}, reporter, cast.office)

    town, district = total(indicator, period, region.town), total(indicator, period, region.district)
    assert (town.value, town.operands, _coverage(town)) == (Decimal(0), {"roads": "4", "safe": "0"}, (3, 1, 1))
    assert (district.value, district.operands, _coverage(district)) == (None, {}, (1, 0, 0))


def test_a_division_by_zero_is_not_defined(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    report(period, {region.schools[0]: {"roads": "0", "safe": "0"}}, reporter, cast.office)

    assert total(indicator, period, region.town).value is None


def test_only_those_on_the_roster_of_a_project_count_for_it(
    indicator: Indicator, region: Region, reporter: User, cast: Cast
) -> None:
    town = Project.objects.create(territory=region.town, level="municipal", title="Город", short_title="Город")
    own = indicator_of(town)
    agree(own, "roads / expected", cast.office)
    period = open_period(cast.office, indicator.project, town)
    figures = {school: {"roads": "3", "safe": "0"} for school in (region.schools[0], region.village_school)}
    report(period, figures, reporter, cast.office)

    assert total(indicator, period, region.root).operands == {"roads": "6", "safe": "0"}
    assert total(own, period, region.town).operands == {"roads": "3"}
    assert total(own, period, region.town).value == 1
    assert not RolledUpValue.objects.filter(indicator=own).exclude(organisation=region.town).exists()


def test_what_does_not_apply_is_left_out_of_an_average(
    indicator: Indicator, region: Region, cast: Cast, reporter: User
) -> None:
    count("mark", cast.office, kind="decimal", over="average", may_not_apply=True, kinds=["school"])
    agree(indicator, "mark", cast.office)
    period = open_period(cast.office, indicator.project)
    figures = {
        region.schools[0]: {"mark": "4,5"},
        region.schools[1]: {"mark": "0"},
        region.schools[2]: {"mark": "not_applicable"},
    }
    report(period, figures, reporter, cast.office)

    value = total(indicator, period, region.town)
    assert (value.value, _coverage(value)) == (Decimal("2.25"), (3, 3, 3))


def test_a_flow_adds_up_over_the_year_and_a_late_acceptance_reaches_later_periods(
    indicator: Indicator, region: Region, cast: Cast, reporter: User
) -> None:
    count("trained", cast.office, time="flow", kinds=["school"])
    agree(indicator, "trained", cast.office)
    first, second = (open_period(cast.office, indicator.project, number=n) for n in (1, 2))
    school = region.schools[0]
    report(second, {school: {"trained": "5"}}, reporter, cast.office)
    assert total(indicator, second, region.root).value == 5

    report(first, {school: {"trained": "7"}}, reporter, cast.office)

    assert [total(indicator, p, region.root).value for p in (first, second)] == [7, 12]


def test_running_it_again_changes_nothing_and_what_has_no_source_disappears(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    report(period, {region.schools[0]: {"roads": "4", "safe": "1"}}, reporter, cast.office)
    kept = list(RolledUpValue.objects.order_by("pk").values())
    RolledUpValue.objects.create(
        indicator=indicator, period=period, organisation=region.college, expected=1, submitted=0, accepted=0
    )

    assert roll_up_period(period_id=period.pk) == 1
    assert roll_up_period(period_id=period.pk) == 0
    assert list(RolledUpValue.objects.order_by("pk").values()) == kept


def test_handing_in_and_returning_change_the_coverage(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    run_queued()
    assert _coverage(total(indicator, period, region.root)) == (4, 0, 0)

    form = hand_in(period, region.schools[0], reporter, roads="1", safe="1")
    run_queued()
    assert _coverage(total(indicator, period, region.root)) == (4, 1, 0)

    submission_return(submission=form, version=form.version, comment="нет", actor=cast.office)
    run_queued()
    assert _coverage(total(indicator, period, region.root)) == (4, 0, 0)
    assert form_at(period, region.schools[0]).state == SubmissionState.RETURNED
