"""Chainable filters over what is reported; every list begins at ``visible_to``."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from organisations.access import access_of
from organisations.roles import Action


class BaseIndicatorQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The catalogue is the region's: whoever holds a role reads it."""
        return self if access_of(user).grants else self.none()

    def current(self) -> Self:
        return self.filter(archived_at=None)


class PeriodQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Periods of projects that the person sees."""
        from indicators.models.periods import PeriodProject

        seen = PeriodProject.objects.filter(access_of(user).around("territory_path")).values("period")
        return self.filter(pk__in=seen)

    def open(self) -> Self:
        return self.filter(state="open")


class SubmissionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Forms of organisations in the person's own part of the tree."""
        return self.filter(access_of(user).below("organisation__path", Action.READ_SUBMISSIONS))

    def writable_by(self, user: Any) -> Self:
        """Forms that the person fills in."""
        return self.filter(access_of(user).below("organisation__path", Action.WRITE_SUBMISSION))

    def reviewable_by(self, user: Any) -> Self:
        """Forms that the person accepts or returns."""
        return self.filter(access_of(user).below("organisation__path", Action.REVIEW_SUBMISSIONS))

    def waiting(self) -> Self:
        """Forms that can be reviewed, the oldest first: a closed period takes no decision any more."""
        return self.filter(state="submitted", period__state="open").order_by("submitted_at", "id")

    def submitted(self) -> Self:
        """Handed in: waiting for review, or accepted."""
        return self.filter(state__in=["submitted", "accepted"])


class RolledUpValueQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Values of projects that the person sees."""
        return self.filter(access_of(user).around("indicator__project__territory__path"))
