"""What came after a period was closed or late: a correction, reminders, figures that no school reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from indicators.models import DirectKind, Indicator, ReportingPeriod, Submission
from indicators.services import (
    direct_figure_enter,
    period_close,
    result_unit_save,
    submission_accept,
    submission_reopen,
)
from indicators.services.reminders import remind_by_hand
from indicators.services.reopening import period_reopen
from jobs.services import run_queued
from jobs.storage import store_file
from reports.demo.deviations import CORRECTED_SCHOOL
from reports.demo.figures import figures
from reports.demo.loading.past import handed_in
from reports.demo.loading.state import Loaded
from reports.demo.moments import HALF_2026, YEAR_2025, Moment
from reports.demo.organisations import organisations
from reports.demo.papers import paper
from reports.demo.passports import DIGITAL


def correction(loaded: Loaded) -> str:
    """The closed year 2025 opened for one school, its form corrected, and the year closed again."""
    run_queued()
    period, office = _period(YEAR_2025), loaded.people["office"]
    period_reopen(
        period=period,
        reason=f"{CORRECTED_SCHOOL}: в числе поставленных устройств пропущена цифра, школа прислала накладные.",
        deadline=timezone.now() + dt.timedelta(days=3),
        actor=office,
    )
    form = Submission.objects.get(period=period, organisation=loaded.organisations[CORRECTED_SCHOOL])
    form = submission_reopen(
        submission=form,
        version=form.version,
        reason="Исправьте число компьютеров и панелей: по накладным их в десять раз больше.",
        actor=office,
    )
    row = next(row for row in organisations() if row.short_name == CORRECTED_SCHOOL)
    devices = figures(row, YEAR_2025)["devices"]
    form = handed_in(form, loaded.heads[CORRECTED_SCHOOL], {"devices": str(devices)})
    submission_accept(submission=form, version=form.version, actor=office)
    period_close(period=ReportingPeriod.objects.get(pk=period.pk), actor=office)
    return f"{period}, версия 2: {CORRECTED_SCHOOL}"


def hurrying(loaded: Loaded) -> str:
    """The coordinator of the town reminds those who have not handed in the half-year."""
    period = _period(HALF_2026)
    late = Submission.objects.filter(period=period, state="draft").values_list("pk", flat=True)
    told = remind_by_hand(period=period, forms=list(late), actor=loaded.people["coordinator"])
    return f"напоминаний {told}"


def entered(loaded: Loaded) -> str:
    """A result counted by the ministry itself, with the act that proves it, and a forecast for the end of the year."""
    actor, digital = loaded.people["administrator"], loaded.projects[DIGITAL]
    rooms = Indicator.objects.get(project=digital, number="2.1", result__isnull=False)
    rooms = result_unit_save(indicator=rooms, unit="кабинет", actor=actor)
    act = paper(
        "Акт сверки поставок за 2025 год", "Министерство образования", ("Оснащено кабинетов: 1 934", "На 31.12.2025")
    )
    direct_figure_enter(
        indicator=rooms,
        organisation=loaded.root,
        year=2025,
        kind=DirectKind.ACTUAL,
        value=Decimal(1934),
        as_of=dt.date(2025, 12, 31),
        reason="Акт сверки поставок с подрядчиком от 31.12.2025",
        file=store_file(name="Акт сверки поставок.png", content_type="image/png", content=act),
        actor=actor,
    )
    connected = Indicator.objects.get(project=digital, number="1", result=None)
    direct_figure_enter(
        indicator=connected,
        organisation=loaded.root,
        year=2026,
        kind=DirectKind.FORECAST,
        value=Decimal(78),
        reason="График подключений оператора на IV квартал 2026 года",
        actor=actor,
    )
    return "1 факт с документом, 1 прогноз"


def _period(moment: Moment) -> ReportingPeriod:
    return ReportingPeriod.objects.get(kind=moment.kind, year=moment.year, number=moment.number)
