"""Typing execution into the table: units, bad input, questions, and two people at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from finance.models import ExecutionEntry, ExecutionThreshold, FinanceLine
from organisations.models import User
from projects.models import Project
from tests.conftest import Cast
from tests.finance.steps import enter

JUNE = dt.date(2025, 6, 30)
Lines = dict[str, FinanceLine]
AsUser = Callable[[User], Client]


@pytest.fixture
def send(funded: Project, cast: Cast, as_user: AsUser) -> Callable[..., HttpResponse]:
    def post(*, unit: str = "thousand", **fields: Any) -> HttpResponse:
        body = {"as_of": "2025-06-30", "unit": unit} | {name.replace("__", "-"): text for name, text in fields.items()}
        return as_user(cast.head).post(reverse("finance:enter", args=[funded.pk]), body)  # type: ignore[return-value]

    return post


def fields(line: FinanceLine, *, version: int = 0, **texts: str) -> dict[str, str]:
    return {f"version__{line.pk}": str(version)} | {f"{name}__{line.pk}": text for name, text in texts.items()}


def test_figures_are_taken_in_the_unit_of_the_page(send: Callable[..., HttpResponse], lines: Lines) -> None:
    answer = send(**fields(lines["federal"], executed="6 000,550505", contracted="9000"))
    assert answer.status_code == 422, "a tenth of a kopeck"
    answer = send(**fields(lines["federal"], executed="6 000,55055", contracted="9000"))
    assert answer.status_code == 302
    entry = ExecutionEntry.objects.get()
    assert (str(entry.executed), str(entry.contracted)) == ("6000550.55", "9000000.00")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("١٢", "набрана не с обычной клавиатуры"),
        ("NaN", "Это не число: «NaN»"),
        ("1e400", "Это не число: «1e400»"),
        ("6О00", "вместо цифры стоит буква"),
        ("=1+1", "Это не число"),
        ("1.000.000", "Это не число"),
        ("9" * 30, "Число слишком большое"),
        ("0,000001", "В сумме доли копейки: если она в тысячах рублей, после запятой не больше 5 знаков."),
    ],
)
def test_bad_input_is_told_and_kept(send: Callable[..., HttpResponse], lines: Lines, typed: str, sentence: str) -> None:
    answer = send(**fields(lines["federal"], executed=typed), **fields(lines["regional"], executed="700"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert f'value="{typed}"' in html
    assert 'value="700"' in html
    assert not ExecutionEntry.objects.exists()


@pytest.mark.parametrize("typed", ["-700", "−700", "–700"])
def test_a_return_of_money_is_taken(send: Callable[..., HttpResponse], lines: Lines, typed: str) -> None:
    assert send(**fields(lines["federal"], executed=typed)).status_code == 302
    assert ExecutionEntry.objects.get().executed == -700_000


def test_the_order_of_magnitude_is_asked_about_once(send: Callable[..., HttpResponse], lines: Lines) -> None:
    typed = fields(lines["federal"], executed="6000", explanation="отчёт")
    answer = send(unit="rouble", **typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Вы ввели тысячи вместо рублей?" in html
    assert f'name="confirmed-{lines["federal"].pk}"' in html
    assert send(unit="rouble", **typed, **{f"confirmed__{lines['federal'].pk}": "on"}).status_code == 302


def test_more_than_planned_asks_for_an_explanation(send: Callable[..., HttpResponse], lines: Lines) -> None:
    answer = send(**fields(lines["regional"], executed="2500"))
    assert "Исполнено больше плана года" in answer.content.decode()
    assert send(**fields(lines["regional"], executed="2500", explanation="остатки 2024 года")).status_code == 302


def test_two_who_write_one_line_do_not_overwrite_one_another(
    send: Callable[..., HttpResponse], lines: Lines, cast: Cast
) -> None:
    enter(lines["federal"], JUNE, "5000000", actor=cast.office)
    answer = send(**fields(lines["federal"], executed="6000"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"записал(а) {cast.office.short_name}: исполнено 5\u202f000\u202f000\u00a0руб." in html
    assert 'value="6000"' in html
    assert f'name="version-{lines["federal"].pk}" value="1"' in html
    assert send(**fields(lines["federal"], executed="6000", version=1)).status_code == 302
    assert ExecutionEntry.objects.get().executed == 6_000_000


def test_a_row_left_alone_does_not_undo_what_another_person_wrote(
    send: Callable[..., HttpResponse], lines: Lines, cast: Cast
) -> None:
    enter(lines["regional"], JUNE, "500000", actor=cast.office)
    enter(lines["regional"], JUNE, "600000", actor=cast.office)
    enter(lines["extrabudgetary"], JUNE, "100000", actor=cast.office)
    answer = send(
        **fields(lines["federal"], executed="6000"),
        **fields(lines["regional"], executed="500", version=1),
        **fields(lines["extrabudgetary"]),
    )
    assert answer.status_code == 302
    said = {entry.line_id: entry.executed for entry in ExecutionEntry.objects.all()}
    assert said == {lines["federal"].pk: 6_000_000, lines["regional"].pk: 600_000, lines["extrabudgetary"].pk: 100_000}


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        ("2025-06-31", "Такой даты нет"),
        ("2999-01-01", "Этот день ещё не наступил"),
        ("2020-01-01", "Проект тогда ещё не начался"),
    ],
)
def test_a_day_that_cannot_be(funded: Project, cast: Cast, as_user: AsUser, as_of: str, sentence: str) -> None:
    answer = as_user(cast.head).get(reverse("finance:enter", args=[funded.pk]), {"as_of": as_of})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_what_stands_is_shown_to_be_corrected(funded: Project, lines: Lines, cast: Cast, as_user: AsUser) -> None:
    enter(lines["federal"], JUNE, "6000000.5", actor=cast.head)
    html = as_user(cast.head).get(reverse("finance:enter", args=[funded.pk]), {"as_of": "30.06.2025"}).content.decode()
    assert 'value="6,0000005"' in html


def test_thresholds_are_set_from_a_day(cast: Cast, as_user: AsUser) -> None:
    body = {"effective_from": "2026-01-01", "first": "20", "second": "45,5", "third": "70", "fourth": "100"}
    body |= {"yellow": "90", "working_days": "5"}
    client, address = as_user(cast.office), reverse("finance:thresholds")
    assert client.post(address, body).status_code == 302
    assert client.post(address, body | {"second": "46"}).status_code == 302
    assert [str(row.second) for row in ExecutionThreshold.objects.all()] == ["46.00"]
    answer = client.post(address, body | {"second": "10"})
    assert answer.status_code == 422
    assert "Доли нарастают" in answer.content.decode()
    assert client.post(address, body | {"yellow": "1e9"}).status_code == 422
    assert client.post(address, body | {"yellow": "900"}).status_code == 422
    assert as_user(cast.auditor).post(address, body).status_code == 403
