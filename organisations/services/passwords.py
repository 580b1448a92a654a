"""Every way to prove or to set a password: the password itself, an invitation, the link of a letter."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from jobs.services import enqueue
from organisations.mail import new_message_id, tell_owner
from organisations.models import AttemptKind, Invitation, User
from organisations.one_time import hashes_of
from organisations.services.attempts import attempt_begin, attempt_succeeded, login_key
from organisations.services.invitations import PURPOSE, invitations_cancel
from organisations.services.sessions import sessions_end

NEW_PASSWORD_HANDLER = "organisations.send_new_password"  # noqa: S105 - the name of a handler


def password_check(*, login: str, password: str, address: str) -> User | None:
    """The person, if the password is theirs and their account is active. Raises ``TryLater``.

    An unknown login takes as long as a wrong password: Django hashes what was typed in either case.
    """
    attempt_begin(kind=AttemptKind.PASSWORD, login=login, address=address)
    user = authenticate(username=login_key(login), password=password)
    if not isinstance(user, User):
        return None
    attempt_succeeded(kind=AttemptKind.PASSWORD, login=login, address=address)
    return user


@transaction.atomic
def password_set(*, user: User, password: str, keep_session: str | None = None) -> User:
    """Set a password: other sessions end, and invitations that are still open are worth nothing.

    Who had one hears of it: the new one may come from a slip that another person was given.

    Raises ``ValidationError`` for one that is too weak.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    validate_password(password, locked)
    had_one = locked.has_usable_password()
    locked.set_password(password)
    locked.password_set_at = timezone.now()
    locked.save(update_fields=["password", "password_set_at"])
    invitations_cancel(users=[locked])
    sessions_end(user=locked, but=keep_session)
    if had_one:
        tell_owner(user=locked, subject="Пароль изменён", happened="Вашему входу задан новый пароль.")
    return locked


def invitation_accept(*, login: str, secret: str, password: str, address: str) -> User | None:
    """Set the password of whoever holds the secret; None when it does not fit, was used, cancelled or has expired.

    Raises ``TryLater``, and ``ValidationError`` for a password that is too weak: the secret is then still good.
    """
    attempt_begin(kind=AttemptKind.PASSWORD, login=login, address=address)
    weak = None
    try:
        user = _accept(login_key(login), secret, password)
    except ValidationError as error:
        user, weak = None, error
    if user or weak:
        attempt_succeeded(kind=AttemptKind.PASSWORD, login=login, address=address)
    if weak:
        raise weak
    return user


@transaction.atomic
def password_reset(*, user: User, token: str, password: str) -> bool:
    """Set a password by the token of a letter; False when it is not, or no longer, worth one."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active or not default_token_generator.check_token(locked, token):
        return False
    password_set(user=locked, password=password)
    return True


@transaction.atomic
def new_password_letter(*, login: str, address: str) -> None:
    """Ask for a letter. Raises ``TryLater``, whether or not there is such a login."""
    attempt_begin(kind=AttemptKind.LETTER, login=login, address=address)
    enqueue(
        handler=NEW_PASSWORD_HANDLER,
        arguments={"login": login_key(login), "id": new_message_id()},
        title="Письмо с новым паролем",
    )


@transaction.atomic
def _accept(login: str, secret: str, password: str) -> User | None:
    # The row of the person is the lock: of two that come with the same code the second finds it used.
    user = User.objects.select_for_update().filter(login=login, is_active=True).first()
    if user is None:
        return None
    fitting = Invitation.objects.filter(user=user, used_at=None, cancelled_at=None, expires_at__gt=Now())
    invitation = fitting.filter(secret_hash__in=hashes_of(PURPOSE, user.pk, secret)).first()
    if invitation is None:
        return None
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    return password_set(user=user, password=password)
