"""Settling by hand what the rows of a draft are, creating the organisations that the portal does not know yet."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from organisations.models import Organisation, OrganisationKind
from organisations.services import organisation_create
from projects.models import ChangeRequest
from projects.services.proposals import change_request_confirm, draft_locked

Links = dict[str, dict[str, str | None]]


def kind_below(territory: Organisation) -> OrganisationKind:
    """What a breakdown names in a territory: municipalities in a region's passport, schools in a municipality's."""
    return OrganisationKind.MUNICIPALITY if territory.depth == 0 else OrganisationKind.SCHOOL


@transaction.atomic
def change_request_settle(
    *, change_request: ChangeRequest, links: Links, create: Sequence[str], version: int
) -> ChangeRequest:
    """Confirm the links; each name in ``create`` becomes an organisation of the territory and is linked to it.

    Nothing is created when the request is no longer a draft (``StateConflict``) or somebody wrote meanwhile
    (``StaleVersion``).
    """
    locked = draft_locked(change_request, version)
    territories = dict(links.get("territories", {}))
    for name in create:
        if name in locked.recognised.territories:
            made = organisation_create(kind=kind_below(locked.territory), name=name[:500], parent=locked.territory)
            territories[name] = str(made.pk)
    return change_request_confirm(change_request=locked, links={**links, "territories": territories}, version=version)
