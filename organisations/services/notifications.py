"""Telling people. One statement writes any number of notifications, and writes none of them twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from organisations.models import User
from organisations.models.notifications import MANDATORY, Channel, Notification, NotificationKind, NotificationMute


@dataclass(frozen=True)
class Notice:
    """What is told to one person: ``subject`` names the thing («submission:12»), ``link`` is a path of the portal."""

    recipient_id: int
    subject: str
    text: str
    link: str


def notify(*, kind: NotificationKind, notices: Iterable[Notice], day: dt.date | None = None) -> int:
    """Tell each person once; returns how many notifications are new.

    Safe inside any transaction: letters go out later, in a digest. What was told before, with the same recipient,
    kind, subject and day (today by default), is passed over, and so is who is disabled or does not want to hear of it.
    """
    rows = list(notices)
    columns = {
        "recipients": [row.recipient_id for row in rows],
        "subjects": [row.subject for row in rows],
        "texts": [row.text for row in rows],
        "links": [row.link for row in rows],
    }
    select = (
        "SELECT * FROM unnest(%(recipients)s::bigint[], %(subjects)s::text[], %(texts)s::text[], %(links)s::text[])"
    )
    return notify_selected(kind=kind, select=select, params=columns, day=day) if rows else 0


_GIVEN = "SELECT * FROM unnest(%(recipients)s::bigint[], %(subjects)s::text[], %(texts)s::text[], %(links)s::text[])"
# In the order of the natural key, so that two runs side by side wait for each other and never in a circle.
_INSERT = """
INSERT INTO organisations_notification (recipient_id, kind, subject, day, text, link, in_portal, by_mail)
SELECT told.recipient_id, %(kind)s, told.subject,
       coalesce(%(day)s::date, (now() AT TIME ZONE %(zone)s)::date), told.text, told.link,
       wished.in_portal, wished.by_mail
FROM ({select}) AS told (recipient_id, subject, text, link)
JOIN organisations_user AS person ON person.id = told.recipient_id AND person.is_active
LEFT JOIN organisations_notificationmute AS portal
       ON portal.user_id = person.id AND portal.kind = %(kind)s AND portal.channel = 'portal'
LEFT JOIN organisations_notificationmute AS mail
       ON mail.user_id = person.id AND mail.kind = %(kind)s AND mail.channel = 'mail'
CROSS JOIN LATERAL (SELECT portal.id IS NULL AS in_portal, mail.id IS NULL AND person.email <> '' AS by_mail) AS wished
WHERE wished.in_portal OR wished.by_mail
ORDER BY told.recipient_id, told.subject
ON CONFLICT (recipient_id, kind, subject, day) DO NOTHING
"""


def notify_selected(
    *, kind: NotificationKind, select: str, params: Mapping[str, Any], day: dt.date | None = None
) -> int:
    """As :func:`notify`, for thousands: ``select`` yields recipient id, subject, text and link; ``params`` by name."""
    own = {"kind": kind.value, "day": day, "zone": timezone.get_current_timezone_name()}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(select=select), {**params, **own})
        return int(cursor.rowcount)


def notifications_read(*, user: User, ids: Collection[int] | None = None) -> int:
    """Mark one's own notifications as read: these, or all of them. What was read needs no letter."""
    rows = Notification.objects.visible_to(user).unread()
    return (rows if ids is None else rows.filter(pk__in=ids)).update(read_at=Now(), by_mail=False)


@transaction.atomic
def notification_mutes_save(*, user: User, muted: Collection[tuple[NotificationKind, Channel]]) -> None:
    """Set what a person does not want to hear of. What is mandatory in the portal stays, whatever was asked."""
    User.objects.select_for_update().get(pk=user.pk)
    wanted = {
        (kind.value, channel.value) for kind, channel in muted if channel != Channel.PORTAL or kind not in MANDATORY
    }
    known = {(row.kind, row.channel): row for row in NotificationMute.objects.filter(user=user)}
    for key in known.keys() - wanted:
        known[key].delete()
    for kind, channel in sorted(wanted - known.keys()):
        NotificationMute.objects.create(user=user, kind=kind, channel=channel)
