"""Money of a project: what its passport plans, and what was contracted and executed.

``plan``: section 4 of the redaction in force, projected.
``execution``: figures that the ministry enters as of a date, and the workbooks that they come from.
``thresholds``: by when how much of a year's plan is expected to be executed.
"""

from finance.models.execution import ExecutionEntry, ExecutionLoad, Unit
from finance.models.plan import FinanceLine, PlannedAmount, Source
from finance.models.thresholds import ExecutionThreshold

__all__ = [
    "ExecutionEntry",
    "ExecutionLoad",
    "ExecutionThreshold",
    "FinanceLine",
    "PlannedAmount",
    "Source",
    "Unit",
]
