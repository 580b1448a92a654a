"""Chainable filters over organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from organisations.access import access_of

if TYPE_CHECKING:
    from organisations.models import Organisation


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> Self:
        """What lies at or below a node where the person holds a role."""
        return self.filter(access_of(user).below("path"))

    def under(self, organisation: Organisation) -> Self:
        """The node itself and everything below it."""
        return self.filter(path__startswith=organisation.path)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def reporting(self) -> Self:
        """Leaves of the tree: the organisations that report actuals."""
        from organisations.models import REPORTING_KINDS

        return self.filter(kind__in=REPORTING_KINDS)
