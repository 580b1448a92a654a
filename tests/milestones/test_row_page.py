"""One row on its page: saying what became of it, without a script, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs.files.attachments import EMPTY
from milestones.models import PlanEvidence, PlanProgress, PlanRow
from organisations.models import User
from projects.models import Project
from projects.passport.schema import Passport
from tests.conftest import Cast
from tests.indicators.attachments import pdf
from tests.milestones.conftest import PLAN, Saved, day, planned, redacted

RowOf = Callable[[str], PlanRow]
AsUser = Callable[[User], Client]


@pytest.fixture
def office(cast: Cast, as_user: AsUser) -> Client:
    return as_user(cast.office)


def address(row: PlanRow, name: str = "row", *more: int) -> str:
    return reverse(f"milestones:{name}", args=[row.project_id, row.pk, *more])


def test_a_row_is_marked_done_and_its_history_tells_it(office: Client, row: RowOf, cast: Cast) -> None:
    point = row("1.1")
    sent = {"version": 0, "completed_on": f"{day(0)}", "comment": "Акт подписан"}
    done = office.post(address(point), sent, follow=True).content.decode()
    assert "выполнено в срок" in done
    assert f"Выполнено {day(0):%d.%m.%Y}" in done
    assert cast.office.full_name in done

    undo = address(point, "row_undo")
    assert office.get(undo).status_code == 200
    assert office.post(undo, {"version": 1, "reason": " "}).status_code == 422
    undone = office.post(undo, {"version": 1, "reason": "Акт отозван"}, follow=True).content.decode()
    assert f"Отметка о выполнении {day(0):%d.%m.%Y} снята: Акт отозван" in undone
    assert "скоро срок" in undone


def test_what_is_refused_comes_back_as_it_was_typed(office: Client, row: RowOf) -> None:
    sent = {"version": 0, "completed_on": f"{day(2)}", "comment": "Почти готово"}
    answer = office.post(address(row("1.1")), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Этот день ещё не наступил" in html
    assert "Почти готово" in html
    assert "31.02" in office.post(address(row("1.1")), {"version": 0, "forecast": "31.02.2027"}).content.decode()
    assert not PlanProgress.objects.exists()


def test_a_page_that_is_out_of_date_says_so_and_can_be_sent_again(office: Client, row: RowOf, save: Saved) -> None:
    save(row("1.1"), comment="Первый")
    sent = {"version": 0, "comment": "Второй"}
    answer = office.post(address(row("1.1")), sent)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "написал кто-то ещё" in html
    assert "Второй" in html
    assert 'name="version" value="1"' in html


def test_evidence_is_attached_downloaded_and_taken_away(office: Client, row: RowOf) -> None:
    point = row("1.1")
    add = address(point, "evidence_add")
    said = office.post(add, {"file": SimpleUploadedFile("акт.pdf", pdf())}, follow=True).content.decode()
    assert "акт.pdf" in said
    office.post(add, {"file": SimpleUploadedFile("копия.pdf", pdf())})
    proof = PlanEvidence.objects.get()
    sent = office.get(address(point, "evidence_file", proof.pk))
    assert (sent["Content-Type"], sent["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert sent.getvalue() == pdf()
    refused = office.post(add, {"file": SimpleUploadedFile("вирус.exe", b"MZ")})
    assert refused.status_code == 422
    empty = office.post(add, {"file": SimpleUploadedFile("пусто.pdf", b"")})
    assert (empty.status_code, EMPTY in empty.content.decode()) == (422, True)

    remove = address(point, "evidence_remove", proof.pk)
    assert "акт.pdf" in office.get(remove).content.decode()
    gone = office.post(remove, follow=True).content.decode()
    assert "Убран файл «акт.pdf»" in gone
    assert office.get(address(point, "evidence_file", proof.pk)).status_code == 404


def test_evidence_of_one_row_is_not_found_at_another(office: Client, row: RowOf) -> None:
    office.post(address(row("1.1"), "evidence_add"), {"file": SimpleUploadedFile("акт.pdf", pdf())})
    proof = PlanEvidence.objects.get()
    assert office.get(address(row("1.2"), "evidence_file", proof.pk)).status_code == 404


def test_readers_see_the_row_and_write_nothing(as_user: AsUser, row: RowOf, cast: Cast) -> None:
    point, named = row("1.1"), row("1.1.2")
    for person in (cast.auditor, cast.council, cast.coordinator, cast.reporters[0]):
        client = as_user(person)
        html = client.get(address(point)).content.decode()
        assert "Что сделано" not in html
        for name in ("row", "row_undo", "row_assign", "evidence_add"):
            assert client.post(address(point, name), {"version": 0}).status_code == 403
    assert as_user(cast.stranger).get(address(point)).status_code == 404
    assert as_user(cast.stranger).post(address(point), {"version": 0}).status_code == 404
    # The plan names the curator in one row: that one he writes, but he gives nobody else the duty.
    curator = as_user(cast.curator)
    html = curator.get(address(named)).content.decode()
    assert "Что сделано" in html
    assert "Кто отвечает" not in html
    assert curator.post(address(named), {"version": 0, "comment": "Видел"}).status_code == 302
    assert curator.post(address(named, "row_assign"), {"version": 1, "assignee": ""}).status_code == 403


def test_staff_choose_who_answers(office: Client, as_user: AsUser, row: RowOf, cast: Cast) -> None:
    point = row("1.1")
    assign = address(point, "row_assign")
    said = office.post(assign, {"version": 0, "assignee": cast.coordinator.pk}, follow=True).content.decode()
    assert f"На портале: {cast.coordinator.full_name}" in said
    assert "Что сделано" in as_user(cast.coordinator).get(address(point)).content.decode()
    assert office.post(assign, {"version": 1, "assignee": cast.auditor.pk}).status_code == 422
    assert "написал кто-то ещё" in office.post(assign, {"version": 0, "assignee": ""}, follow=True).content.decode()


def test_the_history_tells_how_redactions_moved_the_deadline(
    office: Client, plan: Project, passport: Passport, cast: Cast, row: RowOf
) -> None:
    moved = planned("1.1", "control_point", 30)
    redacted(passport, [*PLAN[:3], moved, *PLAN[4:]], plan, cast)
    html = office.get(address(row("1.1"))).content.decode()
    assert f"Редакция № 1: срок {day(5):%d.%m.%Y}" in html
    assert f"Редакция № 2: срок {day(30):%d.%m.%Y}" in html
    assert f"по первой редакции {day(5):%d.%m.%Y}" in html


def test_the_history_tells_whatever_a_redaction_changed_of_the_row(
    office: Client, plan: Project, passport: Passport, cast: Cast, row: RowOf
) -> None:
    other = planned("1.2", "control_point", 90, responsible="Дёмина И. Ю.", control_level=None)
    redacted(passport, [*PLAN[:5], other], plan, cast)
    redacted(passport, PLAN[:5], plan, cast)
    html = office.get(address(row("1.2"))).content.decode()
    assert "Редакция № 2: ответственный: Дёмина И. Ю." in html
    assert "Редакция № 2: уровень контроля: пусто" in html
    assert "Редакция № 2: срок" not in html, "which stayed"
    assert "Редакция № 3: строка исключена из плана" in html


def test_the_days_of_soon_and_of_reminding_are_the_ministry_s(office: Client, as_user: AsUser, cast: Cast) -> None:
    rules = reverse("milestones:rules")
    sent = {"soon_days": "20", "remind_before": "10", "remind_every": "0", "effective_from": f"{day(0)}"}
    assert "за 20\N{NO-BREAK SPACE}дней" in office.post(rules, sent, follow=True).content.decode()
    refused = office.post(rules, {**sent, "soon_days": "-1"})
    assert refused.status_code == 422
    for person in (cast.curator, cast.auditor, cast.coordinator):
        assert as_user(person).post(rules, sent).status_code == 403
