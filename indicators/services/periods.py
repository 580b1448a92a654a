"""Opening and closing a reporting period."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from indicators.models import PeriodKind, ReportingPeriod
from indicators.models.periods import PERIODS_IN_YEAR, PeriodState
from indicators.services.errors import StateConflict, ValidationFailed
from indicators.services.freezing import NothingToAsk, freeze
from indicators.services.marks import mark_coverage
from indicators.services.telling import tell_opened
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.changes import projects_changed
from projects.models import Project

_MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}


def period_term(kind: str, year: int, number: int) -> tuple[dt.date, dt.date]:
    """First and last day of a period; raises ``ValidationFailed`` where the year has no such period."""
    if kind not in PERIODS_IN_YEAR:
        raise ValidationFailed({"kind": "Выберите вид периода."})
    if not 2000 <= year <= 2100:
        raise ValidationFailed({"year": "Год — от 2000 до 2100."})
    if not 1 <= number <= PERIODS_IN_YEAR[kind]:
        raise ValidationFailed({"number": f"Номер периода в году — от 1 до {PERIODS_IN_YEAR[kind]}."})
    months = _MONTHS_IN[PeriodKind(kind)]
    last = months * number
    return dt.date(year, last - months + 1, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def period_open(
    *, kind: str, year: int, number: int, deadline: dt.datetime, projects: Sequence[Project], actor: User
) -> ReportingPeriod:
    """Open a period for projects: freeze who reports, what is asked and how it counts, and give everybody a form.

    Raises ``ValidationFailed`` by field: no such period, one that is open already, a project without a formula or
    without anybody who could report.
    """
    start, end = period_term(kind, year, number)
    if not projects:
        raise ValidationFailed({"projects": "Выберите хотя бы один проект."})
    if deadline.date() <= start:
        raise ValidationFailed({"deadline": "Срок сдачи — после начала периода."})
    for project in projects:
        require(actor, Action.MANAGE_PERIODS, project.territory)
    try:
        with transaction.atomic():
            _wait_for_acceptances_before(kind, year, number)
            period = ReportingPeriod.objects.create(
                kind=kind, year=year, number=number, start=start, end=end, deadline=deadline, opened_by=actor
            )
            freeze(period, projects)
            tell_opened(period)
            mark_coverage(period)
    except IntegrityError as error:
        if "period_once" not in str(error):
            raise
        raise ValidationFailed({"number": "Такой период уже открывали."}) from error
    except NothingToAsk as error:
        raise ValidationFailed({"projects": str(error)}) from error
    period.refresh_from_db()
    return period


def _wait_for_acceptances_before(kind: str, year: int, number: int) -> None:
    """Hold the earlier periods of the year until the commit.

    Accepting in one of them marks the later periods that it finds; one that is being opened it would not find, and
    their sums over the year would lack its figures.
    """
    earlier = ReportingPeriod.objects.filter(kind=kind, year=year, number__lt=number).order_by("pk")
    list(earlier.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def period_close(*, period: ReportingPeriod, actor: User) -> ReportingPeriod:
    """Close a period: nothing in it can be written any more. Waits for the writes that have begun."""
    locked: ReportingPeriod = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    for row in locked.projects.select_related("territory"):
        require(actor, Action.MANAGE_PERIODS, row.territory)
    if not locked.is_open:
        raise StateConflict("Период уже закрыт.")
    locked.state, locked.closed_at = PeriodState.CLOSED, Now()
    locked.version += 1
    locked.save()
    projects_changed(locked.projects.values_list("project_id", flat=True))
    locked.refresh_from_db()
    return locked
