"""Writing a monitoring report: begun, words kept, fixed."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from indicators.services.periods import period_term
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.models import Project
from reports.models import MonitoringReport, MonitoringState
from reports.models.monitoring import MONITORED
from reports.monitoring.gathering import monitoring_report, numbered
from reports.monitoring.sections import SECTIONS, WORDS_LIMIT


def monitoring_begin(*, project: Project, kind: str, year: int, number: int, actor: User) -> MonitoringReport:
    """Begin the report of a period, or give the draft of it that is there already.

    Raises ``ValidationFailed`` by field: no such period, one that has not begun, no passport in force.
    """
    require(actor, Action.EXPLAIN_DEVIATIONS, project.territory)
    if kind not in MONITORED:
        raise ValidationFailed({"kind": "Отчёт составляют за месяц, квартал или год."})
    start, end = period_term(kind, year, number)
    if start > timezone.localdate():
        raise ValidationFailed({"number": "Этот период ещё не начался: рассказать о нём нечего."})
    if not project.redactions.exists():
        raise ValidationFailed({"": "Паспорт ещё не утверждён: отчитываться не по чему."})
    key = {"project": project, "kind": kind, "year": year, "number": number, "state": MonitoringState.DRAFT}
    try:
        with transaction.atomic():
            return MonitoringReport.objects.create(**key, start=start, end=end, begun_by=actor, written_by=actor)
    except IntegrityError:
        return MonitoringReport.objects.get(**key)


@transaction.atomic
def monitoring_write(
    *, report: MonitoringReport, words: Mapping[str, str], version: int, actor: User
) -> MonitoringReport:
    """Keep the words of the staff; sections that are not named stay as they are.

    Raises ``ValidationFailed`` by section, ``StateConflict`` when it is fixed, ``StaleVersion`` when somebody wrote
    meanwhile. What changes nothing makes no version.
    """
    locked = _draft_locked(report, version, actor)
    said = {key: words[key].strip() for key in SECTIONS if key in words}
    refused = {key: f"Не больше {WORDS_LIMIT} знаков." for key, text in said.items() if len(text) > WORDS_LIMIT}
    if refused:
        raise ValidationFailed(refused)
    kept = {key: text for key, text in {**locked.words, **said}.items() if text}
    if kept == locked.words:
        return locked
    locked.words, locked.written_by, locked.written_at = kept, actor, Now()
    locked.version += 1
    locked.save()
    locked.refresh_from_db()
    return locked


@transaction.atomic
def monitoring_fix(*, report: MonitoringReport, version: int, actor: User) -> MonitoringReport:
    """Freeze the report with its words and give it the next number of the project and the year.

    Raises ``StateConflict``, ``StaleVersion``; ``ValidationFailed`` while the period is not over.
    """
    locked = _draft_locked(report, version, actor)
    today = timezone.localdate()
    if locked.end >= today:
        raise ValidationFailed({"": "Период ещё не закончился: отчёт можно сформировать после его последнего дня."})
    # Numbers follow one another: two reports of a project wait for each other here.
    project = Project.objects.select_for_update(of=("self",)).get(pk=locked.project_id)
    last = MonitoringReport.objects.filter(project=project, year=locked.year).aggregate(last=Max("registration"))
    redaction = project.redactions.first()
    assert redaction is not None
    made = monitoring_report(locked, redaction, actor, today=today, words=locked.words)
    locked.registration = (last["last"] or 0) + 1
    locked.snapshot = numbered(made, locked.registration, today).model_dump(mode="json")
    locked.state, locked.written_by, locked.written_at = MonitoringState.FIXED, actor, Now()
    locked.version += 1
    locked.save()
    locked.refresh_from_db()
    return locked


def _draft_locked(report: MonitoringReport, version: int, actor: User) -> MonitoringReport:
    rows = MonitoringReport.objects.select_for_update(of=("self",)).select_related("project__territory")
    locked = rows.get(pk=report.pk)
    require(actor, Action.EXPLAIN_DEVIATIONS, locked.project.territory)
    if not locked.is_draft:
        raise StateConflict("Отчёт уже сформирован: изменить его нельзя.")
    if locked.version != version:
        raise StaleVersion("Пока вы писали, отчёт изменил кто-то другой. Сверьте и сохраните ещё раз.")
    return locked
