"""Rules of deadlines, the deadline proposed when a period is opened, moving one, and whom to hurry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.models import DeadlineRule, Prolongation, ReportingPeriod, Submission
from organisations.models import Notification, OrganisationKind, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.pages.conftest import submit

AsUser = Callable[[User], Client]
OPEN, RULES = "/periods/open/", "/periods/deadlines/"
RULE = {
    "kind": "quarter",
    "working_days": "5",
    "remind_before": "2",
    "remind_every": "3",
    "effective_from": "2026-01-01",
}
QUARTER = {"kind": "quarter", "year": "2026", "number": "4", "deadline_time": "23:59"}


def plain(client: Client, address: str, **query: str) -> str:
    return client.get(address, query).content.decode().replace("\u00a0", " ")


def test_the_office_sets_a_rule(office: Client, cast: Cast) -> None:
    assert "пока не задано другое" in plain(office, RULES)
    page = office.post(RULES, {**RULE, "effective_from": "2020-01-01"}, follow=True).content.decode()
    assert "5-й рабочий день после окончания квартала" in page
    assert "01.01.2020" in page
    assert DeadlineRule.objects.get().remind_every == 3


def test_a_rule_that_makes_no_sense_is_refused(office: Client) -> None:
    for changes in ({"working_days": "0"}, {"working_days": "٥٠٠"}, {"kind": "decade"}, {"remind_every": "-1"}):
        assert office.post(RULES, {**RULE, **changes}).status_code == 422
    assert not DeadlineRule.objects.exists()


def test_opening_proposes_the_deadline_by_the_rule_in_words(office: Client, formulas: Project) -> None:
    office.post(RULES, RULE)
    page = office.post(OPEN, {**QUARTER, "projects": [formulas.pk]}).content.decode().replace("\u00a0", " ")
    assert "Срок по правилу: 5-й рабочий день после окончания квартала — 15 января 2027 г." in page

    office.post(OPEN, {**QUARTER, "projects": [formulas.pk], "confirm": "1"})
    deadline = timezone.localtime(ReportingPeriod.objects.get().deadline)
    assert deadline.isoformat() == "2027-01-15T23:59:59+03:00"


def test_another_deadline_is_the_persons_own_choice_and_says_so(office: Client, formulas: Project) -> None:
    office.post(RULES, RULE)
    said = {**QUARTER, "deadline_date": "2027-01-20", "projects": [formulas.pk]}
    page = office.post(OPEN, said).content.decode().replace("\u00a0", " ")
    assert "Срок изменён. По правилу был бы 5-й рабочий день" in page


def test_the_proposal_follows_what_is_being_described(office: Client, formulas: Project) -> None:
    office.post(RULES, RULE)
    page = plain(office, "/periods/open/deadline/", kind="quarter", year="2026", number="1")
    assert "По правилу: 5-й рабочий день после окончания квартала — 7 апреля 2026 г." in page
    assert 'value="2026-04-07"' in page
    page = plain(office, "/periods/open/deadline/", kind="year", year="2030", number="1")
    assert "переносы выходных на этот год порталу не известны" in page
    assert "По правилу" not in plain(office, "/periods/open/deadline/", kind="quarter", year="nonsense", number="9")


def test_a_deadline_is_prolonged_with_a_reason_that_stays(office: Client, period: ReportingPeriod) -> None:
    address = reverse("indicators:period_prolong", args=[period.pk])
    day = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    for said, sentence in (
        ({"deadline": day, "time": "23:59", "reason": ""}, "Обязательное поле"),
        ({"deadline": "2020-01-01", "time": "23:59", "reason": "Карантин"}, "позже прежнего"),
    ):
        answer = office.post(address, said)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)

    said = {"deadline": day, "time": "23:59", "reason": "Карантин в области"}
    page = office.post(address, said, follow=True).content.decode()
    assert "Срок продлён" in page
    assert "Причина: Карантин в области" in page
    assert Notification.objects.filter(kind="deadline_moved", recipient__login="village").exists()

    office.post(reverse("indicators:period_close", args=[period.pk]))
    page = office.post(address, {**said, "deadline": "2099-01-01"}, follow=True).content.decode()
    assert "Период уже закрыт" in page
    assert Prolongation.objects.count() == 1


def test_pages_of_deadlines_are_for_those_who_manage_periods(
    as_user: AsUser, period: ReportingPeriod, cast: Cast
) -> None:
    prolong = reverse("indicators:period_prolong", args=[period.pk])
    for person in (cast.curator, cast.coordinator, cast.auditor, cast.reporters[0]):
        client = as_user(person)
        for address in (RULES, prolong, "/periods/open/deadline/"):
            assert client.get(address).status_code == 403
        assert client.post(RULES, RULE).status_code == client.post(prolong).status_code == 403
    assert as_user(cast.stranger).post(prolong).status_code == 404


def test_a_coordinator_sees_whom_to_hurry_and_reminds_them(
    as_user: AsUser, period: ReportingPeriod, submitted: Submission, region: Region, cast: Cast
) -> None:
    User.objects.filter(pk=cast.reporters[1].pk).update(email="sedov@example.org")
    coordinator, address = as_user(cast.coordinator), reverse("indicators:period_late", args=[period.pk])
    page = plain(coordinator, address)
    assert "2 организации" in page
    assert region.schools[0].short_name not in page  # handed in
    assert region.village_school.short_name not in page  # of another municipality
    assert "Седов Игорь Олегович" in page
    assert "mailto:sedov@example.org" in page
    assert "адреса почты нет" in page

    form = period.submissions.get(organisation=region.schools[1])
    page = coordinator.post(f"{address}remind/", {"form": form.pk}, follow=True).content.decode()
    assert "Напоминание отправлено 1\u00a0руководителю" in page
    assert f'value="{form.pk}"' not in page  # today they have been reminded
    assert "сегодня, " in page
    page = coordinator.post(f"{address}remind/", {"form": form.pk}, follow=True).content.decode()
    assert "сегодня уже напоминали" in page
    page = coordinator.post(f"{address}remind/", {"all": "1"}, follow=True).content.decode()
    assert "Напоминание отправлено 1\u00a0руководителю" in page
    assert "Отметьте, кому напомнить" in coordinator.post(f"{address}remind/", follow=True).content.decode()
    assert Notification.objects.filter(kind="reminder").count() == 2


def test_nobody_reminds_schools_of_others(as_user: AsUser, period: ReportingPeriod, region: Region, cast: Cast) -> None:
    address = reverse("indicators:period_remind", args=[period.pk])
    other = period.submissions.get(organisation=region.village_school)
    as_user(cast.coordinator).post(address, {"form": other.pk})
    assert not Notification.objects.filter(kind="reminder").exists()
    for person in (cast.auditor, cast.curator, cast.reporters[0]):
        assert as_user(person).post(address, {"all": "1"}).status_code == 403
    assert as_user(cast.stranger).post(address, {"all": "1"}).status_code == 404
    assert "Напомнить" not in plain(as_user(cast.auditor), reverse("indicators:period_late", args=[period.pk]))


def test_the_ministry_chooses_a_municipality_and_takes_the_list_away(
    office: Client, period: ReportingPeriod, region: Region
) -> None:
    address = reverse("indicators:period_late", args=[period.pk])
    page = plain(office, address, municipality=str(region.district.pk))
    assert region.village_school.short_name in page
    assert region.schools[0].short_name not in page
    for place in ("0", "-1", "x" * 300, "9" * 30):
        assert "4 организации" in plain(office, address, municipality=place)

    table = office.get(f"/periods/{period.pk}/late.csv?municipality={region.district.pk}").content.decode()
    assert "Уварова Раиса Фёдоровна" in table
    assert region.schools[0].short_name not in table
    assert office.get(f"/periods/{period.pk}/late.xlsx").status_code == 200
    assert office.get(f"/periods/{period.pk}/late.pdf").status_code == 404


def test_when_all_have_handed_in_there_is_nobody_to_hurry(
    as_user: AsUser, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    for school, head in zip(region.schools, cast.reporters, strict=True):
        submit(period.submissions.get(organisation=school), head)
    page = plain(as_user(cast.coordinator), reverse("indicators:period_late", args=[period.pk]))
    assert "Все сдали" in page


def test_the_list_costs_the_same_for_any_number_of_schools(
    office: Client, period: ReportingPeriod, region: Region
) -> None:
    address, costs = reverse("indicators:period_late", args=[period.pk]), []
    for more in (0, 15):
        for number in range(more):
            name = f"Школа № {number + 10}"
            school = organisation_create(kind=OrganisationKind.SCHOOL, name=name, parent=region.district)
            Submission.objects.create(period=period, organisation=school)
            user_create(login=f"new{number}", full_name="Новая Анна", roles=((Role.REPORTER, school),))
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        costs.append(len(queries))
    assert costs[0] == costs[1]
