"""Periods that are over: the closed years, brought over as a region would, and the half-year of the town."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils import timezone

from indicators.answers import NOT_APPLICABLE
from indicators.models import Question, ReportingPeriod, Submission
from indicators.services import (
    PastForm,
    ValidationFailed,
    history_import,
    period_close,
    period_open,
    submission_check,
    submission_submit,
)
from indicators.services.history import questions_by_organisation
from organisations.models import User
from organisations.services import organisation_close
from reports.demo.chance import share
from reports.demo.deviations import CLOSED_ON, CLOSED_SCHOOL, figures_with_deviations, is_silent
from reports.demo.geography import PROJECT_TOWN
from reports.demo.loading.state import Loaded
from reports.demo.moments import CLOSED, HALF_2026, YEAR_2025, Moment, at_six, in_working_hours, working_days_after
from reports.demo.organisations import DemoOrganisation, organisations
from reports.demo.passports import DIGITAL, TOWN, WARM

# They sent their forms for 2025 after the deadline, and nobody got round to them before the period was closed.
_NEVER_REVIEWED = ("Центр детского туризма «Перевал»", "ООШ д. Камышовая Падь")
# The half-year of the town: three schools have not answered at all, two sent their forms only now.
_HALF_MISSING = ("СОШ № 10 г. Камнегорска", "СОШ № 4 г. Камнегорска", "СОШ № 11 г. Камнегорска")
_HALF_LATE = ("СОШ № 5 г. Камнегорска", "СОШ № 8 г. Камнегорска")

_CHECKED = "Сверили с приказами по школе: так и есть."
_WHY = {
    "internet_speed": "Оператор перевёл нас на новую линию, скорость замеряли в учебное время.",
    "students_portfolio": "С сентября портфолио завели всему первому курсу.",
    "pupils_portfolio": "Портфолио завели всем пятым и шестым классам.",
    "devices": "Пришла поставка по региональной закупке, накладные у завхоза.",
    "teachers_trained": "В августе обучили всех, кто оставался.",
}


def closed_periods(loaded: Loaded) -> str:
    """Each period opened, filled with what was accepted at the time, and closed."""
    told = []
    for moment in CLOSED:
        period = _opened(loaded, moment, (DIGITAL, WARM, TOWN))
        skipped = _NEVER_REVIEWED if moment is YEAR_2025 else ()
        reported = [row for row in organisations() if not is_silent(row, moment) and row.short_name not in skipped]
        count = history_import(
            period=period, rows=_past_forms(loaded, moment, period, reported), actor=loaded.people["administrator"]
        )
        for name in skipped:
            submit(loaded, period, moment, name)
        period_close(period=period, actor=loaded.people["office"])
        told.append(f"{period} – {count} из {Submission.objects.filter(period=period).count()}")
    organisation_close(
        organisation=loaded.organisations[CLOSED_SCHOOL],
        day=CLOSED_ON,
        reason="Постановление администрации о ликвидации",
        actor=loaded.people["office"],
    )
    return "; ".join(told)


def half_year_of_the_town(loaded: Loaded) -> str:
    """A period of one project whose deadline has passed: forms accepted, sent late, and not sent at all."""
    period = _opened(loaded, HALF_2026, (TOWN,))
    waiting = {*_HALF_MISSING, *_HALF_LATE}
    reported = [row for row in _schools_of_the_town() if row.short_name not in waiting]
    count = history_import(
        period=period, rows=_past_forms(loaded, HALF_2026, period, reported), actor=loaded.people["administrator"]
    )
    checked, _ = [submit(loaded, period, HALF_2026, name) for name in _HALF_LATE]
    submission_check(submission=checked, version=checked.version, actor=loaded.people["coordinator"])
    return f"{count} принято, {len(_HALF_LATE)} с опозданием ждут проверки, {len(_HALF_MISSING)} не сданы"


def submit(loaded: Loaded, period: ReportingPeriod, moment: Moment, name: str) -> Submission:
    """A head hands in the form of an organisation, all at once."""
    form = Submission.objects.get(period=period, organisation=loaded.organisations[name])
    asked = questions_by_organisation(period, [form.organisation_id])[form.organisation_id]
    row = next(row for row in organisations() if row.short_name == name)
    values = typed(row, moment, asked)
    return handed_in(form, loaded.heads[name], values)


def handed_in(form: Submission, head: User, values: Mapping[str, str | None]) -> Submission:
    """The form as it was sent; where a figure jumped, its head says that she has checked it."""
    try:
        return submission_submit(submission=form, version=form.version, actor=head, values=values)
    except ValidationFailed as lacking:
        form.refresh_from_db()
        said = {code: _WHY.get(code, _CHECKED) for code in lacking.errors}
        return submission_submit(submission=form, version=form.version, actor=head, explanations=said)


def typed(row: DemoOrganisation, moment: Moment, asked: Mapping[str, Question]) -> dict[str, str | None]:
    """What an organisation types into the fields of its form."""
    found = figures_with_deviations(row, moment)
    return {code: NOT_APPLICABLE if found[code] is None else str(found[code]) for code in asked}


def _opened(loaded: Loaded, moment: Moment, projects: Iterable[str]) -> ReportingPeriod:
    if moment.deadline is None:
        raise ValueError(f"the deadline of {moment.key} is counted when it is opened")
    return period_open(
        kind=moment.kind,
        year=moment.year,
        number=moment.number,
        deadline=at_six(moment.deadline),
        projects=[loaded.projects[key] for key in projects],
        actor=loaded.people["office"],
    )


def _schools_of_the_town() -> list[DemoOrganisation]:
    return [row for row in organisations() if row.municipality == PROJECT_TOWN and row.kind == "school"]


def _past_forms(
    loaded: Loaded, moment: Moment, period: ReportingPeriod, reported: Iterable[DemoOrganisation]
) -> list[PastForm]:
    rows = list(reported)
    asked = questions_by_organisation(period, [loaded.organisations[row.short_name].pk for row in rows])
    latest = timezone.now() - dt.timedelta(minutes=5)
    forms = []
    for row in rows:
        organisation_id = loaded.organisations[row.short_name].pk
        submitted_at, accepted_at = _days_of(row, moment)
        # On a machine whose clock is behind these dates the past must still be past.
        back = max(dt.timedelta(0), accepted_at - latest)
        forms.append(
            PastForm(
                organisation_id=organisation_id,
                values=typed(row, moment, asked[organisation_id]),
                submitted_by=loaded.heads[row.short_name],
                submitted_at=submitted_at - back,
                accepted_at=accepted_at - back,
            )
        )
    return forms


def _days_of(row: DemoOrganisation, moment: Moment) -> tuple[dt.datetime, dt.datetime]:
    """When a form was sent and accepted: most in the ten days before the deadline, one in twelve after it."""
    assert moment.deadline is not None
    key = (moment.key, row.short_name)
    late = share("late", *key) < 0.08 * (1 + row.lag)
    start = moment.deadline if late else moment.deadline - dt.timedelta(days=10)
    sent = working_days_after(start, 1 + int(share("day", *key) * (3 if late else 6)))
    reviewed = working_days_after(sent, 1 + int(share("reviewed", *key) * 3))
    return in_working_hours(sent, share("hour", *key)), in_working_hours(reviewed, share("review hour", *key))
