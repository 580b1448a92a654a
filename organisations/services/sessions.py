"""Open sessions: they are rows, and whoever has none is outside at the next request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from organisations.models import Session, User


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner knows it. ``id`` names it on the page, where its key must not stand."""

    key: str
    id: str
    device: str
    address: str
    begun: dt.datetime


def sessions_of(*, user: User) -> list[OpenSession]:
    """The sessions in which this person is inside, the latest first."""
    found = []
    for session in Session.objects.filter(user=user, expire_date__gt=timezone.now()):
        begun = session.get_decoded().get("begun")
        if begun:
            moment = dt.datetime.fromisoformat(begun["at"])
            found.append(OpenSession(session.session_key, begun["id"], begun["device"], begun["address"], moment))
    return sorted(found, key=lambda session: session.begun, reverse=True)


def session_end(*, user: User, session_id: str) -> bool:
    """End one session of this person; False when there is no such one."""
    keys = [session.key for session in sessions_of(user=user) if session.id == session_id]
    return bool(Session.objects.filter(user=user, session_key__in=keys).delete()[0])


def sessions_end(*, user: User, but: str | None = None) -> int:
    """End every session of a person, except the one with this key; returns how many ended."""
    return Session.objects.filter(user=user).exclude(session_key=but or "").delete()[0]
