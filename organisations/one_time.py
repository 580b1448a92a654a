"""Codes that are used once, and the only form in which they are kept.

A code is twelve digits: they are typed on a phone from paper, where letters would need the right keyboard layout. What
is kept is a keyed hash, so that a copy of the database without the portal's key guesses no code, however short.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

_DIGITS = 12
_GROUP = 4


def new_code() -> str:
    """«4821 0937 5516»: spaces are for the eye, and are not part of the code."""
    digits = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
    return " ".join(digits[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))


def new_token() -> str:
    """A secret for a link that nobody types."""
    return secrets.token_urlsafe(32)


def hash_of(purpose: str, owner_id: int, secret: str) -> str:
    """The hash to keep; it belongs to one owner and one purpose, and is worth nothing for another."""
    return _hash(settings.SECRET_KEY, purpose, owner_id, secret)


def hashes_of(purpose: str, owner_id: int, secret: str) -> list[str]:
    """What may have been kept of this secret: by the key of today and by those before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_hash(key, purpose, owner_id, secret) for key in keys]


def _hash(key: str | bytes, purpose: str, owner_id: int, secret: str) -> str:
    # People write groups with spaces, hyphens or nothing between them; what a token loses here does not weaken it.
    plain = "".join(letter for letter in secret if letter.isalnum())
    return salted_hmac(f"organisations.{purpose}.{owner_id}", plain, secret=key, algorithm="sha256").hexdigest()
