"""What a write can refuse. Each carries one Russian sentence for the person."""

from __future__ import annotations


class StateConflict(Exception):
    """The thing is no longer in the state that this step starts from."""


class StaleVersion(Exception):
    """Somebody else wrote since the person looked."""
