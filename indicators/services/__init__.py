"""Every write to indicators, periods and submissions."""

from indicators.services.catalogue import base_indicator_archive, base_indicator_save, formula_save, threshold_save
from indicators.services.direct import direct_figure_enter, result_unit_save
from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from indicators.services.evidence import evidence_add, evidence_remove
from indicators.services.gate import Step, submission_write_gate
from indicators.services.history import PastForm, history_import
from indicators.services.periods import period_close, period_open
from indicators.services.review import (
    Reviewed,
    submission_accept,
    submission_accept_many,
    submission_check,
    submission_reopen,
    submission_return,
)
from indicators.services.submissions import Saved, submission_save_draft, submission_submit

__all__ = [
    "PastForm",
    "Reviewed",
    "Saved",
    "StaleVersion",
    "StateConflict",
    "Step",
    "ValidationFailed",
    "base_indicator_archive",
    "base_indicator_save",
    "direct_figure_enter",
    "evidence_add",
    "evidence_remove",
    "formula_save",
    "history_import",
    "period_close",
    "period_open",
    "result_unit_save",
    "submission_accept",
    "submission_accept_many",
    "submission_check",
    "submission_reopen",
    "submission_return",
    "submission_save_draft",
    "submission_submit",
    "submission_write_gate",
    "threshold_save",
]
