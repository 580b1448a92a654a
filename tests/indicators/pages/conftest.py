"""A period of the small region that four schools report for, with a question of every kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Indicator, ReportingPeriod, Submission
from indicators.services import (
    base_indicator_save,
    formula_save,
    period_open,
    submission_accept,
    submission_submit,
)
from organisations.models import Organisation, User
from projects.models import Project
from projects.passport.schema import Passport
from tests.conftest import Cast, Region

ANSWERS = {"pupils": "400", "safe": "100", "camera": "1", "distance": "2,5"}


@pytest.fixture
def passport(passport: Passport) -> Passport:
    """The faultless passport with two indicators more."""
    first = passport.indicators[0]
    more = (
        first.model_copy(update={"number": "2", "name": "Школы с камерами у входа, единица", "unit": "единица"}),
        first.model_copy(update={"number": "3", "name": "Расстояние до школы, км", "unit": "км"}),
    )
    return passport.model_copy(update={"indicators": (first, *more)})


@pytest.fixture
def formulas(project: Project, cast: Cast) -> Project:
    """What schools count, and the formulas of the three indicators."""
    common: dict[str, Any] = {"actor": cast.office, "kinds": ["school"]}
    rows = Indicator.objects.filter(project=project).order_by("position")
    pupils = base_indicator_save(
        code="pupils", name="Учеников", kind="integer", unit="чел.", over_organisations="sum", over_time="snapshot",
        **common,
    )  # fmt: skip
    base_indicator_save(
        code="safe", name="Из них с безопасной дорогой", kind="integer", unit="чел.", over_organisations="sum",
        over_time="snapshot", not_above=pupils, **common,
    )  # fmt: skip
    base_indicator_save(
        code="camera", name="Есть ли камера у входа", kind="boolean", over_organisations="count_yes",
        over_time="snapshot", **common,
    )  # fmt: skip
    base_indicator_save(
        code="distance", name="Расстояние до самого дальнего дома", kind="decimal", unit="км",
        over_organisations="average", over_time="snapshot", may_not_apply=True, **common,
    )  # fmt: skip
    for row, text in zip(rows, ("100 * safe / pupils", "camera", "distance"), strict=True):
        formula_save(indicator=row, text=text, actor=cast.office)
    return project


@pytest.fixture
def period(formulas: Project, cast: Cast) -> ReportingPeriod:
    """The third quarter of 2026, due in nine days from now."""
    deadline = timezone.now() + dt.timedelta(days=9)
    return period_open(kind="quarter", year=2026, number=3, deadline=deadline, projects=[formulas], actor=cast.office)


@pytest.fixture
def form_of_school(period: ReportingPeriod) -> Callable[[Organisation], Submission]:
    return lambda school: Submission.objects.get(period=period, organisation=school)


@pytest.fixture
def form(form_of_school: Callable[[Organisation], Submission], region: Region) -> Submission:
    """The empty form of the first school."""
    return form_of_school(region.schools[0])


def submit(form: Submission, actor: User, **answers: str) -> Submission:
    return submission_submit(submission=form, version=form.version, actor=actor, values={**ANSWERS, **answers})


@pytest.fixture
def submitted(form: Submission, cast: Cast) -> Submission:
    return submit(form, cast.reporters[0])


@pytest.fixture
def accepted(submitted: Submission, cast: Cast) -> Submission:
    return submission_accept(submission=submitted, version=submitted.version, actor=cast.office)


@pytest.fixture
def school(as_user: Callable[[User], Client], cast: Cast) -> Client:
    """The head of the first school at her phone."""
    return as_user(cast.reporters[0])


@pytest.fixture
def office(as_user: Callable[[User], Client], cast: Cast) -> Client:
    return as_user(cast.office)
