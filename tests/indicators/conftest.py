"""The passport's indicator with its formula agreed, and a period open for it."""

from __future__ import annotations

import pytest

from indicators.models import Indicator, ReportingPeriod
from organisations.models import User
from organisations.roles import Role
from organisations.services import user_create
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.steps import agree, count, open_period


@pytest.fixture
def reporter(region: Region) -> User:
    """One person who fills in the forms of all organisations, where it does not matter who does."""
    return user_create(login="all", full_name="Яковлева Зоя Ивановна", roles=((Role.REPORTER, region.root),))


@pytest.fixture
def indicator(project: Project, cast: Cast) -> Indicator:
    """«Доля школ с безопасным подъездом»: safe roads of all roads, counted by schools."""
    roads = count("roads", cast.office, name="Подъезды к школе", kinds=["school"])
    count("safe", cast.office, name="Безопасные подъезды", kinds=["school"], not_above=roads)
    found = Indicator.objects.get(project=project)
    agree(found, "100 * safe / roads", cast.office)
    return found


@pytest.fixture
def period(indicator: Indicator, cast: Cast) -> ReportingPeriod:
    return open_period(cast.office, indicator.project)
