"""Sessions in the database, as Django keeps them, that a forged cookie cannot break."""

from __future__ import annotations

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Asks the database for keys of letters and digits alone, as they are given out.

    A cookie may hold any character; at a NUL PostgreSQL would refuse the query, and the page break.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and len(key) <= 40)
