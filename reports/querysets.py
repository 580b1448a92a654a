"""Chainable filters over what this room keeps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from organisations.access import access_of
from organisations.roles import Action
from projects.models import ChangeRequest
from projects.querysets import OfProjectQuerySet

if TYPE_CHECKING:
    from reports.models import Deviation, GeneratedDocument, MonitoringReport, PartState  # noqa: F401 - named in the bases below

THREATENED = Q(actual_on=None) & ~Q(danger="")
"""Control points that are not reached and that an activity overruns."""


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


class MonitoringReportQuerySet(models.QuerySet["MonitoringReport"]):
    def visible_to(self, user: Any) -> Self:
        """Reports on projects that the person sees, for those who may have documents at all."""
        access = access_of(user)
        if not access.allows(Action.REQUEST_DOCUMENTS):
            return self.none()
        return self.filter(access.around("project__territory__path"))


class PartStateQuerySet(OfProjectQuerySet["PartState"]):
    def of_state(self) -> Self:
        """Parts that count for the state of their project."""
        return self.filter(is_current=True)


class DeviationQuerySet(models.QuerySet["Deviation"]):
    def visible_to(self, user: Any) -> Self:
        """Those of projects that the person sees, for whoever oversees projects; one's own measures for everybody."""
        access = access_of(user)
        own = Q(owner_id=user.pk)
        if not access.allows(Action.READ_DEVIATIONS):
            return self.filter(own)
        return self.filter(access.around("project__territory__path") | own)

    def visible_within(self, project: Any, overseen: Any, person: Any) -> Self:
        """What :meth:`visible_to` leaves of one project that the person sees, by ids, without the paths of territories.

        ``overseen``: a list of that project for whoever reads deviations, and of none for others.
        """
        return self.filter(Q(project__in=overseen) | Q(owner=person), project=project)

    def live(self) -> Self:
        return self.exclude(state="closed")

    def to_explain_by(self, user: Any) -> Self:
        """Without a reason, in territories where the person explains deviations."""
        return self.filter(access_of(user).below("project__territory__path", Action.EXPLAIN_DEVIATIONS), state="open")

    def owed_by(self, user: Any) -> Self:
        """Measures of this person that are not reported as done."""
        return self.filter(owner_id=user.pk, state="explained", reported_at=None)

    def overdue(self, today: dt.date) -> Self:
        """Measures whose day has passed without a report."""
        return self.filter(state="explained", reported_at=None, due__lt=today)
