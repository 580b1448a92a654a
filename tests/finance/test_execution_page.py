"""Execution on the page of the project's money: what is shown, in which unit, and whether it adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given as drawn
from hypothesis import strategies as st

from finance.models import FinanceLine, Unit
from finance.models.execution import LIMIT
from finance.selectors import known_money
from finance.selectors.execution import Chosen, Execution, Sums, execution_of
from finance.selectors.reconciling import Reconciled, reconciled
from finance.units import exactly, in_unit, read_amount
from organisations.models import User
from projects.models import Project
from projects.passport.budget_code import budget_code
from projects.services.proposals import change_request_open
from tests.conftest import Cast, approve
from tests.finance.steps import enter

JUNE = dt.date(2025, 6, 30)
TODAY = dt.date(2025, 8, 1)
Lines = dict[str, FinanceLine]
AsUser = Callable[[User], Client]


def shown(project: Project, **chosen: Any) -> Execution:
    return execution_of(project, known_money([project], today=TODAY), Chosen(**({"year": 2025} | chosen)))


def page(project: Project, client: Client, **query: Any) -> str:
    return client.get(reverse("finance:project", args=[project.pk]), query).content.decode()


def test_the_year_is_added_up_from_its_lines(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], JUNE, "6000000", "9000000", actor=cast.head)
    enter(lines["regional"], JUNE, "500000", actor=cast.head)
    enter(lines["transfers"], JUNE, "5000000", actor=cast.head)
    found = shown(funded)
    assert [(row.kind, row.sums.executed) for row in found.rows] == [
        ("heading", Decimal(6_500_000)),
        ("source", Decimal(6_000_000)),
        ("part", Decimal(5_000_000)),
        ("source", Decimal(500_000)),
        ("heading", None),
        ("source", None),
        ("total", Decimal(6_500_000)),
        ("source", Decimal(6_000_000)),
        ("source", Decimal(500_000)),
        ("source", None),
    ]
    assert found.whole == Sums(Decimal(12_500_000), Decimal(9_000_000), Decimal(6_500_000))
    assert found.whole.remainder == 6_000_000
    assert found.whole.percent == 52
    assert [(of.year, of.sums.planned, of.executed_bar) for of in found.years] == [
        (2025, Decimal(12_500_000), 52),
        (2026, Decimal(20_500_000), 0),
    ]


def test_filters_leave_what_was_chosen(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    by_source = shown(funded, source="federal")
    assert [row.line.pk for row in by_source.rows] == [
        lines[name].pk for name in ("roads", "federal", "transfers", "all", "all_federal")
    ]
    assert by_source.whole.planned == 10_000_000
    by_result = shown(funded, result=lines["training"].result_id)
    assert {row.line.pk for row in by_result.rows} == {lines["training"].pk, lines["extrabudgetary"].pk}
    assert by_result.whole.planned == 500_000


def test_marks_stand_at_what_must_not_be_overlooked(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["regional"], JUNE, "2500000", "2000000", explanation="остатки", actor=cast.head)
    enter(lines["extrabudgetary"], JUNE, "-1000", confirmed=True, actor=cast.head)
    marks = {row.line.pk: row.sums.marks for row in shown(funded).rows}
    assert marks[lines["regional"].pk] == ["больше плана", "законтрактовано меньше исполненного"]
    assert marks[lines["extrabudgetary"].pk] == ["возврат"]


def told(project: Project, year: int = 2025) -> list[Reconciled]:
    money = known_money([project], today=TODAY)
    redaction = project.redactions.first()
    assert redaction
    return reconciled(money, money.blocks[project.pk], redaction, year)


def test_sums_that_agree_are_said_to(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    enter(lines["all"], JUNE, "6000000", actor=cast.head)
    plan, executed = told(funded)
    assert {plan.by_results, plan.by_sources, plan.total} == {Decimal(12_500_000)}
    assert {executed.by_results, executed.by_sources, executed.total} == {Decimal(6_000_000)}
    assert plan.findings == ()
    assert executed.findings == ()


def test_each_mismatch_is_told_with_both_numbers(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    enter(lines["transfers"], JUNE, "6000001", actor=cast.head)
    enter(lines["roads"], JUNE, "6100000", actor=cast.head)
    enter(lines["all"], JUNE, "6200000", actor=cast.head)
    _, executed = told(funded)
    said = " ".join(executed.findings).replace("\u202f", " ").replace(",0", "")
    assert "дают в сумме 6 000 000, а в строке стоит 6 100 000" in said
    assert "дают в сумме 6 100 000, а в итоге по проекту стоит 6 200 000" in said
    assert "составляют 6 000 001, это больше источника" in said


def test_rounding_is_no_mismatch(funded: Project, lines: Lines, cast: Cast) -> None:
    """Half of the last digit for each addend: whole roubles of two lines may be one rouble apart."""
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    enter(lines["regional"], JUNE, "500000", actor=cast.head)
    enter(lines["roads"], JUNE, "6500001", actor=cast.head)
    assert told(funded)[1].findings == ()
    enter(lines["roads"], JUNE, "6500002", actor=cast.head)
    assert len(told(funded)[1].findings) == 1


def test_the_unit_is_switched_and_kept(funded: Project, lines: Lines, cast: Cast, as_user: AsUser) -> None:
    enter(lines["federal"], JUNE, "6000000.55", actor=cast.head)
    client = as_user(cast.auditor)
    assert 'title="6\u202f000\u202f000,55\u00a0руб.">6,00</a>' in page(funded, client, year=2025)
    assert ">6\u202f000,0</a>" in page(funded, client, year=2025, unit="thousand")
    assert ">6\u202f000,0</a>" in page(funded, client, year=2025), "as it was switched to"
    assert ">6\u202f000\u202f000,55</a>" in page(funded, client, year=2025, unit="rouble")
    assert client.get(reverse("finance:project", args=[funded.pk]), {"unit": "тыс", "year": "x"}).status_code == 200


@drawn(st.decimals(-LIMIT + 1, LIMIT - 1, places=2), st.sampled_from(Unit))
def test_a_unit_moves_the_point_and_loses_nothing(value: Decimal, unit: Unit) -> None:
    assert read_amount(exactly(value, unit), unit) == value
    assert in_unit(value, unit) * 10**unit.power == value


def test_lines_of_older_redactions_keep_their_figures_apart(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser
) -> None:
    enter(lines["extrabudgetary"], JUNE, "250000", "300000", actor=cast.head)
    document = funded.redactions.get().passport
    kept = tuple(row for row in document.finance if row.number != "1.2" and row.source != "extrabudgetary")
    draft = change_request_open(
        passport=document.model_copy(update={"finance": kept}),
        territory=funded.territory,
        project=funded,
        source_file=None,
        actor=cast.office,
    )
    compare = as_user(cast.curator).get(reverse("projects:change_request_compare", args=[draft.pk])).content.decode()
    assert compare.count("По строке есть сведения (внесённых сумм исполнения: 1, внесённых сумм контрактов: 1)") == 1
    approve(draft, cast.curator)
    found = shown(funded)
    assert [entry.executed for entry in found.archived] == [250_000]
    assert found.whole.executed is None
    html = page(funded, as_user(cast.auditor), year=2025)
    assert "Строки прежних редакций" in html
    history = as_user(cast.auditor).get(reverse("finance:line", args=[funded.pk, lines["extrabudgetary"].pk, 2025]))
    assert "Строки нет в действующей редакции" in history.content.decode()


def test_the_history_tells_who_entered_what_and_the_plan_of_each_redaction(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser
) -> None:
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    enter(lines["federal"], JUNE, "6100000", explanation="уточнено", actor=cast.office)
    address = reverse("finance:line", args=[funded.pk, lines["federal"].pk, 2025])
    html = as_user(cast.auditor).get(address).content.decode().replace("\u202f", " ").replace("\u00a0", " ")
    for words in ("6 000 000 руб.", "6 100 000 руб.", "уточнено", cast.head.short_name, cast.office.short_name):
        assert words in html.replace("&nbsp;", " "), words
    assert "10 000 000 руб." in html
    assert as_user(cast.auditor).get(reverse("finance:line", args=[funded.pk, 999_999, 2025])).status_code == 404


def test_each_figure_of_a_line_leads_to_its_history(funded: Project, lines: Lines, cast: Cast, as_user: AsUser) -> None:
    enter(lines["federal"], JUNE, "6000000", "9000000", actor=cast.head)
    client = as_user(cast.auditor)
    html = page(funded, client, year=2025)
    own, added = (reverse("finance:line", args=[funded.pk, lines[name].pk, 2025]) for name in ("federal", "roads"))
    assert (html.count(f'href="{own}#planned"'), html.count(f'href="{own}#executed"')) == (2, 2)
    assert (html.count(f'href="{added}#planned"'), html.count(f'href="{added}#executed"')) == (2, 0), "a sum of others"
    history = client.get(own).content.decode()
    assert 'id="planned"' in history
    assert 'id="executed"' in history
    whole = reverse("reports:figure_history", args=[funded.pk, "money", lines["federal"].row_id])
    assert f'href="{whole}"' in history
    assert html.count(f'href="{whole}"') == 2, "the name of the line and its sum over the years"
    assert "Всего" in client.get(whole).content.decode()


def test_a_sum_leads_to_the_lines_that_it_is_made_of(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser
) -> None:
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    client = as_user(cast.auditor)
    html = page(funded, client, year=2025, unit="thousand")
    assert 'href="?year=2026&amp;unit=thousand"' in html, "a year of all of them"
    assert 'href="?year=2026&amp;unit=thousand&amp;source=federal"' in html
    made_of = page(funded, client, year=2026, source="federal")
    assert reverse("finance:line", args=[funded.pk, lines["federal"].pk, 2026]) in made_of


def test_the_number_of_queries_does_not_grow_with_figures(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.head)
    page(funded, client)
    with CaptureQueriesContext(
        connection,
    ) as before:
        page(funded, client)
    for line in lines.values():
        for day in (dt.date(2025, 3, 31), JUNE):
            enter(line, day, "300000", confirmed=True, actor=cast.head)
    with CaptureQueriesContext(connection) as after:
        page(funded, client)
    assert len(after) == len(before)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("075 07 02 16 1 E1 51690 244", ""),
        ("07507021610151690244", ""),
        ("0750702161E15169024", "В КБК 20 знаков, а здесь 19."),
        (
            "07507О21610151690244",
            "На 6-м месте КБК («подраздел») должна быть цифра, а стоит «О».",
        ),
        ("07507020000000000244", "В КБК не указана целевая статья: на её месте одни нули."),
        ("0750702161015169024٤", "На 20-м месте КБК («вид расходов») должна быть цифра, а стоит «٤»."),
    ],
)
def test_a_budget_code_is_read_in_groups(written: str, wrong: str) -> None:
    assert budget_code(written).wrong == wrong


def test_a_budget_code_shows_its_groups() -> None:
    assert [signs for _, signs in budget_code("07507021610151690244").groups] == [
        "075",
        "07",
        "02",
        "1610151690",
        "244",
    ]


def test_what_is_shown_is_sent_as_a_file_to_the_kopeck(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser
) -> None:
    enter(lines["federal"], JUNE, "6000000.55", "9000000", actor=cast.head)
    query = {"year": "2025", "source": "federal", "unit": "thousand"}
    client = as_user(cast.auditor)
    address = reverse("reports:money_export", args=[funded.pk, "csv"])
    answer = client.get(address, query)
    rows = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]
    assert rows[0][4:8] == [f"{title}, тыс. рублей" for title in ("План", "Законтрактовано", "Исполнено", "Остаток")]
    federal = next(row for row in rows if row[0] == "источник")
    assert federal[4:10] == ["10000", "9000", "6000,00055", "3999,99945", "60,0", "30.06.2025"]
    assert {row[2] for row in rows[1:]} >= {"федеральный бюджет", "Всего"}
    assert all("Северской" not in row[2] for row in rows)
    assert client.get(reverse("reports:money_export", args=[funded.pk, "xlsx"]), query).content.startswith(b"PK")
    assert client.get(address.replace(".csv", ".pdf"), query).status_code == 404
