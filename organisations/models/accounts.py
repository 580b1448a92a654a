"""What belongs to a person's account: sessions, invitations, the second factor and its recovery codes."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import SessionManager
from django.db import models
from django.db.models.functions import Now

from organisations.models.people import User


class Session(AbstractBaseSession):
    """A session that knows whose it is, so that it can be shown to its owner and ended with the account.

    While a person stands between the password and the second factor, their session belongs to nobody.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")

    objects = SessionManager()  # type: ignore[misc]

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "сеанс"
        verbose_name_plural = "сеансы"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class InvitationKind(models.TextChoices):
    LETTER = "letter", "письмом"
    SLIP = "slip", "листком с кодом"


@pghistory.track(exclude=["secret_hash"])
class Invitation(models.Model):
    """The right to set a password once, by a link from a letter or by a code from a printed slip.

        open ──used──▶ the person has set a password
         │ └──expires_at passes──▶ expired, nothing is written
         └──another one is issued, or access is taken away──▶ cancelled

    A person has one that is open at most. The secret itself is kept nowhere: that of a slip is shown when it is
    printed, that of a letter is drawn by the job that sends it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    kind = models.CharField("способ", max_length=10, choices=InvitationKind)
    secret_hash = models.CharField(max_length=64, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("выдано", db_default=Now())
    expires_at = models.DateTimeField("действует до")
    used_at = models.DateTimeField("использовано", null=True, blank=True)
    cancelled_at = models.DateTimeField("отменено", null=True, blank=True)

    class Meta:
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at=None, cancelled_at=None), name="invitation_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(cancelled_at=None), name="invitation_used_or_cancelled"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=InvitationKind.values), name="invitation_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind=InvitationKind.LETTER) | ~models.Q(secret_hash=""),
                name="invitation_slip_has_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["secret", "last_step"]
)
class SecondFactor(models.Model):
    """The authenticator app of a person: codes that change every thirty seconds (TOTP, RFC 6238).

    ``last_step`` is the half-minute of the last code that was taken: neither it nor an earlier one is taken again.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=40)
    last_step = models.BigIntegerField()
    created_at = models.DateTimeField("подключён", db_default=Now())

    class Meta:
        verbose_name = "второй фактор"
        verbose_name_plural = "вторые факторы"

    def __str__(self) -> str:
        return f"{self.user}: {self._meta.verbose_name}"


@pghistory.track(exclude=["code_hash"])
class RecoveryCode(models.Model):
    """A code for the day when the phone is lost; it goes in place of the app's, once."""

    second_factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField("использован", null=True, blank=True)

    class Meta:
        verbose_name = "код восстановления"
        verbose_name_plural = "коды восстановления"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["second_factor", "code_hash"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.second_factor.user}: {self._meta.verbose_name}"
