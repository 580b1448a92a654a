"""Chainable filters over organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.access import access_of
from organisations.roles import Action, Role
from organisations.working_days import OwnDay, ProductionCalendar

if TYPE_CHECKING:
    # Type parameters below.
    from organisations.models import ExceptionalDay, Notification, Organisation, RegisterLoad, User  # noqa: F401


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> Self:
        """What lies at or below a node where the person holds a role."""
        return self.filter(access_of(user).below("path"))

    def under(self, organisation: Organisation) -> Self:
        """The node itself and everything below it."""
        return self.filter(path__startswith=organisation.path)

    def municipalities_under(self, organisation: Organisation) -> Self:
        """Municipalities below the node; one that is the node itself is not below."""
        from organisations.models import OrganisationKind

        return self.under(organisation).filter(kind=OrganisationKind.MUNICIPALITY).exclude(pk=organisation.pk)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def reporting(self) -> Self:
        """Leaves of the tree: the organisations that report actuals."""
        from organisations.models import REPORTING_KINDS

        return self.filter(kind__in=REPORTING_KINDS)


class ExceptionalDayQuerySet(models.QuerySet["ExceptionalDay"]):
    def calendar(self) -> ProductionCalendar:
        """The calendar in force: the country's with the project office's own days. One query."""
        return ProductionCalendar({row.day: OwnDay(row.is_working, row.reason) for row in self.all()})


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Any) -> Self:
        """What was told to this very person, and is not for the mail alone."""
        return self.filter(recipient_id=user.pk, in_portal=True)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class RegisterLoadQuerySet(models.QuerySet["RegisterLoad"]):
    def visible_to(self, user: Any) -> Self:
        """Loads into a part of the tree all of which the person may read."""
        return self.filter(access_of(user).below("territory__path", Action.READ_REGISTER))


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> Self:
        """People of whose roles the person manages at least one; for the office of a root also those without a role."""
        from organisations.models import Membership

        # Sets of ids, not a join: whoever holds two roles is one person, and PostgreSQL reads each set once.
        seen = Q(pk__in=Membership.objects.filter(_managed_roles(user)).values("user"))
        if access_of(user).holds_at_root(Action.MANAGE_PEOPLE):
            seen |= ~Q(pk__in=Membership.objects.values("user"))
        return self.filter(seen)

    def managed_by(self, user: Any) -> Self:
        """People of whose roles the person manages every one: nobody lays hands on an account stronger than theirs."""
        from organisations.models import Membership

        foreign = Membership.objects.filter(user=OuterRef("pk")).exclude(_managed_roles(user))
        return self.visible_to(user).filter(~Exists(foreign), is_superuser=False).exclude(pk=user.pk)


def _managed_roles(user: Any) -> Q:
    """A filter on memberships: the roles that this person may give and take."""
    access = access_of(user)
    heads = access.below("organisation__path", Action.INVITE_HEADS) & Q(role=Role.REPORTER)
    return access.below("organisation__path", Action.MANAGE_PEOPLE) | heads
