"""Chainable filters over projects and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

from organisations.access import access_of
from organisations.roles import Action

if TYPE_CHECKING:
    from projects.models import ChangeRequest, Project  # noqa: F401 - named in the bases below

_M = TypeVar("_M", bound=models.Model, covariant=True)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any) -> Self:
        """Projects of the person's own part of the tree and of the territories above it."""
        return self.filter(access_of(user).around("territory__path"))


class OfProjectQuerySet(models.QuerySet[_M]):
    """Rows that hang on a project and are seen by those who see it."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(access_of(user).around("project__territory__path"))

    def current(self) -> Self:
        """Rows of the redaction in force; what a later redaction dropped is archived, never deleted."""
        return self.filter(archived_at=None)


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, user: Any) -> Self:
        """A draft is seen by those who propose or approve passports in its territory, and by nobody else."""
        access = access_of(user)
        return self.filter(
            access.below("territory__path", Action.PROPOSE_PASSPORT)
            | access.below("territory__path", Action.APPROVE_PASSPORT)
        )
