"""Lists of people: who has access to what, and in which state their account is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Now

from organisations.models import Attempts, Invitation, Membership, Organisation, User, sort_key_of
from organisations.querysets import UserQuerySet
from organisations.roles import Role


class AccountState(models.TextChoices):
    ACTIVE = "active", "действует"
    INVITED = "invited", "ещё не входил"
    LOCKED = "locked", "вход задержан"
    DISABLED = "disabled", "отключена"


# Django marks a password that nobody can type with this sign.
_UNUSABLE = Q(("password__startswith", UNUSABLE_PASSWORD_PREFIX))
_BLOCKED = Attempts.objects.filter(login=OuterRef("login"), blocked_until__gt=Now())
_STATE = Case(
    When(is_active=False, then=Value(AccountState.DISABLED)),
    When(Exists(_BLOCKED), then=Value(AccountState.LOCKED)),
    When(_UNUSABLE, then=Value(AccountState.INVITED)),
    default=Value(AccountState.ACTIVE),
    output_field=models.CharField(),
)
OPEN_INVITATIONS = Invitation.objects.filter(used_at=None, cancelled_at=None, expires_at__gt=Now())


def people_of(actor: Any) -> UserQuerySet:
    """People this person may see, each with the state of the account, roles and what was issued and is still good."""
    roles = Membership.objects.select_related("organisation").order_by("organisation__sort_key", "role")
    return (
        User.objects.visible_to(actor)
        .annotate(state=_STATE)
        .prefetch_related(
            Prefetch("memberships", roles, to_attr="roles"),
            Prefetch("invitations", OPEN_INVITATIONS, to_attr="open_invitations"),
        )
    )


def people_listed(actor: Any, *, words: str = "", role: str = "", state: str = "") -> UserQuerySet:
    """As :func:`people_of`, narrowed to what the filter of the page says."""
    people = people_of(actor)
    if words:
        people = people.filter(_found_by(words))
    if role:
        people = people.filter(pk__in=Membership.objects.filter(role=role).values("user"))
    if state:
        people = people.filter(Q(state=state))
    return people


def heads_without_password(actor: Any, organisation: Organisation, *, invited: bool = True) -> UserQuerySet:
    """Heads of organisations at or below a node who have not signed in yet: a slip each brings them in.

    Without ``invited`` those who have a slip or a letter that is still good are left out. Whose is the latest comes
    last, so that several sheets in a row reach everybody.
    """
    heads = Membership.objects.filter(
        user=OuterRef("pk"), role=Role.REPORTER, organisation__path__startswith=organisation.path
    )
    waiting = User.objects.managed_by(actor).filter(Exists(heads), _UNUSABLE, is_active=True)
    issued = Subquery(OPEN_INVITATIONS.filter(user=OuterRef("pk")).values("issued_at"))
    if not invited:
        waiting = waiting.exclude(Exists(OPEN_INVITATIONS.filter(user=OuterRef("pk"))))
    return waiting.order_by(issued.asc(nulls_first=True), "full_name", "pk")


def _found_by(words: str) -> Q:
    # The embedded server does not know that «о» is a small «О», hence the second spelling.
    spellings = {words, words.title()}
    found = Q(login__contains=words.casefold())
    for spelling in spellings:
        found |= Q(full_name__contains=spelling)
    at = Membership.objects.filter(organisation__sort_key__contains=sort_key_of(words))
    return found | Q(pk__in=at.values("user")) if sort_key_of(words) else found
