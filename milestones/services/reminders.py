"""Reminding of the event plan: before a deadline, on its day, and after it until the row is done."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.urls import reverse

from milestones.models import PlanRow, PlanRule
from milestones.responsible import accounts_of
from milestones.selectors.rules import rule_on
from organisations.models import Membership, NotificationKind, User
from organisations.roles import ACTIONS_OF_ROLE, Action, Role
from organisations.services.notifications import Notice, notify
from projects.passport.typography import date_short, plural

ONE_BY_ONE = 5
"""Of how many rows a person hears one by one in a day; of more they get one list."""
NAMED = 10
"""How many rows or projects a list names."""
_KEEPERS = [role for role in Role if Action.WRITE_PROGRESS in ACTIONS_OF_ROLE[role]]


@transaction.atomic
def plan_reminders_send(*, today: dt.date) -> int:
    """Remind of every open row whose day of reminding has come; returns of how many.

    It may run as often as one likes and on several workers at once: a row is reminded of once for each such day. What
    an outage kept from being told on its day is told afterwards.
    """
    rule = rule_on(today)
    rows = PlanRow.objects.current().filter(progress__completed_on=None)
    rows = rows.filter(end__lte=today + dt.timedelta(days=rule.remind_before))
    rows = rows.select_related("project__territory", "progress__assignee").order_by("end", "project", "position")
    due = {row.pk: _day(row.end, rule, today) for row in rows if row.end}
    claimed = _claimed({pk: day for pk, day in due.items() if day})
    told = [row for row in rows if row.pk in claimed]
    overdue = [row for row in told if row.end and row.end < today]
    _tell_responsible(NotificationKind.PLAN_DUE, [row for row in told if row not in overdue], today)
    _tell_responsible(NotificationKind.PLAN_OVERDUE, overdue, today)
    _tell_keepers(overdue, today)
    return len(told)


def _day(end: dt.date, rule: PlanRule, today: dt.date) -> dt.date | None:
    """The latest day of reminding of this deadline that has come."""
    if today <= end:
        return end if today == end else end - dt.timedelta(days=rule.remind_before)
    first = end + dt.timedelta(days=1)
    if not rule.remind_every:
        return first
    return first + dt.timedelta(days=(today - first).days // rule.remind_every * rule.remind_every)


def _claimed(days: dict[int, dt.date]) -> set[int]:
    """The rows that nobody was reminded of for that day yet; a second worker waits here and then finds none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO milestones_planreminder (row_id, day)"
            " SELECT * FROM unnest(%s::bigint[], %s::date[]) AS due (row_id, day) ORDER BY row_id"
            " ON CONFLICT (row_id, day) DO NOTHING RETURNING row_id",
            [list(days), list(days.values())],
        )
        return {pk for (pk,) in cursor.fetchall()}


def _tell_responsible(kind: NotificationKind, rows: Sequence[PlanRow], today: dt.date) -> None:
    """Each person hears of their rows, of few one by one, of many in one list."""
    accounts = accounts_of(rows)
    by_person: dict[int, list[PlanRow]] = defaultdict(list)
    for row in rows:
        for user in accounts[row.pk]:
            by_person[user.pk].append(row)
    notices: list[Notice] = []
    for person, own in by_person.items():
        if len(own) <= ONE_BY_ONE:
            notices += [_notice(person, row, today) for row in own]
        else:
            notices.append(_list_of(person, kind, own))
    notify(kind=kind, notices=notices, day=today)


def _notice(person: int, row: PlanRow, today: dt.date) -> Notice:
    link = reverse("milestones:row", args=[row.project_id, row.pk])
    return Notice(person, f"plan:{row.pk}", f"{row.project.short_title}: {_called(row)} — {_when(row, today)}", link)


def _when(row: PlanRow, today: dt.date) -> str:
    assert row.end
    if row.end < today:
        return f"срок прошёл {date_short(row.end)}. Отметьте выполнение или назовите ожидаемую дату и причину."
    if row.end == today:
        return "срок сегодня."
    return f"срок {date_short(row.end)}, осталось {plural((row.end - today).days, 'день', 'дня', 'дней')}."


def _list_of(person: int, kind: NotificationKind, rows: Sequence[PlanRow]) -> Notice:
    head = "Скоро срок" if kind == NotificationKind.PLAN_DUE else "Просрочено"
    counted = plural(len(rows), "строка плана", "строки плана", "строк плана")
    words = _first(f"{row.project.short_title}: {_called(row)}, {date_short(row.end)}" for row in rows)
    return Notice(person, "plan:list", f"{head}: {counted}. {words}", f"{reverse('milestones:week')}?mine=on")


def _tell_keepers(overdue: Sequence[PlanRow], today: dt.date) -> None:
    """Whoever keeps the passport of a project hears in one list what is overdue over all of them."""
    if not overdue:
        return
    holders = Membership.objects.filter(role__in=_KEEPERS, user__is_active=True)
    kept: dict[int, dict[int, PlanRow]] = defaultdict(dict)
    for person, path in holders.values_list("user", "organisation__path"):
        kept[person] |= {row.pk: row for row in overdue if row.project.territory.path.startswith(path)}
    notices = []
    for person, rows in kept.items():
        by_project: dict[str, int] = defaultdict(int)
        for row in rows.values():
            by_project[row.project.short_title] += 1
        if rows:
            counted = plural(len(rows), "строка планов", "строки планов", "строк планов")
            words = _first(f"{title} — {count}" for title, count in sorted(by_project.items()))
            notices.append(
                Notice(person, "plan:summary", f"Просрочено: {counted}. {words}", reverse("milestones:week"))
            )
    notify(kind=NotificationKind.PLAN_SUMMARY, notices=notices, day=today)


def _first(words: Iterable[str]) -> str:
    """The first of them; how many are left out."""
    every = list(words)
    rest = f" и ещё {len(every) - NAMED}" if len(every) > NAMED else ""
    return f"{'; '.join(every[:NAMED])}{rest}."


def _called(row: PlanRow) -> str:
    return f"{row.number} «{row.name}»" if row.number else f"«{row.name}»"


def tell_assigned(row: PlanRow, person: User) -> None:
    """Whoever is made responsible by hand hears of it."""
    until = f", срок {date_short(row.end)}" if row.end else ""
    text = f"{row.project.short_title}: вы отвечаете за строку плана {_called(row)}{until}."
    link = reverse("milestones:row", args=[row.project_id, row.pk])
    notify(kind=NotificationKind.PLAN_ASSIGNED, notices=[Notice(person.pk, f"plan:{row.pk}", text, link)])
