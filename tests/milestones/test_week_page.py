"""«Что на этой неделе»: what is overdue and due soon, over every plan that a person sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milestones.models import PlanRow
from milestones.selectors.week import week_of
from organisations.models import User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project
from projects.passport.schema import Passport
from tests.conftest import Cast
from tests.milestones.conftest import PLAN, Saved, day, planned, redacted

RowOf = Callable[[str], PlanRow]
AsUser = Callable[[User], Client]
MONDAY = dt.date.today() - dt.timedelta(days=dt.date.today().weekday())


def numbers(user: User, today: dt.date, **chosen: object) -> list[list[str]]:
    week = week_of(user, today=today, **chosen)  # type: ignore[arg-type]
    return [[line.row.number for line in lines] for _, _, lines in week.parts]


def test_rows_are_sorted_into_overdue_this_week_and_next(passport: Passport, cast: Cast) -> None:
    since = (MONDAY - day(0)).days
    redacted(
        passport,
        [
            planned("1", "result", 200, -200),
            *(planned(f"1.1.{n}", "activity", since + n, -100) for n in (-1, 0, 6, 7, 13, 14)),
        ],
        None,
        cast,
    )
    assert numbers(cast.auditor, MONDAY) == [["1.1.-1"], ["1.1.0", "1.1.6"], ["1.1.7", "1.1.13"]]
    wednesday = MONDAY + dt.timedelta(days=2)
    assert numbers(cast.auditor, wednesday) == [["1.1.-1", "1.1.0"], ["1.1.6"], ["1.1.7", "1.1.13"]]


def test_what_is_done_stays_in_its_week_and_leaves_the_overdue(
    plan: Project, row: RowOf, save: Saved, cast: Cast
) -> None:
    assert numbers(cast.office, day(0))[0] == ["1.1.1"]
    save(row("1.1.1"), completed_on=day(0))
    assert numbers(cast.office, day(0))[0] == []
    save(row("1.1.2"), completed_on=day(0))
    assert any("1.1.2" in part for part in numbers(cast.office, day(0)))


def test_the_list_is_filtered_and_leaves_as_a_file(
    as_user: AsUser, plan: Project, passport: Passport, cast: Cast
) -> None:
    other = redacted(passport, PLAN, None, cast)
    assert numbers(cast.office, day(0))[0] == ["1.1.1", "1.1.1"]
    assert numbers(cast.office, day(0), project=other.pk)[0] == ["1.1.1"]
    assert numbers(cast.office, day(0), mine=True) == [[], [], []]
    assert numbers(cast.head, day(0), mine=True)[0] == ["1.1.1", "1.1.1"]
    assert numbers(cast.office, day(0), kind="control_point")[0] == []
    text = as_user(cast.office).get(reverse("reports:week_export", args=["csv"]) + f"?project={other.pk}")
    assert text.content.decode("utf-8-sig").count("Просрочено;Школа рядом;1.1.1") == 1
    page = as_user(cast.office).get(reverse("milestones:week"), {"project": "нет"})
    assert page.status_code == 200


def test_nobody_sees_another_region(as_user: AsUser, plan: Project) -> None:
    region = organisation_create(kind="region", name="Южная область")
    far = user_create(login="far", full_name="Дальний Пётр Ильич", roles=((Role.OFFICE, region),))
    assert numbers(far, day(0)) == [[], [], []]
    assert "Ничего не просрочено" in as_user(far).get(reverse("milestones:week")).content.decode()


def test_the_page_costs_the_same_for_any_number_of_projects(
    as_user: AsUser, plan: Project, passport: Passport, cast: Cast
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert as_user(cast.office).get(reverse("milestones:week")).status_code == 200
        return len(asked)

    one = queries()
    for _ in range(3):
        redacted(passport, PLAN, None, cast)
    assert queries() == one
