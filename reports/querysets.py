"""Chainable filters over generated documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from organisations.access import access_of
from organisations.roles import Action
from projects.models import ChangeRequest

if TYPE_CHECKING:
    from reports.models import GeneratedDocument  # noqa: F401 - named in the base below


class GeneratedDocumentQuerySet(models.QuerySet["GeneratedDocument"]):
    def visible_to(self, user: Any) -> Self:
        """Documents of the projects that the person sees, for those who may have documents at all.

        What was printed of a change request only those may have who see the request.
        """
        access = access_of(user)
        if not access.allows(Action.REQUEST_DOCUMENTS):
            return self.none()
        requests = ChangeRequest.objects.visible_to(user)
        return self.filter(
            access.around("project__territory__path"),
            models.Q(change_request=None) | models.Q(change_request__in=requests),
        )
