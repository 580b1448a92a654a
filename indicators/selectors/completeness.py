"""How far a period has come: who handed in, who is late, who is missing, by municipality and by organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from indicators.models import PeriodOrganisation, ReportingPeriod, Submission
from organisations.prepared import Prepared

MISSING = Q(state="draft", version=0)
"""Nobody has touched the form yet."""
IN_REVIEW = Q(state__in=["submitted", "checked"])
SENT_BACK = Q(state__in=["returned", "reopened"])

STATES: dict[str, tuple[str, Q]] = {
    "not_sent": ("Не сданы", Q(state__in=["draft", "returned", "reopened"])),
    "missing": ("Не начаты", MISSING),
    "draft": ("Черновики", Q(state="draft", version__gt=0)),
    "submitted": ("На проверке", IN_REVIEW),
    "returned": ("Возвращены", SENT_BACK),
    "accepted": ("Приняты", Q(state="accepted")),
    "late": ("С опозданием", Q(late=True)),
}
"""Filters of the list of organisations: word for the address, word for people, condition."""


@dataclass(frozen=True)
class Counts:
    """``handed_in``: waiting for review or accepted; ``late`` is counted across states."""

    expected: int = 0
    accepted: int = 0
    submitted: int = 0
    returned: int = 0
    draft: int = 0
    missing: int = 0
    late: int = 0

    @property
    def handed_in(self) -> int:
        return self.accepted + self.submitted

    @property
    def not_sent(self) -> int:
        return self.returned + self.draft + self.missing

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.expected + other.expected,
            self.accepted + other.accepted,
            self.submitted + other.submitted,
            self.returned + other.returned,
            self.draft + other.draft,
            self.missing + other.missing,
            self.late + other.late,
        )


@dataclass(frozen=True)
class MunicipalityCounts:
    organisation_id: int
    name: str
    counts: Counts


_COUNTED = {
    "expected": Count("pk"),
    "accepted": Count("pk", filter=Q(state="accepted")),
    "submitted": Count("pk", filter=IN_REVIEW),
    "returned": Count("pk", filter=SENT_BACK),
    "draft": Count("pk", filter=STATES["draft"][1]),
    "missing": Count("pk", filter=MISSING),
    "late": Count("pk", filter=Q(late=True)),
}


@dataclass(frozen=True)
class PeriodRow:
    period: ReportingPeriod
    counts: Counts
    projects: tuple[str, ...]


def periods_listed(user: Any, *, only_open: bool = False) -> list[PeriodRow]:
    """Periods the person sees, open ones first, each as complete as the person's part of the tree is. Four queries."""
    periods = ReportingPeriod.objects.visible_to(user).prefetch_related("projects__project")
    if only_open:
        periods = periods.open()
    forms = Submission.objects.visible_to(user).filter(period__in=[row.pk for row in periods])
    rows = forms.order_by().values("period").annotate(**_COUNTED)
    counts = {row.pop("period"): Counts(**row) for row in rows}
    found = [
        PeriodRow(row, counts.get(row.pk, Counts()), tuple(sorted(str(part.project) for part in row.projects.all())))
        for row in periods
    ]
    return sorted(found, key=lambda row: not row.period.is_open)


_NAMES = Prepared(
    lambda period, nodes: (
        PeriodOrganisation.objects.filter(period=period, organisation__in=nodes.each)
        .order_by("depth", "sort_key", "organisation_id")
        .values_list("organisation_id", "short_name")
    )
)


def by_municipality(period: ReportingPeriod, user: Any) -> list[MunicipalityCounts]:
    """Counts for each municipality as the tree stood when the period was opened. Two queries."""
    rows = _placed(period, user).order_by().values("place__parent").annotate(**_COUNTED)
    counts = {row.pop("place__parent"): Counts(**row) for row in rows}
    nodes = _NAMES.all(period.pk, [pk for pk in counts if pk])
    return [MunicipalityCounts(pk, name, counts[pk]) for pk, name in nodes]


def organisations_of(
    period: ReportingPeriod, user: Any, *, municipality: int | None = None, state: str = ""
) -> QuerySet[Any]:
    """Forms of the period by name of the organisation, each with ``name`` and ``municipality_name`` of that day."""
    rows = _placed(period, user)
    if municipality:
        rows = rows.filter(place__parent=municipality)
    if state in STATES:
        rows = rows.filter(STATES[state][1])
    above = PeriodOrganisation.objects.filter(period=period, organisation=OuterRef("place__parent"))
    found: QuerySet[Any] = rows.annotate(
        name=F("place__short_name"),
        municipality_name=Subquery(above.values("short_name")[:1]),
    )
    return found.select_related("reviewed_by").order_by("place__sort_key", "pk")


def _placed(period: ReportingPeriod, user: Any) -> QuerySet[Any]:
    """Forms with ``place``, where their organisation stood on that day: joined, a subquery would run for each form.

    To say the period of the place once more makes the join an inner one, so that the database may begin with places.
    """
    rows = Submission.objects.visible_to(user).filter(period=period)
    stood = FilteredRelation("organisation__places", condition=Q(organisation__places__period=period))
    placed: QuerySet[Any] = rows.annotate(place=stood).filter(place__period=period)
    return placed
