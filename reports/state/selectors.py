"""Projects with the state of their parts, as pages show them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count as Rows
from django.db.models import Max

from indicators.selectors.plan_fact import Coverage
from organisations.prepared import Prepared
from projects.models import Project
from projects.status import Status
from reports.models import PartKind, PartState
from reports.querysets import THREATENED
from reports.state.rules import Count, counted, state_of

TITLES = {
    PartKind.INDICATOR: "Показатели",
    PartKind.RESULT: "Результаты",
    PartKind.CONTROL_POINT: "Контрольные точки",
    PartKind.MONEY: "Деньги",
}

_COUNTS: Prepared[tuple[int, str, str, int, int, dt.date | None]] = Prepared(
    lambda projects: (
        PartState.objects.filter(project__in=projects.each)
        .of_state()
        .order_by()
        .values_list("project_id", "kind", "status")
        .annotate(n=Rows("pk"), endangered=Rows("pk", filter=THREATENED), day=Max("as_of"))
    )
)
_WIDEST = Prepared(
    lambda projects: (
        PartState.objects.filter(project__in=projects.each, expected__gt=0)
        .of_state()
        .order_by("project_id", "-as_of", "-expected", "position")
        .distinct("project_id")
    )
)


@dataclass(frozen=True)
class Share:
    """One kind of parts of a project, the worst counts first; ``threatened`` of them are control points in danger."""

    kind: PartKind
    counts: tuple[Count, ...]
    threatened: int = 0

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def status(self) -> Status:
        return state_of(self.counts)

    @property
    def words(self) -> str:
        """«в срок: 3; под угрозой: 1»; empty where there are no parts."""
        return "; ".join([count.words for count in self.counts] + ([self.danger] if self.danger else []))

    @property
    def danger(self) -> str:
        return f"под угрозой: {self.threatened}" if self.threatened else ""


@dataclass(frozen=True)
class ProjectState:
    """A project by its parts. ``coverage`` is the widest of its indicators, ``as_of`` the day of its newest figure."""

    project: Project
    shares: tuple[Share, ...] = ()
    coverage: Coverage | None = None
    as_of: dt.date | None = None
    by_kind: dict[str, Share] = field(default_factory=dict, compare=False)

    @property
    def counts(self) -> tuple[Count, ...]:
        """Over all kinds."""
        total: Counter[str] = Counter()
        for share in self.shares:
            total.update({count.status: count.count for count in share.counts})
        return counted(total)

    @property
    def status(self) -> Status:
        return state_of(self.counts)

    @property
    def every(self) -> tuple[Share, ...]:
        """All kinds, those without parts too: tables have a column for each."""
        return tuple(self.by_kind.get(kind) or Share(kind, ()) for kind in PartKind)


def states_of(projects: Sequence[Project]) -> list[ProjectState]:
    """The states of these projects, in their order. Two queries, however many there are."""
    ids = [project.pk for project in projects]
    counts: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    threatened: Counter[int] = Counter()
    days: dict[int, dt.date] = {}
    for project_id, kind, status, number, endangered, day in _COUNTS.all(ids):
        counts[project_id][kind][status] = number
        threatened[project_id] += endangered
        if day:
            days[project_id] = max(day, days.get(project_id, day))
    widest = {
        row.project_id: Coverage(row.expected or 0, row.submitted or 0, row.accepted or 0) for row in _WIDEST.all(ids)
    }
    found = []
    for project in projects:
        danger = {PartKind.CONTROL_POINT: threatened[project.pk]}
        shares = {
            kind: Share(kind, counted(counts[project.pk][kind]), danger.get(kind, 0))
            for kind in PartKind
            if counts[project.pk][kind]
        }
        found.append(
            ProjectState(
                project,
                tuple(share for share in shares.values() if share.counts),
                widest.get(project.pk),
                days.get(project.pk),
                {kind.value: share for kind, share in shares.items()},
            )
        )
    return found
