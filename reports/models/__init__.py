"""What reading across the rooms keeps: printed documents, the state of every part of a project, its deviations."""

from reports.models.deviations import Deviation, DeviationState
from reports.models.documents import (
    TABLE_FORMATS,
    DocumentFormat,
    DocumentKind,
    GeneratedDocument,
    new_public_id,
)
from reports.models.monitoring import MonitoringReport, MonitoringState
from reports.models.state import PartKind, PartState, PlanThreshold

__all__ = [
    "TABLE_FORMATS",
    "Deviation",
    "DeviationState",
    "DocumentFormat",
    "DocumentKind",
    "GeneratedDocument",
    "MonitoringReport",
    "MonitoringState",
    "PartKind",
    "PartState",
    "PlanThreshold",
    "new_public_id",
]
