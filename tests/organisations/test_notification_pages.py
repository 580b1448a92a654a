"""The bell, the list of notifications, reading them and choosing which of them come."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import Notification, NotificationKind, NotificationMute, User
from organisations.services.notifications import Notice, notify
from tests.conftest import Cast

AsUser = Callable[[User], Client]
LIST, SETTINGS = "/notifications/", "/notifications/settings/"


def tell(user: User, *texts: str, kind: NotificationKind = NotificationKind.RETURNED) -> list[Notification]:
    notify(kind=kind, notices=[Notice(user.pk, f"submission:{text}", text, "/calendar/") for text in texts])
    rows = {row.text: row for row in Notification.objects.filter(recipient=user)}
    return [rows[text] for text in texts]


def test_the_bell_counts_what_is_new_on_every_page(as_user: AsUser, cast: Cast) -> None:
    head = as_user(cast.reporters[0])
    assert "site-bell" in head.get("/").content.decode()
    assert '<span class="count">' not in head.get("/").content.decode()
    tell(cast.reporters[0], "Первое", "Второе")
    assert '<span class="count">2<span class="visually-hidden"> новых' in head.get("/projects/").content.decode()


def test_a_notification_is_read_when_it_is_followed(as_user: AsUser, cast: Cast) -> None:
    first, second = tell(cast.reporters[0], "Форму вернули", "Форма принята")
    head = as_user(cast.reporters[0])
    assert head.get(LIST).content.decode().count("notification-new") == 2

    answer = head.post(f"/notifications/{first.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/calendar/")
    page = head.get(f"{LIST}?show=new").content.decode()
    assert "Форма принята" in page
    assert "Форму вернули" not in page

    head.post("/notifications/read/")
    second.refresh_from_db()
    assert second.read_at is not None
    assert "Новых уведомлений нет" in head.get(f"{LIST}?show=new").content.decode()


def test_notifications_are_nobody_elses(as_user: AsUser, cast: Cast) -> None:
    (row,) = tell(cast.reporters[0], "Форму вернули")
    other = as_user(cast.office)
    assert "Форму вернули" not in other.get(LIST).content.decode()
    assert other.post(f"/notifications/{row.pk}/open/").status_code == 404
    other.post("/notifications/read/")
    row.refresh_from_db()
    assert row.read_at is None


def test_the_list_costs_the_same_however_long_it_is(as_user: AsUser, cast: Cast) -> None:
    head, costs = as_user(cast.reporters[0]), []
    for texts in (["Одно"], [f"Ещё {number}" for number in range(20)]):
        tell(cast.reporters[0], *texts)
        with CaptureQueriesContext(connection) as queries:
            head.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_person_chooses_among_what_concerns_them(as_user: AsUser, cast: Cast) -> None:
    head = as_user(cast.reporters[0])
    page = head.get(SETTINGS).content.decode()
    assert "Форма принята" in page
    assert "Сводка о несдавших" not in page
    assert 'name="returned-portal"' not in page  # comes always

    head.post(SETTINGS, {"returned-mail": "on", "accepted-portal": "on"})
    muted = set(NotificationMute.objects.filter(user=cast.reporters[0]).values_list("kind", "channel"))
    assert ("accepted", "mail") in muted
    assert {("returned", "mail"), ("accepted", "portal"), ("returned", "portal")}.isdisjoint(muted)
    page = head.get(SETTINGS).content.decode()
    assert page.count(" checked") == 2
    assert NotificationMute.objects.filter(kind="summary").count() == 0


def test_who_has_no_role_has_nothing_to_choose(as_user: AsUser, cast: Cast) -> None:
    assert "Для вашей роли уведомлений нет" in as_user(cast.stranger).get(SETTINGS).content.decode()
