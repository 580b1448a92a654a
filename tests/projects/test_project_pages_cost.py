"""Pages of a passport ask the database the same number of times, however long the passport is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import User
from projects.models import Project
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve

PAGES = (
    "projects:detail",
    "projects:results",
    "projects:redactions",
    "finance:project",
    "participants:project",
    "milestones:project",
)


def longer(passport: Passport) -> Passport:
    """The same passport with every table three times as long."""
    lists = ("indicators", "tasks", "results", "finance", "participants", "plan", "methodology")
    return passport.model_copy(update={name: getattr(passport, name) * 3 for name in lists})


@pytest.fixture
def long_project(passport: Passport, region: Region, cast: Cast) -> Project:
    draft = change_request_open(
        passport=longer(passport), territory=region.root, project=None, source_file=None, actor=cast.office
    )
    return approve(draft, cast.curator)


def test_a_longer_passport_costs_no_more_queries(
    project: Project, long_project: Project, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    client = as_user(cast.office)

    def cost(name: str, pk: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(name, args=[pk])).status_code == 200
        return len(queries)

    for name in PAGES:
        short = cost(name, project.pk)
        assert short == cost(name, long_project.pk), name
        assert short <= 20, name


def test_the_list_of_projects_costs_the_same_for_one_and_for_many(
    project: Project, region: Region, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    client = as_user(cast.auditor)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("projects:list")).status_code == 200
        counts.append(len(queries))
        for n in range(5):
            Project.objects.create(territory=region.town, level="municipal", title=f"п {n}", short_title=f"п {n}")
    assert counts[0] == counts[1]


def test_the_list_of_change_requests_costs_the_same_for_one_and_for_many(
    passport: Passport, region: Region, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    client = as_user(cast.curator)
    counts = []
    for _ in range(2):
        for _ in range(3):
            change_request_open(
                passport=passport, territory=region.root, project=None, source_file=None, actor=cast.office
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("projects:change_requests")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_change_request_costs_the_same_however_many_territories_it_names(
    passport: Passport, region: Region, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    client = as_user(cast.office)
    counts = []
    for document in (passport, longer(passport)):
        draft = change_request_open(
            passport=document, territory=region.root, project=None, source_file=None, actor=cast.office
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("projects:change_request", args=[draft.pk])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
