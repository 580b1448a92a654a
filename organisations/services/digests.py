"""The letter of the day: everything that happened to a person, in one, and no second one that day."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from organisations.mail import mail_later
from organisations.models import Notification, User

AT_ONCE = 200
"""Letters written in one transaction."""
LINES = 20
"""How many events a letter tells; of the rest it gives the number."""


def digests_send() -> int:
    """Write a letter to everybody who is owed one and has had none today; returns how many were written.

    ``DIGEST_LETTERS_A_DAY`` caps the letters of a day to all people together; who is left out gets theirs tomorrow.
    It may run as often as one likes and on several workers at once: a person gets one letter a day. The job's key keeps
    it to one worker, so that the cap of all is kept to the letter too.
    """
    written = 0
    while count := _some():
        written += count
    return written


# Each worker takes people of its own; who was skipped because another holds them is that worker's.
_CLAIM = """
    WITH today AS (SELECT (now() AT TIME ZONE %(zone)s)::date AS day),
    owed AS (
        SELECT person.id FROM organisations_user AS person
        WHERE person.is_active AND person.email <> ''
          AND EXISTS (
              SELECT FROM organisations_notification AS told
              WHERE told.recipient_id = person.id AND told.digest_id IS NULL AND told.by_mail
          )
          AND NOT EXISTS (
              SELECT FROM organisations_digest, today
              WHERE organisations_digest.recipient_id = person.id AND organisations_digest.day = today.day
          )
        ORDER BY person.id
        LIMIT least(
            %(at_once)s,
            greatest(0, %(cap)s - (SELECT count(*) FROM organisations_digest JOIN today USING (day)))
        )
        FOR NO KEY UPDATE OF person SKIP LOCKED
    )
    INSERT INTO organisations_digest (recipient_id, day)
    SELECT owed.id, today.day FROM owed, today
    ON CONFLICT (recipient_id, day) DO NOTHING
    RETURNING id, recipient_id
"""


@transaction.atomic
def _some() -> int:
    params: dict[str, str | int] = {
        "zone": timezone.get_current_timezone_name(),
        "at_once": AT_ONCE,
        "cap": settings.DIGEST_LETTERS_A_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, params)
        digest_of = {recipient: digest for digest, recipient in cursor.fetchall()}
    told: dict[int, list[Notification]] = defaultdict(list)
    owed = Notification.objects.filter(recipient__in=digest_of, digest=None, by_mail=True)
    for row in owed.order_by("recipient", "-created_at", "-pk"):
        told[row.recipient_id].append(row)
    for person in User.objects.filter(pk__in=told).order_by("pk"):
        rows = told[person.pk]
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(digest=digest_of[person.pk])
        _write(person, rows)
    return len(digest_of)


def _write(person: User, rows: list[Notification]) -> None:
    mail_later(
        to=person.email,
        subject=_subject(rows),
        template="mail/digest.txt",
        context={
            "name": person.given_names,
            "lines": [{"text": row.text, "link": row.link} for row in rows[:LINES]],
            "more": max(0, len(rows) - LINES),
        },
    )


def _subject(rows: list[Notification]) -> str:
    """What happened, where it was one thing; else how much."""
    if len(rows) == 1:
        return rows[0].get_kind_display()
    return f"Новости портала «Веха»: {len(rows)}"
