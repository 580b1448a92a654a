"""Every write of money."""

from finance.services.entering import execution_enter
from finance.services.errors import RowsRefused, StaleVersion, StateConflict, ValidationFailed

__all__ = ["RowsRefused", "StaleVersion", "StateConflict", "ValidationFailed", "execution_enter"]
