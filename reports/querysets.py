"""Chainable filters over generated documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from organisations.access import access_of
from organisations.roles import Action

if TYPE_CHECKING:
    from reports.models import GeneratedDocument  # noqa: F401 - named in the base below


class GeneratedDocumentQuerySet(models.QuerySet["GeneratedDocument"]):
    def visible_to(self, user: Any) -> Self:
        """Documents of the projects that the person sees, for those who may have documents at all."""
        access = access_of(user)
        if not access.allows(Action.REQUEST_DOCUMENTS):
            return self.none()
        return self.filter(access.around("project__territory__path"))
