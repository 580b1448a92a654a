"""Lists of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from jobs.models import Job  # noqa: F401  -- the type parameter below


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> JobQuerySet:
        """A job is shown to the person who asked for it and to nobody else."""
        if user.pk is None:
            return self.none()
        return self.filter(owner_id=user.pk)

    def due(self) -> JobQuerySet:
        """Jobs a worker may take now: waiting and due, or running under a lease that has run out."""
        return self.filter(
            models.Q(state="queued", due_at__lte=Now()) | models.Q(state="running", lease_until__lt=Now())
        )
