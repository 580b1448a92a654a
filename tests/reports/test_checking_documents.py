"""Whoever holds a printed document can learn what it is and whether it was altered: without an account, by its code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs.models import StoredFile
from jobs.services import run_queued
from organisations.models import AttemptKind, Attempts
from organisations.services.attempts import PATIENCE
from projects.models import Project
from projects.passport import read
from reports.documents.passport import render
from reports.documents.passport_html import passport_html
from reports.models import GeneratedDocument
from reports.services import passport_request
from tests.conftest import Cast
from tests.reports.documents.sample import sample_passport

ADDRESS = "https://portal.example.org/d/JmVVXDnmQ0n1RrYkZoXxW9uT7sZ4LkPq/"
FREE = PATIENCE[AttemptKind.DOCUMENT].free


@pytest.fixture
def printed(project: Project, cast: Cast) -> GeneratedDocument:
    document = passport_request(redaction=project.redactions.get(), ending="pdf", actor=cast.office)
    run_queued()
    document.refresh_from_db()
    return document


def content_of(document: GeneratedDocument) -> bytes:
    assert document.file is not None
    content: bytes = document.file.read()
    return content


def compare(document: GeneratedDocument, content: bytes, **more: Any) -> Any:
    upload = SimpleUploadedFile("Паспорт.pdf", content, "application/pdf")
    return Client().post(reverse("reports:check", args=[document.public_id]), {"file": upload}, **more)


def test_everybody_may_read_what_a_document_is(printed: GeneratedDocument) -> None:
    page = Client().get(reverse("reports:check", args=[printed.public_id])).content.decode()
    assert printed.title in page
    assert "редакции № 1, протокол № 7 от 20.01.2025; она действует сейчас" in page
    assert printed.file is not None
    assert printed.file.sha256 in page
    assert "Не совпадает" not in page


def test_the_file_that_was_printed_matches(printed: GeneratedDocument) -> None:
    assert ">Совпадает<" in compare(printed, content_of(printed)).content.decode()


@pytest.mark.parametrize("place", [0, 1000, -1])
def test_a_file_with_one_altered_byte_does_not(printed: GeneratedDocument, place: int) -> None:
    altered = bytearray(content_of(printed))
    altered[place] ^= 1
    page = compare(printed, bytes(altered)).content.decode()
    assert ">Не совпадает<" in page
    assert ">Совпадает<" not in page


def test_nothing_of_the_readers_file_is_kept(printed: GeneratedDocument) -> None:
    before = StoredFile.objects.count()
    compare(printed, content_of(printed) + b" ")
    assert StoredFile.objects.count() == before


def test_an_unknown_address_and_a_document_that_is_not_printed_do_not_exist(project: Project, cast: Cast) -> None:
    waiting = passport_request(redaction=project.redactions.get(), ending="docx", actor=cast.office)
    for public_id in ("JmVVXDnmQ0n1RrYkZoXxW9uT7sZ4LkPq", waiting.public_id):
        assert Client().get(reverse("reports:check", args=[public_id])).status_code == 404


def test_no_file_and_an_empty_one_are_asked_for_again(printed: GeneratedDocument) -> None:
    assert "Файл пустой" in compare(printed, b"").content.decode()
    answer = Client().post(reverse("reports:check", args=[printed.public_id]))
    assert answer.status_code == 422
    assert "Выберите файл" in answer.content.decode()


def test_many_that_do_not_match_must_wait_and_genuine_ones_never(printed: GeneratedDocument) -> None:
    for _ in range(FREE - 1):
        assert compare(printed, b"forged").status_code == 200
    assert compare(printed, content_of(printed)).status_code == 200
    assert not Attempts.objects.exists()
    for _ in range(FREE):
        compare(printed, b"forged")
    refused = compare(printed, content_of(printed))
    assert refused.status_code == 429
    assert "Попробуйте снова" in refused.content.decode()
    assert compare(printed, b"forged", REMOTE_ADDR="198.51.100.7").status_code == 200


def test_the_code_leads_to_the_page(printed: GeneratedDocument, settings: Any) -> None:
    squares = segno.make(ADDRESS, error="m", micro=False).svg_inline(border=0, omitsize=True)
    html = passport_html(sample_passport(), check_at=ADDRESS)
    assert squares in html
    assert "<svg" not in passport_html(sample_passport())
    passport = printed.project.redactions.get().passport
    address = f"{settings.PORTAL_ADDRESS}/d/{printed.public_id}/"
    assert content_of(printed) == render(passport, "pdf", check_at=address)


def test_a_document_with_a_code_reads_back_as_the_same_passport(tmp_path: Path) -> None:
    plain, marked = tmp_path / "без кода.pdf", tmp_path / "с кодом.pdf"
    plain.write_bytes(render(sample_passport(), "pdf"))
    marked.write_bytes(render(sample_passport(), "pdf", check_at=ADDRESS))
    assert marked.read_bytes() != plain.read_bytes()
    assert read(marked) == read(plain)
