"""Printed passports and reports, so that the register of documents is not empty when the portal opens."""

from __future__ import annotations

from jobs.services import run_queued
from reports.demo.loading.state import Loaded
from reports.demo.passports import DIGITAL, TOWN
from reports.models import DocumentFormat
from reports.monitoring.services import monitoring_begin, monitoring_fix, monitoring_write
from reports.progress import progress_of
from reports.services import monitoring_request, passport_request, progress_request

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


_WORDS = {
    "general": "Работы идут по плану-графику. Отстаёт подключение дальних школ: мера по отклонению принята.",
    "indicators": "Формы за девять месяцев ещё собираются: значения уточнятся после срока сдачи.",
}


def reports(loaded: Loaded) -> str:
    """The monitoring report of a quarter with the words of its author, and the progress report of a whole year."""
    project, head = loaded.projects[DIGITAL], loaded.people["head"]
    quarter = monitoring_begin(project=project, kind="quarter", year=2026, number=3, actor=head)
    quarter = monitoring_write(report=quarter, words=_WORDS, version=quarter.version, actor=head)
    quarter = monitoring_fix(report=quarter, version=quarter.version, actor=head)
    progress = progress_of(project, project.redactions.latest("number"), head)
    if not loaded.lightly:
        monitoring_request(report=quarter, ending=DocumentFormat.PDF, actor=head)
        progress_request(progress=progress, year=2025, ending=DocumentFormat.PDF, actor=head)
        run_queued()
    return f"мониторинг № {quarter.registration}, ход реализации за 2025 год"
