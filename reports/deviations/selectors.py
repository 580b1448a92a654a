"""Deviations as their pages list them, and what happened to one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from organisations.models import Membership, Organisation, User
from organisations.roles import ACTIONS_OF_ROLE, Action, Role
from projects.status import Status
from reports.models import Deviation, DeviationState, PartState

STATES = {
    "": "Не закрытые",
    "open": "Без причины",
    "explained": "Мера принята",
    "overdue": "Срок меры прошёл",
    "mine": "Мои меры",
    "closed": "Закрытые",
    "all": "Все",
}
SORTS = {
    "opened": ("opened_at", "pk"),
    "project": ("project__short_title", "project_id", "kind", "pk"),
    "due": (F("due").asc(nulls_last=True), "pk"),
    "-opened": ("-opened_at", "-pk"),
    "-project": ("-project__short_title", "-project_id", "kind", "pk"),
    "-due": (F("due").desc(nulls_last=True), "-pk"),
}
FIRST_SORT = "-opened"


def deviations_listed(user: Any, chosen: Mapping[str, Any]) -> QuerySet[Deviation]:
    """Deviations that the person sees, narrowed by ``text``, ``project``, ``kind``, ``status``, ``state``; sorted."""
    today = timezone.localdate()
    rows = Deviation.objects.visible_to(user).select_related("project__territory", "owner")
    match chosen.get("state") or "":
        case "":
            rows = rows.live()
        case "overdue":
            rows = rows.overdue(today)
        case "mine":
            rows = rows.filter(owner_id=user.pk, state=DeviationState.EXPLAINED)
        case "all":
            pass
        case state:
            rows = rows.filter(state=state)
    for field in ("kind", "status"):
        if chosen.get(field):
            rows = rows.filter(**{field: chosen[field]})
    if chosen.get("project"):
        rows = rows.filter(project=chosen["project"])
    if chosen.get("text"):
        # The embedded server does not know that «о» is a small «О», hence the second spelling.
        words = chosen["text"]
        rows = rows.filter(*(Q(name__icontains=word) | Q(name__contains=word.capitalize()) for word in words.split()))
    return rows.order_by(*SORTS[chosen.get("sort") or FIRST_SORT])


def part_of(deviation: Deviation) -> PartState | None:
    """The part as it stands now; None where the redaction in force has it no more."""
    rows = PartState.objects.filter(project=deviation.project_id, kind=deviation.kind, row_id=deviation.row_id)
    return rows.filter(year=deviation.year).first()


def earlier_of(deviation: Deviation) -> list[Deviation]:
    """Other deviations of the same part, the latest first."""
    rows = Deviation.objects.filter(project=deviation.project_id, kind=deviation.kind, row_id=deviation.row_id)
    return list(rows.filter(year=deviation.year).exclude(pk=deviation.pk).order_by("-pk"))


def people_to_own(territory: Organisation) -> QuerySet[User]:
    """Whom a measure of this territory can be given to."""
    roles = [role for role in Role if Action.READ_DEVIATIONS in ACTIONS_OF_ROLE[role]]
    near = Q(organisation__path__startswith=territory.path) | Q(organisation__in=territory.ancestor_ids)
    holders = Membership.objects.filter(near, role__in=roles).values("user")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("full_name", "pk")


@dataclass(frozen=True)
class Event:
    """Something that happened to a deviation. ``person`` None: the portal did it by itself."""

    at: dt.datetime
    title: str
    person: User | None = None
    lines: tuple[str, ...] = ()


def history_of(deviation: Deviation) -> list[Event]:
    """What happened, the latest first, from the audit trail that the database itself keeps. Two queries."""
    model = apps.get_model("reports", "DeviationEvent")
    rows = list(model.objects.filter(pgh_obj_id=deviation.pk).order_by("pgh_id"))
    ids = {pk for row in rows for pk in (row.explained_by_id, row.closed_by_id, row.owner_id) if pk}
    people = User.objects.in_bulk(ids)
    events = [_opened(rows[0])] if rows else []
    for before, after in pairwise(rows):
        events.extend(_between(before, after, people))
    return events[::-1]


def _opened(row: Any) -> Event:
    return Event(row.opened_at, f"Открыто порталом: {Status(row.status).words}", lines=(row.told,))


def _between(before: Any, after: Any, people: Mapping[int, User]) -> Iterator[Event]:
    if after.status != before.status:
        yield Event(after.pgh_created_at, f"Теперь {Status(after.status).words}")
    if after.explained_at != before.explained_at:
        owner = people.get(after.owner_id)
        lines = [f"Причина: {after.reason}", f"Мера: {after.measure}"]
        lines.append(f"Отвечает {owner.full_name if owner else '—'}, срок {after.due:%d.%m.%Y}")
        title = "Причина и мера" if before.state == DeviationState.OPEN else "Причина и мера изменены"
        yield Event(after.explained_at, title, people.get(after.explained_by_id), tuple(lines))
    if after.reported_at != before.reported_at and after.reported_at:
        yield Event(after.reported_at, "Отчёт о мере", people.get(after.owner_id), (after.report,))
    if after.state == DeviationState.CLOSED != before.state:
        yield Event(after.closed_at, "Закрыто", people.get(after.closed_by_id), (after.closing,))
    elif after.recovered_at and not before.recovered_at:
        yield Event(after.recovered_at, "Отклонения больше нет")
