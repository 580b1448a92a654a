"""What a write can refuse. Each carries one Russian sentence for the person."""

from __future__ import annotations

from collections.abc import Mapping

from organisations.services.errors import StaleVersion, StateConflict

__all__ = [
    "ApprovalBlocked",
    "ProtocolInDoubt",
    "RouteRefused",
    "StaleBase",
    "StaleVersion",
    "StateConflict",
    "UnsettledConflicts",
    "ValidationFailed",
]


class ApprovalBlocked(Exception):
    """Errors in the document were neither mended nor waived with a reason."""


class ValidationFailed(Exception):
    """Fields that cannot be taken as they are.

    ``errors`` gives one sentence for each field; the key ``""`` is for what concerns no single field.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


class ProtocolInDoubt(Exception):
    """The protocol was used before in this project, or is older than the one in force: a person confirms it."""


class StaleBase(StateConflict):
    """Another redaction has come into force since the request was begun: it is to be carried over first."""


class UnsettledConflicts(Exception):
    """Carrying a request over needs a choice for each cell that both sides changed."""


class RouteRefused(Exception):
    """A route that leads to no decision."""
