"""«Сравнительная таблица изменений» in print: every cell old and new, the same bytes for the same content."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from jobs.services import run_queued
from organisations.mail import portal_link
from organisations.models import User
from projects.comparison import CellWords, SectionWords
from projects.models import ChangeRequest, Project
from projects.services.proposals import change_request_open
from reports.comparisons import redaction_comparison_request
from reports.documents.comparison import Comparison, comparison_html, comparison_of, render_comparison
from reports.models import GeneratedDocument
from tests.conftest import Cast, Region, approve

AsUser = Callable[[User], Client]


@pytest.fixture
def proposed(project: Project, region: Region, cast: Cast) -> ChangeRequest:
    now = project.redactions.get().passport
    changed = now.model_copy(update={"goal": "Дорога безопасна и зимой", "participants": ()})
    return change_request_open(
        passport=changed, territory=region.root, project=project, source_file=None, actor=cast.office
    )


def ask(client: Client, request: ChangeRequest, ending: str = "pdf") -> GeneratedDocument:
    response = client.post(reverse("reports:request_comparison_print", args=[request.pk]), {"format": ending})
    assert response.status_code == 302
    run_queued()
    return GeneratedDocument.objects.latest("pk")


def test_the_annex_is_printed_and_asked_for_twice_it_is_the_same(
    proposed: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    document = ask(as_user(cast.curator), proposed)
    assert document.file is not None
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(document.file.read())).pages)
    for words in ("Сравнительная таблица изменений", "Цель проекта", "Дорога безопасна и зимой", "исключена"):
        assert words in text
    assert ask(as_user(cast.office), proposed) == document
    address = portal_link("reports:check", document.public_id)
    printed = render_comparison(Comparison.model_validate(document.snapshot), "pdf", check_at=address)
    assert printed == document.file.read()


def test_both_sides_are_alike_in_every_section_and_what_is_compared_heads_its_row() -> None:
    short, long = (
        SectionWords("goal", title, (CellWords("Цель проекта", old, "Дорога безопасна"),), ())
        for title, old in (("2. Цель", "Дорога"), ("6. Дополнительно", "Дорога безопасна и зимой. " * 200))
    )
    html = comparison_html(comparison_of((), (short, long)))
    assert html.count('<col style="width:47.00mm"><col style="width:110.00mm"><col style="width:110.00mm">') == 2
    assert html.count('<th scope="row" class="text" colspan="1">Цель проекта</th>') == 2


def test_the_workbook_has_a_line_for_every_cell(proposed: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    document = ask(as_user(cast.curator), proposed, "xlsx")
    assert document.file is not None
    sheet = openpyxl.load_workbook(io.BytesIO(document.file.read())).active
    assert sheet is not None
    cells = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert any("Дорога к каждой школе безопасна" in row and "Дорога безопасна и зимой" in row for row in cells)


def test_what_a_request_changes_is_for_who_sees_the_request(
    proposed: ChangeRequest, project: Project, cast: Cast, as_user: AsUser
) -> None:
    document = ask(as_user(cast.curator), proposed)
    address = reverse("reports:download", args=[document.public_id])
    assert as_user(cast.office).get(address).getvalue().startswith(b"%PDF")
    assert as_user(cast.auditor).get(address).status_code == 404
    approve(proposed, cast.curator)
    old, new = project.redactions.order_by("number")
    annex = redaction_comparison_request(old=old, new=new, ending="pdf", actor=cast.office)
    run_queued()
    got = as_user(cast.auditor).get(reverse("reports:download", args=[annex.public_id]))
    assert got.getvalue().startswith(b"%PDF")
