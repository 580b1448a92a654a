"""The coordinator gathers the figures of her schools offline: one workbook, a school a row, drafts in every form."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from indicators.models import ReportingPeriod, StandIn, Submission
from indicators.selectors.forms import form_of
from indicators.selectors.municipality_forms import municipalities_of, municipality_forms
from indicators.services import (
    StateConflict,
    period_close,
    period_open,
    submission_accept,
    submission_check,
    submission_save_draft,
    submission_submit,
)
from indicators.services.filling_for import HANDLER, forms_fill_for
from indicators.turns import may_decide
from indicators.workbooks import marks
from indicators.workbooks.form_book import form_book
from indicators.workbooks.municipality_book import municipality_book
from indicators.workbooks.reading import read_form_book, read_municipality_book
from jobs.files.errors import UnreadableFile
from jobs.models import Job, StoredFile
from jobs.services import run_queued
from organisations.models import Notification, Organisation, OrganisationKind, User
from organisations.services import organisation_create
from tests.conftest import Cast, Region
from tests.indicators.filled_workbooks import cell_of, edited, filled_row, upload
from tests.indicators.steps import FAR, agree, count, indicator_of, open_period

ANSWERS: dict[str, Any] = {"pupils": 400, "safe": 100, "camera": "да", "distance": 2.5}
NAMES = tuple(f"Школа № {n} города Ясногорска" for n in (1, 2, 3))


@pytest.fixture
def coordinator(as_user: Callable[[User], Client], cast: Cast) -> Client:
    return as_user(cast.coordinator)


def url(period: ReportingPeriod, page: str = "municipality_workbook", *more: Any) -> str:
    return reverse(f"indicators:{page}", args=[period.pk, *more])


def downloaded(client: Client, period: ReportingPeriod, town: Organisation) -> bytes:
    answer = client.get(url(period, "municipality_workbook_file", town.pk))
    assert answer.status_code == 200
    return bytes(answer.content)


def uploaded(client: Client, period: ReportingPeriod, content: bytes, **more: str) -> str:
    """Upload, let the worker work, and open what came of it: the report, or the job that failed."""
    answer = client.post(url(period), {"file": upload(content), **more})
    assert answer.status_code == 302, answer.content.decode()
    run_queued()
    job = _job()
    return client.get(job.url or reverse("jobs:detail", args=[job.pk])).content.decode()


def _job() -> Job:
    """The job of the upload; what it leads to leaves jobs of its own."""
    return Job.objects.filter(handler=HANDLER).latest("pk")


def answers(form: Submission) -> dict[str, str]:
    rows = form.answers.select_related("question")
    return {row.question.code: "н/о" if row.not_applicable else str(row.value) for row in rows if row.is_given}


def test_the_workbook_has_a_school_a_row_and_a_question_a_column(
    coordinator: Client, period: ReportingPeriod, region: Region, form: Submission
) -> None:
    book = load_workbook(io.BytesIO(downloaded(coordinator, period, region.town)))
    sheet = book[marks.SHEET]

    assert [sheet.cell(row, 2).value for row in range(marks.FIRST_FORM_ROW, sheet.max_row + 1)] == list(NAMES)
    assert [cell.value for cell in sheet[marks.MARK_ROW]][3:] == ["pupils", "safe", "camera", "distance"]
    assert [cell.value for cell in sheet[4]][1:] == [
        "Организация", "Форма", "Учеников", "Из них с безопасной дорогой", "Есть ли камера у входа",
        "Расстояние до самого дальнего дома",
    ]  # fmt: skip
    assert sheet.row_dimensions[marks.MARK_ROW].hidden
    assert sheet.column_dimensions["A"].hidden
    assert sheet.freeze_panes == "D6"
    assert not cell_of(sheet, NAMES[0], "pupils").protection.locked


def test_forms_that_were_sent_are_grey_shut_and_not_read(
    coordinator: Client, period: ReportingPeriod, region: Region, submitted: Submission
) -> None:
    content = downloaded(coordinator, period, region.town)
    cell = cell_of(load_workbook(io.BytesIO(content))[marks.SHEET], NAMES[0], "pupils")
    assert cell.value == 400
    assert cell.protection.locked

    page = uploaded(coordinator, period, filled_row(content, NAMES[0], {"pupils": 5}))
    assert answers(submitted)["pupils"] == "400"
    assert "В книге нет ни одного ответа" in page


def test_what_was_gathered_stands_in_drafts_and_says_who_filled_it_in(
    coordinator: Client,
    period: ReportingPeriod,
    region: Region,
    cast: Cast,
    form: Submission,
    as_user: Callable[[User], Client],
) -> None:
    content = downloaded(coordinator, period, region.town)
    for name in NAMES[:2]:
        content = filled_row(content, name, ANSWERS)
    page = uploaded(coordinator, period, content)

    assert "Принято 8 из 8\u00a0ячеек" in page
    assert answers(form) == {"pupils": "400", "safe": "100", "camera": "1", "distance": "2.5"}
    form.refresh_from_db()
    assert (form.state, form.filled_by, form.version) == ("draft", cast.coordinator, 1)
    assert StandIn.objects.filter(person=cast.coordinator).count() == 2
    assert not StoredFile.objects.exists()
    seen = as_user(cast.reporters[0]).get(reverse("indicators:submission", args=[form.pk])).content.decode()
    assert "Форму заполнял муниципалитет" in seen
    assert "Климов Артём Денисович" in seen
    told = Notification.objects.filter(kind="filled_for")
    assert {row.recipient for row in told} == set(cast.reporters[:2])
    assert "заполнил муниципалитет (Климов А. Д.)" in told.get(recipient=cast.reporters[0]).text
    assert told.get(recipient=cast.reporters[0]).link == reverse("indicators:submission", args=[form.pk])
    # She hears of it once a day, however often the workbook comes.
    uploaded(coordinator, period, filled_row(content, NAMES[0], {"pupils": 401}), overwrite="on")
    assert told.count() == 2


def test_who_filled_a_form_in_neither_submits_nor_reviews_it_whoever_writes_it_afterwards(
    coordinator: Client, period: ReportingPeriod, region: Region, cast: Cast, form: Submission
) -> None:
    uploaded(coordinator, period, filled_row(downloaded(coordinator, period, region.town), NAMES[0], ANSWERS))
    form.refresh_from_db()
    with pytest.raises(PermissionDenied):
        submission_submit(submission=form, version=form.version, actor=cast.coordinator)

    # The head mends one figure: the last who wrote is no longer the coordinator.
    submission_save_draft(submission=form, values={"distance": "3"}, version=form.version, actor=cast.reporters[0])
    form.refresh_from_db()
    sent = submission_submit(submission=form, version=form.version, actor=cast.reporters[0])
    Submission.objects.filter(pk=sent.pk).update(levels=2)
    assert cast.coordinator.pk not in {sent.filled_by_id, sent.submitted_by_id}
    assert sent not in Submission.objects.waiting_for(cast.coordinator)
    assert sent in Submission.objects.waiting_for(cast.office)
    sent = Submission.objects.select_related("organisation").get(pk=sent.pk)
    assert not may_decide(cast.coordinator, sent)
    assert may_decide(cast.office, sent)
    with pytest.raises(StateConflict, match="не тот, кто её заполнил"):
        submission_check(submission=sent, version=sent.version, actor=cast.coordinator)
    checked = submission_check(submission=sent, version=sent.version, actor=cast.office)
    assert submission_accept(submission=checked, version=checked.version, actor=cast.head).state == "accepted"


def test_wrong_cells_are_told_by_school_and_cell_and_cost_the_others_nothing(
    coordinator: Client, period: ReportingPeriod, region: Region, form: Submission
) -> None:
    content = downloaded(coordinator, period, region.town)
    content = filled_row(content, NAMES[0], {"pupils": 10, "safe": 11, "camera": "может быть", "distance": "=1+1"})
    page = uploaded(coordinator, period, content)

    assert "Принято 1 из 4\u00a0ячеек" in page
    for place, sentence in (
        ("Ответы, E6", "Не может быть больше, чем «Учеников» (10)."),
        ("Ответы, F6", "Ответьте «да» или «нет»."),
        ("Ответы, G6", "В ячейке формула"),
    ):
        assert place in page
        assert sentence in page
    assert answers(form) == {"pupils": "10"}


def test_what_the_head_wrote_meanwhile_stays_unless_it_is_asked_to_be_overwritten(
    coordinator: Client, period: ReportingPeriod, region: Region, cast: Cast, form: Submission
) -> None:
    content = filled_row(downloaded(coordinator, period, region.town), NAMES[0], ANSWERS)
    submission_save_draft(submission=form, values={"pupils": "900"}, version=0, actor=cast.reporters[0])

    page = uploaded(coordinator, period, content)
    assert "В форме уже другой ответ" in page
    assert answers(form) == {"pupils": "900", "safe": "100", "camera": "1", "distance": "2.5"}

    page = uploaded(coordinator, period, content, overwrite="on")
    assert "Принято 4 из 4\u00a0ячеек" in page
    assert answers(form)["pupils"] == "400"


def test_a_form_sent_meanwhile_is_told_once_and_nothing_of_it_is_written(
    coordinator: Client,
    period: ReportingPeriod,
    region: Region,
    cast: Cast,
    form: Submission,
) -> None:
    content = filled_row(downloaded(coordinator, period, region.town), NAMES[0], ANSWERS)
    values = {"pupils": "7", "safe": "7", "camera": "да", "distance": "7"}
    submission_submit(submission=form, version=0, actor=cast.reporters[0], values=values)
    page = uploaded(coordinator, period, content)
    assert "Форма уже отправлена и ждёт проверки." in page
    assert answers(form)["pupils"] == "7"


def test_forms_of_others_are_never_written_however_their_ids_came_into_the_workbook(
    coordinator: Client, period: ReportingPeriod, region: Region, cast: Cast, office: Client
) -> None:
    village = period.submissions.get(organisation=region.village_school)
    content = filled_row(downloaded(office, period, region.district), "Школа села Заречного", ANSWERS)
    page = uploaded(coordinator, period, content)
    assert "Такой формы среди форм ваших организаций нет." in page
    assert "Школа села Заречного" not in page

    # The mark of the other municipality's row, taken over into one's own workbook.
    own = downloaded(coordinator, period, region.town)
    foreign = load_workbook(io.BytesIO(content))[marks.SHEET].cell(marks.FIRST_FORM_ROW, 1).value
    mixed = edited(own, lambda _, sheet: setattr(sheet.cell(marks.FIRST_FORM_ROW, 1), "value", foreign))
    assert "Такой формы" in uploaded(coordinator, period, filled_row(mixed, NAMES[0], {"pupils": 1}))
    assert not village.answers.exists()


@pytest.mark.parametrize("damage", ["row", "twice", "code", "book"])
def test_a_workbook_whose_hidden_cells_were_changed_is_refused_whole(
    damage: str, coordinator: Client, period: ReportingPeriod, region: Region, form: Submission
) -> None:
    def change(_: Any, sheet: Any) -> None:
        row, column = {
            "row": (marks.FIRST_FORM_ROW, 1),
            "twice": (marks.FIRST_FORM_ROW + 1, 1),
            "code": (marks.MARK_ROW, marks.FIRST_QUESTION_COLUMN),
            "book": (marks.MARK_ROW, 1),
        }[damage]
        own = str(sheet.cell(row, column).value)
        above = sheet.cell(row - 1, column).value
        sheet.cell(row, column).value = above if damage == "twice" else own.replace(" ", " 1", 1) if " " in own else "x"

    content = edited(filled_row(downloaded(coordinator, period, region.town), NAMES[0], ANSWERS), change)
    page = uploaded(coordinator, period, content)
    assert ("повторяет другую строку" if damage == "twice" else "Служебные ячейки книги изменены") in page
    assert not form.answers.exists()
    assert not StoredFile.objects.exists()


def test_a_workbook_of_one_form_or_of_another_period_is_refused(
    coordinator: Client, period: ReportingPeriod, region: Region, form: Submission, cast: Cast
) -> None:
    assert "Это книга одной формы" in uploaded(coordinator, period, form_book(form_of(form)))
    content = downloaded(coordinator, period, region.town)
    with pytest.raises(UnreadableFile, match="Это книга целого муниципалитета"):
        read_form_book(content)
    other = period_open(
        kind="year", year=2026, number=1, deadline=FAR, projects=[period.projects.get().project], actor=cast.office
    )
    assert "Эта книга от другого отчётного периода" in uploaded(coordinator, other, content)
    period_close(period=period, actor=cast.office)
    answer = coordinator.post(url(period), {"file": upload(content)})
    assert answer.status_code == 422
    assert "Отчётный период закрыт" in answer.content.decode()


def test_only_the_coordinator_uploads_and_the_report_is_for_her_alone(
    period: ReportingPeriod, region: Region, cast: Cast, as_user: Callable[[User], Client], coordinator: Client
) -> None:
    content = filled_row(downloaded(coordinator, period, region.town), NAMES[0], ANSWERS)
    for person in (cast.office, cast.auditor, cast.reporters[0], cast.stranger):
        answer = as_user(person).post(url(period), {"file": upload(content)})
        assert answer.status_code == 403
    assert not Job.objects.filter(handler=HANDLER).exists()
    assert coordinator.get(url(period, "municipality_workbook_file", region.district.pk)).status_code == 404
    uploaded(coordinator, period, content)
    report = _job().url
    assert coordinator.get(report).status_code == 200
    assert as_user(cast.office).get(report).status_code == 404


def test_the_gate_itself_lets_no_head_fill_in_for_others(
    period: ReportingPeriod, region: Region, cast: Cast, form: Submission
) -> None:
    [place] = [row for row in municipalities_of(period, cast.office) if row.organisation_id == region.town.pk]
    content = municipality_book(municipality_forms(period, place, cast.office))
    rows = read_municipality_book(filled_row(content, NAMES[0], ANSWERS)).forms
    for person in (cast.reporters[0], cast.office, cast.auditor):
        came = forms_fill_for(period=period, rows=rows, overwrite=False, actor=person)
        assert {row.taken for row in came} == {0}
    assert not form.answers.exists()
    period_close(period=period, actor=cast.office)
    with pytest.raises(StateConflict):
        forms_fill_for(period=period, rows=rows, overwrite=False, actor=cast.coordinator)


def test_the_number_of_queries_does_not_grow_with_the_schools(
    period: ReportingPeriod, region: Region, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    [place] = municipalities_of(period, cast.coordinator)
    content = municipality_book(municipality_forms(period, place, cast.coordinator))
    for name in NAMES:
        content = filled_row(content, name, ANSWERS)
    rows = read_municipality_book(content).forms
    with CaptureQueriesContext(connection) as one:
        forms_fill_for(period=period, rows=rows[:1], overwrite=False, actor=cast.coordinator)
    with django_assert_num_queries(len(one.captured_queries)):
        forms_fill_for(period=period, rows=rows[1:], overwrite=False, actor=cast.coordinator)
    assert len(one.captured_queries) <= 15
    with CaptureQueriesContext(connection) as reading:
        municipality_forms(period, place, cast.coordinator)
    assert len(reading.captured_queries) <= 10


def test_a_job_that_is_run_again_writes_nothing_twice(
    coordinator: Client, period: ReportingPeriod, region: Region, form: Submission, cast: Cast
) -> None:
    [place] = municipalities_of(period, cast.coordinator)
    content = municipality_book(municipality_forms(period, place, cast.coordinator))
    rows = read_municipality_book(filled_row(content, NAMES[0], ANSWERS)).forms
    for _ in range(2):
        came = forms_fill_for(period=period, rows=rows, overwrite=False, actor=cast.coordinator)
        assert sum(row.taken for row in came) == 4
    form.refresh_from_db()
    assert form.version == 1


def test_what_a_kind_is_not_asked_is_grey_and_refused(
    region: Region, cast: Cast, formulas: Any, coordinator: Client
) -> None:
    organisation_create(kind=OrganisationKind.KINDERGARTEN, name="Детский сад", parent=region.town)
    count("groups", cast.office, name="Групп", kinds=["kindergarten"])
    agree(indicator_of(formulas, "9"), "groups", cast.office)
    period = open_period(cast.office, formulas)
    content = downloaded(coordinator, period, region.town)
    sheet = load_workbook(io.BytesIO(content))[marks.SHEET]
    assert cell_of(sheet, "Детский сад", "pupils").protection.locked
    assert not cell_of(sheet, "Детский сад", "groups").protection.locked
    page = uploaded(coordinator, period, filled_row(content, "Детский сад", {"pupils": 3, "groups": 4}))
    assert "Этого у организации не спрашивают: очистите ячейку." in page
    assert "Принято 1 из 2\u00a0ячеек" in page
