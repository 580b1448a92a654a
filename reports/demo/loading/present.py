"""The open period: forms in every state, as a ministry finds them a few days before the deadline."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from indicators.models import Submission
from indicators.services import (
    evidence_add,
    period_open,
    submission_accept,
    submission_check,
    submission_reopen,
    submission_return,
    submission_save_draft,
)
from indicators.services.anomalies import spreads_refresh
from indicators.services.history import questions_by_organisation
from indicators.services.prolonging import period_prolong
from indicators.turns import waits_for_check
from organisations.models import User
from reports.demo.accounts import FILLS_IN, IS_RETURNED
from reports.demo.chance import choose, share
from reports.demo.deviations import CLOSED_SCHOOL, TEN_TIMES_DEVICES
from reports.demo.figures import NEW_PLACES
from reports.demo.geography import PROJECT_TOWN, SILENT_NOW
from reports.demo.loading.past import handed_in, typed
from reports.demo.loading.state import Loaded
from reports.demo.moments import NINE_MONTHS_2026, at_six, working_days_after
from reports.demo.organisations import DemoOrganisation, organisations
from reports.demo.papers import paper

_WORKING_DAYS_LEFT = 9
_WORKING_DAYS_AT_FIRST = 6
REOPENED = "СОШ № 1 с. Журавино"
_UNTOUCHED, _DRAFT, _SUBMITTED, _RETURNED, _ACCEPTED = "не начаты", "черновики", "на проверке", "возвращены", "приняты"
# Up to which lot a form is in which state.
_STATES = ((0.56, _ACCEPTED), (0.75, _SUBMITTED), (0.81, _RETURNED), (0.9, _DRAFT), (1.0, _UNTOUCHED))
_SETTLED = {
    FILLS_IN: _UNTOUCHED,
    REOPENED: _ACCEPTED,
    IS_RETURNED: _RETURNED,
    TEN_TIMES_DEVICES: _SUBMITTED,
    **dict.fromkeys(NEW_PLACES, _ACCEPTED),
}


@dataclass(frozen=True)
class Mistake:
    """What a form was returned for: the figure came out as this part of the right one."""

    code: str
    part: Decimal
    comment: str


_MISTAKES = (
    Mistake("rooms_equipped", Decimal("0.5"), "Оснащённых кабинетов стало меньше, чем в прошлом отчёте: "
            "{rooms_equipped}. Проверьте число или напишите, куда делось оборудование."),
    Mistake("teachers_trained", Decimal("0.35"), "Обученные педагоги считаются с начала проекта, а указано, похоже, "
            "только за этот год: {teachers_trained}. Прибавьте прошлые годы."),
    Mistake("internet_outages", Decimal(0), "В журнале оператора есть ваши заявки, а в форме 0 случаев. Посчитайте за "
            "весь период с января, а не за последний месяц."),
    Mistake("temperature", Decimal("1.2"), "Средняя температура {temperature} °C похожа на летнюю. Нужна средняя за "
            "дни отопительного сезона."),
)  # fmt: skip
_MISTAKE_OF_THE_ACCOUNT = Mistake(
    "devices",
    Decimal("0.35"),
    "В форме устройств {devices}, а по накладным школе поставлено больше. Посчитайте с начала проекта, а не за "
    "этот год.",
)
_WORD_TO_THE_ACCOUNT = "Павел Андреевич, поправьте одно число и отправьте форму ещё раз: остальное верно."
_MEASURED_SHARE = 0.06
_RESTORED = "Школа сообщила, что посчитала кабинеты без филиала. Исправьте и отправьте снова."


def open_period(loaded: Loaded) -> str:
    """Nine months of 2026 with a deadline about nine working days ahead of the clock of the database."""
    period = period_open(
        kind=NINE_MONTHS_2026.kind,
        year=NINE_MONTHS_2026.year,
        number=NINE_MONTHS_2026.number,
        deadline=at_six(working_days_after(_today(), _WORKING_DAYS_AT_FIRST)),
        projects=list(loaded.projects.values()),
        actor=loaded.people["office"],
    )
    forms = {form.organisation_id: form for form in Submission.objects.filter(period=period)}
    asked = questions_by_organisation(period, forms)
    counts: Counter[str] = Counter()
    for row in organisations():
        if row.short_name != CLOSED_SCHOOL:
            passed_over = loaded.lightly and row.short_name not in _SETTLED and share("light", row.short_name) > 0.3
            state = _UNTOUCHED if passed_over else _state_of(row)
            counts[state] += 1
            form = forms[loaded.organisations[row.short_name].pk]
            _bring_to(loaded, form, row, state, typed(row, NINE_MONTHS_2026, asked[form.organisation_id]))
    _reopen(loaded, forms[loaded.organisations[REOPENED].pk])
    period_prolong(
        period=period,
        deadline=at_six(working_days_after(_today(), _WORKING_DAYS_LEFT)),
        reason="В трёх районах не было связи из-за аварии на магистральной линии.",
        actor=loaded.people["office"],
    )
    spreads_refresh(period=period)
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
    # The town of the coordinator is ahead of the others, the places that lag are behind.
    pace = 0.7 if row.municipality == PROJECT_TOWN else 1 + 0.3 * row.lag
    lot = min(0.999, share("state", row.short_name) * pace)
    return next(state for limit, state in _STATES if lot < limit)


def _bring_to(
    loaded: Loaded, form: Submission, row: DemoOrganisation, state: str, values: dict[str, str | None]
) -> None:
    if state == _UNTOUCHED:
        return
    head = loaded.heads[row.short_name]
    if state == _DRAFT:
        begun = dict(list(values.items())[: 1 + int(share("begun", row.short_name) * (len(values) - 2))])
        submission_save_draft(submission=form, values=begun, version=form.version, actor=head)
        return
    mistake = _mistake_in(row, values) if state == _RETURNED else None
    if mistake:
        values[mistake.code] = _mistaken(values[mistake.code], mistake)
    _prove(form, row, values, head)
    form = handed_in(form, head, values)
    reviewer = loaded.people[choose(("administrator", "office"), "reviewer", row.short_name)]
    if waits_for_check(form) and (state == _ACCEPTED or share("checked", row.short_name) < 0.5):
        form = submission_check(submission=form, version=form.version, actor=loaded.people["coordinator"])
    if mistake:
        decides = loaded.people["coordinator"] if waits_for_check(form) else reviewer
        comment = _WORD_TO_THE_ACCOUNT if row.short_name == IS_RETURNED else ""
        remarks = {mistake.code: mistake.comment.format(**values)}
        submission_return(submission=form, version=form.version, comment=comment, remarks=remarks, actor=decides)
    elif state == _ACCEPTED:
        submission_accept(submission=form, version=form.version, actor=reviewer)


def _prove(form: Submission, row: DemoOrganisation, values: dict[str, str | None], head: User) -> None:
    """Files where the form demands them, and from some who measured their speed."""
    speed = values.get("internet_speed")
    if speed and share("measured", row.short_name) < _MEASURED_SHARE:
        sheet = paper("Протокол замера скорости", row.short_name, (f"Приём: {speed} Мбит/с", "Замер в учебное время"))
        evidence_add(submission=form, code="internet_speed", name="Замер скорости.png", content=sheet, actor=head)
    if row.short_name in NEW_PLACES:
        sheet = paper("Разрешение на ввод", row.short_name, (f"Новых мест: {values['places_created']}",))
        evidence_add(submission=form, code="places_created", name="Разрешение на ввод.png", content=sheet, actor=head)


def _reopen(loaded: Loaded, form: Submission) -> None:
    form.refresh_from_db()
    submission_reopen(submission=form, version=form.version, reason=_RESTORED, actor=loaded.people["office"])


def _mistake_in(row: DemoOrganisation, values: dict[str, str | None]) -> Mistake:
    if row.short_name == IS_RETURNED:
        return _MISTAKE_OF_THE_ACCOUNT
    return choose([mistake for mistake in _MISTAKES if mistake.code in values], "mistake", row.short_name)


def _mistaken(value: str | None, mistake: Mistake) -> str:
    right = Decimal(value or 0)
    return str(round(right * mistake.part, 1) if mistake.code == "temperature" else int(right * mistake.part))
