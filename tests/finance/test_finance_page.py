"""Section 4 on its page: money line by line and by source."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from finance.selectors import MoneyTable, money_of
from organisations.models import User
from projects.models import Project
from projects.passport.schema import FinanceRow, Passport
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve

ROWS: list[dict[str, Any]] = [
    {"number": "1.1", "name": "Подъезды", "amounts": {"2025": "37.96", "2026": "1200.5"}, "total": "1238.46"},
    {"name": "федеральный бюджет", "amounts": {"2025": "37.58", "2026": "1200"}, "total": "1237.58"},
    {"name": "из них межбюджетные трансферты", "amounts": {"2025": "30"}, "total": "30"},
    {"name": "бюджет Северской области", "amounts": {"2025": "0.38", "2026": "0.5"}, "total": "0.88"},
    {"number": "1.2", "name": "Обучение", "note": "В пределах средств на текущую работу"},
    {"number": "1.3", "name": "Знаки", "amounts": None},
    {"name": "Всего по проекту, в том числе:", "amounts": {"2025": "37.96", "2026": "1200.5"}, "total": "1238.46"},
    {"name": "федеральный бюджет", "amounts": {"2025": "37.58", "2026": "1200"}, "total": "1237.58"},
]
SOURCES = {1: "federal", 2: "transfers", 3: "regional", 7: "federal"}


@pytest.fixture
def project(passport: Passport, region: Region, cast: Cast) -> Project:
    rows = [FinanceRow.model_validate({**row, "source": SOURCES.get(i)}) for i, row in enumerate(ROWS)]
    document = passport.model_dump() | {
        "finance": [row.model_dump() for row in rows],
        "unread": [{"section": "finance", "row": 5, "field": "amounts.2025", "raw": "XX"}],
    }
    draft = change_request_open(
        passport=Passport.model_validate(document),
        territory=region.root,
        project=None,
        source_file=None,
        actor=cast.office,
    )
    return approve(draft, cast.curator)


@pytest.fixture
def money(project: Project) -> MoneyTable:
    return money_of(project, project.redactions.get())


def test_figures_stand_in_million_roubles_with_the_same_number_of_digits(money: MoneyTable) -> None:
    assert [cell.text for _, cell in money.rows[0].amounts] == ["37,96", "1\u202f200,50"]
    assert money.rows[3].total.text == "0,88"


def test_transfers_are_a_part_and_are_never_added(money: MoneyTable) -> None:
    assert [row.kind for row in money.rows[:4]] == ["heading", "source", "part", "source"]
    assert [(s.title, s.is_part, s.total) for s in money.sums] == [
        ("Федеральный бюджет", False, "1\u202f237,58"),
        ("Региональный бюджет", False, "0,88"),
        ("из них межбюджетные трансферты", True, "30,00"),
    ]
    assert money.whole is not None
    assert money.whole.total == "1\u202f238,46"


def test_lines_under_the_project_total_are_not_added_again(money: MoneyTable) -> None:
    assert money.rows[6].kind == "total"
    assert money.whole is not None
    assert [text for _, text in money.whole.amounts] == ["37,96", "1\u202f200,50"]


def test_words_stand_where_there_is_no_money_and_odd_cells_as_written(
    project: Project, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    html = as_user(cast.auditor).get(reverse("finance:project", args=[project.pk])).content.decode()
    assert '<td colspan="3">В пределах средств на текущую работу</td>' in html
    assert '<span class="as-written">XX</span>' in html
    assert "лн рублей" in html


def test_thousands_of_the_document_are_shown_in_millions(passport: Passport, region: Region, cast: Cast) -> None:
    line = passport.finance[0].model_copy(update={"amounts": {"2025": Decimal(1500)}, "total": Decimal(1500)})
    small = passport.model_copy(update={"finance": (line,), "finance_unit": "thousand"})
    draft = change_request_open(
        passport=small, territory=region.root, project=None, source_file=None, actor=cast.office
    )
    project = approve(draft, cast.curator)
    assert money_of(project, project.redactions.get()).rows[0].total.text == "1,5"
