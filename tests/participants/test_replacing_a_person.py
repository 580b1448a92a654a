"""A person replaced everywhere in one request: asked, shown cell by cell, proposed in each project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import User
from organisations.roles import Role
from organisations.services import user_create
from participants.services import person_replace
from projects.models import ChangeRequest, Project
from projects.passport.people import named_in
from projects.passport.replacing import Newcomer
from projects.services.errors import StaleVersion, StateConflict
from projects.services.proposals import change_request_open
from tests.conftest import PASSWORD, Cast, Region, approve
from tests.participants.conftest import MakeProject, Three, row

AsUser = Callable[[User], Client]
REPLACE = reverse("participants:replace", args=["Лугов К. Т."])
WHO = next(named_in("Лугов К.Т."))
NEWCOMER = Newcomer("Озёрная Инна Юрьевна", "инспектор", "Громов Б.И., министр")


def said(*projects: Project, **more: str) -> dict[str, Any]:
    return {
        "name": NEWCOMER.name,
        "position": NEWCOMER.position,
        "supervisor": NEWCOMER.supervisor,
        "projects": [project.pk for project in projects],
        **more,
    }


def seen(*projects: Project) -> dict[int, int]:
    return {project.pk: 1 for project in projects}


def proposals() -> list[ChangeRequest]:
    return list(ChangeRequest.objects.filter(state="draft").order_by("project_id"))


@pytest.fixture
def office(as_user: AsUser, cast: Cast) -> Client:
    return as_user(cast.office)


def test_from_the_question_to_the_proposals(office: Client, three: Three) -> None:
    asked = office.get(REPLACE)
    assert asked.status_code == 200
    form = asked.context["form"]
    assert form["projects"].value() == [str(three.roads.pk), str(three.light.pk)]

    shown = office.post(REPLACE, said(three.roads, three.light))
    page = shown.content.decode()
    assert shown.status_code == 200
    assert not proposals()
    assert "<del>Громов Б.И., Лугов К.Т.</del>" in page
    assert "<ins>Громов Б.И., Озёрная И.Ю.</ins>" in page
    assert "<ins>Озёрная И.Ю., инспектор</ins>" in page

    done = office.post(REPLACE, said(three.roads, three.light, seen=shown.context["seen"], confirm="1"))
    assert done.status_code == 302
    first, second = proposals()
    assert (first.project, second.project) == (three.roads, three.light)
    people = first.passport.participants
    assert [person.name for person in people] == ["Озёрная И. Ю.", "Озёрная И. Ю.", "Реброва О. Д.", None]
    assert people[2].supervisor == "Озёрная И.Ю., инспектор"
    assert second.passport.participants[0].name == "И.Ю. Озёрная"


def test_everything_else_of_the_passport_stays_with_its_ids_and_links(three: Three, cast: Cast) -> None:
    (request,) = person_replace(who=WHO, newcomer=NEWCOMER, seen=seen(three.roads), actor=cast.administrator)
    redaction = three.roads.redactions.get()
    before, after = redaction.document, request.document
    assert request.identity == redaction.identity
    assert {key for key in before if before[key] != after[key]} == {"participants", "plan"}
    for part in ("participants", "plan"):
        changed = {
            field
            for old, new in zip(before[part], after[part], strict=True)
            for field in old
            if old[field] != new[field]
        }
        assert changed <= {"name", "position", "supervisor", "responsible"}
    approve(request, cast.curator)
    assert three.roads.participants.filter(archived_at=None, name="Озёрная И. Ю.").count() == 2
    assert not three.roads.participants.exclude(archived_at=None).exists()


def test_a_head_in_section_1_is_replaced_too(office: Client, three: Three) -> None:
    address = reverse("participants:replace", args=["Громов Борис Ильич"])
    shown = office.post(address, said(three.roads))
    assert "Руководитель проекта: фамилия, имя, отчество" in shown.content.decode()
    office.post(address, said(three.roads, seen=shown.context["seen"], confirm="1"))
    (request,) = proposals()
    assert request.passport.head.name == "Озёрная И.Ю."
    assert request.passport.head.position == "инспектор"
    assert request.passport.plan[0].responsible == "Озёрная И.Ю., Лугов К.Т."


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(office: Client, three: Three) -> None:
    for wrong, words in (
        ({"name": ""}, "Напишите фамилию, имя и отчество."),
        ({"name": "Лугов К.Т."}, "Это тот же человек"),
        ({"name": "Лугов К.Т., Реброва О.Д."}, "напишите одного"),
        ({"projects": []}, "Отметьте хотя бы один проект."),
        ({"projects": [three.town.pk]}, "Одного из отмеченных проектов здесь больше нет."),
    ):
        answer = office.post(REPLACE, {**said(three.roads), **wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "инспектор" in answer.content.decode()
    again = office.post(REPLACE, said(three.roads, edit="1"))
    assert again.status_code == 200
    assert "инспектор" in again.content.decode()
    assert not proposals()


def test_a_redaction_approved_meanwhile_is_shown_before_anything_is_proposed(
    office: Client, three: Three, cast: Cast, region: Region
) -> None:
    stale = office.post(REPLACE, said(three.roads, three.light)).context["seen"]
    longer = three.roads.redactions.get().passport.model_copy(update={"additional": "Новое."})
    draft = change_request_open(
        passport=longer, territory=region.root, project=three.roads, source_file=None, actor=cast.office
    )
    approve(draft, cast.curator)
    refused = office.post(REPLACE, said(three.roads, three.light, seen=stale, confirm="1"))
    assert refused.status_code == 409
    assert "утверждена другая редакция паспорта «Дороги»" in refused.content.decode()
    assert not proposals()
    done = office.post(REPLACE, said(three.roads, three.light, seen=refused.context["seen"], confirm="1"))
    assert done.status_code == 302
    assert [request.passport.additional for request in proposals()] == ["Новое.", "Других сведений нет."]


def test_all_are_proposed_or_none(three: Three, cast: Cast) -> None:
    with pytest.raises(StateConflict, match="«Город» этот человек не назван"):
        person_replace(
            who=WHO, newcomer=NEWCOMER, seen=seen(three.roads, three.light, three.town), actor=cast.administrator
        )
    with pytest.raises(StaleVersion):
        person_replace(who=WHO, newcomer=NEWCOMER, seen={three.roads.pk: 1, three.light.pk: 2}, actor=cast.office)
    assert not proposals()


def test_sent_twice_it_is_proposed_once(three: Three, cast: Cast) -> None:
    first, second = (
        person_replace(who=WHO, newcomer=NEWCOMER, seen=seen(three.roads, three.light), actor=cast.office)
        for _ in range(2)
    )
    assert first == second == proposals()


def test_a_draft_that_waits_is_told_about(office: Client, three: Three, region: Region, cast: Cast) -> None:
    draft = change_request_open(
        passport=three.roads.redactions.get().passport.model_copy(update={"additional": "Другое."}),
        territory=region.root,
        project=three.roads,
        source_file=None,
        actor=cast.head,
    )
    page = office.post(REPLACE, said(three.roads, three.light)).content.decode()
    assert page.count("уже есть предложенные изменения") == 1
    assert f"запрос № {draft.pk}</a> (Громов Б. И." in page


def test_a_newcomer_who_would_have_too_much_is_told_about(office: Client, three: Three) -> None:
    page = office.post(REPLACE, said(three.roads, three.light, name="Реброва Ольга Дмитриевна")).content.decode()
    assert "Новый участник будет перегружен" in page
    assert "170" in page


def test_who_may_propose_and_where(as_user: AsUser, three: Three, cast: Cast, region: Region) -> None:
    for person in (cast.curator, cast.auditor, cast.coordinator, cast.reporters[0], cast.stranger):
        assert as_user(person).get(REPLACE).status_code == 403
        with pytest.raises(PermissionDenied):
            person_replace(who=WHO, newcomer=NEWCOMER, seen=seen(three.roads), actor=person)
    of_town = user_create(
        login="town", full_name="Юдина К.Р.", password=PASSWORD, roles=((Role.ADMINISTRATOR, region.town),)
    )
    page = as_user(of_town).get(REPLACE)
    assert "Предложить замену здесь нельзя" in page.content.decode()
    assert as_user(of_town).post(REPLACE, said(three.roads, confirm="1", seen=f"{three.roads.pk}:1")).status_code == 422
    with pytest.raises(PermissionDenied):
        person_replace(who=WHO, newcomer=NEWCOMER, seen=seen(three.roads, three.town), actor=of_town)
    assert as_user(cast.office).get(reverse("participants:replace", args=["Пустов А.А."])).status_code == 404
    assert not proposals()


def test_the_preview_costs_the_same_however_many_projects_there_are(
    office: Client, three: Three, make_project: MakeProject
) -> None:
    with CaptureQueriesContext(connection) as few:
        office.post(REPLACE, said(three.roads, three.light))
    more = [make_project(f"Ещё {number}", row("Лугов К. Т.", "1")) for number in range(4)]
    with CaptureQueriesContext(connection) as many:
        office.post(REPLACE, said(three.roads, three.light, *more))
    assert len(many) == len(few)
