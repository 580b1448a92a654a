"""What a write refuses, told to a person in Russian."""

from __future__ import annotations

from collections.abc import Mapping

from projects.services.errors import StaleVersion, StateConflict

__all__ = ["StaleVersion", "StateConflict", "ValidationFailed"]


class ValidationFailed(Exception):
    """Fields that cannot be taken as they are.

    ``errors`` gives one sentence for each field; the key ``""`` is for what concerns no single field.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))
