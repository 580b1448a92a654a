"""Every write of money."""

from finance.services.entering import execution_enter
from finance.services.errors import RowsOvertaken, RowsRefused, StaleVersion, StateConflict, ValidationFailed
from finance.services.loads import execution_load_confirm, execution_load_create, execution_load_drop
from finance.services.thresholds import execution_threshold_save

__all__ = [
    "RowsOvertaken",
    "RowsRefused",
    "StaleVersion",
    "StateConflict",
    "ValidationFailed",
    "execution_enter",
    "execution_load_confirm",
    "execution_load_create",
    "execution_load_drop",
    "execution_threshold_save",
]
