"""Programs that speak for the people of the cast."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from django.test import Client

from indicators.models import ReportingPeriod, Submission
from organisations.models import Scope, User
from organisations.services.tokens import token_create
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.steps import agree, count, form_at, indicator_of, open_period

Program = Callable[..., Client]


@pytest.fixture
def program() -> Program:
    """``program(user)``: a client with a key of that person, with every scope unless told otherwise."""

    def of(user: User, scopes: Collection[str] = Scope.values) -> Client:
        _, secret = token_create(owner=user, name="Учёт школы", scopes=scopes, days=30)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return of


@pytest.fixture
def period(project: Project, cast: Cast) -> ReportingPeriod:
    """Every organisation is asked how many pupils there are, what they eat on average, and whether it is connected."""
    count("pupils", cast.office, name="Учащихся", unit="чел.")
    count("meals", cast.office, kind="decimal", name="Обедов на учащегося", unit="ед.")
    count("connected", cast.office, kind="boolean", name="Есть интернет")
    agree(indicator_of(project, "7"), "100 * connected / organisations + pupils * 0 + meals * 0", cast.office)
    return open_period(cast.office, project)


@pytest.fixture
def form(period: ReportingPeriod, region: Region) -> Submission:
    return form_at(period, region.schools[0])
