"""Keys by which a school's own system speaks for a person."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from organisations.models.people import User


class Scope(models.TextChoices):
    READ = "forms:read", "Читать формы"
    WRITE = "forms:write", "Заполнять черновики и прикладывать файлы"
    SUBMIT = "forms:submit", "Отправлять формы"


@pghistory.track(exclude=["digest", "last_used_at"])
class ApiToken(models.Model):
    """What a program shows instead of a password. It can do what its owner can, and no more than its scopes say.

    Only the SHA-256 is kept; the token itself is shown once. It ends with its date, when it is revoked, and at once
    when its owner is disabled or loses the role. ``hint`` are its last letters, for the owner to tell several apart.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField("для чего", max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=4, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField("действует до")
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "ключ доступа"
        verbose_name_plural = "ключи доступа"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values) & models.Q(scopes__len__gte=1),
                name="api_token_scopes",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="api_token_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_words(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes]
