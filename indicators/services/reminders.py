"""Reminding of deadlines: before, on the day, and after it until everybody has handed in or the period is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from itertools import takewhile

from django.db import connection, transaction
from django.utils import timezone

from indicators.models import DeadlineRule, Reminder, ReportingPeriod, Submission
from indicators.services.deadlines import database_now, moment_words, rule_for
from indicators.services.telling import tell_heads_of, tell_overseers_of
from organisations.access import access_of, require
from organisations.models import ExceptionalDay, NotificationKind, User
from organisations.roles import ACTIONS_OF_ROLE, Action, Role
from organisations.working_days import ProductionCalendar
from projects.passport.typography import plural

_MINISTRY = [role for role in Role if Action.MANAGE_PERIODS in ACTIONS_OF_ROLE[role]]


def reminders_send() -> int:
    """Make every round of reminders that is due by the clock of the database; returns how many were made.

    It may run as often as one likes and on several workers at once: a round is made once. What an outage kept from
    being made on its day is made afterwards.
    """
    now = database_now()
    calendar = ExceptionalDay.objects.calendar()
    made = 0
    for period in ReportingPeriod.objects.open().prefetch_related("prolongations").order_by("pk"):
        day = _due(period, rule_for(period.kind, period.end), calendar, timezone.localdate(now))
        if day is not None:
            made += _round(period, day, now, calendar)
    return made


def remind_by_hand(*, period: ReportingPeriod, forms: Collection[int], actor: User) -> int:
    """Remind the heads of these forms, of those that the person oversees; returns how many heads heard of it.

    Nobody is reminded twice a day, by hand or by the portal: the cap is the natural key of the notification.
    """
    require(actor, Action.REMIND)
    now = database_now()
    below = access_of(actor).below("organisation__path", Action.REMIND)
    own = Submission.objects.filter(below, period=period, period__state="open", pk__in=forms)
    sentence = f"{reminder_words(period, now, ExceptionalDay.objects.calendar())} Напоминает {actor.full_name}."
    return tell_heads_of(
        period, NotificationKind.REMINDER, sentence, day=timezone.localdate(now), forms=own.values_list("pk", flat=True)
    )


def reminder_words(period: ReportingPeriod, now: dt.datetime, calendar: ProductionCalendar) -> str:
    """«сдайте форму за III квартал 2026 г. до 7 октября 2026 г., 23:59: осталось 3 рабочих дня.»"""
    due = f"сдайте форму за {period} до {moment_words(period.deadline)}"
    if now > period.deadline:
        return f"форма за {period} не сдана, срок прошёл {moment_words(period.deadline)}. Сдать её ещё можно."
    left = calendar.working_days_between(timezone.localdate(now), timezone.localdate(period.deadline))
    if left <= 0:
        return f"{due}: сегодня последний день." if timezone.localdate(now) == _last_day(period) else f"{due}."
    return f"{due}: осталось {plural(left, 'рабочий день', 'рабочих дня', 'рабочих дней')}."


def _due(period: ReportingPeriod, rule: DeadlineRule, calendar: ProductionCalendar, today: dt.date) -> dt.date | None:
    """The latest day of reminding that has come; None before the first, and where opening or prolonging said it all."""
    told = [period.opened_at, *(row.prolonged_at for row in period.prolongations.all())]
    since = timezone.localdate(max(told))
    days = takewhile(lambda day: day <= today, _days(period, rule, calendar))
    return max((day for day in days if day > since), default=None)


def _days(period: ReportingPeriod, rule: DeadlineRule, calendar: ProductionCalendar) -> Iterator[dt.date]:
    """The days of reminding, in order and without end where it goes on after the deadline."""
    last = _last_day(period)
    if rule.remind_before:
        yield calendar.add_working_days(last, -rule.remind_before)
    yield last
    while rule.remind_every:
        last = calendar.add_working_days(last, rule.remind_every)
        yield last


def _last_day(period: ReportingPeriod) -> dt.date:
    return timezone.localdate(period.deadline)


@transaction.atomic
def _round(period: ReportingPeriod, day: dt.date, now: dt.datetime, calendar: ProductionCalendar) -> bool:
    """Make a round unless it was made; a second worker waits here for the first and then finds it done."""
    if not _claimed(period, day):
        return False
    words = reminder_words(period, now, calendar)
    told = tell_heads_of(period, NotificationKind.REMINDER, words, day=day)
    Reminder.objects.filter(period=period, day=day).update(told=told)
    if day >= _last_day(period):
        sentence = _sentence_of_list(period, now)
        tell_overseers_of(period, NotificationKind.LATE_LIST, sentence, roles=[Role.COORDINATOR], day=day)
        tell_overseers_of(period, NotificationKind.SUMMARY, sentence, roles=_MINISTRY, by_place=True, day=day)
    return True


def _claimed(period: ReportingPeriod, day: dt.date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO indicators_reminder (period_id, day, told) VALUES (%s, %s, 0)"
            " ON CONFLICT (period_id, day) DO NOTHING",
            [period.pk, day],
        )
        return bool(cursor.rowcount)


def _sentence_of_list(period: ReportingPeriod, now: dt.datetime) -> str:
    if now > period.deadline:
        return f"{period}: срок прошёл {moment_words(period.deadline)}."
    return f"{period}: сдать сегодня до {timezone.localtime(period.deadline):%H:%M}."
