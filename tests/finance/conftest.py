"""A project with the money of two results, one of them from several sources."""

from __future__ import annotations

import pytest

from finance.models import FinanceLine
from projects.models import Project
from projects.passport.schema import Passport
from tests.conftest import Cast, Region
from tests.finance.steps import funded_project, lines_of


@pytest.fixture
def funded(passport: Passport, region: Region, cast: Cast) -> Project:
    return funded_project(passport, region, cast)


@pytest.fixture
def lines(funded: Project) -> dict[str, FinanceLine]:
    return lines_of(funded)
