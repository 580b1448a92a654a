"""Who is reminded of a deadline, when, and never twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator, Prolongation, Reminder, ReportingPeriod, Submission
from indicators.services import period_close, reminders
from indicators.services.deadlines import deadline_rule_save, end_of_day
from indicators.services.reminders import remind_by_hand, reminders_send
from indicators.tasks import ask_to_remind
from jobs.services import run_queued
from organisations.models import Notification, OrganisationKind, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from tests.conftest import Cast, Region
from tests.indicators.steps import hand_in, open_period
from tests.two_connections import together

LAST = dt.date(2026, 4, 7)  # a Tuesday: the fourth working day of April
OPENED = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)


@pytest.fixture
def period(indicator: Indicator, cast: Cast) -> ReportingPeriod:
    """The first quarter, due by the end of 7 April; reminders 2 working days before and every 3 after."""
    deadline_rule_save(
        kind="quarter", effective_from=dt.date(2020, 1, 1), working_days=4, remind_before=2, remind_every=3,
        actor=cast.office,
    )  # fmt: skip
    found = open_period(cast.office, indicator.project, deadline=end_of_day(LAST))
    ReportingPeriod.objects.filter(pk=found.pk).update(opened_at=OPENED)
    Notification.objects.all().delete()
    found.refresh_from_db()
    return found


@contextmanager
def at(monkeypatch: pytest.MonkeyPatch, day: str, hour: int = 10) -> Iterator[None]:
    """The clock of the database as this module reads it."""
    moment = dt.datetime.fromisoformat(f"{day}T{hour:02}:00:00+03:00")
    with monkeypatch.context() as patched:
        patched.setattr(reminders, "database_now", lambda: moment)
        yield


def remind(monkeypatch: pytest.MonkeyPatch, day: str, hour: int = 10) -> int:
    with at(monkeypatch, day, hour):
        return reminders_send()


def told(kind: str) -> dict[str, str]:
    rows = Notification.objects.filter(kind=kind).order_by("pk").values_list("recipient__login", "text")
    return {login: text.replace("\u00a0", " ") for login, text in rows}


def test_rounds_come_before_the_deadline_on_its_day_and_after_it(
    period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [
        day
        for day in (dt.date(2026, 3, 21) + dt.timedelta(days=number) for number in range(35))
        if remind(monkeypatch, day.isoformat())
    ]
    # 2 April (Friday the 3rd is one working day before Monday), the 7th, then every third working day.
    assert [day.isoformat() for day in made] == [
        "2026-04-03", "2026-04-07", "2026-04-10", "2026-04-15", "2026-04-20", "2026-04-23",
    ]  # fmt: skip
    assert list(period.reminders.order_by("day").values_list("day", flat=True)) == made


def test_before_the_deadline_heads_alone_are_told(
    period: ReportingPeriod, region: Region, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    Notification.objects.all().delete()
    assert remind(monkeypatch, "2026-04-03") == 1
    words = told("reminder")
    assert sorted(words) == ["school2", "school3", "village"]
    assert words["village"] == (
        f"{region.village_school.short_name}: сдайте форму за I квартал 2026 г. до 7 апреля 2026 г., 23:59:"
        " осталось 2 рабочих дня."
    )
    assert (told("late_list"), told("summary")) == ({}, {})
    assert period.reminders.get().told == 3


def test_on_the_day_and_after_it_coordinators_get_one_list_and_the_ministry_a_summary(
    period: ReportingPeriod, region: Region, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_create(login="rural", full_name="Рябова Ия Ильинична", roles=((Role.COORDINATOR, region.district),))
    hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    remind(monkeypatch, "2026-04-07")
    assert told("reminder")["village"].endswith("сегодня последний день.")
    first, second = (school.short_name for school in region.schools[1:])
    assert told("late_list") == {
        "coordinator": f"I квартал 2026 г.: сдать сегодня до 23:59. Не сдали 2 из 3: {first}; {second}.",
        "rural": f"I квартал 2026 г.: сдать сегодня до 23:59. Не сдали 1 из 1: {region.village_school.short_name}.",
    }

    Notification.objects.all().delete()
    remind(monkeypatch, "2026-04-10")
    assert "срок прошёл 7 апреля 2026 г., 23:59. Сдать её ещё можно." in told("reminder")["village"]
    assert sorted(told("summary")) == ["administrator", "head", "office"]
    assert told("summary")["office"] == (
        "I квартал 2026 г.: срок прошёл 7 апреля 2026 г., 23:59. Не сдали 3 из 4:"
        f" {region.town.short_name} — 2; {region.district.short_name} — 1."
    )
    links = Notification.objects.filter(kind="late_list").values_list("link", flat=True)
    assert set(links) == {f"/periods/{period.pk}/late/"}


def test_who_has_handed_in_is_left_in_peace_and_so_is_a_closed_period(
    period: ReportingPeriod, region: Region, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for school, head in zip(region.schools, cast.reporters, strict=True):
        hand_in(period, school, head, roads="4", safe="1")
    remind(monkeypatch, "2026-04-10")
    assert list(told("reminder")) == ["village"]
    assert told("late_list") == {}  # the coordinator of the town has nobody to hurry

    period_close(period=period, actor=cast.office)
    assert remind(monkeypatch, "2026-04-15") == 0


def test_a_round_that_was_missed_is_made_the_next_day(period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch) -> None:
    assert remind(monkeypatch, "2026-04-04") == 1  # a Saturday: on the 3rd nothing worked
    assert period.reminders.get().day == dt.date(2026, 4, 3)
    assert remind(monkeypatch, "2026-04-05") == 0


def test_what_opening_or_prolonging_told_today_is_not_repeated(
    period: ReportingPeriod, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ReportingPeriod.objects.filter(pk=period.pk).update(opened_at=dt.datetime(2026, 4, 3, 6, tzinfo=dt.UTC))
    assert remind(monkeypatch, "2026-04-03") == 0
    Prolongation.objects.create(
        period=period, before=period.deadline - dt.timedelta(days=1), deadline=period.deadline, reason="Каникулы",
        prolonged_by=cast.office, prolonged_at=dt.datetime(2026, 4, 7, 6, tzinfo=dt.UTC),
    )  # fmt: skip
    assert remind(monkeypatch, "2026-04-07") == 0
    assert remind(monkeypatch, "2026-04-10") == 1


def test_the_clock_is_that_of_the_database(period: ReportingPeriod) -> None:
    """No clock of ours is asked: the deadline of the period lies on either side of the database's now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_reportingperiod SET deadline = now() + interval '1 minute'")
    reminders_send()
    assert "срок прошёл" not in "".join(told("reminder").values())
    Reminder.objects.all().delete()
    Notification.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_reportingperiod SET deadline = now() - interval '1 minute'")
    reminders_send()
    assert "срок прошёл" in told("reminder")["village"]


def test_two_beats_make_one_job(period: ReportingPeriod) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_reportingperiod SET deadline = now() - interval '10 days'")
    for _ in range(2):
        ask_to_remind()
    assert run_queued() >= 1
    assert Reminder.objects.count() == 1


def test_reminders_cost_the_same_for_any_number_of_schools(
    period: ReportingPeriod, region: Region, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CaptureQueriesContext(connection) as few:
        remind(monkeypatch, "2026-04-07")
    for number in range(20):
        school = organisation_create(kind=OrganisationKind.SCHOOL, name=f"Школа № {number + 10}", parent=region.town)
        Submission.objects.create(period=period, organisation=school)
        user_create(login=f"new{number}", full_name="Новая Анна", roles=((Role.REPORTER, school),))
    with CaptureQueriesContext(connection) as many:
        remind(monkeypatch, "2026-04-10")
    assert len(many) == len(few)
    assert "и другие, ещё 13." in told("late_list")["coordinator"]


def test_a_coordinator_reminds_her_own_schools_once_a_day(
    period: ReportingPeriod, region: Region, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = list(period.submissions.values_list("pk", flat=True))
    with at(monkeypatch, "2026-04-08"):
        assert remind_by_hand(period=period, forms=forms, actor=cast.coordinator) == 3
        assert remind_by_hand(period=period, forms=forms, actor=cast.coordinator) == 0
        assert remind_by_hand(period=period, forms=forms, actor=cast.office) == 1
    assert told("reminder")["school1"].endswith(f"Напоминает {cast.coordinator.full_name}.")
    with at(monkeypatch, "2026-04-09"):
        assert remind_by_hand(period=period, forms=forms[:1], actor=cast.coordinator) == 1
    for person in (cast.auditor, cast.curator, cast.reporters[0], cast.stranger):
        with pytest.raises(PermissionDenied):
            remind_by_hand(period=period, forms=forms, actor=person)


def rounds_made() -> list[int]:
    """How many rounds each of four workers made that began together."""
    return sorted(together(*[reminders_send] * 4))


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_make_a_round_once(
    period: ReportingPeriod, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "database_now", lambda: dt.datetime(2026, 4, 10, 9, tzinfo=dt.UTC))
    assert rounds_made() == [0, 0, 0, 1]
    assert period.reminders.get().told == 4
    assert Notification.objects.filter(kind="reminder").count() == 4
    assert User.objects.filter(notifications__kind="summary").count() == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_every_worker_would_make_the_round(
    period: ReportingPeriod, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The natural key of notifications still keeps the people from hearing it twice."""
    monkeypatch.setattr(reminders, "database_now", lambda: dt.datetime(2026, 4, 10, 9, tzinfo=dt.UTC))
    monkeypatch.setattr(reminders, "_claimed", lambda *_: True)
    assert rounds_made() == [1, 1, 1, 1]
    assert Notification.objects.filter(kind="reminder").count() == 4
