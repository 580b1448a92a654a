"""Printed passports, so that the register of documents is not empty when the portal opens."""

from __future__ import annotations

from reports.demo.loading.state import Loaded
from reports.demo.passports import DIGITAL, TOWN
from reports.models import DocumentFormat
from reports.services import passport_request

_WANTED = (
    (DIGITAL, DocumentFormat.PDF),
    (DIGITAL, DocumentFormat.XLSX),
    (TOWN, DocumentFormat.PDF),
)


def passports(loaded: Loaded) -> str:
    """The passports in force of two projects, asked for by the project office."""
    for key, ending in _WANTED:
        redaction = loaded.projects[key].redactions.latest("number")
        passport_request(redaction=redaction, ending=ending, actor=loaded.people["office"])
    return str(len(_WANTED))
