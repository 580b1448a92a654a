"""What a write refuses, told to a person in Russian."""

from __future__ import annotations

from projects.services.errors import StaleVersion, StateConflict, ValidationFailed

__all__ = ["StaleVersion", "StateConflict", "ValidationFailed"]
