"""What a write can refuse. Each carries one Russian sentence for the person."""

from __future__ import annotations

from collections.abc import Mapping

from organisations.services.errors import StaleVersion, StateConflict

__all__ = ["ApprovalBlocked", "StaleVersion", "StateConflict", "ValidationFailed"]


class ApprovalBlocked(Exception):
    """Errors in the document were neither mended nor waived with a reason."""


class ValidationFailed(Exception):
    """Fields that cannot be taken as they are.

    ``errors`` gives one sentence for each field; the key ``""`` is for what concerns no single field.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))
