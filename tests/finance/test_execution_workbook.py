"""Execution from a workbook: download, fill in, look at what it changes, confirm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl.worksheet.worksheet import Worksheet

from finance.models import ExecutionEntry, ExecutionLoad, FinanceLine
from finance.services import StaleVersion, execution_load_confirm
from finance.services.loads import preview_of
from finance.workbook import COLUMNS, FIRST_ROW, read_execution_book
from jobs.files.errors import UnreadableFile
from organisations.models import User
from projects.models import Project
from tests.conftest import Cast
from tests.finance.filled_books import book_of, edited, filled_execution, typed_into
from tests.finance.steps import enter

JUNE = dt.date(2025, 6, 30)
FEDERAL, REGIONAL = "федеральный бюджет", "бюджет Северской области"
Lines = dict[str, FinanceLine]
AsUser = Callable[[User], Client]


@pytest.fixture
def upload(funded: Project, cast: Cast, as_user: AsUser) -> Callable[[bytes], HttpResponse]:
    def send(content: bytes) -> HttpResponse:
        file = SimpleUploadedFile("Исполнение.xlsx", content)
        address = reverse("finance:workbook", args=[funded.pk])
        return as_user(cast.head).post(address, {"file": file}, follow=True)  # type: ignore[return-value]

    return send


def confirm(load: ExecutionLoad, client: Client, *take: int, seen: str = "") -> HttpResponse:
    page = client.get(reverse("finance:load", args=[load.project_id, load.pk]))
    body = {"seen": seen or page.context["seen"], "take": [str(line) for line in take]}
    address = reverse("finance:load_confirm", args=[load.project_id, load.pk])
    return client.post(address, body)  # type: ignore[return-value]


@pytest.mark.parametrize(("unit", "typed"), [("rouble", 6000000.55), ("thousand", 6000.00055), ("million", 6.00000055)])
def test_what_was_filled_in_comes_back_to_the_kopeck(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser, upload: Any, unit: str, typed: float
) -> None:
    upload(filled_execution(funded, JUNE, unit, {FEDERAL: {"executed": typed}}))
    load = ExecutionLoad.objects.get()
    assert not ExecutionEntry.objects.exists(), "nothing is written before somebody confirms"
    assert confirm(load, as_user(cast.head)).status_code == 302
    entry = ExecutionEntry.objects.get()
    assert str(entry.executed) == "6000000.55"
    assert (entry.line, entry.as_of, entry.load) == (lines["federal"], JUNE, load)


def test_an_empty_cell_changes_nothing_and_the_same_again_is_no_change(
    funded: Project, lines: Lines, cast: Cast, upload: Any
) -> None:
    enter(lines["federal"], JUNE, "6000000", "9000000", explanation="отчёт", actor=cast.office)
    content = filled_execution(funded, JUNE, "thousand", {FEDERAL: {"contracted": None}, REGIONAL: {"executed": 700}})
    html = upload(content).content.decode()
    assert "Будет записано строк: 1. Нужно подтвердить: 0. Не принято: 0. Без изменений: 1." in html


def test_errors_are_told_by_cell_and_never_cost_the_others(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser, upload: Any
) -> None:
    typed: dict[str, dict[str, Any]] = {
        FEDERAL: {"executed": "шесть"},
        REGIONAL: {"executed": 700, "contracted": 500},
        "из них межбюджетные трансферты": {"executed": "=1+1"},
        "внебюджетные источники": {"executed": 600},
    }
    html = upload(filled_execution(funded, JUNE, "thousand", typed)).content.decode()
    for words in (
        "H6: Это не число: «шесть»",
        "H7: В ячейке формула",
        "Законтрактовано меньше, чем исполнено",
        "H10: Исполнено больше плана года",
        "Будет записано строк: 1.",
        "Не принято: 3.",
    ):
        assert words in html, words
    assert confirm(ExecutionLoad.objects.get(), as_user(cast.head)).status_code == 302
    assert ExecutionEntry.objects.get().line == lines["regional"]


def test_thousands_for_roubles_are_asked_about(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser, upload: Any
) -> None:
    html = upload(filled_execution(funded, JUNE, "rouble", {FEDERAL: {"executed": 6000}})).content.decode()
    assert "Вы ввели тысячи вместо рублей?" in html
    load = ExecutionLoad.objects.get()
    refused = confirm(load, as_user(cast.head))
    assert refused.status_code == 409
    assert "отметьте строки, о которых спрошено" in refused.content.decode()
    assert confirm(load, as_user(cast.head), lines["federal"].pk).status_code == 302


def test_a_line_written_after_the_download_is_not_overwritten_unasked(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser, upload: Any
) -> None:
    content = filled_execution(funded, JUNE, "thousand", {FEDERAL: {"executed": 6000}})
    enter(lines["federal"], JUNE, "5000000", actor=cast.office)
    assert "Эту строку записали после того, как скачали книгу." in upload(content).content.decode()
    load = ExecutionLoad.objects.get()
    assert confirm(load, as_user(cast.head)).status_code == 409
    assert confirm(load, as_user(cast.head), lines["federal"].pk).status_code == 302
    assert ExecutionEntry.objects.get().executed == 6_000_000


def test_a_preview_that_changed_meanwhile_is_not_written(
    funded: Project, lines: Lines, cast: Cast, as_user: AsUser, upload: Any
) -> None:
    upload(filled_execution(funded, JUNE, "thousand", {FEDERAL: {"executed": 6000}}))
    load = ExecutionLoad.objects.get()
    seen = as_user(cast.head).get(reverse("finance:load", args=[funded.pk, load.pk])).context["seen"]
    enter(lines["federal"], JUNE, "5000000", actor=cast.office)
    answer = confirm(load, as_user(cast.head), seen=seen)
    assert answer.status_code == 409
    assert "Пока вы смотрели, сведения изменились" in answer.content.decode()
    assert ExecutionEntry.objects.get().executed == 5_000_000
    with pytest.raises(StaleVersion):
        execution_load_confirm(load=load, seen=seen, taken=(), actor=cast.head)


def test_a_decision_is_taken_once(funded: Project, cast: Cast, as_user: AsUser, upload: Any) -> None:
    upload(filled_execution(funded, JUNE, "thousand", {FEDERAL: {"executed": 6000}}))
    load, client = ExecutionLoad.objects.get(), as_user(cast.head)
    assert client.post(reverse("finance:load_drop", args=[funded.pk, load.pk])).status_code == 302
    answer = confirm(load, client)
    assert answer.status_code == 409
    assert "Решение об этой загрузке уже принято." in answer.content.decode()
    assert not ExecutionEntry.objects.exists()


def test_what_is_no_workbook_of_ours_is_refused(funded: Project, project: Project, cast: Cast, upload: Any) -> None:
    book = book_of(funded, JUNE)

    def unsigned(sheet: Worksheet) -> None:
        sheet.cell(3, 1).value = str(sheet.cell(3, 1).value).replace("thousand", "rouble")

    def twice(sheet: Worksheet) -> None:
        sheet.cell(FIRST_ROW, 1).value = sheet.cell(FIRST_ROW + 1, 1).value

    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells(start_row=6, end_row=7, start_column=8, end_column=8)

    typed = typed_into(book, {FEDERAL: {"executed": 6000}})
    trials = {
        b"": "Excel",
        b"PK\x03\x04": "",
        b"x" * (2 * 1024 * 1024 + 1): "Файл больше 2 МБ",
        book: "В книге нет ни одной суммы",
        edited(typed, unsigned): "Служебные ячейки книги изменены",
        edited(typed, twice): "Служебные ячейки книги изменены",
        edited(typed, merged): "Ячейки H6:H7 объединены",
        filled_execution(project, JUNE, "thousand", {"региональный бюджет": {"executed": 1}}): "от другого проекта",
    }
    for content, sentence in trials.items():
        answer = upload(content)
        assert answer.status_code == 422, sentence
        assert sentence in answer.content.decode(), sentence
    assert not ExecutionLoad.objects.exists()


def test_a_line_of_elsewhere_is_told(funded: Project, lines: Lines, cast: Cast, upload: Any) -> None:
    def foreign(sheet: Worksheet) -> None:
        sheet.cell(FIRST_ROW, 1).value = "00000000-0000-4000-8000-000000000000 0"
        sheet.cell(FIRST_ROW, COLUMNS["executed"]).value = 5

    html = upload(edited(book_of(funded, JUNE), foreign)).content.decode()
    assert "Такой строки в этом проекте нет" in html


def test_a_workbook_is_the_same_for_the_same_lines(funded: Project) -> None:
    assert book_of(funded, JUNE) == book_of(funded, JUNE)
    with pytest.raises(UnreadableFile, match="ни одной суммы"):
        read_execution_book(book_of(funded, JUNE))


def test_a_preview_costs_a_constant_number_of_queries(
    funded: Project, lines: Lines, upload: Any, django_assert_num_queries: Any
) -> None:
    upload(filled_execution(funded, JUNE, "thousand", {FEDERAL: {"executed": 6000}, REGIONAL: {"executed": 700}}))
    load = ExecutionLoad.objects.get()
    with django_assert_num_queries(3):
        assert len(preview_of(load)) == 2
