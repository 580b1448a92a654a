"""Giving access: a letter with a link, or a printed slip with a code. Either sets a password, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from jobs.services import enqueue
from organisations.models import Invitation, InvitationKind, User
from organisations.one_time import hash_of, new_code, new_token
from organisations.services.errors import StateConflict

PURPOSE = "invitation"
LETTER_HANDLER = "organisations.send_invitation"
VALID_FOR = {InvitationKind.LETTER: dt.timedelta(days=7), InvitationKind.SLIP: dt.timedelta(days=30)}


@dataclass(frozen=True)
class Slip:
    """What is printed for one person. The code is here and on the paper, and nowhere else."""

    user: User
    code: str
    expires_at: dt.datetime


@transaction.atomic
def slips_issue(*, users: Iterable[User], actor: User) -> list[Slip]:
    """A code for each of these people; whatever was issued to them before is cancelled."""
    people = _lock(users, actor)
    codes = [new_code() for _ in people]
    hashes = [hash_of(PURPOSE, person.pk, code) for person, code in zip(people, codes, strict=True)]
    issued = _issue(people, hashes, InvitationKind.SLIP, actor)
    return [Slip(i.user, code, i.expires_at) for i, code in zip(issued, codes, strict=True)]


@transaction.atomic
def slip_first(*, user: User) -> Slip:
    """A code for a person of the office whom nobody is there to invite; only the command line comes here."""
    code = new_code()
    (issued,) = _issue([user], [hash_of(PURPOSE, user.pk, code)], InvitationKind.SLIP, user)
    return Slip(user, code, issued.expires_at)


@transaction.atomic
def letter_issue(*, user: User, actor: User) -> Invitation:
    """A letter with a link; the link is drawn when the letter is sent."""
    people = _lock([user], actor)
    if not people[0].email:
        raise StateConflict("У этого человека не указана электронная почта.")
    (invitation,) = _issue(people, [""], InvitationKind.LETTER, actor)
    enqueue(
        handler=LETTER_HANDLER,
        arguments={"invitation": invitation.pk},
        title="Письмо с приглашением",
    )
    return invitation


@transaction.atomic
def letter_secret(*, invitation_id: int) -> tuple[Invitation, str] | None:
    """Draw the secret of a letter that is about to be sent; None when the letter is no longer wanted.

    A letter that is tried again gets a new secret: that of the first try is kept nowhere and cannot be sent again.
    """
    open_ones = Invitation.objects.select_for_update(of=("self",)).filter(used_at=None, cancelled_at=None)
    invitation = open_ones.select_related("user").filter(pk=invitation_id, user__is_active=True).first()
    if invitation is None:
        return None
    token = new_token()
    invitation.secret_hash = hash_of(PURPOSE, invitation.user_id, token)
    invitation.save(update_fields=["secret_hash"])
    return invitation, token


def invitations_cancel(*, users: Iterable[User]) -> None:
    Invitation.objects.filter(user__in=users, used_at=None, cancelled_at=None).update(cancelled_at=Now())


def _lock(users: Iterable[User], actor: User) -> list[User]:
    """The rows of these people in the order of their names; all must be managed by the actor and active."""
    wanted = {user.pk for user in users}
    managed = User.objects.managed_by(actor).filter(pk__in=wanted)
    people = list(User.objects.select_for_update().filter(pk__in=managed.values("pk")).order_by("pk"))
    if len(people) < len(wanted):
        raise PermissionDenied("invitation")
    if not all(person.is_active for person in people):
        raise StateConflict("Учётная запись отключена. Сначала включите её.")
    return sorted(people, key=lambda person: (person.full_name, person.pk))


def _issue(people: list[User], hashes: list[str], kind: InvitationKind, actor: User) -> list[Invitation]:
    invitations_cancel(users=people)
    expires = timezone.now() + VALID_FOR[kind]
    return Invitation.objects.bulk_create(
        Invitation(user=person, kind=kind, secret_hash=secret_hash, issued_by=actor, expires_at=expires)
        for person, secret_hash in zip(people, hashes, strict=True)
    )
