"""Chainable filters over projects and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from organisations.access import access_of
from organisations.roles import Action, Role

if TYPE_CHECKING:
    from projects.models import ChangeRequest, Project  # noqa: F401 - named in the bases below


def steps_of(role: str) -> set[str]:
    """The steps that a role decides: its own; and the project office records what the council has decided."""
    return {role, Role.COUNCIL} if role == Role.OFFICE else {role}


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

    def open(self) -> Self:
        """Drafts and what is on its way to approval."""
        return self.filter(state__in=["draft", "on_approval"])

    def waiting_for(self, user: Any) -> Self:
        """Requests on approval whose step is this person's; of one request, :func:`projects.approval_route.refusal`."""
        access = access_of(user)
        turn = Q(steps__person=user.pk)
        turn |= Q(steps__role="", steps__person=None) & access.below("territory__path", Action.APPROVE_PASSPORT)
        for grant in access.grants:
            turn |= Q(steps__role__in=steps_of(grant.role), territory__path__startswith=grant.path)
        waiting = self.visible_to(user).filter(turn, state="on_approval", steps__position=F("step"))
        return waiting.exclude(author=user.pk).exclude(writers=user.pk).exclude(steps__agreed_by=user.pk).distinct()
