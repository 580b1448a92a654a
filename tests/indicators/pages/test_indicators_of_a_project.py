"""Section 2 of the passport on the pages of its project."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import User
from projects.models import Project
from projects.passport.schema import Passport, Unread
from tests.conftest import Cast

PAGES = ("project_indicators", "project_breakdown", "project_methodology")


@pytest.fixture
def passport(passport: Passport) -> Passport:
    """With a heading over two sub-indicators, a dash and a placeholder among the targets, and a federal wording."""
    first = passport.indicators[0]
    empty = dict.fromkeys(first.targets)
    heading = first.model_copy(update={"number": "2.", "name": "Охват занятиями", "targets": empty})
    part = first.model_copy(update={"number": "2.1", "name": "в сёлах", "federal_name": "Охват занятиями по стране"})
    other = first.model_copy(update={"number": "2.2.", "name": "в городах", "targets": empty, "kind": "additional"})
    unread = (
        Unread(section="indicators", row=3, field="targets.2025", raw="–"),
        Unread(section="indicators", row=3, field="targets.2026", raw="XX"),
    )
    return passport.model_copy(update={"indicators": (first, heading, part, other), "unread": unread})


def page(client: Client, name: str, project: Project) -> str:
    return client.get(reverse(f"indicators:{name}", args=[project.pk])).content.decode()


def test_the_section_shows_targets_by_year_and_what_stands_in_their_place(office: Client, project: Project) -> None:
    shown = page(office, "project_indicators", project)

    assert "Доля школ с безопасным подъездом, процент" in shown
    assert "на 31.12.2024" in shown
    assert "В федеральном проекте: Охват занятиями по стране" in shown
    assert "Дополнительный" in shown
    assert "не планируется" in shown
    assert '<span class="as-written">XX</span>' in shown
    assert shown.count("indent-1") == 2
    assert "заголовок: считаются показатели под ним" in shown


def test_who_may_is_asked_for_the_formula(
    office: Client, as_user: Callable[[User], Client], project: Project, cast: Cast
) -> None:
    assert "Задать формулу" in page(office, "project_indicators", project)
    for person in (cast.auditor, cast.coordinator, cast.reporters[0], cast.curator):
        shown = page(as_user(person), "project_indicators", project)
        assert "Задать формулу" not in shown
        assert "формула не задана" in shown


def test_the_breakdown_stands_beside_the_whole(office: Client, project: Project) -> None:
    shown = page(office, "project_breakdown", project)

    assert "Город Ясногорск" in shown
    assert "Заречный район" in shown
    assert "По проекту в целом" in shown


def test_the_methodology_is_told_in_the_words_of_the_passport(office: Client, project: Project) -> None:
    shown = page(office, "project_methodology", project)

    assert "100 × школы с безопасным подъездом / все школы" in shown
    assert "отчёты школ" in shown
    assert "не описана" in shown


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_sees_nothing(name: str, as_user: Callable[[User], Client], project: Project, cast: Cast) -> None:
    assert as_user(cast.stranger).get(reverse(f"indicators:{name}", args=[project.pk])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_every_page_costs_a_constant_number_of_queries(name: str, office: Client, project: Project) -> None:
    page(office, name, project)
    with CaptureQueriesContext(connection) as queries:
        page(office, name, project)

    assert len(queries) <= 14
