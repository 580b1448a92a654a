"""What people are told: once, in the portal and by mail as they wish."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from organisations.models import Notification, NotificationKind, NotificationMute, User
from organisations.models.notifications import Channel
from organisations.services import notifications as services
from organisations.services.notifications import (
    Notice,
    notification_mutes_save,
    notifications_read,
    notify,
    notify_selected,
)
from tests.conftest import Cast
from tests.two_connections import together

RETURNED, ACCEPTED = NotificationKind.RETURNED, NotificationKind.ACCEPTED
DAY = dt.date(2026, 11, 20)


def about(user: User, subject: str = "submission:1", link: str = "/forms/1/") -> Notice:
    return Notice(user.pk, subject, "Форму вернули.", link)


def with_mail(user: User) -> User:
    user.email = f"{user.login}@example.org"
    user.save(update_fields=["email"])
    return user


def test_the_same_thing_is_told_once_a_day(cast: Cast) -> None:
    notice = about(cast.office)
    assert notify(kind=RETURNED, notices=[notice, notice], day=DAY) == 1
    assert notify(kind=RETURNED, notices=[notice], day=DAY) == 0
    assert notify(kind=ACCEPTED, notices=[notice], day=DAY) == 1
    assert notify(kind=RETURNED, notices=[notice], day=DAY + dt.timedelta(days=1)) == 1
    assert notify(kind=RETURNED, notices=[about(cast.head), about(cast.office, "submission:2")], day=DAY) == 2


def test_nothing_to_tell_is_told_to_nobody(cast: Cast) -> None:
    assert notify(kind=RETURNED, notices=[]) == 0


def test_the_day_is_that_of_the_database_in_the_time_zone_of_the_region(cast: Cast) -> None:
    notify(kind=RETURNED, notices=[about(cast.office)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'Europe/Moscow')::date")
        assert Notification.objects.get().day == cursor.fetchone()[0]


def test_a_disabled_person_is_told_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.office.pk).update(is_active=False)
    assert notify(kind=RETURNED, notices=[about(cast.office), about(cast.head)]) == 1
    assert Notification.objects.get().recipient == cast.head


def test_a_letter_is_owed_to_those_who_have_a_mailbox(cast: Cast) -> None:
    notify(kind=RETURNED, notices=[about(with_mail(cast.office)), about(cast.head)])
    assert dict(Notification.objects.values_list("recipient__login", "by_mail")) == {"office": True, "head": False}


def test_what_a_person_does_not_want_does_not_come(cast: Cast) -> None:
    with_mail(cast.office)
    notification_mutes_save(user=cast.office, muted={(ACCEPTED, Channel.MAIL)})
    notify(kind=ACCEPTED, notices=[about(cast.office)])
    row = Notification.objects.get()
    assert (row.in_portal, row.by_mail) == (True, False)

    notification_mutes_save(user=cast.office, muted={(ACCEPTED, Channel.PORTAL)})
    notify(kind=ACCEPTED, notices=[about(cast.office, "submission:2")])
    row = Notification.objects.get(subject="submission:2")
    assert (row.in_portal, row.by_mail) == (False, True)
    assert row not in Notification.objects.visible_to(cast.office)

    notification_mutes_save(user=cast.office, muted={(ACCEPTED, Channel.PORTAL), (ACCEPTED, Channel.MAIL)})
    assert notify(kind=ACCEPTED, notices=[about(cast.office, "submission:3")]) == 0
    assert notify(kind=ACCEPTED, notices=[about(cast.head, "submission:3")]) == 1


def test_what_is_mandatory_stays_in_the_portal(cast: Cast) -> None:
    notification_mutes_save(user=cast.office, muted={(RETURNED, Channel.PORTAL), (RETURNED, Channel.MAIL)})
    assert list(NotificationMute.objects.values_list("kind", "channel")) == [("returned", "mail")]
    with pytest.raises(IntegrityError, match="notification_mandatory_stays"), transaction.atomic():
        NotificationMute.objects.create(user=cast.office, kind=RETURNED, channel=Channel.PORTAL)


def test_a_link_leads_nowhere_but_into_the_portal(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="notification_link_own"), transaction.atomic():
        notify(kind=RETURNED, notices=[about(cast.office, link="https://example.org/")])


def test_reading_marks_ones_own_and_nobody_elses(cast: Cast) -> None:
    notify(kind=RETURNED, notices=[about(cast.office), about(cast.office, "submission:2"), about(cast.head)])
    first = Notification.objects.get(recipient=cast.office, subject="submission:1")
    assert notifications_read(user=cast.head, ids=[first.pk]) == 0
    assert notifications_read(user=cast.office, ids=[first.pk]) == 1
    assert notifications_read(user=cast.office) == 1
    assert Notification.objects.unread().get().recipient == cast.head


def tell_everybody(direction: str) -> int:
    select = f"SELECT id, 'period:1', 'Открыт период', '/' FROM organisations_user ORDER BY id {direction}"
    return notify_selected(kind=RETURNED, select=select, params={}, day=DAY)


FOUR_WORKERS = [partial(tell_everybody, direction) for direction in ("ASC", "DESC") * 2]


@pytest.fixture
def crowd(cast: Cast) -> int:
    User.objects.bulk_create(User(login=f"p{number}", full_name=f"Человек {number}") for number in range(400))
    return User.objects.count()


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_tell_everybody_once(crowd: int) -> None:
    """Each begins at its own end of the list; the insertion sorts, so nobody waits in a circle."""
    assert sum(together(*FOUR_WORKERS)) == crowd
    assert Notification.objects.count() == crowd


@pytest.mark.django_db(transaction=True)
def test_without_passing_over_what_was_told_workers_would_break_each_other(
    crowd: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = services._INSERT.split("ON CONFLICT")[0]
    monkeypatch.setattr(services, "_INSERT", bare)
    outcomes = together(*FOUR_WORKERS, refusals=(IntegrityError,))
    assert [outcome for outcome in outcomes if not isinstance(outcome, IntegrityError)] == [crowd]
