"""What is counted of failed attempts: to sign in, or of what else a stranger may try.

It is no trail: rows are forgotten after a day.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AttemptKind(models.TextChoices):
    PASSWORD = "password", "пароль или код приглашения"
    SECOND_FACTOR = "second_factor", "второй фактор"
    LETTER = "letter", "письмо с новым паролем"
    DOCUMENT = "document", "сверка документа"


class Attempts(models.Model):
    """Attempts in a row that did not succeed, for one login, whether or not such an account exists.

    Whoever checks a document has none: ``login`` is then the address that it came from.
    """

    kind = models.CharField(max_length=20, choices=AttemptKind)
    login = models.CharField(max_length=100)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    blocked_until = models.DateTimeField()

    class Meta:
        verbose_name = "попытки входа"
        verbose_name_plural = "попытки входа"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "login"], name="attempts_once")]
        indexes: ClassVar = [models.Index(fields=["last_at"], name="attempts_by_age")]

    def __str__(self) -> str:
        return f"{self.login}: {self.failures}"


class FailedFrom(models.Model):
    """A login that failed from an address and has not succeeded from there since.

    Whoever tries the logins of others leaves many of these. A region behind one address leaves few: a head who
    mistypes the password and then signs in takes the row away.
    """

    address = models.CharField(max_length=50)
    login = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "неудача с адреса"
        verbose_name_plural = "неудачи с адресов"
        constraints: ClassVar = [models.UniqueConstraint(fields=["address", "login"], name="failed_from_once")]
        indexes: ClassVar = [models.Index(fields=["address", "at"], name="failed_from_recent")]

    def __str__(self) -> str:
        return f"{self.address}: {self.login}"
