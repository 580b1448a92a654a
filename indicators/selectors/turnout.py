"""Who handed in over the periods of a year: nodes × periods with counts, and below them organisations × periods."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, reduce
from operator import add
from pathlib import Path
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from indicators.models import PeriodOrganisation, ReportingPeriod, Submission
from organisations.access import access_of
from organisations.models import REPORTING_KINDS, Organisation, OrganisationKind
from organisations.roles import Action

HANDED_IN = Q(state__in=["submitted", "checked", "accepted"])
MEASURES: dict[str, tuple[str, Q]] = {
    "handed_in": ("Сдано", HANDED_IN),
    "on_time": ("Сдано в срок", HANDED_IN & Q(late=False)),
    "late": ("Сдано с опозданием", HANDED_IN & Q(late=True)),
    "checked": ("Проверено", Q(state__in=["checked", "accepted"])),
    "accepted": ("Принято", Q(state="accepted")),
    "returned": ("Возвращено на исправление", Q(state__in=["returned", "reopened"])),
    "missing": ("Не сдано", Q(state="draft")),
}
"""What a cell may show: word for the address, words for people, condition; :class:`Turnout` counts the same."""

_NARROWED = {
    "within": "AND place.path LIKE %(within)s",
    "seen": "AND form.organisation_id IN (SELECT id FROM organisations_organisation WHERE path LIKE ANY (%(seen)s))",
    "kind": "AND place.kind = %(kind)s",
    "project": """AND place.roster_group_id IN (
            SELECT link.rostergroup_id FROM indicators_rostergroup_projects AS link
            JOIN indicators_periodproject AS member ON member.id = link.periodproject_id
            WHERE member.project_id = %(project)s
        )""",
}


@dataclass(frozen=True)
class Turnout:
    """Of those ``expected``: waiting for a first review (``submitted``) or, ``passed`` by the municipality, for the
    second; ``accepted``; not handed in (``missing``). Who was sent back is the rest. ``late`` is counted across the
    states of what is handed in.
    """

    expected: int = 0
    submitted: int = 0
    passed: int = 0
    accepted: int = 0
    missing: int = 0
    late: int = 0

    @property
    def handed_in(self) -> int:
        return self.submitted + self.passed + self.accepted

    @property
    def on_time(self) -> int:
        return self.handed_in - self.late

    @property
    def checked(self) -> int:
        """What a reviewer let pass, of the municipality or of the ministry."""
        return self.passed + self.accepted

    @property
    def returned(self) -> int:
        return self.expected - self.handed_in - self.missing

    def __add__(self, other: Turnout) -> Turnout:
        return Turnout(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))


@dataclass(frozen=True)
class Scope:
    """What is looked at. ``periods`` are the columns in their order; ``kind`` and ``project_id`` narrow who counts."""

    node: Organisation
    periods: tuple[ReportingPeriod, ...]
    project_id: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class NodeRow:
    """``node`` None: organisations that stand right under the node that is looked at."""

    node: Organisation | None
    cells: tuple[Turnout, ...]


def turnout_of(scope: Scope, user: Any) -> list[NodeRow]:
    """The nodes right below that of the scope, by name, period by period. Three queries, however many forms."""
    lifted = _lifted(_counted(scope, user), scope)
    known = {row.pk: row for row in Organisation.objects.filter(pk__in={below for below, _ in lifted if below})}
    nodes: list[Organisation | None] = [*sorted(known.values(), key=lambda row: (row.sort_key, row.pk))]
    if any(below is None for below, _ in lifted):
        nodes.append(None)
    return [
        NodeRow(node, tuple(lifted.get((node.pk if node else None, row.pk), Turnout()) for row in scope.periods))
        for node in nodes
    ]


def totals(rows: Sequence[NodeRow]) -> tuple[Turnout, ...]:
    """Period by period over all rows."""
    return tuple(reduce(add, cells, Turnout()) for cells in zip(*(row.cells for row in rows), strict=True))


_Counted = dict[tuple[int, int], list[int]]
"""The fields of :class:`Turnout` by (parent, period)."""


def _lifted(counted: _Counted, scope: Scope) -> dict[tuple[int | None, int], Turnout]:
    """Counts by (parent, period) added up by the node right below that of the scope, as the tree stood then."""
    above = PeriodOrganisation.objects.filter(
        period__in=scope.periods, organisation__in={parent for parent, _ in counted}, path__startswith=scope.node.path
    )
    sums: dict[tuple[int | None, int], list[int]] = {}
    # One row for each place of a node, with the periods in which it stood there: it hardly ever moves.
    placed = above.order_by().values_list("organisation_id", "path").annotate(periods=ArrayAgg("period_id"))
    for parent, path, periods in placed:
        below = path.removeprefix(scope.node.path).partition(".")[0]
        for period in periods:
            if counts := counted.get((parent, period)):
                key = (int(below) if below else None, period)
                sums[key] = list(map(add, sums[key], counts)) if key in sums else list(counts)
    return {key: Turnout(*counts) for key, counts in sums.items()}


def _counted(scope: Scope, user: Any) -> _Counted:
    access = access_of(user)
    given: dict[str, Any] = {
        "periods": [row.pk for row in scope.periods],
        "within": f"{scope.node.path}%",
        "seen": [f"{path}%" for path in access.paths(Action.READ_SUBMISSIONS)],
        "kind": scope.kind,
        "project": scope.project_id,
    }
    whole = scope.node.depth == 0 and access.holds_at_root(Action.READ_SUBMISSIONS)
    narrowed = [part for part in ("kind", "project") if given[part]] + ([] if whole else ["within", "seen"])
    statement = _template().replace("/* narrowed */", " ".join(_NARROWED[part] for part in narrowed))
    with transaction.atomic(), connection.cursor() as cursor:
        if whole:
            # The planner would hash half a million rows instead of merging them, and take twice as long.
            cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off")
        cursor.execute(statement, given)
        rows = cursor.fetchall()
        cursor.execute("SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT")
    return {(parent, period): counts for parent, period, *counts in rows}


@cache
def _template() -> str:
    return Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def organisations_under(scope: Scope, user: Any, *, measure: str = "") -> QuerySet[Any, Any]:
    """Organisations that stood right under the node in one of the periods, by name: ``organisation``, ``name``.

    ``measure``: only those with such a form in one of the periods.
    """
    readable = access_of(user).below("organisation__path", Action.READ_SUBMISSIONS)
    rows = _placed(scope).filter(readable, kind__in=[scope.kind] if scope.kind else REPORTING_KINDS)
    if scope.project_id:
        rows = rows.filter(roster_group__projects__project=scope.project_id)
    if measure in MEASURES:
        forms = Submission.objects.filter(MEASURES[measure][1], period__in=scope.periods)
        rows = rows.filter(organisation__in=forms.values("organisation"))
    named = rows.order_by().values("organisation").annotate(name=Max("short_name"), key=Max("sort_key"))
    return named.order_by("key", "organisation")


def forms_of(scope: Scope, organisation_ids: Collection[int]) -> Mapping[tuple[int, int], Submission]:
    """Forms by organisation and period, of those who stood under the node when the period was opened. Two queries."""
    places = _placed(scope).filter(organisation__in=organisation_ids)
    if scope.project_id:
        places = places.filter(roster_group__projects__project=scope.project_id)
    stood = set(places.values_list("organisation_id", "period_id"))
    forms = Submission.objects.filter(period__in=scope.periods, organisation__in=organisation_ids)
    return {key: row for row in forms if (key := (row.organisation_id, row.period_id)) in stood}


def _placed(scope: Scope) -> QuerySet[PeriodOrganisation]:
    return PeriodOrganisation.objects.filter(period__in=scope.periods, parent=scope.node)


def nodes_seen(user: Any) -> QuerySet[Organisation]:
    """Nodes that have organisations below them, of the person's part of the tree and above it."""
    access = access_of(user)
    return Organisation.objects.filter(access.around("path")).exclude(kind__in=REPORTING_KINDS)


def first_node(user: Any) -> Organisation | None:
    """Where the person begins: the node that holds everything whose forms they may read."""
    paths = [path.rstrip(".").split(".") for path in access_of(user).paths(Action.READ_SUBMISSIONS)]
    shared: list[str] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    nodes = nodes_seen(user).filter(pk__in=[int(part) for part in shared])
    return nodes.order_by("-depth").first() or nodes_seen(user).order_by("depth", "pk").first()


def is_bottom(node: Organisation) -> bool:
    """Whether only organisations stand below it."""
    return node.kind == OrganisationKind.MUNICIPALITY
