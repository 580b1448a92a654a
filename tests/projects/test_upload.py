"""Loading a passport from a file: it becomes a proposal, or leaves nothing behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs.files import archive
from jobs.models import Job, JobState, StoredFile
from jobs.services import run_queued
from organisations.models import Organisation, User
from projects.models import ChangeRequest, Project
from reports.documents.passport import render
from tests.conftest import Cast, Region
from tests.projects.passport.northern import regional
from tests.projects.passport.word import text_dump, word_file

AsUser = Callable[[User], Client]


def workbook() -> bytes:
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


def stored_bytes() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def load(client: Client, content: bytes, name: str, territory: Organisation | None, address: str = "") -> object:
    data: dict[str, object] = {"file": SimpleUploadedFile(name, content)}
    if territory is not None:
        data["territory"] = territory.pk
    return client.post(address or reverse("projects:upload"), data)


@pytest.mark.parametrize(
    ("content", "name"), [(word_file(regional()), "паспорт.docx"), (text_dump(regional()).encode(), "паспорт.txt")]
)
def test_a_passport_becomes_a_change_request_by_way_of_the_job_page(
    content: bytes, name: str, region: Region, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.office)
    response = load(client, content, name, region.root)
    job = Job.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, reverse("jobs:detail", args=[job.pk]))  # type: ignore[attr-defined]
    run_queued()
    job.refresh_from_db()
    draft = ChangeRequest.objects.get()
    assert (job.state, job.url) == (JobState.DONE, reverse("projects:change_request", args=[draft.pk]))
    assert (draft.territory, draft.author, draft.project) == (region.root, cast.office, None)
    html = client.get(job.url).content.decode()
    assert "Дорога в школу" in html
    file = client.get(reverse("projects:change_request_file", args=[draft.pk]))
    assert b"".join(file) == content
    assert as_user(cast.auditor).get(reverse("projects:change_request_file", args=[draft.pk])).status_code == 404


def test_reading_the_same_upload_twice_proposes_once(region: Region, cast: Cast, as_user: AsUser) -> None:
    load(as_user(cast.office), word_file(regional()), "паспорт.docx", region.root)
    run_queued()
    Job.objects.update(state=JobState.QUEUED)
    run_queued()
    assert ChangeRequest.objects.count() == 1


def test_the_next_redaction_keeps_the_project_and_its_territory(
    project: Project, region: Region, cast: Cast, as_user: AsUser
) -> None:
    address = reverse("projects:upload_next", args=[project.pk])
    client = as_user(cast.office)
    assert 'name="territory"' not in client.get(address).content.decode()
    load(client, word_file(regional()), "паспорт.docx", region.town, address)
    run_queued()
    draft = ChangeRequest.objects.latest("pk")
    assert (draft.project, draft.territory) == (project, region.root)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_read_leaves_nothing(region: Region, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)
    before = stored_bytes()
    bad = {
        "damaged.docx": word_file(regional())[:2000],
        "workbook.docx": workbook(),
        "letter.txt": "Уважаемые коллеги! Совещание переносится на вторник.".encode(),
        "noise.docx": bytes(range(256)) * 40,
    }
    for name, content in bad.items():
        assert load(client, content, name, region.root).status_code == 302, name  # type: ignore[attr-defined]
        run_queued()
        job = Job.objects.latest("pk")
        assert job.state == JobState.FAILED, name
        html = client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
        assert job.error.endswith("."), name
        assert job.error in html, name
        assert f'href="{reverse("projects:upload")}"' in html, name
    assert not StoredFile.objects.exists()
    assert not ChangeRequest.objects.exists()
    assert stored_bytes() == before


def test_an_empty_file_and_one_over_the_cap_are_refused_on_the_form(
    region: Region, cast: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 1000)
    client = as_user(cast.office)
    for content, words in ((b"", "Файл пуст"), (b"x" * 1001, "Файл больше 30 МБ")):
        response = load(client, content, "паспорт.docx", region.town)
        html = response.content.decode()  # type: ignore[attr-defined]
        assert response.status_code == 422  # type: ignore[attr-defined]
        assert words in html
        assert f'<option value="{region.town.pk}" selected>' in html
    assert not StoredFile.objects.exists()
    assert not Job.objects.exists()


def test_without_a_file_the_form_says_so(region: Region, cast: Cast, as_user: AsUser) -> None:
    response = as_user(cast.office).post(reverse("projects:upload"), {"territory": region.root.pk})
    assert response.status_code == 422
    assert "Выберите файл с паспортом." in response.content.decode()


def test_the_region_is_offered_first_and_only_own_territories(region: Region, cast: Cast, as_user: AsUser) -> None:
    form = as_user(cast.head).get(reverse("projects:upload")).context["form"]
    assert list(form.fields["territory"].queryset) == [region.root, region.town, region.district]
    response = load(as_user(cast.head), b"x", "паспорт.docx", region.schools[0])
    assert response.status_code == 422  # type: ignore[attr-defined]


def test_who_may_not_propose_is_refused(project: Project, cast: Cast, as_user: AsUser) -> None:
    own = reverse("projects:upload_next", args=[project.pk])
    for user in (cast.auditor, cast.curator, cast.coordinator, cast.reporters[0]):
        for address in (own, reverse("projects:upload")):
            assert as_user(user).get(address).status_code == 403
            assert as_user(user).post(address).status_code == 403
    assert as_user(cast.stranger).get(own).status_code == 404


@pytest.mark.parametrize("ending", ["docx", "xlsx", "pdf"])
def test_what_the_portal_printed_can_be_uploaded_again(
    ending: str, project: Project, cast: Cast, as_user: AsUser
) -> None:
    """The second upload for a project shows that nothing differs from the redaction in force."""
    printed = render(project.redactions.get().passport, ending)
    client = as_user(cast.office)
    file = SimpleUploadedFile(f"паспорт.{ending}", printed)
    client.post(reverse("projects:upload_next", args=[project.pk]), {"file": file})
    run_queued()
    draft = ChangeRequest.objects.filter(state="draft").get()
    before, after = project.redactions.get().passport, draft.passport
    assert [row.id for row in after.results] == [row.id for row in before.results]
    assert [row.targets for row in after.indicators] == [row.targets for row in before.indicators]
    assert client.get(reverse("projects:change_request", args=[draft.pk])).status_code == 200
