"""Chainable filters over what is reported; every list begins at ``visible_to``."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from organisations.access import access_of
from organisations.roles import Action

DUE = models.Q(state__in=["draft", "returned", "reopened"], period__state="open")
"""Forms that still have to be filled in and handed in."""


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
        """Forms that the person reviews, for the municipality or for the ministry, whoever's turn it is."""
        access = access_of(user)
        accepts = access.below("organisation__path", Action.REVIEW_SUBMISSIONS)
        return self.filter(accepts | access.below("organisation__path", Action.CHECK_SUBMISSIONS))

    def waiting(self) -> Self:
        """Forms that wait for a review: a closed period takes no decision any more."""
        return self.filter(state__in=["submitted", "checked"], period__state="open")

    def waiting_for(self, user: Any) -> Self:
        """Forms that this person can decide on now."""
        from indicators.turns import decided_by

        return self.waiting().filter(decided_by(user))

    def submitted(self) -> Self:
        """Handed in: waiting for review, or accepted."""
        return self.filter(state__in=["submitted", "checked", "accepted"])


class RolledUpValueQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Values of projects that the person sees."""
        return self.filter(access_of(user).around("indicator__project__territory__path"))


class DirectFigureQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Figures of projects that the person sees."""
        return self.filter(access_of(user).around("indicator__project__territory__path"))

    def in_force(self) -> Self:
        """Of each indicator, node, year and kind the last version."""
        key = ("indicator_id", "organisation_id", "year", "kind")
        return self.order_by(*key, "-number").distinct(*key)
