"""Indicators, what schools report for them, and what it comes to.

``catalogue``: what is agreed (indicators and targets of the passport, base indicators, formulas, thresholds).
``periods``: a reporting period and everything that opening it freezes.
``submissions``: the form that an organisation fills in.
``derived``: accepted facts and the values rolled up from them.
"""

from indicators.models.catalogue import (
    BaseIndicator,
    BaseIndicatorKind,
    Direction,
    Indicator,
    IndicatorFormula,
    IndicatorKind,
    OverOrganisations,
    OverTime,
    Target,
    Threshold,
)
from indicators.models.derived import Fact, RolledUpValue
from indicators.models.periods import (
    Measurement,
    PeriodKind,
    PeriodOrganisation,
    PeriodProject,
    PeriodTarget,
    Question,
    ReportingPeriod,
    RosterGroup,
)
from indicators.models.submissions import Answer, Submission, SubmissionState

__all__ = [
    "Answer",
    "BaseIndicator",
    "BaseIndicatorKind",
    "Direction",
    "Fact",
    "Indicator",
    "IndicatorFormula",
    "IndicatorKind",
    "Measurement",
    "OverOrganisations",
    "OverTime",
    "PeriodKind",
    "PeriodOrganisation",
    "PeriodProject",
    "PeriodTarget",
    "Question",
    "ReportingPeriod",
    "RolledUpValue",
    "RosterGroup",
    "Submission",
    "SubmissionState",
    "Target",
    "Threshold",
]
