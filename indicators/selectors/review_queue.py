"""Forms that wait for review, the oddest first, and what a reviewer chooses among."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from indicators.models import FormAnomalies, PeriodOrganisation, ReportingPeriod, Submission
from indicators.turns import WAITS_FOR_MINISTRY, WAITS_FOR_MUNICIPALITY, decided_by
from organisations.access import access_of
from organisations.models import Organisation, OrganisationKind, sort_key_of
from organisations.roles import Action
from projects.models import Project

TURNS = {"mine": "Моё", "all": "Все", "municipality": "Ждут муниципалитета", "ministry": "Ждут министерства"}
SORTS: dict[str, tuple[str, ...]] = {
    "odd": ("-weight", "submitted_at", "pk"),
    "submitted": ("submitted_at", "pk"),
    "-submitted": ("-submitted_at", "-pk"),
    "name": ("organisation__sort_key", "pk"),
    "-name": ("-organisation__sort_key", "-pk"),
}
"""Orders of the queue by the word in its address; the first holds where the address says nothing."""


@dataclass(frozen=True)
class QueueFilters:
    """What of the queue is shown. ``turn``: whose decision is awaited; empty: see :func:`usual_turn`.
    ``odd``: ``any`` oddity, or a jump that is ``unexplained``.
    """

    period: int | None = None
    municipality: int | None = None
    project: int | None = None
    kind: str = ""
    late: bool = False
    odd: str = ""
    turn: str = ""
    text: str = ""
    sort: str = "odd"


@dataclass(frozen=True)
class QueueCounts:
    total: int
    odd: int
    unexplained: int
    late: int


def decides(user: Any) -> bool:
    """Whether the person reviews forms at all."""
    access = access_of(user)
    return access.allows(Action.REVIEW_SUBMISSIONS) or access.allows(Action.CHECK_SUBMISSIONS)


def waiting_forms(user: Any, filters: QueueFilters) -> QuerySet[Any]:
    """Forms that the person sees and that wait for review, in order. What is shown of them: :func:`as_shown`.

    Municipality, project and kind are those of the day when the period was opened.
    """
    rows: QuerySet[Any] = Submission.objects.visible_to(user).waiting().filter(_turn(user, filters.turn))
    if filters.period:
        rows = rows.filter(period=filters.period)
    if filters.late:
        rows = rows.filter(late=True)
    if filters.odd:
        rows = rows.filter(
            Q(anomalies__unexplained=True) if filters.odd == "unexplained" else Q(anomalies__weight__gt=0)
        )
    if filters.text:
        rows = rows.filter(Q(organisation__sort_key__contains=sort_key_of(filters.text)))
    asked = {
        "parent": filters.municipality,
        "roster_group__projects__project": filters.project,
        "kind": filters.kind,
    }
    if wanted := {field: value for field, value in asked.items() if value}:
        rows = rows.filter(Exists(_PLACE.filter(**wanted)))
    rows = rows.annotate(weight=Coalesce(F("anomalies__weight"), 0))
    return rows.order_by(*SORTS.get(filters.sort, SORTS["odd"]))


_PLACE = PeriodOrganisation.objects.filter(period=OuterRef("period"), organisation=OuterRef("organisation"))


def as_shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Forms of the queue with what stands beside them: ``municipality`` in words as well."""
    found: QuerySet[Any] = rows.annotate(municipality=Subquery(_PLACE.values("parent__short_name")[:1]))
    return found.select_related("period", "organisation", "anomalies")


def in_order(ids: Sequence[int]) -> list[Any]:
    """The forms with these ids as they are shown, in this order. One query."""
    found = {row.pk: row for row in as_shown(Submission.objects.filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


def _turn(user: Any, turn: str) -> Q:
    match turn or usual_turn(user):
        case "mine":
            return decided_by(user)
        case "municipality":
            return WAITS_FOR_MUNICIPALITY
        case "ministry":
            return WAITS_FOR_MINISTRY
    return Q()


def usual_turn(user: Any) -> str:
    """The ministry opens the queue to decide; a coordinator and those who only look see all that waits."""
    return "mine" if access_of(user).allows(Action.REVIEW_SUBMISSIONS) else "all"


def counts_of(rows: QuerySet[Any]) -> QueueCounts:
    """How many forms of a queue there are, and how many of them ask for a closer look. One query."""
    return QueueCounts(
        **rows.order_by().aggregate(
            total=Count("pk"),
            odd=Count("pk", filter=Q(anomalies__weight__gt=0)),
            unexplained=Count("pk", filter=Q(anomalies__unexplained=True)),
            late=Count("pk", filter=Q(late=True)),
        )
    )


def found_in(row: Submission) -> list[dict[str, Any]]:
    """What was found odd in a form; one that nobody looked at has nothing."""
    try:
        return list(row.anomalies.found)
    except FormAnomalies.DoesNotExist:
        return []


def neighbours(rows: QuerySet[Any], pk: int, *, page: int, per_page: int) -> tuple[int | None, int | None]:
    """The forms before and after this one on its page of the queue; where it left the queue, the first of the page."""
    start = max(page - 1, 0) * per_page
    ids: Sequence[int] = list(rows.values_list("pk", flat=True)[max(start - 1, 0) : start + per_page + 1])
    if pk not in ids:
        return None, ids[0] if ids else None
    here = ids.index(pk)
    return (ids[here - 1] if here else None), (ids[here + 1] if here + 1 < len(ids) else None)


def periods_to_choose(user: Any) -> QuerySet[ReportingPeriod]:
    return ReportingPeriod.objects.visible_to(user).open().order_by("-end", "-pk")


def municipalities_to_choose(user: Any) -> QuerySet[Organisation]:
    rows = Organisation.objects.visible_to(user).filter(kind=OrganisationKind.MUNICIPALITY)
    return rows.order_by("sort_key", "pk")


def projects_to_choose(user: Any) -> QuerySet[Project]:
    return Project.objects.visible_to(user).filter(periods__isnull=False).distinct().order_by("short_title", "pk")
