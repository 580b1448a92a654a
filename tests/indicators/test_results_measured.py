"""Results with yearly values are measured just as indicators are, and are never shown as indicators."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Fact, Indicator, ReportingPeriod, ResultUnit, RolledUpValue, Target
from indicators.selectors.forms import form_of
from indicators.selectors.plan_fact import plan_fact
from indicators.selectors.section import indicator_table, results_table
from organisations.models import User
from projects.models import Project, Redaction, Result
from projects.passport.reading import read
from projects.passport.schema import Passport
from projects.sections import project_all
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve
from tests.indicators.steps import agree, count, form_at, open_period, report

YEARLY = {"2025": Decimal(20), "2026": Decimal("40.5")}
KIROV = Path(__file__).resolve().parents[3] / "shared" / "passports" / "kirov.txt"


@pytest.fixture
def passport(passport: Passport) -> Passport:
    """The faultless passport, whose result now has yearly values; its characteristic names no unit."""
    (result,) = passport.results
    return passport.model_copy(update={"results": (result.model_copy(update={"targets": YEARLY}),)})


@pytest.fixture
def yardstick(project: Project) -> Indicator:
    return Indicator.objects.get(project=project, result__isnull=False)


def _next(project: Project, region: Region, cast: Cast, **changes: object) -> Redaction:
    """The next redaction, in which the result changed."""
    before = project.redactions.latest("number").passport
    (result,) = before.results
    document = before.model_copy(update={"results": (result.model_copy(update=changes),)})
    draft = change_request_open(
        passport=document, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    approve(draft, cast.curator)
    found: Redaction = project.redactions.latest("number")
    return found


def test_a_result_with_yearly_values_has_a_yardstick(project: Project, yardstick: Indicator) -> None:
    result = Result.objects.get(project=project)

    assert (yardstick.result, yardstick.row_id, yardstick.number) == (result, result.row_id, "1.1")
    assert yardstick.name == result.name
    assert {row.year: row.value for row in yardstick.targets.all()} == {2025: Decimal(20), 2026: Decimal("40.5")}


def test_projecting_twice_changes_nothing(project: Project, yardstick: Indicator) -> None:
    ResultUnit.objects.create(result=Result.objects.get(project=project), unit="подъезд")
    project_all(project.redactions.get())
    before = list(Indicator.objects.values()), sorted(Target.objects.values_list("indicator", "year", "value"), key=str)

    project_all(project.redactions.get())

    after = list(Indicator.objects.values()), sorted(Target.objects.values_list("indicator", "year", "value"), key=str)
    assert after == before
    yardstick.refresh_from_db()
    assert yardstick.unit == "подъезд"


def test_the_unit_is_taken_from_the_words_of_the_passport_before_anything_said(
    project: Project, yardstick: Indicator, region: Region, cast: Cast
) -> None:
    ResultUnit.objects.create(result=Result.objects.get(project=project), unit="подъезд")

    _next(project, region, cast, characteristic="на 31.12.2025 – 20 % на 31.12.2026 – 40,5 %")

    yardstick.refresh_from_db()
    assert yardstick.unit == "процент"


@pytest.fixture
def reported(yardstick: Indicator, region: Region, cast: Cast, reporter: User) -> ReportingPeriod:
    count("roads", cast.office, kinds=["school"])
    agree(yardstick, "roads", cast.office)
    period = open_period(cast.office, yardstick.project)
    report(period, {region.schools[0]: {"roads": "30"}, region.schools[1]: {"roads": "51"}}, reporter, cast.office)
    return period


def test_it_is_rolled_up_and_judged_as_an_indicator(
    reported: ReportingPeriod, project: Project, yardstick: Indicator, cast: Cast
) -> None:
    shown = plan_fact(project, cast.office)

    assert [title for title, _, _ in shown.groups] == ["Показатели", "Результаты"]
    (row,) = shown.groups[1][1]
    cell = next(cell for cell in row.cells if cell.year == 2026)
    assert row.indicator == yardstick
    assert (cell.actual, cell.target, cell.ratio) == (Decimal(81), Decimal("40.5"), Decimal(200))
    assert str(cell.status) == "green"
    assert cell.coverage is not None
    assert (cell.coverage.accepted, cell.coverage.expected) == (2, 4)


def test_facts_stay_with_a_result_that_is_renamed(
    reported: ReportingPeriod, project: Project, yardstick: Indicator, region: Region, cast: Cast
) -> None:
    _next(project, region, cast, number="1.7", name="Подъезды отремонтированы")

    again = Indicator.objects.get(project=project, result__isnull=False)
    assert (again.pk, again.number, again.name) == (yardstick.pk, "1.7", "Подъезды отремонтированы")
    assert again.formula.text == "roads"
    assert RolledUpValue.objects.get(indicator=again, organisation=region.root).value == 81
    assert Fact.objects.count() == 2


def test_a_result_that_loses_its_yearly_values_is_measured_no_more_and_can_come_back(
    project: Project, yardstick: Indicator, region: Region, cast: Cast
) -> None:
    _next(project, region, cast, targets={})
    yardstick.refresh_from_db()
    assert yardstick.archived_at

    _next(project, region, cast, targets=YEARLY)
    yardstick.refresh_from_db()
    assert not yardstick.archived_at
    assert yardstick.targets.count() == 2


def test_lists_of_indicators_leave_results_out(project: Project, yardstick: Indicator) -> None:
    assert [row.indicator.number for row in indicator_table(project, {}).rows] == ["1"]
    assert [row.indicator for row in results_table(project).rows] == [yardstick]


def test_a_result_numbered_under_an_indicator_is_no_part_of_it(reported: ReportingPeriod, region: Region) -> None:
    (shown,) = form_of(form_at(reported, region.schools[0])).indicators
    assert (shown.measurement.number, shown.heading) == ("1.1", "")


def test_pages_show_results_in_a_group_of_their_own(
    reported: ReportingPeriod, project: Project, yardstick: Indicator, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    client = as_user(cast.office)
    for name in ("indicators:project_indicators", "indicators:project_methodology"):
        page = client.get(reverse(name, args=[project.pk])).content.decode()
        assert "Результаты с планом по годам" in page
        assert reverse("indicators:formula", args=[yardstick.pk]) in page
    page = client.get(reverse("reports:plan_fact", args=[project.pk])).content.decode()
    assert page.index(">Показатели<") < page.index(">Результаты<") < page.index("Подъезды к школам приведены")


@pytest.mark.skipif(not KIROV.exists(), reason="the shared passports are not on this machine")
def test_results_of_a_real_passport_have_yardsticks_with_units(cast: Cast, region: Region) -> None:
    draft = change_request_open(
        passport=read(KIROV), territory=region.root, project=None, source_file=None, actor=cast.office
    )
    project = approve(draft, cast.curator)

    rows = Indicator.objects.filter(project=project, result__isnull=False)
    assert {row.number: row.unit for row in rows} == {
        "1.1": "процент",
        "2.1": "процент",
        "3.1": "тыс. человек",
        "4.1": "процент",
        "5.1": "человек",
        "7.1": "",
    }
    target = Target.objects.get(indicator__in=rows, indicator__number="3.1", year=2021)
    assert (target.value, target.organisation) == (Decimal("1.275"), None)
