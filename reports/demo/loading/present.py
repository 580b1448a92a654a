"""The open period: forms in every state, as a ministry finds them a few days before the deadline."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import connection

from indicators.models import ReportingPeriod, Submission
from indicators.services import (
    period_open,
    submission_accept,
    submission_return,
    submission_save_draft,
    submission_submit,
)
from indicators.services.history import questions_by_organisation
from reports.demo.accounts import FILLS_IN, IS_RETURNED
from reports.demo.chance import choose, share
from reports.demo.deviations import CLOSED_SCHOOL, TEN_TIMES_DEVICES
from reports.demo.geography import SILENT_NOW
from reports.demo.loading.past import typed
from reports.demo.loading.state import Loaded
from reports.demo.moments import NINE_MONTHS_2026, at_six, working_days_after
from reports.demo.organisations import DemoOrganisation, organisations

_WORKING_DAYS_LEFT = 9
_UNTOUCHED, _DRAFT, _SUBMITTED, _RETURNED, _ACCEPTED = "не начаты", "черновики", "на проверке", "возвращены", "приняты"
# Up to which lot a form is in which state.
_STATES = ((0.56, _ACCEPTED), (0.75, _SUBMITTED), (0.81, _RETURNED), (0.9, _DRAFT), (1.0, _UNTOUCHED))
_SETTLED = {FILLS_IN: _UNTOUCHED, IS_RETURNED: _RETURNED, TEN_TIMES_DEVICES: _SUBMITTED}
_COMMENTS = (
    "Оснащённых кабинетов стало меньше, чем в прошлом отчёте. Проверьте число или напишите, куда делось оборудование.",
    "Скорость подключения не подтверждена: приложите замер за последний месяц и исправьте ответ, если он другой.",
    "Численность не сходится с отчётом на начало учебного года. Сверьте с приказами о зачислении.",
    "Обученные педагоги считаются с начала проекта, а указано только за этот год. Прибавьте прошлые годы.",
    "Случаи отсутствия доступа считаются за весь период с января, а не за последний месяц.",
)
_COMMENT_OF_THE_ACCOUNT = (
    "Павел Андреевич, в форме 18 поставленных устройств, а по накладным у вас больше. Посчитайте с начала проекта и "
    "отправьте форму ещё раз."
)


def open_period(loaded: Loaded) -> str:
    """Nine months of 2026 with a deadline about nine working days ahead of the clock of the database."""
    period = period_open(
        kind=NINE_MONTHS_2026.kind,
        year=NINE_MONTHS_2026.year,
        number=NINE_MONTHS_2026.number,
        deadline=at_six(working_days_after(_today(), _WORKING_DAYS_LEFT)),
        projects=list(loaded.projects.values()),
        actor=loaded.people["office"],
    )
    forms = {form.organisation_id: form for form in Submission.objects.filter(period=period)}
    counts: Counter[str] = Counter()
    for row in organisations():
        if row.short_name != CLOSED_SCHOOL:
            state = _state_of(row)
            counts[state] += 1
            _bring_to(loaded, period, forms[loaded.organisations[row.short_name].pk], row, state)
    told = ", ".join(f"{state} {counts[state]}" for state in (_UNTOUCHED, _DRAFT, _SUBMITTED, _RETURNED, _ACCEPTED))
    return f"{period}: {told}"


def _today() -> dt.date:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'Europe/Moscow')::date")
        today: dt.date = cursor.fetchone()[0]
    return today


def _state_of(row: DemoOrganisation) -> str:
    if row.municipality == SILENT_NOW:
        return _UNTOUCHED
    if row.short_name in _SETTLED:
        return _SETTLED[row.short_name]
    lot = min(0.999, share("state", row.short_name) * (1 + 0.3 * row.lag))
    return next(state for limit, state in _STATES if lot < limit)


def _bring_to(loaded: Loaded, period: ReportingPeriod, form: Submission, row: DemoOrganisation, state: str) -> None:
    if state == _UNTOUCHED:
        return
    head = loaded.heads[row.short_name]
    values = typed(
        row, NINE_MONTHS_2026, questions_by_organisation(period, [form.organisation_id])[form.organisation_id]
    )
    if state == _DRAFT:
        begun = dict(list(values.items())[: 1 + int(share("begun", row.short_name) * (len(values) - 2))])
        submission_save_draft(submission=form, values=begun, version=form.version, actor=head)
        return
    form = submission_submit(submission=form, version=form.version, actor=head, values=values)
    reviewer = loaded.people[choose(("administrator", "office"), "reviewer", row.short_name)]
    if state == _RETURNED:
        comment = _COMMENT_OF_THE_ACCOUNT if row.short_name == IS_RETURNED else choose(_COMMENTS, "c", row.short_name)
        submission_return(submission=form, version=form.version, comment=comment, actor=reviewer)
    elif state == _ACCEPTED:
        submission_accept(submission=form, version=form.version, actor=reviewer)
