"""Giving, taking back and recognising the keys of programs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from organisations.models import ApiToken, Scope, User

PREFIX = "vekha_"
"""By which a leaked token is found in a log or a repository."""

LIFETIMES = {30: "30 дней", 90: "90 дней", 365: "год"}
MAX_TOKENS = 20
_HOLDS = Q(revoked_at=None, expires_at__gt=Now())
_NOT_USED_LATELY = Q(last_used_at=None) | Q(last_used_at__lt=Now() - timedelta(hours=1))


class TokenRefused(Exception):
    """One Russian sentence."""


@transaction.atomic
def token_create(*, owner: User, name: str, scopes: Collection[str], days: int) -> tuple[ApiToken, str]:
    """Give a new token; returns its row and the token itself, which is never to be seen again."""
    User.objects.select_for_update().get(pk=owner.pk)
    if current_tokens(owner).count() >= MAX_TOKENS:
        raise TokenRefused(f"Действующих ключей уже {MAX_TOKENS}: отзовите ненужные.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=owner,
        name=name,
        digest=_digest(secret),
        hint=secret[-4:],
        scopes=[scope for scope in Scope.values if scope in scopes],
        expires_at=Now() + timedelta(days=days),
    )
    token.refresh_from_db()
    return token, secret


@transaction.atomic
def token_revoke(*, token: ApiToken) -> None:
    """End a token for good; revoking it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now())


def token_of(secret: str) -> ApiToken | None:
    """The token that holds now, with its owner, or None; says when it was last used, to the hour."""
    held = ApiToken.objects.filter(_HOLDS, digest=_digest(secret), user__is_active=True)
    token = held.annotate(unused=_NOT_USED_LATELY).select_related("user").first()
    if token is not None and token.unused:
        # To the hour: a write for every request would cost more than it tells.
        ApiToken.objects.filter(_NOT_USED_LATELY, pk=token.pk).update(last_used_at=Now())
    return token


def current_tokens(owner: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(_HOLDS, user=owner)


def _digest(secret: str) -> str:
    # The token is random: a fast digest is as good as a slow one, and a request is not kept waiting.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
