"""The progress report on its page and as a document: for those who see the project, of a year that it has."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.services import run_queued
from organisations.models import User
from projects.models import Project, Redaction
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from reports.documents.report import Report
from reports.models import GeneratedDocument
from tests.conftest import Cast, Region, approve
from tests.world import World

AsUser = Callable[[User], Client]


def page_of(client: Client, project: Project, **query: Any) -> str:
    return client.get(reverse("reports:progress", args=[project.pk]), query).content.decode()


def next_redaction(project: Project, region: Region, cast: Cast, **changes: Any) -> Redaction:
    before = project.redactions.latest("number").passport
    draft = change_request_open(
        passport=Passport.model_validate({**before.model_dump(), **changes}),
        territory=region.root,
        project=project,
        source_file=None,
        actor=cast.office,
    )
    approve(draft, cast.curator)
    found: Redaction = project.redactions.latest("number")
    return found


def test_a_figure_stands_beside_its_coverage_and_an_entered_one_says_so(world: World, as_user: AsUser) -> None:
    page = page_of(as_user(world.cast.auditor), world.project, year="2026")
    assert "Реализация регионального проекта «Школа рядом»" in page
    assert "25<br>1\u00a0из\u00a04" in page
    assert "48<br>внесено" in page
    assert "1\u202f500" in page


def test_who_answers_for_the_project_is_not_named_again_among_its_participants(world: World, as_user: AsUser) -> None:
    own = world.redaction.passport
    head = own.head.model_copy(update={"name": "Громов Борис Ильич"})
    other = own.participants[0].model_copy(update={"id": None, "number": "2", "name": "Дёмина И. Ю."})
    participants = (*own.participants, other)
    next_redaction(world.project, world.region, world.cast, head=head, participants=participants)
    page = page_of(as_user(world.cast.auditor), world.project, year="2026")
    assert "<li>Дёмина И. Ю., министр</li>" in page.replace("\u00a0", " ")
    assert "<li>Громов" not in page


def test_a_year_that_the_project_does_not_have_is_the_usual_one(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    assert "за 2025 год" in page_of(client, world.project, year="2025")
    assert "за 2026 год" in page_of(client, world.project, year="2031")


def test_a_project_without_figures_says_so(project: Project, region: Region, cast: Cast, as_user: AsUser) -> None:
    next_redaction(project, region, cast, indicators=(), breakdown=(), methodology=(), finance=())
    client = as_user(cast.office)
    assert "Отчитываться пока не о чем" in page_of(client, project)
    answer = client.post(reverse("reports:progress_print", args=[project.pk]), {"year": "2025", "format": "pdf"})
    assert answer.status_code == 404


@pytest.mark.parametrize(("ending", "magic"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_an_auditor_takes_it_away_and_gets_the_same_file_again(
    world: World, as_user: AsUser, ending: str, magic: bytes
) -> None:
    client = as_user(world.cast.auditor)
    address = reverse("reports:progress_print", args=[world.project.pk])
    first = client.post(address, {"year": "2026", "format": ending})
    run_queued()
    assert client.post(address, {"year": "2026", "format": ending})["Location"] == first["Location"]
    document = GeneratedDocument.objects.select_related("file").get(kind="progress")
    assert document.file is not None
    assert document.title == "Отчёт о ходе реализации проекта «Школа рядом» за 2026 год"
    assert document.file.sha256 in client.get(first["Location"]).content.decode()
    answer = client.get(reverse("reports:download", args=[document.public_id]))
    assert b"".join(answer.streaming_content).startswith(magic)  # type: ignore[attr-defined]
    stranger = as_user(world.cast.stranger).get(reverse("reports:download", args=[document.public_id]))
    assert stranger.status_code == 404


def test_a_document_whose_job_failed_is_asked_for_anew(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    address = reverse("reports:progress_print", args=[world.project.pk])
    client.post(address, {"year": "2026", "format": "xlsx"})
    document = GeneratedDocument.objects.select_related("job").get(kind="progress")
    assert document.job is not None
    document.job.state, document.job.lease_until = "failed", None
    document.job.save()
    answer = client.post(address, {"year": "2026", "format": "xlsx"})
    assert document.public_id not in answer["Location"]


def test_what_was_frozen_stays_when_the_figures_change(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    client.post(reverse("reports:progress_print", args=[world.project.pk]), {"year": "2026", "format": "xlsx"})
    next_redaction(world.project, world.region, world.cast, goal="Другая цель")
    run_queued()
    document = GeneratedDocument.objects.select_related("file").get(kind="progress")
    assert document.file is not None
    words = {cell.value for row in openpyxl.load_workbook(BytesIO(document.file.read())).worksheets[0] for cell in row}
    assert "Дорога к каждой школе безопасна" in words
    assert "Другая цель" not in words
    assert "Другая цель" in page_of(client, world.project)


def test_a_text_is_never_a_formula(project: Project, region: Region, cast: Cast, as_user: AsUser) -> None:
    payload = '=HYPERLINK("http://evil.example","Отчёт")'
    indicator = project.redactions.get().passport.indicators[0].model_copy(update={"name": payload})
    next_redaction(project, region, cast, goal=payload, indicators=(indicator,))
    as_user(cast.office).post(reverse("reports:progress_print", args=[project.pk]), {"year": "2025", "format": "xlsx"})
    run_queued()
    document = GeneratedDocument.objects.select_related("file").get(kind="progress")
    assert document.file is not None
    book = openpyxl.load_workbook(BytesIO(document.file.read()))
    cells = [cell for sheet in book for row in sheet for cell in row if str(cell.value).startswith("=")]
    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_the_number_of_queries_does_not_grow(project: Project, region: Region, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page_of(client, project)
        return len(found)

    page_of(client, project)
    few = queries()
    passport = project.redactions.get().passport
    indicators = tuple(
        passport.indicators[0].model_copy(update={"id": None, "number": str(n), "name": f"Показатель {n}, процент"})
        for n in range(2, 22)
    )
    money = tuple(
        row.model_copy(update={"id": None, "number": f"{n}.{row.number}"})
        for n in range(2, 12)
        for row in passport.finance
    )
    next_redaction(
        project, region, cast, indicators=(*passport.indicators, *indicators), finance=(*passport.finance, *money)
    )
    assert queries() == few


def test_a_snapshot_comes_back_from_its_json_unchanged(world: World, as_user: AsUser) -> None:
    client = as_user(world.cast.office)
    client.post(reverse("reports:progress_print", args=[world.project.pk]), {"year": "2026", "format": "pdf"})
    snapshot = GeneratedDocument.objects.get(kind="progress").snapshot
    assert Report.model_validate(snapshot).model_dump(mode="json") == snapshot
