"""Every write to organisations, people and roles."""

from organisations.services.people import user_create
from organisations.services.tree import (
    organisation_add,
    organisation_close,
    organisation_create,
    organisation_merge,
    organisation_move,
    organisation_reopen,
    organisation_update,
)

__all__ = [
    "organisation_add",
    "organisation_close",
    "organisation_create",
    "organisation_merge",
    "organisation_move",
    "organisation_reopen",
    "organisation_update",
    "user_create",
]
