"""Sessions in the database, each with its owner, that a forged cookie cannot break."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

if TYPE_CHECKING:
    from organisations.models import Session
    from organisations.prepared import Prepared


@cache
def _kept() -> Prepared[Session]:
    from organisations.models import Session
    from organisations.prepared import Prepared

    return Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    """Asks the database for keys of letters and digits alone, as they are given out.

    A cookie may hold any character; at a NUL PostgreSQL would refuse the query, and the page break.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        from organisations.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast("Session", super().create_model_instance(data))
        session.user_id = data.get(SESSION_KEY)
        return session

    def _get_session_from_db(self) -> Session | None:
        found = _kept().first(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
        return found

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and len(key) <= 40)
