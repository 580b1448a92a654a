"""Home: each person sees what needs them, and what does not concern them is not there."""

from __future__ import annotations

import datetime as dt
import gzip
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations.models import User
from organisations.roles import Role
from organisations.services import user_create
from projects.models import Project
from projects.status import Status
from reports.home import days_to
from reports.models import PartKind, PartState
from tests.conftest import Region
from tests.world import World

AsUser = Callable[[User], Client]


def home(as_user: AsUser, user: User) -> str:
    answer = as_user(user).get("/")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_a_school_sees_its_form_with_the_comment_it_was_returned_with(world: World, as_user: AsUser) -> None:
    page = home(as_user, world.cast.reporters[2])
    assert "Проверьте число подъездов." in page
    assert reverse("indicators:submission", args=[world.returned.pk]) in page
    assert "Исправить" in page
    assert "Ждут проверки" not in page


def test_a_school_that_is_done_is_told_so_kindly(world: World, as_user: AsUser) -> None:
    page = home(as_user, world.cast.reporters[0])
    assert "Сейчас от вас ничего не требуется" in page
    assert "Отправленные формы" in page


def test_the_ministry_sees_its_queue_the_drafts_and_the_state_of_projects(world: World, as_user: AsUser) -> None:
    page = home(as_user, world.cast.office)
    assert "Проверить 1 форму" in page
    assert reverse("projects:change_request", args=[world.draft.pk]) in page
    assert "1 из 4" in page
    assert "критические отклонения: 1" in page


def test_a_curator_decides_about_passports_and_reviews_nothing(world: World, as_user: AsUser) -> None:
    page = home(as_user, world.cast.curator)
    assert reverse("projects:change_request", args=[world.draft.pk]) in page
    assert "Ждут проверки" not in page


def test_a_coordinator_sees_the_forms_of_the_own_town(world: World, as_user: AsUser) -> None:
    page = home(as_user, world.cast.coordinator)
    assert "1 из 3" in page
    assert reverse("projects:change_request", args=[world.draft.pk]) not in page


def test_a_coordinator_is_shown_whom_to_remind(world: World, as_user: AsUser) -> None:
    page = home(as_user, world.cast.coordinator)
    assert "Сейчас от вас ничего не требуется" not in page
    assert reverse("indicators:period_late", args=[world.period.pk]) in page
    assert "1 организация" in page
    assert "напомните" not in home(as_user, world.cast.auditor)


def test_a_stranger_sees_nothing_of_the_region(world: World, as_user: AsUser) -> None:
    page = home(as_user, world.cast.stranger)
    assert world.project.short_title not in page
    assert "Сейчас от вас ничего не требуется" in page


def test_home_costs_the_same_however_much_there_is(world: World, as_user: AsUser) -> None:
    with CaptureQueriesContext(connection) as few:
        home(as_user, world.cast.office)
    for number in range(10):
        Project.objects.create(
            territory=world.region.root, level="regional", title=f"Проект {number}", short_title=f"Проект {number}"
        )
    with CaptureQueriesContext(connection) as many:
        page = home(as_user, world.cast.office)
    assert "Проект 9" in page
    assert len(many) == len(few)


def test_of_two_hundred_projects_the_worst_stand_on_a_light_page(world: World, as_user: AsUser) -> None:
    statuses = [Status.GREEN] * 7 + [Status.YELLOW, Status.RED, Status.GREY]
    for number in range(199):
        project = Project.objects.create(
            territory=world.region.root,
            level="regional",
            title=f"Проект {number:03}",
            short_title=f"Проект {number:03}",
        )
        PartState.objects.bulk_create(
            PartState(
                project=project,
                kind=kind,
                row_id=uuid.uuid4(),
                source_id=1,
                position=0,
                status=status,
                is_current=True,
                is_settled=True,
            )
            for kind in PartKind
            for status in {Status.GREEN, Status.GREY, statuses[number % 10]}
        )
    client = as_user(world.cast.office)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/").content
    shown = re.findall(r"Проект \d{3}", page.decode())
    # Red is every tenth from the ninth on.
    assert shown == [f"Проект {number:03}" for number in range(8, 199, 10)]
    more = f'<a href="{reverse("reports:portfolio")}">И ещё 180\u00a0проектов</a>'
    assert more in page.decode()
    assert len(page) < 150_000
    assert len(gzip.compress(page)) < 100_000
    Project.objects.exclude(pk=world.project.pk).delete()
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    assert len(many) == len(few)


def test_a_school_is_led_to_the_list_of_projects(world: World, as_user: AsUser) -> None:
    for number in range(21):
        Project.objects.create(
            territory=world.region.root, level="regional", title=f"Проект {number}", short_title=f"Проект {number}"
        )
    page = home(as_user, world.cast.reporters[0])
    assert f'<a href="{reverse("projects:list")}">И ещё 2 проекта</a>' in page


def test_where_one_is_stands_out_in_the_navigation(world: World, as_user: AsUser) -> None:
    page = as_user(world.cast.office).get(reverse("projects:detail", args=[world.project.pk])).content.decode()
    current = page.split('aria-current="true">')[1].split("<")[0].strip()
    assert current == "Проекты"


@pytest.mark.parametrize(("moment", "days"), [(dt.timedelta(days=3), 3), (dt.timedelta(days=-2), -2)])
def test_days_are_those_of_the_calendar(moment: dt.timedelta, days: int) -> None:
    assert days_to(timezone.now() + moment) == days


def test_a_deadline_that_passed_an_hour_ago_has_passed() -> None:
    assert days_to(timezone.now() - dt.timedelta(hours=1)) < 0


def test_the_head_of_two_schools_sees_both_forms(world: World, as_user: AsUser, region: Region) -> None:
    both = user_create(
        login="both",
        full_name="Двойнова Анна Петровна",
        roles=((Role.REPORTER, region.schools[2]), (Role.REPORTER, region.village_school)),
    )
    page = home(as_user, both)
    assert region.schools[2].short_name in page
    assert region.village_school.short_name in page
