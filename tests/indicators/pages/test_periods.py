"""Opening a period, watching it and closing it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Indicator, IndicatorFormula, ReportingPeriod, Submission
from organisations.models import Organisation, OrganisationKind, User
from organisations.services import organisation_create
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.pages.conftest import submit

OPEN = "/periods/open/"
FormOf = Callable[[Organisation], Submission]


def said(project: Project, **changes: object) -> dict[str, object]:
    return {
        "kind": "quarter",
        "year": "2026",
        "number": "4",
        "deadline_date": "2027-01-15",
        "deadline_time": "18:00",
        "projects": [project.pk],
        **changes,
    }


def test_before_opening_it_is_shown_who_must_report(office: Client, formulas: Project, cast: Cast) -> None:
    page = office.post(OPEN, said(formulas)).content.decode()

    assert "Открыть период: IV квартал 2026 г." in page
    assert "Школа: 4" in page
    assert "Открытие нельзя отменить" in page
    assert not ReportingPeriod.objects.exists()


def test_an_indicator_without_a_formula_is_a_warning(office: Client, formulas: Project) -> None:
    silent = Indicator.objects.get(project=formulas, number="3")
    IndicatorFormula.objects.get(indicator=silent).delete()

    page = office.post(OPEN, said(formulas)).content.decode()
    assert reverse("indicators:formula", args=[silent.pk]) in page
    assert "Открыть период</button>" in page


def test_a_project_without_any_formula_cannot_be_opened(office: Client, project: Project) -> None:
    page = office.post(OPEN, said(project)).content.decode()

    assert "ни у одного показателя нет формулы" in page
    assert "Открыть период</button>" not in page
    forced = office.post(OPEN, said(project, confirm="1"))
    assert (forced.status_code, "ни у одного показателя" in forced.content.decode()) == (422, True)


def test_a_confirmed_period_opens_with_a_form_for_everybody(office: Client, formulas: Project) -> None:
    page = office.post(OPEN, said(formulas, confirm="1"), follow=True).content.decode()

    period = ReportingPeriod.objects.get()
    assert "Период открыт: IV квартал 2026 г." in page
    assert Submission.objects.filter(period=period).count() == 4
    assert f"{period.deadline:%d.%m.%Y %H:%M}" == "15.01.2027 15:00"  # 18:00 in Moscow


def test_the_description_can_be_changed_after_the_preview(office: Client, formulas: Project) -> None:
    page = office.post(OPEN, said(formulas, edit="1")).content.decode()

    assert 'value="2027-01-15"' in page
    assert not ReportingPeriod.objects.exists()


def test_what_is_wrong_with_a_period_is_said_at_its_field(office: Client, period: ReportingPeriod, cast: Cast) -> None:
    project = period.projects.get().project
    for changes, sentence in (
        ({"number": "5"}, "от 1 до 4"),
        ({"number": "3"}, "такой период уже открывали"),
        ({"year": "1800"}, "от 2000 до 2100"),
        ({"deadline_date": "2026-10-01"}, "Этот срок уже прошёл"),
        ({"deadline_date": "31.02.2027"}, "Такой даты нет"),
        ({"projects": []}, "Выберите хотя бы один проект"),
        ({"projects": [999_999]}, "999999"),
        ({"kind": "decade"}, "decade"),
    ):
        answer = office.post(OPEN, said(project, **changes))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert 'value="18:00"' in answer.content.decode()


def test_the_list_shows_completeness_and_costs_the_same(office: Client, submitted: Submission) -> None:
    with CaptureQueriesContext(connection) as one:
        page = office.get("/periods/").content.decode()
    assert "III квартал 2026 г." in page
    assert "0 из 4" in page

    project = submitted.period.projects.get().project
    office.post(OPEN, said(project, confirm="1"))
    with CaptureQueriesContext(connection) as two:
        office.get("/periods/")
    assert len(one) == len(two)


def test_the_period_shows_who_has_and_who_has_not(
    office: Client, period: ReportingPeriod, accepted: Submission, form_of_school: FormOf, region: Region, cast: Cast
) -> None:
    submit(form_of_school(region.village_school), cast.village_reporter)
    address = reverse("indicators:period", args=[period.pk])
    page = office.get(address).content.decode()

    assert "1 из 3" in page
    assert "0 из 1" in page
    assert "1 из 4" in page
    assert "100 × safe ÷ pupils" in page
    for query, count in (
        ("", 4),
        ("state=missing", 2),
        ("state=not_sent", 2),
        ("state=accepted", 1),
        ("state=submitted", 1),
        ("state=late", 0),
        (f"municipality={region.district.pk}", 1),
        ("municipality=0&state=nonsense", 4),
    ):
        rows = office.get(f"{address}?{query}").content.decode().count('data-head="Проверил"')
        assert rows == count, query


def test_the_period_costs_the_same_for_any_number_of_organisations(
    office: Client, formulas: Project, region: Region
) -> None:
    office.post(OPEN, said(formulas, confirm="1"))
    small = ReportingPeriod.objects.get()
    for number in range(10, 25):
        organisation_create(kind=OrganisationKind.SCHOOL, name=f"Школа № {number}", parent=region.district)
    office.post(OPEN, said(formulas, kind="year", number="1", confirm="1"))
    large = ReportingPeriod.objects.exclude(pk=small.pk).get()
    office.get(reverse("indicators:period", args=[small.pk]))

    counts = []
    for row in (small, large):
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("indicators:period", args=[row.pk]))
        counts.append(len(queries))
    assert Submission.objects.filter(period=large).count() == 19
    assert counts[0] == counts[1]


def test_a_period_is_closed_after_a_question(office: Client, period: ReportingPeriod, submitted: Submission) -> None:
    address = reverse("indicators:period_close", args=[period.pk])
    page = office.get(address).content.decode()
    assert "3\u00a0организации" in page
    assert "1\u00a0форма" in page

    assert "Период закрыт: III квартал" in office.post(address, follow=True).content.decode()
    assert "Период уже закрыт" in office.post(address, follow=True).content.decode()


def test_the_coordinator_sees_her_municipality_alone(
    as_user: Callable[[User], Client], period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    page = as_user(cast.coordinator).get(reverse("indicators:period", args=[period.pk])).content.decode()

    assert "0 из 3" in page
    assert "Школа села Заречного" not in page
    assert "Закрыть период" not in page


def test_periods_are_managed_by_those_who_may(
    as_user: Callable[[User], Client], period: ReportingPeriod, cast: Cast
) -> None:
    address, close = (reverse(f"indicators:{name}", args=[period.pk]) for name in ("period", "period_close"))
    for person in (cast.office, cast.head, cast.administrator):
        client = as_user(person)
        assert client.get(OPEN).status_code == client.get(address).status_code == client.get(close).status_code == 200
    for person in (cast.curator, cast.council, cast.coordinator, cast.auditor):
        client = as_user(person)
        assert client.get("/periods/").status_code == client.get(address).status_code == 200
        assert client.get(OPEN).status_code == client.post(OPEN).status_code == 403
        assert client.get(close).status_code == client.post(close).status_code == 403
    school = as_user(cast.reporters[0])
    assert {school.get(page).status_code for page in ("/periods/", address, OPEN, close)} == {403}
    stranger = as_user(cast.stranger)
    assert stranger.get(close).status_code == stranger.post(close).status_code == 404
    assert stranger.get("/periods/").status_code == 403
