"""How often somebody may try. Counted in the database: every web process sees the same count, and it outlives them.

An attempt is charged before it is judged and forgiven when it succeeds, so that fifty guesses sent at once are fifty
attempts and not one. A login that does not exist is counted like one that does, and so tells nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from organisations.models import AttemptKind, Attempts, FailedFrom

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """So many attempts in a row are free; then each waits twice as long as the one before, up to the longest."""

    free: int
    first: dt.timedelta
    longest: dt.timedelta

    def after(self, failures: int) -> dt.timedelta:
        if failures < self.free:
            return dt.timedelta()
        # The exponent is bounded, for a number of failures is not.
        doublings = min(failures - self.free, 20)
        return min(self.longest, self.first * (1 << doublings))


_GUESSING = Patience(free=5, first=dt.timedelta(seconds=30), longest=dt.timedelta(minutes=15))
PATIENCE = {
    AttemptKind.PASSWORD: _GUESSING,
    AttemptKind.SECOND_FACTOR: _GUESSING,
    AttemptKind.LETTER: Patience(free=3, first=dt.timedelta(minutes=10), longest=dt.timedelta(hours=1)),
    # An office behind one address checks many papers, and those that are genuine are forgiven at once.
    AttemptKind.DOCUMENT: Patience(free=30, first=dt.timedelta(seconds=10), longest=dt.timedelta(minutes=5)),
}
FORGOTTEN_AFTER = dt.timedelta(days=1)
ADDRESS_WINDOW = dt.timedelta(hours=1)


class TryLater(Exception):
    """Too many attempts. Its words say when the next one will be heard."""

    def __init__(self, wait: dt.timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(f"Слишком много неудачных попыток подряд. Попробуйте снова через {_in_words(self.seconds)}.")


def attempt_begin(*, kind: AttemptKind, address: str, login: str | None = None) -> None:
    """Charge an attempt; what takes no login is charged to its address alone.

    Raises ``TryLater`` where the login, or the address it comes from, must wait.
    """
    key = login_key(address if login is None else login)
    try:
        if login is not None:
            _charge_address(address, key)
        _charge_login(kind, key)
    except TryLater as refusal:
        logger.warning("An attempt (%s) from %s must wait for %s s.", kind, address, refusal.seconds)
        raise


def attempt_succeeded(*, kind: AttemptKind, address: str, login: str | None = None) -> None:
    """Forgive what was charged."""
    key = login_key(address if login is None else login)
    Attempts.objects.filter(kind=kind, login=key).delete()
    FailedFrom.objects.filter(address=address, login=key).delete()


def attempts_forgive(*, login: str) -> None:
    """Let this login try at once, whatever it did before; only those who manage the person come here."""
    Attempts.objects.filter(login=login_key(login)).delete()


def attempts_forget_old() -> int:
    """Throw away what counts no more."""
    old = {"last_at__lt": Now() - FORGOTTEN_AFTER, "blocked_until__lt": Now()}
    forgotten = Attempts.objects.filter(**old).delete()[0]
    return forgotten + FailedFrom.objects.filter(at__lt=Now() - FORGOTTEN_AFTER).delete()[0]


def login_key(login: str) -> str:
    """A login as it is compared: people type capitals and spaces on a phone."""
    return login.strip().casefold()[:100]


@transaction.atomic
def _charge_login(kind: AttemptKind, login: str) -> None:
    fresh = Attempts(kind=kind, login=login, last_at=Now(), blocked_until=Now())
    Attempts.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Attempts.objects.select_for_update().annotate(now=Now()).get(kind=kind, login=login)
    if row.blocked_until > row.now:
        raise TryLater(row.blocked_until - row.now)
    if row.last_at < row.now - FORGOTTEN_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_at = row.now
    row.blocked_until = row.now + PATIENCE[kind].after(row.failures)
    row.save()


@transaction.atomic
def _charge_address(address: str, login: str) -> None:
    """An address is judged by how many different logins have failed from it lately, not by how often."""
    limit = settings.SIGN_IN_ADDRESS_LIMIT
    recent = FailedFrom.objects.filter(address=address, at__gt=Now() - ADDRESS_WINDOW).annotate(now=Now())
    # The earliest of those that fill the limit: when it leaves the window, the address has room again.
    earliest = recent.order_by("-at")[limit - 1 : limit].first()
    if earliest is not None:
        raise TryLater(earliest.at + ADDRESS_WINDOW - earliest.now)
    FailedFrom.objects.bulk_create(
        [FailedFrom(address=address, login=login, at=Now())],
        update_conflicts=True,
        unique_fields=["address", "login"],
        update_fields=["at"],
    )


def _in_words(seconds: int) -> str:
    """«30 секунд», «2 минуты»: rounded up, so that who waits so long is never refused again."""
    if seconds < 60:
        return f"{seconds} {_form(seconds, 'секунду', 'секунды', 'секунд')}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} {_form(minutes, 'минуту', 'минуты', 'минут')}"


def _form(count: int, one: str, few: str, many: str) -> str:
    if count % 100 in range(11, 15):
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(count % 10, many)
