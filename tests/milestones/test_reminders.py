"""Who is told of a deadline, when, and that nobody is told twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jobs.models import Job
from jobs.services import run_queued
from milestones.models import PlanReminder, PlanRow
from milestones.services import assignee_set, plan_rule_save, reminders
from milestones.services.reminders import plan_reminders_send
from milestones.tasks import ask_to_remind
from organisations.models import Notification
from organisations.roles import Role
from organisations.services import user_create
from projects.models import Project
from projects.passport.schema import Passport
from tests.conftest import Cast, Region
from tests.milestones.conftest import PLAN, Saved, day, planned, redacted
from tests.two_connections import at_once

RowOf = Callable[[str], PlanRow]


def told(kind: str) -> list[tuple[str, str]]:
    """Login and text of what was told, the order of telling."""
    rows = Notification.objects.filter(kind=kind).order_by("pk")
    return [(row.recipient.login, row.text) for row in rows.select_related("recipient")]


def test_the_responsible_hear_before_the_deadline_and_after_it(plan: Project, cast: Cast) -> None:
    assert plan_reminders_send(today=day(0)) == 3

    space = "\N{NO-BREAK SPACE}"
    activity = f"Школа рядом: 1.1.2 «Строка 1.1.2» — срок {day(3):%d.%m.%Y}, осталось 3{space}дня."
    point = f"Школа рядом: 1.1 «Строка 1.1» — срок {day(5):%d.%m.%Y}, осталось 5{space}дней."
    assert sorted(told("plan_due")) == [("administrator", activity), ("curator", activity), ("head", point)]
    ((late, text),) = told("plan_overdue")
    assert late == "head"
    assert f"срок прошёл {day(-10):%d.%m.%Y}" in text
    assert {who for who, _ in told("plan_summary")} == {"office", "head", "administrator"}
    assert told("plan_summary")[0][1].endswith("Школа рядом — 1.")


def test_the_same_day_tells_nothing_twice(plan: Project) -> None:
    plan_reminders_send(today=day(0))
    known, rounds = Notification.objects.count(), PlanReminder.objects.count()

    assert plan_reminders_send(today=day(0)) == 0
    assert plan_reminders_send(today=day(1)) == 0, "neither is another day of reminding"
    assert (Notification.objects.count(), PlanReminder.objects.count()) == (known, rounds)


def test_reminders_go_on_by_the_rule_until_the_row_is_done(plan: Project, row: RowOf, save: Saved, cast: Cast) -> None:
    plan_rule_save(effective_from=day(-1), soon_days=14, remind_before=0, remind_every=3, actor=cast.office)
    # Overdue since ten days: days of reminding are the 1st, 4th, 7th and 10th after the deadline.
    assert [plan_reminders_send(today=day(ahead)) for ahead in (0, 1, 2)] == [1, 0, 0]
    assert plan_reminders_send(today=day(3)) == 2, "again of 1.1.1, and of 1.1.2 on its day"
    save(row("1.1.1"), completed_on=day(0))
    save(row("1.1.2"), completed_on=day(0))
    assert plan_reminders_send(today=day(4)) == 0


def test_many_rows_are_told_in_one_list(passport: Passport, region: Region, cast: Cast) -> None:
    rows = [PLAN[0], *(planned(f"1.1.{n}", "activity", -n, -100) for n in range(1, 13))]
    redacted(passport, rows, None, cast)
    plan_reminders_send(today=day(0))

    ((_, text),) = told("plan_overdue")
    assert text.startswith("Просрочено: 12\N{NO-BREAK SPACE}строк плана.")
    assert text.endswith("и ещё 2.")
    assert Notification.objects.get(kind="plan_overdue").link == "/plan/week/?mine=on"


def test_nobody_hears_of_what_they_may_not_see(plan: Project, region: Region, cast: Cast) -> None:
    elsewhere = user_create(login="far", full_name="Громов Борис Ильич", roles=((Role.OFFICE, region.town),))
    plan_reminders_send(today=day(0))
    assert not Notification.objects.filter(recipient=elsewhere, kind="plan_summary").exists()


def test_whoever_is_made_responsible_hears_of_it(row: RowOf, cast: Cast) -> None:
    assignee_set(row=row("1.2.1"), version=0, assignee=cast.coordinator, actor=cast.office)
    ((who, text),) = told("plan_assigned")
    assert who == "coordinator"
    assert "вы отвечаете за строку плана 1.2.1" in text
    assignee_set(row=row("1.2.1"), version=1, assignee=cast.office, actor=cast.office)
    assert len(told("plan_assigned")) == 1, "nobody is told what they did themselves"


def round_at_once() -> tuple[list[BaseException | None], list[int]]:
    """Two workers on either side of midnight, the second while the first has not committed: what each reminded of.

    Both come to the same days of reminding, yet what they tell is dated by different days: the natural key of
    notifications does not stand in for the claim.
    """
    made: list[int] = []
    outcomes = at_once(
        lambda: made.append(plan_reminders_send(today=day(0))),
        lambda: made.append(plan_reminders_send(today=day(1))),
    )
    return outcomes, made


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_remind_of_a_row_once(plan: Project) -> None:
    assert round_at_once() == ([None, None], [3, 0])
    assert PlanReminder.objects.count() == 3
    assert sorted(who for who, _ in told("plan_due")) == ["administrator", "curator", "head"]
    assert [who for who, _ in told("plan_overdue")] == ["head"]
    assert sorted(who for who, _ in told("plan_summary")) == ["administrator", "head", "office"]


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_people_would_be_reminded_twice(plan: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "_claimed", set)
    assert round_at_once() == ([None, None], [3, 3])
    assert [who for who, _ in told("plan_overdue")] == ["head", "head"]
    assert len(told("plan_due")) == 6


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_make_one_job(plan: Project) -> None:
    Job.objects.all().delete()
    assert at_once(ask_to_remind, ask_to_remind) == [None, None]

    assert Job.objects.filter(handler="milestones.remind").count() == 1
    assert run_queued() == 1
    assert Job.objects.get().result == {"rows": 3}
    assert len(told("plan_due")) == 3
