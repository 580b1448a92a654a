"""Indicators, what schools report for them, and what it comes to.

``catalogue``: what is agreed (indicators and targets of the passport, base indicators, formulas, thresholds).
``periods``: a reporting period and everything that opening it freezes.
``submissions``: the form that an organisation fills in.
``anomalies``: what looks odd in it.
``derived``: accepted facts and the values rolled up from them.
``direct``: what the ministry enters itself, where no school is the source.
"""

from indicators.models.anomalies import AnomalyRule, FormAnomalies, PeerSpread
from indicators.models.catalogue import (
    BaseIndicator,
    BaseIndicatorKind,
    Direction,
    EvidenceRule,
    Indicator,
    IndicatorFormula,
    IndicatorKind,
    OverOrganisations,
    OverTime,
    ResultUnit,
    Target,
    Threshold,
)
from indicators.models.deadlines import DeadlineRule, Prolongation, Reminder
from indicators.models.derived import Fact, NodeParts, PastValue, RolledUpValue, RollUpAudit, RollUpMark
from indicators.models.direct import DirectFigure, DirectKind
from indicators.models.periods import (
    Measurement,
    PeriodKind,
    PeriodOrganisation,
    PeriodProject,
    PeriodReopening,
    PeriodTarget,
    Question,
    ReportingPeriod,
    ReviewRoute,
    RosterGroup,
)
from indicators.models.submissions import Acceptance, Answer, Evidence, Reopening, StandIn, Submission, SubmissionState

__all__ = [
    "Acceptance",
    "AnomalyRule",
    "Answer",
    "BaseIndicator",
    "BaseIndicatorKind",
    "DeadlineRule",
    "DirectFigure",
    "DirectKind",
    "Direction",
    "Evidence",
    "EvidenceRule",
    "Fact",
    "FormAnomalies",
    "Indicator",
    "IndicatorFormula",
    "IndicatorKind",
    "Measurement",
    "NodeParts",
    "OverOrganisations",
    "OverTime",
    "PastValue",
    "PeerSpread",
    "PeriodKind",
    "PeriodOrganisation",
    "PeriodProject",
    "PeriodReopening",
    "PeriodTarget",
    "Prolongation",
    "Question",
    "Reminder",
    "Reopening",
    "ReportingPeriod",
    "ResultUnit",
    "ReviewRoute",
    "RollUpAudit",
    "RollUpMark",
    "RolledUpValue",
    "RosterGroup",
    "StandIn",
    "Submission",
    "SubmissionState",
    "Target",
    "Threshold",
]
