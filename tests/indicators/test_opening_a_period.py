"""Opening a period: who gets a form, what is asked, and what it refuses to begin with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.utils import InternalError

from indicators.models import (
    Indicator,
    Measurement,
    PeriodOrganisation,
    PeriodTarget,
    Question,
    ReportingPeriod,
    Submission,
    Target,
)
from indicators.selectors.frozen import questions_of
from indicators.services import StateConflict, ValidationFailed, period_close, period_open, threshold_save
from organisations.models import Organisation
from organisations.services import organisation_close
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.steps import FAR, agree, count, form_at, indicator_of, open_period


def _with_forms(period: ReportingPeriod) -> set[Organisation]:
    return {form.organisation for form in Submission.objects.filter(period=period).select_related("organisation")}


def test_every_organisation_that_counts_something_gets_one_form(period: ReportingPeriod, region: Region) -> None:
    assert _with_forms(period) == {*region.schools, region.village_school}


def test_organisations_named_in_the_breakdown_are_the_only_ones_who_report(
    indicator: Indicator, region: Region, cast: Cast
) -> None:
    for school in region.schools[:2]:
        Target.objects.create(indicator=indicator, organisation=school, year=2026, value=100)

    assert _with_forms(open_period(cast.office, indicator.project)) == set(region.schools[:2])


def test_a_school_that_was_closed_before_the_period_ended_reports_nothing(
    indicator: Indicator, region: Region, cast: Cast
) -> None:
    organisation_close(organisation=region.schools[0], day=dt.date(2026, 3, 1), reason="Приказ", actor=cast.office)
    organisation_close(organisation=region.schools[1], day=dt.date(2026, 4, 1), reason="Приказ", actor=cast.office)

    assert _with_forms(open_period(cast.office, indicator.project)) == {*region.schools[1:], region.village_school}


def test_one_form_asks_each_figure_once_for_all_projects(indicator: Indicator, region: Region, cast: Cast) -> None:
    town = Project.objects.create(territory=region.town, level="municipal", title="Город", short_title="Город")
    count("lamps", cast.office)
    agree(indicator_of(town), "lamps / roads", cast.office)
    period = open_period(cast.office, indicator.project, town)

    asked = {
        organisation: [q.code for q in questions_of(form_at(period, organisation))]
        for organisation in (region.schools[0], region.village_school, region.college)
    }

    assert asked == {
        region.schools[0]: ["roads", "safe", "lamps"],
        region.village_school: ["roads", "safe"],
        region.college: ["lamps"],
    }


def test_a_weight_is_asked_although_no_formula_names_it(indicator: Indicator, region: Region, cast: Cast) -> None:
    pupils = count("pupils", cast.office)
    count("mark", cast.office, kind="decimal", over="weighted_average", weight=pupils)
    agree(indicator, "mark", cast.office)
    period = open_period(cast.office, indicator.project)

    assert [q.code for q in questions_of(form_at(period, region.college))] == ["mark", "pupils"]


def test_formula_rules_targets_and_thresholds_are_frozen(indicator: Indicator, cast: Cast) -> None:
    threshold_save(effective_from=dt.date(2026, 1, 1), green=Decimal(95), yellow=Decimal(80), actor=cast.office)
    threshold_save(effective_from=dt.date(2026, 6, 1), green=Decimal(90), yellow=Decimal(70), actor=cast.office)
    period = open_period(cast.office, indicator.project)

    measurement = Measurement.objects.get(period=period)
    assert (measurement.formula, measurement.direction) == ("100 * safe / roads", "increasing")
    assert (measurement.green, measurement.yellow) == (Decimal(95), Decimal(80))
    targets = {row.organisation and row.organisation.name: row.value for row in PeriodTarget.objects.all()}
    assert targets == {None: 100, "Город Ясногорск": 100, "Заречный район": 100}


@pytest.mark.parametrize("model", [PeriodOrganisation, Question, Measurement, PeriodTarget])
def test_the_database_refuses_to_change_what_was_frozen(model: Any, period: ReportingPeriod) -> None:
    row = model.objects.first()

    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"kind": "decade"}, {"kind": "Выберите вид периода."}),
        ({"year": 1925}, {"year": "Год — от 2000 до 2100."}),
        ({"number": 5}, {"number": "Номер периода в году — от 1 до 4."}),
        ({"projects": []}, {"projects": "Выберите хотя бы один проект."}),
        ({"deadline": dt.datetime(2025, 12, 31, tzinfo=dt.UTC)}, {"deadline": "Срок сдачи — после начала периода."}),
    ],
)
def test_what_is_no_period_is_refused_at_the_field(
    given: dict[str, Any], errors: dict[str, str], indicator: Indicator, cast: Cast
) -> None:
    usual: dict[str, Any] = {
        "kind": "quarter",
        "year": 2026,
        "number": 1,
        "deadline": FAR,
        "projects": [indicator.project],
    }

    with pytest.raises(ValidationFailed) as refused:
        period_open(**{**usual, **given}, actor=cast.office)

    assert refused.value.errors == errors
    assert not ReportingPeriod.objects.exists()


def test_a_period_is_opened_once(period: ReportingPeriod, indicator: Indicator, cast: Cast) -> None:
    with pytest.raises(ValidationFailed) as refused:
        open_period(cast.office, indicator.project)

    assert refused.value.errors == {"number": "Такой период уже открывали."}


def test_a_project_without_formulas_or_without_anybody_to_report_is_refused(
    project: Project, region: Region, cast: Cast
) -> None:
    with pytest.raises(ValidationFailed, match="ни у одного показателя нет формулы"):
        open_period(cast.office, project)

    count("places", cast.office, kinds=["kindergarten"])
    agree(Indicator.objects.get(project=project), "places", cast.office)
    with pytest.raises(ValidationFailed, match="некому отчитываться"):
        open_period(cast.office, project)

    assert not Submission.objects.exists()


def test_only_the_ministry_opens_and_closes(period: ReportingPeriod, indicator: Indicator, cast: Cast) -> None:
    for person in (cast.coordinator, cast.reporters[0], cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            open_period(person, indicator.project, number=2)
        with pytest.raises(PermissionDenied):
            period_close(period=period, actor=person)


def test_a_closed_period_is_not_closed_again(period: ReportingPeriod, cast: Cast) -> None:
    assert not period_close(period=period, actor=cast.office).is_open

    with pytest.raises(StateConflict):
        period_close(period=period, actor=cast.office)


def test_terms_of_periods(indicator: Indicator, cast: Cast) -> None:
    terms = {
        (kind, number): (str(p.start), str(p.end), str(p))
        for kind, number in [("month", 2), ("quarter", 4), ("half_year", 2), ("nine_months", 1), ("year", 1)]
        for p in [open_period(cast.office, indicator.project, kind=kind, number=number)]
    }

    assert terms == {
        ("month", 2): ("2026-02-01", "2026-02-28", "февраль 2026 г."),
        ("quarter", 4): ("2026-10-01", "2026-12-31", "IV квартал 2026 г."),
        ("half_year", 2): ("2026-07-01", "2026-12-31", "II полугодие 2026 г."),
        ("nine_months", 1): ("2026-01-01", "2026-09-30", "9 месяцев 2026 г."),
        ("year", 1): ("2026-01-01", "2026-12-31", "2026 год"),
    }
