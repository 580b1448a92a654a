"""A change request on its way, on the pages: sent, compared, agreed, returned, carried over; routes and redactions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Indicator
from jobs.storage import store_file
from organisations.models import User
from projects.models import ChangeRequest, Project
from projects.passport.schema import Passport
from projects.services.approval import change_request_approve
from projects.services.proposals import change_request_open
from projects.services.route import approval_route_save, change_request_send
from tests.conftest import Cast, Region, approve

AsUser = Callable[[User], Client]


@pytest.fixture
def proposed(project: Project, passport: Passport, region: Region, cast: Cast) -> ChangeRequest:
    """The administrator proposes another goal, another target, one result less."""
    now = project.redactions.get().passport
    row = now.indicators[0]
    row = row.model_copy(update={"targets": {**row.targets, "2025": Decimal("62.5")}})
    changed = now.model_copy(
        update={"goal": "Дорога к школе безопасна зимой", "indicators": (row,), "participants": ()}
    )
    return change_request_open(
        passport=changed, territory=region.root, project=project, source_file=None, actor=cast.administrator
    )


def post(client: Client, name: str, request: ChangeRequest, **data: Any) -> Any:
    return client.post(reverse(f"projects:{name}", args=[request.pk]), {"version": request.version, **data})


def fresh(request: ChangeRequest) -> ChangeRequest:
    return ChangeRequest.objects.get(pk=request.pk)


def html_of(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_request_goes_from_hand_to_hand(
    proposed: ChangeRequest, project: Project, cast: Cast, as_user: AsUser
) -> None:
    approval_route_save(project=project, steps=["head", "curator"], seen="")
    author, head, curator = (as_user(user) for user in (cast.administrator, cast.head, cast.curator))
    page = html_of(curator, "projects:change_request", proposed.pk)
    assert "Утвердить паспорт" not in page
    assert post(author, "change_request_send", proposed).status_code == 302
    assert "Запросы ждут вашего решения" in html_of(head, "reports:home")
    assert "Запросы ждут вашего решения" not in html_of(curator, "reports:home")
    assert "Сейчас решает не вы" in html_of(curator, "projects:change_request", proposed.pk)
    assert post(author, "change_request_links", fresh(proposed)).status_code == 409
    assert post(author, "change_request_agree", fresh(proposed)).status_code == 403
    out_of_turn = post(curator, "change_request_agree", fresh(proposed), comment="За")
    assert out_of_turn.status_code == 409
    assert post(head, "change_request_agree", proposed).status_code == 409, "the version of before"
    assert post(head, "change_request_agree", fresh(proposed), comment="Согласен").status_code == 302
    assert post(curator, "change_request_return", fresh(proposed), comment="  ").status_code == 422
    assert post(curator, "change_request_return", fresh(proposed), comment="Уточните цель").status_code == 302
    page = html_of(author, "projects:change_request", proposed.pk)
    assert "Уточните цель" in page
    assert "Отправить на согласование" in page
    post(author, "change_request_send", fresh(proposed))
    assert post(author, "change_request_withdraw", fresh(proposed)).status_code == 302
    assert fresh(proposed).state == "draft"


def test_an_odd_protocol_is_confirmed_with_what_was_typed_kept(
    proposed: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.curator)
    protocol = {
        "protocol_number": "7",
        "protocol_date": "2025-01-20",
        "confirmed": "on",
        "reason_for_all": "Так решено",
    }
    refused = post(client, "change_request_approve", proposed, **protocol)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "уже стоит у редакции № 1" in page
    assert 'name="protocol_confirmed"' in page
    assert 'value="2025-01-20"' in page
    assert post(client, "change_request_approve", proposed, **protocol, protocol_confirmed="on").status_code == 302


def test_every_changed_cell_is_shown_with_old_and_new(proposed: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.curator)
    page = html_of(client, "projects:change_request_compare", proposed.pk)
    for words in ("Цель проекта", "62,5", "исключена", "Громов Б.И."):
        assert words in page
    assert "<ins> зимой</ins>" in page
    assert as_user(cast.auditor).get(reverse("projects:change_request_compare", args=[proposed.pk])).status_code == 404


def test_a_dropped_indicator_with_facts_is_archived_and_the_page_says_so(
    project: Project, passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    from indicators.services import direct_figure_enter

    indicator = Indicator.objects.get(project=project)
    figure = direct_figure_enter(
        indicator=indicator,
        organisation=region.root,
        year=2025,
        kind="actual",
        value=Decimal(48),
        as_of=dt.date(2025, 12, 31),
        reason="Протокол № 4",
        file=store_file(name="Протокол.pdf", content_type="application/pdf", content=b"%PDF-1.7"),
        actor=cast.office,
    )
    now = project.redactions.get().passport
    less = now.model_copy(update={"indicators": (), "breakdown": (), "methodology": ()})
    request = change_request_open(
        passport=less, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    said = "По строке есть сведения (внесённых значений: 1): она уходит в архив, сведения сохраняются."
    assert said in html_of(as_user(cast.curator), "projects:change_request_compare", request.pk)
    approve(request, cast.curator)
    indicator.refresh_from_db()
    figure.refresh_from_db()
    assert indicator.archived_at is not None
    assert figure.indicator == indicator
    assert said in html_of(as_user(cast.auditor), "projects:compare", project.pk)


def test_a_conflict_is_chosen_on_the_page(
    proposed: ChangeRequest, project: Project, region: Region, cast: Cast, as_user: AsUser
) -> None:
    other = project.redactions.get().passport.model_copy(update={"goal": "Дороги отремонтированы"})
    first = change_request_open(
        passport=other, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    approve(first, cast.curator)
    client = as_user(cast.administrator)
    assert "Запрос устарел" in html_of(client, "projects:change_request", proposed.pk)
    assert post(client, "change_request_send", proposed).status_code == 409
    page = html_of(client, "projects:change_request_rebase", proposed.pk)
    for words in ("1\u00a0расхождение", "Дорога к каждой школе безопасна", "Дороги отремонтированы", "безопасна зимой"):
        assert words in page
    onto = project.redactions.latest("number").pk
    assert post(client, "change_request_rebase", proposed, onto=onto).status_code == 422
    wrong = post(client, "change_request_rebase", proposed, onto=onto, **{"conflict-0": "nobody"})
    assert wrong.status_code == 422
    older = project.redactions.get(number=1).pk
    assert post(client, "change_request_rebase", proposed, onto=older, **{"conflict-0": "mine"}).status_code == 409
    assert post(as_user(cast.curator), "change_request_rebase", proposed, onto=onto).status_code == 403
    done = post(client, "change_request_rebase", proposed, onto=onto, **{"conflict-0": "mine"})
    assert done.status_code == 302
    assert fresh(proposed).passport.goal == "Дорога к школе безопасна зимой"
    assert fresh(proposed).base == project.redactions.latest("number")


def test_the_office_sets_the_route(project: Project, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)
    address = reverse("projects:route", args=[project.pk])
    person = f"person:{cast.curator.pk}"
    page = client.get(address).content.decode()
    assert "Шаги не заданы" in page
    assert ", ".join(person.short_name for person in (cast.office, cast.curator, cast.council)) in page
    saved = client.post(address, {"seen": "", "step-1": "head", "step-3": person})
    assert saved.status_code == 302
    assert [step.key for step in project.route.all()] == ["head", person]
    refused = client.post(address, {"seen": f"head {person}", "step-1": "curator", "step-2": "head"})
    assert (refused.status_code, "Последний шаг" in refused.content.decode()) == (422, True)
    assert client.post(address, {"seen": "", "step-1": "curator"}).status_code == 409
    stranger = {"seen": f"head {person}", "step-1": f"person:{cast.reporters[0].pk}"}
    assert client.post(address, stranger).status_code == 422
    assert as_user(cast.head).post(address, {"seen": "", "step-1": "curator"}).status_code == 403
    assert as_user(cast.stranger).post(address, {"seen": "", "step-1": "curator"}).status_code == 404
    cast.head.memberships.all().delete()
    assert "этой роли ни у кого нет" in client.get(address).content.decode()


@pytest.fixture
def history(project: Project, region: Region, cast: Cast) -> Project:
    """Three redactions, of 20.01.2025, 01.03.2025 and 10.02.2026."""
    for goal, day in (("Вторая цель", dt.date(2025, 3, 1)), ("Третья цель", dt.date(2026, 2, 10))):
        passport = project.redactions.latest("number").passport.model_copy(update={"goal": goal})
        request = change_request_open(
            passport=passport, territory=region.root, project=project, source_file=None, actor=cast.office
        )
        change_request_approve(
            change_request=request,
            version=1,
            actor=cast.curator,
            protocol_number=f"{day:%m}",
            protocol_date=day,
            waivers={},
        )
    return project


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-01-19", "утверждённой редакции ещё не было"),
        ("2025-01-20", "redactions/1/"),
        ("2025-02-28", "redactions/1/"),
        ("2025-03-01", "redactions/2/"),
        ("2030-01-01", "redactions/3/"),
        ("31.11.2025", "Такой даты нет"),
    ],
)
def test_the_passport_as_of_a_day(history: Project, cast: Cast, as_user: AsUser, day: str, said: str) -> None:
    page = html_of(as_user(cast.auditor), "projects:redactions", history.pk, on=day)
    answer = page.split("<table")[0]
    assert said in answer
    assert "Кто предложил" in page
    assert cast.office.short_name in page


def test_any_two_redactions_are_compared(history: Project, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.auditor)
    page = html_of(client, "projects:compare", history.pk, old=1, new=3)
    assert "Дорога к каждой школе безопасна" in page
    assert "Третья цель" in page
    assert "Вторая цель" not in page
    assert "Вторая цель" in html_of(client, "projects:compare", history.pk)
    assert "Различий нет" in html_of(client, "projects:compare", history.pk, old=2, new=2)
    assert client.get(reverse("projects:compare", args=[history.pk]), {"old": "9"}).status_code == 422


def test_the_list_of_redactions_costs_the_same_however_many(
    history: Project, cast: Cast, as_user: AsUser, django_assert_max_num_queries: Any
) -> None:
    client = as_user(cast.office)
    client.get(reverse("projects:redactions", args=[history.pk]))
    with django_assert_max_num_queries(16):
        client.get(reverse("projects:redactions", args=[history.pk]))


def test_a_request_on_its_way_is_seen_by_who_sees_requests(
    proposed: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    sent = change_request_send(change_request=proposed, version=1, actor=cast.administrator)
    page = html_of(as_user(cast.office), "projects:change_requests", state="on_approval")
    assert f"№ {sent.pk}" in page
    assert "на согласовании" in page
