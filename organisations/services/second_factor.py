"""The second factor: codes of an authenticator app, and recovery codes for the day when the phone is lost."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from organisations.mail import tell_owner
from organisations.models import AttemptKind, RecoveryCode, SecondFactor, User
from organisations.one_time import hash_of, hashes_of, new_code
from organisations.services.attempts import attempt_begin, attempt_succeeded
from organisations.services.errors import StateConflict
from organisations.services.sessions import sessions_end

PURPOSE = "recovery"
RECOVERY_CODES = 10
_DIGITS = 6
_TOLERANCE = 1
"""Half-minutes by which the clock of a phone may differ from ours."""


def new_secret() -> str:
    return secrets.token_hex(20)


def second_factor_set_up(*, user: User, secret: str, code: str, address: str) -> list[str] | None:
    """Take the app that shows this code; returns the recovery codes, or None when the code does not fit.

    Raises ``TryLater``, and ``StateConflict`` where an app is connected already: whoever knows the password alone must
    not put their own in its place.
    """
    attempt_begin(kind=AttemptKind.SECOND_FACTOR, login=user.login, address=address)
    step = _step_of(secret, code, after=-1)
    if step is None:
        return None
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if SecondFactor.objects.filter(user=user).exists():
            raise StateConflict("Приложение уже подключено.")
        factor = SecondFactor.objects.create(user=user, secret=secret, last_step=step)
        codes = _new_codes(factor)
    attempt_succeeded(kind=AttemptKind.SECOND_FACTOR, login=user.login, address=address)
    return codes


def second_factor_passes(*, user: User, code: str, address: str) -> bool:
    """Whether this is a code of the person's app or a recovery code of theirs; either is good once.

    Raises ``TryLater``.
    """
    attempt_begin(kind=AttemptKind.SECOND_FACTOR, login=user.login, address=address)
    if not _spend(user, code):
        return False
    attempt_succeeded(kind=AttemptKind.SECOND_FACTOR, login=user.login, address=address)
    return True


@transaction.atomic
def recovery_codes_renew(*, user: User) -> list[str]:
    """New recovery codes in place of all the old ones."""
    factor = SecondFactor.objects.select_for_update().get(user=user)
    factor.recovery_codes.all().delete()
    return _new_codes(factor)


@transaction.atomic
def second_factor_reset(*, user: User, actor: User) -> None:
    """Forget a colleague's lost app: they connect another at the next sign-in. Nobody resets their own."""
    if not User.objects.managed_by(actor).filter(pk=user.pk).exists():
        raise PermissionDenied("second factor")
    second_factor_remove(user=user)
    sessions_end(user=user)
    tell_owner(user=user, subject="Второй шаг входа сброшен", happened=f"Второй шаг входа сбросил {actor.full_name}.")


@transaction.atomic
def second_factor_remove(*, user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)
    SecondFactor.objects.filter(user=user).delete()


@transaction.atomic
def _spend(user: User, code: str) -> bool:
    # The row is the lock: of two requests with the same code the second finds it spent.
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        return False
    step = _step_of(factor.secret, code, after=factor.last_step)
    if step is not None:
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return True
    unused = factor.recovery_codes.filter(used_at=None, code_hash__in=hashes_of(PURPOSE, user.pk, code))
    return bool(unused.update(used_at=timezone.now()))


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The half-minute of a code; None when it belongs to none near now that is later than ``after``."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == _DIGITS):
        return None
    totp = TOTP(bytes.fromhex(secret), digits=_DIGITS)
    return totp.t() if totp.verify(int(digits), tolerance=_TOLERANCE, min_t=after + 1) else None


def _new_codes(factor: SecondFactor) -> list[str]:
    codes = [new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(second_factor=factor, code_hash=hash_of(PURPOSE, factor.user_id, code)) for code in codes
    )
    return codes
