"""Who may see and do what. The only door through which an object reaches a view.

A stranger gets 404: the thing does not exist for them. A reader who writes gets 403: they see it, but may not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from organisations.prepared import Prepared
from organisations.roles import ACTIONS_OF_ROLE, Action, Role

if TYPE_CHECKING:
    from organisations.models import Organisation

_Row = TypeVar("_Row", bound=Model)
_NOTHING = Q(pk__in=[])
_EVERYTHING = ~_NOTHING


@dataclass(frozen=True)
class Grant:
    """One role held at one node. ``of_all``: the node is the root of the only tree there is."""

    role: str
    organisation_id: int
    path: str
    of_all: bool


@dataclass(frozen=True)
class Access:
    """Everything a person may reach, read once for each request."""

    grants: tuple[Grant, ...]

    def allows(self, action: Action, organisation: Organisation | None = None) -> bool:
        """Whether some role of the person allows the action, at the organisation where one is given."""
        return any(
            action in ACTIONS_OF_ROLE[grant.role] and (organisation is None or organisation.path.startswith(grant.path))
            for grant in self.grants
        )

    def holds(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def holds_at(self, organisation: Organisation, *roles: str) -> bool:
        """Whether the person holds one of the roles at the organisation or above it."""
        return any(grant.role in roles and organisation.path.startswith(grant.path) for grant in self.grants)

    def holds_at_root(self, action: Action) -> bool:
        """Whether the person may do this over a whole tree."""
        return any(path.count(".") == 1 for path in self.paths(action))

    @property
    def is_staff(self) -> bool:
        """Anybody who is more than the head of an organisation: they sign in with a second factor."""
        return any(grant.role != Role.REPORTER for grant in self.grants)

    def may_give(self, role: str, organisation: Organisation) -> bool:
        """Whether the person may give and take this role there."""
        action = Action.INVITE_HEADS if role == Role.REPORTER else Action.MANAGE_PEOPLE
        return self.allows(action, organisation)

    def below(self, field: str, action: Action | None = None) -> Q:
        """A filter on a path field: at or below a node where the person holds a role (that allows the action).

        It compares nothing where that is everything: the tree of a country is joined and read for 20 ms otherwise.
        """
        if any(grant.of_all for grant in self._grants(action)):
            return _EVERYTHING
        return _any(Q(**{f"{field}__startswith": path}) for path in self.paths(action))

    def around(self, field: str) -> Q:
        """As :meth:`below`, and also the nodes above: a school sees the projects of its region."""
        if any(grant.of_all for grant in self.grants):
            return _EVERYTHING
        above = {prefix for path in self.paths(None) for prefix in _prefixes(path)}
        return self.below(field) | (Q(**{f"{field}__in": sorted(above)}) if above else _NOTHING)

    def is_around(self, organisation: Organisation, action: Action | None = None) -> bool:
        """What :meth:`around` finds (by roles that allow the action), asked of one that was read already."""
        path = organisation.path
        return any(path.startswith(own) or own.startswith(path) for own in self.paths(action))

    def paths(self, action: Action | None) -> list[str]:
        """Paths of the nodes where the person holds a role (that allows the action)."""
        return sorted({grant.path for grant in self._grants(action)})

    def _grants(self, action: Action | None) -> list[Grant]:
        return [grant for grant in self.grants if action is None or action in ACTIONS_OF_ROLE[grant.role]]


def access_of(user: Any) -> Access:
    """The access of a person; of nobody and of a disabled account, none at all. One query for each user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Access(())
    known: Access | None = getattr(user, "_access", None)
    if known is None:
        known = user._access = Access(tuple(Grant(*row) for row in _memberships().all(user.pk)))
    return known


@cache
def _memberships() -> Prepared[tuple[str, int, str, bool]]:
    from organisations.models import Membership, Organisation

    another_root = Organisation.objects.filter(parent=None).exclude(pk=OuterRef("organisation"))
    fields = ("role", "organisation_id", "organisation__path", ~Exists(another_root))
    return Prepared(lambda user: Membership.objects.filter(user=user).values_list(*fields))


def require(user: Any, action: Action, organisation: Organisation | None = None) -> None:
    """Raise ``PermissionDenied`` (403) unless the person may do this there."""
    if not access_of(user).allows(action, organisation):
        raise PermissionDenied(action.value)


def visible_or_404(queryset: QuerySet[_Row], user: Any, **lookup: Any) -> _Row:
    """The row, if the person can see it; its queryset must have ``visible_to``. Otherwise 404."""
    row = queryset.visible_to(user).filter(**lookup).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row  # type: ignore[no-any-return]


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, _NOTHING)


def _prefixes(path: str) -> list[str]:
    parts = path.rstrip(".").split(".")
    return [".".join(parts[: depth + 1]) + "." for depth in range(len(parts))]
