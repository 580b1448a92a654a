"""A proposed passport is read, its rows are settled, and it is approved or rejected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Organisation, OrganisationKind, User
from organisations.services import organisation_create
from projects.identity import Link
from projects.models import ChangeRequest, Project
from projects.passport.schema import Methodology, Passport
from projects.passport.typography import plural
from projects.services.approval import errors_of
from projects.services.proposals import change_request_confirm, change_request_open
from tests.conftest import Cast, Region

AsUser = Callable[[User], Client]
PROTOCOL = {"protocol_number": "7", "protocol_date": "2025-01-20", "confirmed": "on"}


@pytest.fixture
def faulty(passport: Passport, region: Region, cast: Cast) -> ChangeRequest:
    """A draft with an error: a total that does not add up."""
    line = passport.finance[1].model_copy(update={"total": Decimal(30)})
    document = passport.model_copy(update={"finance": (passport.finance[0], line)})
    return change_request_open(
        passport=document, territory=region.root, project=None, source_file=None, actor=cast.office
    )


def address(name: str, draft: ChangeRequest) -> str:
    return reverse(f"projects:{name}", args=[draft.pk])


def post(client: Client, name: str, draft: ChangeRequest, **data: Any) -> Any:
    return client.post(address(name, draft), {"version": draft.version, **data})


# --- Who sees it and who may write ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "writers"),
    [
        ("change_request_links", {"office", "head", "administrator"}),
        ("change_request_approve", {"office", "curator", "council"}),
        ("change_request_reject", {"office", "curator", "council"}),
    ],
)
def test_a_stranger_finds_nothing_and_a_reader_may_not_write(
    name: str, writers: set[str], draft: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    for person in ("office", "head", "administrator", "curator", "council"):
        status = post(as_user(getattr(cast, person)), name, draft, version="").status_code
        assert status == (422 if person in writers else 403), person
    for user in (cast.stranger, cast.auditor, cast.coordinator, cast.reporters[0]):
        assert post(as_user(user), name, draft).status_code == 404
        assert as_user(user).get(address("change_request", draft)).status_code == 404
    back = as_user(cast.office).get(address(name, draft))
    assert (back.status_code, back.headers["Location"]) == (302, address("change_request", draft))


def test_the_list_shows_drafts_first_and_is_closed_to_readers(
    draft: ChangeRequest, faulty: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.office)
    post(client, "change_request_reject", faulty, reason="не тот файл")
    rows = client.get(reverse("projects:change_requests")).context["page"].object_list
    assert list(rows) == [draft, faulty]
    assert "Школа рядом" in client.get(reverse("projects:change_requests")).content.decode()
    filtered = client.get(reverse("projects:change_requests"), {"state": "rejected"}).context["page"].object_list
    assert list(filtered) == [faulty]
    assert as_user(cast.auditor).get(reverse("projects:change_requests")).status_code == 403


# --- What it shows ----------------------------------------------------------------------------------------------


def test_a_finding_leads_to_its_row_and_quotes_the_document(faulty: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    html = as_user(cast.curator).get(address("change_request", faulty)).content.decode()
    error = next(iter(errors_of(faulty).values()))
    assert error.row is not None
    assert f'href="#finance-{error.row}"' in html
    assert f'id="finance-{error.row}"' in html
    assert error.message in html
    assert plural(len(errors_of(faulty)), "ошибка", "ошибки", "ошибок") in html


def test_what_changes_against_the_redaction_in_force_is_counted(
    project: Project, passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    renamed = passport.results[0].model_copy(update={"characteristic": "Покрытие уложено"})
    changed = passport.model_copy(update={"results": (renamed,), "participants": (), "tasks": passport.tasks * 2})
    second = change_request_open(
        passport=changed, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    found = as_user(cast.office).get(address("change_request", second)).context["differences"]
    assert [(row.key, row.added, row.changed, row.removed) for row in found] == [
        ("tasks", 1, 0, 0),
        ("results", 0, 1, 0),
        ("participants", 0, 0, 1),
    ]
    detail = as_user(cast.office).get(reverse("projects:detail", args=[project.pk])).content.decode()
    assert address("change_request", second) in detail


# --- What the rows are ------------------------------------------------------------------------------------------


def test_links_are_changed_confirmed_and_removed(
    draft: ChangeRequest, region: Region, cast: Cast, as_user: AsUser
) -> None:
    response = post(
        as_user(cast.office),
        "change_request_links",
        draft,
        **{
            "territories-0": str(region.district.pk),
            "territories-1": "",
            "plan_results-0": "",
            "finance_results-0": "",
        },
    )
    assert response.status_code == 302
    draft = ChangeRequest.objects.get()
    assert draft.recognised.organisation_of(region.town.name) == region.district.pk
    assert draft.recognised.organisation_of(region.district.name) is None
    assert [link.target for link in draft.recognised.plan_results.values()] == [None]
    assert draft.version == 2


def test_an_indicator_named_in_the_breakdown_and_the_methodology_is_corrected_for_all_its_rows(
    passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    first = passport.indicators[0]
    second = first.model_copy(update={"number": "2", "name": "Доля освещённых дворов"})
    rows = [row.model_copy(update={"indicator": "Дворы со светом"}) for row in passport.breakdown[:1] * 2]
    rows[1] = rows[1].model_copy(update={"territory": region.district.name})
    document = passport.model_copy(
        update={
            "indicators": (first, second),
            "breakdown": tuple(rows),
            "methodology": (Methodology(indicator="Освещённые дворы"),),
        }
    )
    draft = change_request_open(
        passport=document, territory=region.root, project=None, source_file=None, actor=cast.office
    )
    client = as_user(cast.office)
    page = client.get(address("change_request", draft)).content.decode()
    assert page.count('name="breakdown_indicators-') == 1, "asked about the wording, not about every row"
    assert page.count('name="methodology_indicators-') == 1
    assert "Показатели в методике расчёта" in page

    chosen = str(draft.passport.indicators[1].id)
    fields = {"breakdown_indicators-0": chosen, "methodology_indicators-0": chosen}
    assert post(client, "change_request_links", draft, **fields).status_code == 302
    found = ChangeRequest.objects.get().recognised
    confirmed = Link(target=chosen, confidence="confirmed")
    assert [found.breakdown_indicators[str(row.id)] for row in draft.passport.breakdown] == [confirmed] * 2
    assert list(found.methodology_indicators.values()) == [confirmed]

    result = str(draft.passport.results[0].id)
    draft.refresh_from_db()
    refused = post(client, "change_request_links", draft, **{"methodology_indicators-0": result})
    assert refused.status_code == 422


def test_rows_that_were_not_sent_stay_as_they_are(
    draft: ChangeRequest, region: Region, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.office)
    before = draft.recognised
    assert before.organisation_of(region.town.name) == region.town.pk

    assert post(client, "change_request_links", draft).status_code == 302
    assert ChangeRequest.objects.get().recognised == before

    draft.refresh_from_db()
    taken = post(client, "change_request_links", draft, **{"territories-1": str(region.town.pk)})
    assert taken.status_code == 422, "the organisation stands for the row that was not sent"
    assert f'<option value="{region.town.pk}" selected>' in taken.content.decode().split('name="territories-1"')[0]


def test_an_unknown_organisation_is_created_in_the_territory(
    passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    rows = [row.model_copy(update={"territory": "Школа № 4 города Ясногорска"}) for row in passport.breakdown[:1]]
    draft = change_request_open(
        passport=passport.model_copy(update={"breakdown": tuple(rows)}),
        territory=region.town,
        project=None,
        source_file=None,
        actor=cast.office,
    )
    post(as_user(cast.office), "change_request_links", draft, **{"territories-0": "new"})
    school = Organisation.objects.get(name="Школа № 4 города Ясногорска")
    assert (school.kind, school.parent) == ("school", region.town)
    assert ChangeRequest.objects.get().recognised.organisation_of(school.name) == school.pk


def test_one_organisation_stands_for_one_row_only(
    draft: ChangeRequest, region: Region, cast: Cast, as_user: AsUser
) -> None:
    pk = str(region.town.pk)
    response = post(as_user(cast.office), "change_request_links", draft, **{"territories-0": pk, "territories-1": pk})
    assert response.status_code == 422
    assert "уже выбрана" in response.content.decode()


def test_only_organisations_of_the_territory_and_results_of_the_draft_are_accepted(
    passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    draft = change_request_open(
        passport=passport, territory=region.town, project=None, source_file=None, actor=cast.office
    )
    task = draft.passport.tasks[0].id
    for field, value in (("territories-0", region.district.pk), ("territories-0", "x"), ("plan_results-0", task)):
        response = post(as_user(cast.office), "change_request_links", draft, **{field: value})
        assert response.status_code == 422
    assert ChangeRequest.objects.get().version == 1


def test_who_saves_over_a_newer_version_is_told_and_keeps_what_was_chosen(
    draft: ChangeRequest, region: Region, cast: Cast, as_user: AsUser
) -> None:
    change_request_confirm(change_request=draft, links={}, version=1)
    response = post(as_user(cast.office), "change_request_links", draft, **{"territories-0": "new"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "изменил другой сотрудник" in html
    assert '<option value="new" selected>' in html
    assert '<input type="hidden" name="version" value="2">' in html
    assert not Organisation.objects.filter(parent=region.root, name=region.town.name).exclude(pk=region.town.pk)


# --- The decision -----------------------------------------------------------------------------------------------


def test_a_faultless_passport_is_approved_and_the_project_opens(
    draft: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    response = as_user(cast.council).post(
        address("change_request_approve", draft), {"version": 1, **PROTOCOL}, follow=True
    )
    project = Project.objects.get()
    assert response.redirect_chain == [(reverse("reports:overview", args=[project.pk]), 302)]
    assert "действует редакция № 1" in response.content.decode()
    redaction = project.redactions.get()
    assert (redaction.protocol_number, redaction.protocol_date) == ("7", dt.date(2025, 1, 20))
    assert redaction.approved_by == cast.council


def test_each_error_asks_for_its_reason_and_keeps_what_was_typed(
    faulty: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.curator)
    response = post(client, "change_request_approve", faulty, **{**PROTOCOL, "protocol_date": "20.01.2025"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Напишите причину: одну для всех ошибок или свою у каждой." in html
    assert 'value="20.01.2025"' in html
    assert not Project.objects.exists()
    keys = list(errors_of(faulty))
    reasons = {f"waiver_{key}": "опечатка" for key in keys}
    incomplete = {**reasons, f"waiver_{keys[0]}": "  "}
    html = post(client, "change_request_approve", faulty, **PROTOCOL, **incomplete).content.decode()
    assert html.count("Укажите причину здесь или одну для всех ошибок.") == 2, "above the form and at its field"
    assert 'value="опечатка"' in html
    assert post(client, "change_request_approve", faulty, **PROTOCOL, **reasons).status_code == 302
    assert ChangeRequest.objects.get(pk=faulty.pk).waivers == dict.fromkeys(keys, "опечатка")
    assert "Принято с объяснением: опечатка" in client.get(address("change_request", faulty)).content.decode()


def test_one_reason_may_serve_all_errors(faulty: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    post(as_user(cast.curator), "change_request_approve", faulty, **PROTOCOL, reason_for_all="так утвердил совет")
    assert set(ChangeRequest.objects.get(pk=faulty.pk).waivers.values()) == {"так утвердил совет"}


@pytest.mark.parametrize(
    "bad",
    [
        {"protocol_number": ""},
        {"protocol_date": "31.11.2024"},
        {"protocol_date": "2999-01-01"},
        {"confirmed": ""},
        {"protocol_number": "7" * 101},
        {"version": "x"},
    ],
)
def test_an_incomplete_decision_is_refused_at_its_field(
    bad: dict[str, str], draft: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    response = post(as_user(cast.curator), "change_request_approve", draft, **{**PROTOCOL, **bad})
    assert response.status_code == 422
    assert set(response.context["approve_form"].errors) == set(bad)
    assert not Project.objects.exists()


def test_a_field_that_is_not_asked_changes_nothing(
    draft: ChangeRequest, region: Region, cast: Cast, as_user: AsUser
) -> None:
    post(
        as_user(cast.office),
        "change_request_links",
        draft,
        state="approved",
        territory=region.town.pk,
        author=cast.stranger.pk,
        document="{}",
    )
    after = ChangeRequest.objects.get()
    assert (after.state, after.territory, after.author) == ("draft", region.root, cast.office)
    assert after.document == draft.document


def test_who_comes_after_the_decision_is_told_who_decided(draft: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    post(as_user(cast.curator), "change_request_approve", draft, **PROTOCOL)
    for name, data in (
        ("change_request_approve", PROTOCOL),
        ("change_request_reject", {"reason": "поздно"}),
        ("change_request_links", {}),
        ("change_request_send", {}),
        ("change_request_return", {"comment": "поздно"}),
    ):
        response = post(as_user(cast.office), name, draft, **data)
        assert response.status_code == 409
        html = response.content.decode()
        assert "Запрос уже закрыт: утверждён." in html
        assert "Журавлёв П. К." in html
    assert Project.objects.get().redactions.count() == 1


def test_a_rejection_says_why(draft: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.curator)
    assert post(client, "change_request_reject", draft, reason="   ").status_code == 422
    response = client.post(
        address("change_request_reject", draft), {"version": 1, "reason": "Нет денег на 2026 год"}, follow=True
    )
    html = response.content.decode()
    assert "Запрос отклонён" in html
    assert "Нет денег на 2026 год" in html
    assert "Утвердить паспорт" not in html


def test_of_very_many_rows_those_not_recognised_are_asked_and_the_others_told(
    passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    """A city with a hundred schools, all but one named as in the register."""
    for n in range(10, 110):
        organisation_create(kind=OrganisationKind.SCHOOL, name=f"Школа № {n}", parent=region.town)
    names = [*(f"Школа № {n}" for n in range(10, 110)), "Кадетский корпус"]
    rows = tuple(passport.breakdown[0].model_copy(update={"territory": name}) for name in names)
    draft = change_request_open(
        passport=passport.model_copy(update={"breakdown": rows}),
        territory=region.town,
        project=None,
        source_file=None,
        actor=cast.office,
    )
    client, address = as_user(cast.office), reverse("projects:change_request", args=[draft.pk])
    page = client.get(address).content.decode()
    assert 'name="territories-100"' in page, "what was not recognised is asked first"
    assert page.count("<option") < 3_500
    assert 'name="territories-99"' not in page
    assert 'href="?row=territories-99#links"' in page
    # Asked for, it is on the page and is written; the others stay.
    assert 'name="territories-99"' in client.get(address, {"row": "territories-99"}).content.decode()
    post(client, "change_request_links", draft, **{"territories-99": "", "territories-100": "new"})
    found = ChangeRequest.objects.get().recognised
    assert found.organisation_of("Школа № 109") is None
    assert found.organisation_of("Школа № 10") is not None
    assert found.organisation_of("Кадетский корпус") is not None
