"""Printed documents: asked for, made by a job, kept, and handed only to those who may have them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from jobs.services import run_queued
from organisations.models import User
from organisations.roles import Role
from projects.models import Project
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from reports.models import GeneratedDocument
from tests.conftest import Cast, Region, approve

AsUser = Callable[[User], Client]


@pytest.fixture
def other_project(passport: Passport, region: Region, cast: Cast) -> Project:
    request = change_request_open(
        passport=passport.model_copy(update={"short_title": "Другой проект"}),
        territory=region.root,
        project=None,
        source_file=None,
        actor=cast.office,
    )
    return approve(request, cast.curator)


def status_of(client: Client, address: str) -> int:
    """The status; a file is read to its end, which closes it."""
    answer = client.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code


def ask(client: Client, project: Project, ending: str) -> Any:
    redaction = project.redactions.get()
    return client.post(
        reverse("reports:request_passport", args=[project.pk]), {"redaction": redaction.pk, "format": ending}
    )


@pytest.mark.parametrize(("ending", "magic"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_the_passport_is_printed_by_a_job_and_downloaded(
    project: Project, cast: Cast, as_user: AsUser, ending: str, magic: bytes
) -> None:
    client = as_user(cast.office)
    page = ask(client, project, ending)
    assert page.status_code == 302
    assert "В очереди" in client.get(page.url).content.decode()
    run_queued()
    document = GeneratedDocument.objects.select_related("file").get()
    assert document.file is not None
    shown = client.get(page.url).content.decode()
    assert document.file.sha256 in shown
    answer = client.get(reverse("reports:download", args=[document.public_id]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(magic)
    assert hashlib.sha256(content).hexdigest() == document.file.sha256
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("point", "unit"), [(True, "млн.\u00a0рублей"), (False, "млн\u00a0рублей")])
def test_millions_are_written_as_the_region_has_it(
    project: Project, cast: Cast, as_user: AsUser, settings: Any, point: bool, unit: str
) -> None:
    settings.MILLION_WITH_POINT = point
    ask(as_user(cast.office), project, "xlsx")
    run_queued()
    file = GeneratedDocument.objects.get().file
    assert file is not None
    sheet = openpyxl.load_workbook(BytesIO(file.read()))["Финансирование"]
    assert str(sheet.cell(1, 2).value).endswith(unit)


def test_a_slash_in_a_title_shortens_no_file_name(project: Project, cast: Cast, as_user: AsUser) -> None:
    Project.objects.filter(pk=project.pk).update(short_title="Школа 1/2 смены")
    ask(as_user(cast.office), project, "xlsx")
    run_queued()
    file = GeneratedDocument.objects.get().file
    assert file is not None
    assert file.name == "Паспорт проекта «Школа 1-2 смены», редакция № 1.xlsx"


def test_a_table_of_figures_is_no_word_file(project: Project, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)
    page = client.get(reverse("reports:documents", args=[project.pk])).content.decode()
    assert page.count('value="docx"') == 1
    assert 'value="docx"' not in client.get(reverse("reports:plan_fact", args=[project.pk])).content.decode()
    answer = client.post(reverse("reports:plan_fact_print", args=[project.pk]), {"format": "docx"})
    assert answer.status_code == 404


def test_asking_again_gives_the_document_that_is_there(project: Project, cast: Cast, as_user: AsUser) -> None:
    first = ask(as_user(cast.office), project, "xlsx").url
    assert ask(as_user(cast.auditor), project, "xlsx").url == first
    run_queued()
    assert ask(as_user(cast.auditor), project, "xlsx").url == first
    assert Job.objects.filter(handler="reports.render").count() == 1


def test_a_document_whose_job_failed_is_tried_again(project: Project, cast: Cast, as_user: AsUser) -> None:
    ask(as_user(cast.office), project, "xlsx")
    Job.objects.filter(handler="reports.render").update(state="failed", lease_until=None)
    url = ask(as_user(cast.office), project, "xlsx").url
    run_queued()
    assert "Скачать XLSX" in as_user(cast.office).get(url).content.decode()


def test_the_workbook_holds_the_figures(project: Project, cast: Cast, as_user: AsUser) -> None:
    ask(as_user(cast.office), project, "xlsx")
    run_queued()
    document = GeneratedDocument.objects.select_related("file").get()
    assert document.file is not None
    book = openpyxl.load_workbook(BytesIO(document.file.read()))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    indicator = project.redactions.get().passport.indicators[0]
    assert indicator.name in cells
    assert {float(target) for target in indicator.targets.values() if target is not None} <= {
        float(cell) for cell in cells if isinstance(cell, int | float)
    }


def test_only_those_who_may_have_documents_get_them(project: Project, cast: Cast, as_user: AsUser) -> None:
    ask(as_user(cast.office), project, "xlsx")
    run_queued()
    public_id = GeneratedDocument.objects.get().public_id
    addresses = [reverse("reports:document", args=[public_id]), reverse("reports:download", args=[public_id])]
    for user, status in ((cast.auditor, 200), (cast.reporters[0], 404), (cast.stranger, 404)):
        assert {status_of(as_user(user), address) for address in addresses} == {status}
    assert ask(as_user(cast.reporters[0]), project, "pdf").status_code == 403
    assert ask(as_user(cast.stranger), project, "pdf").status_code == 404
    assert Client().get(addresses[1]).status_code == 302


def test_a_right_taken_away_works_at_once(project: Project, cast: Cast, as_user: AsUser) -> None:
    ask(as_user(cast.auditor), project, "xlsx")
    run_queued()
    address = reverse("reports:download", args=[GeneratedDocument.objects.get().public_id])
    client = as_user(cast.auditor)
    assert status_of(client, address) == 200
    cast.auditor.memberships.filter(role=Role.AUDITOR).delete()
    assert client.get(address).status_code == 404


def test_the_register_costs_the_same_however_long_it_is(
    project: Project, cast: Cast, as_user: AsUser, django_assert_max_num_queries: Any
) -> None:
    redaction = project.redactions.get()
    for number in range(30):
        GeneratedDocument.objects.create(
            kind="plan_fact", format="pdf", title=f"{number}", project=project, snapshot={}, requested_by=cast.office
        )
    ask(as_user(cast.office), project, "pdf")
    client = as_user(cast.office)
    for name, arguments in (("reports:documents", [project.pk]), ("reports:all_documents", [])):
        with django_assert_max_num_queries(12):
            page = client.get(reverse(name, args=arguments)).content.decode()
        assert f"редакция № {redaction.number}" in page


def test_another_projects_redaction_is_refused(
    project: Project, other_project: Project, cast: Cast, as_user: AsUser
) -> None:
    foreign = other_project.redactions.get()
    answer = as_user(cast.office).post(
        reverse("reports:request_passport", args=[project.pk]), {"redaction": foreign.pk, "format": "pdf"}
    )
    assert answer.status_code == 404
    assert not GeneratedDocument.objects.exists()


def test_the_database_refuses_a_document_without_a_snapshot(project: Project, cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedDocument.objects.create(
            kind="plan_fact", format="pdf", title="x", project=project, requested_by=cast.office
        )


def test_an_empty_register_tells_each_person_what_she_can_do(project: Project, cast: Cast, as_user: AsUser) -> None:
    here = reverse("reports:documents", args=[project.pk])
    office, school = (as_user(person).get(here).content.decode() for person in (cast.office, cast.reporters[0]))

    assert "Выберите выше редакцию и формат" in office
    assert "Составить PDF" in office
    assert "Документы составляют те, кто ведёт или проверяет проект" in school
    assert "Выберите" not in school
    assert "в разделе «Документы»" not in office + school, "they are there already"
    everywhere = as_user(cast.office).get(reverse("reports:all_documents")).content.decode()
    assert "на странице проекта, в разделе «Документы»" in everywhere
