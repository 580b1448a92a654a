"""The roll-up: the one writer of :class:`indicators.models.RolledUpValue` and :class:`indicators.models.NodeParts`.

``computing``: a whole period, or what the marks of a period ask for. ``statement``: the SQL that both run.
"""

from indicators.rollup.audit import audit_all, audit_period
from indicators.rollup.computing import fold_marks, roll_up_period

__all__ = ["audit_all", "audit_period", "fold_marks", "roll_up_period"]
