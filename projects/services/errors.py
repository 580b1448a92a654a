"""What a write can refuse. Each carries one Russian sentence for the person."""

from __future__ import annotations

from organisations.services.errors import StaleVersion, StateConflict

__all__ = ["ApprovalBlocked", "StaleVersion", "StateConflict"]


class ApprovalBlocked(Exception):
    """Errors in the document were neither mended nor waived with a reason."""
