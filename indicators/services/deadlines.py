"""When forms are due: the rule of each kind of period, and what it comes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from indicators.models import DeadlineRule, PeriodKind
from organisations.access import require
from organisations.models import ExceptionalDay, User
from organisations.roles import Action
from organisations.working_days import decree_of
from projects.passport.typography import date_long

FIRST_RULE = {"working_days": 5, "remind_before": 3, "remind_every": 2}
"""What holds for every kind of period until the ministry sets its own rule."""
END_OF_DAY = dt.time(23, 59, 59)

_OF_PERIOD = {
    PeriodKind.MONTH: "месяца",
    PeriodKind.QUARTER: "квартала",
    PeriodKind.HALF_YEAR: "полугодия",
    PeriodKind.NINE_MONTHS: "девяти месяцев",
    PeriodKind.YEAR: "года",
}


@dataclass(frozen=True)
class Proposal:
    """The deadline by the rule. ``unsure``: the year whose transfers of days off the portal does not know."""

    day: dt.date
    words: str
    unsure: int | None


def end_of_day(day: dt.date) -> dt.datetime:
    """The last second of the day on the clock of the region."""
    return timezone.make_aware(dt.datetime.combine(day, END_OF_DAY))


def rule_for(kind: str, end: dt.date) -> DeadlineRule:
    """The rule for a period of this kind that ends on that day; not saved where the ministry has set none."""
    rules = DeadlineRule.objects.filter(kind=kind, effective_from__lte=end)
    found: DeadlineRule | None = rules.order_by("-effective_from").first()
    return found or DeadlineRule(kind=kind, **FIRST_RULE)


def rule_words(rule: DeadlineRule) -> str:
    """«5-й рабочий день после окончания квартала»."""
    return f"{rule.working_days}-й рабочий день после окончания {_OF_PERIOD[PeriodKind(rule.kind)]}"


def deadline_proposed(kind: str, end: dt.date) -> Proposal:
    """When the forms of a period are due by the rule. Two queries."""
    rule = rule_for(kind, end)
    calendar = ExceptionalDay.objects.calendar()
    day = calendar.add_working_days(end, rule.working_days)
    unknown = (year for year in range(end.year, day.year + 1) if decree_of(year) is None)
    return Proposal(day, f"{rule_words(rule)} — {date_long(day)}", next(unknown, None))


@transaction.atomic
def deadline_rule_save(
    *, kind: str, effective_from: dt.date, working_days: int, remind_before: int, remind_every: int, actor: User
) -> DeadlineRule:
    """Set the rule for periods of a kind that end from that day on. Deadlines of open periods stay."""
    require(actor, Action.MANAGE_PERIODS)
    row, _ = DeadlineRule.objects.select_for_update().update_or_create(
        kind=kind,
        effective_from=effective_from,
        defaults={"working_days": working_days, "remind_before": remind_before, "remind_every": remind_every},
    )
    return row


def moment_words(moment: dt.datetime) -> str:
    """«12 января 2027 г., 23:59» on the clock of the region."""
    local = timezone.localtime(moment)
    return f"{date_long(local)}, {local:%H:%M}"


def database_now() -> dt.datetime:
    """The moment by the one clock that judges deadlines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now
