"""The front page of a project: where it stands on one screen, everything a link away."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from indicators.models import PeriodReopening
from organisations.access import access_of
from organisations.prepared import Prepared
from organisations.roles import Action
from projects.models import ChangeRequest, Project, Redaction
from projects.status import Status
from projects.templatetags.ru import upto
from reports import charts
from reports.models import Deviation, PartKind, PartState
from reports.state.links import part_link
from reports.state.rules import WORST_FIRST
from reports.state.selectors import ProjectState

FIRST_LINES = 5
POINTS = 4
DEVIATIONS = 3
CHANGES = 3
_PARTS = Prepared(lambda project: PartState.objects.filter(project=project))
_LIVE = Prepared(
    lambda project, overseen, person: (
        Deviation.objects.visible_within(project, overseen.each, person).live().select_related("owner")
    )
)
_CLOSED = Prepared(
    lambda project, overseen, person: (
        Deviation.objects.visible_within(project, overseen.each, person)
        .filter(state="closed")
        .order_by("-closed_at")[:CHANGES]
    )
)
_REDACTIONS = Prepared(
    lambda project: (
        Redaction.objects.filter(project=project)
        .select_related("approved_by")
        .defer("document", "identity")
        .order_by("-number")[:CHANGES]
    )
)
_CORRECTIONS = Prepared(
    lambda project: (
        PeriodReopening.objects.filter(period__projects__project=project)
        .select_related("period", "actor")
        .order_by("-at")[:CHANGES]
    )
)
_DECLINED = Prepared(
    lambda project: (
        ChangeRequest.objects.filter(project=project, state=ChangeRequest.State.REJECTED, decided_at__isnull=False)
        .select_related("decided_by")
        .defer("document", "identity", "findings")
        .order_by("-decided_at")[:CHANGES]
    )
)
_AHEAD = frozenset({Status.PENDING, Status.YELLOW, Status.RED})


@dataclass(frozen=True)
class Line:
    """An indicator or a result as it stands, with the line of its years."""

    part: PartState
    spark: charts.Spark
    href: str
    deviation: Deviation | None


@dataclass(frozen=True)
class Point:
    """A control point that is ahead or overdue. ``slip``: days that it is, or is foreseen, later than planned."""

    part: PartState
    href: str
    slip: int
    is_overdue: bool


@dataclass(frozen=True)
class Money:
    """The money of one year, or of all years (``year`` None), in roubles. ``executed`` None: nobody said, not 0."""

    year: int | None
    planned: Decimal
    executed: Decimal | None

    @property
    def share(self) -> Decimal | None:
        return 100 * self.executed / self.planned if self.planned and self.executed is not None else None

    @property
    def bar(self) -> int:
        """Length of the executed part of a bar of 1000; more than planned fills it."""
        return int(min(max(self.share or Decimal(0), Decimal(0)), Decimal(100)) * 10)


@dataclass(frozen=True)
class Change:
    """Something that happened to the project."""

    at: dt.datetime
    title: str
    note: str
    href: str


@dataclass(frozen=True)
class Overview:
    """``first`` are the lines that deserve attention most; ``rest`` follow them on demand."""

    state: ProjectState
    first: list[Line]
    rest: list[Line]
    points: list[Point]
    money: list[Money]
    deviations: list[Deviation]
    unexplained: int
    live: int
    changes: list[Change]


def overview_of(state: ProjectState, user: Any, *, today: dt.date) -> Overview:
    """Everything on the page of a project that the person sees. As many queries, however large the project is."""
    project = state.project
    parts = _PARTS.all(project.pk)
    deviations = _LIVE.all(project.pk, _overseen(project, user), user.pk)
    lines = _lines(parts, deviations)
    return Overview(
        state=state,
        first=lines[:FIRST_LINES],
        rest=lines[FIRST_LINES:],
        points=_points(parts, today),
        money=_money(parts, today.year),
        deviations=sorted(deviations, key=lambda row: (row.state != "open", row.status != "red", -row.pk))[:DEVIATIONS],
        unexplained=sum(row.state == "open" for row in deviations),
        live=len(deviations),
        changes=_changes(project, user),
    )


def _overseen(project: Project, user: Any) -> list[int]:
    return [project.pk] if access_of(user).allows(Action.READ_DEVIATIONS) else []


def _lines(parts: Iterable[PartState], deviations: Sequence[Deviation]) -> list[Line]:
    """Indicators and results: those that deviate first, then in the order of the passport."""
    years: dict[tuple[str, Any], list[PartState]] = defaultdict(list)
    for part in parts:
        if part.kind in (PartKind.INDICATOR, PartKind.RESULT):
            years[part.kind, part.row_id].append(part)
    open_on = {(row.kind, row.row_id): row for row in deviations}
    found = []
    for key, rows in years.items():
        rows.sort(key=lambda part: part.year or 0)
        current = next((part for part in rows if part.is_current), None)
        if current:
            found.append(Line(current, _spark(rows), part_link(current), open_on.get(key)))
    return sorted(found, key=lambda line: (_rank(line.part), line.part.kind, line.part.position))


def _rank(part: PartState) -> int:
    status = Status(part.status)
    return WORST_FIRST.index(status) if status in (Status.RED, Status.YELLOW) else len(WORST_FIRST)


def _spark(rows: Sequence[PartState]) -> charts.Spark:
    known = [f"{row.year}: {upto(row.actual, 2)}" for row in rows if row.actual is not None]
    words = "По годам: " + ", ".join(known) if known else "Фактов ещё нет"
    return charts.sparkline([row.actual for row in rows], words, [row.target for row in rows])


def _points(parts: Iterable[PartState], today: dt.date) -> list[Point]:
    """Overdue ones, and those that come next."""
    ahead = [
        part
        for part in parts
        if part.kind == PartKind.CONTROL_POINT and part.actual_on is None and part.due and part.status in _AHEAD
    ]
    return [_point(part, today) for part in sorted(ahead, key=lambda part: (part.due, part.position))[:POINTS]]


def _point(part: PartState, today: dt.date) -> Point:
    assert part.due is not None
    is_overdue = part.due < today
    foreseen = max(part.forecast_on or part.due, today if is_overdue else part.due)
    return Point(part, part_link(part), (foreseen - part.due).days, is_overdue)


def _money(parts: Iterable[PartState], year: int) -> list[Money]:
    """This year and all years; nothing where the passport plans no money."""
    planned: dict[int, Decimal] = defaultdict(Decimal)
    executed: dict[int, Decimal] = {}
    for part in parts:
        if part.kind == PartKind.MONEY and part.year:
            planned[part.year] += part.target or 0
            if part.actual is not None:
                executed[part.year] = executed.get(part.year, Decimal(0)) + part.actual
    if not planned:
        return []
    whole = Money(None, sum(planned.values(), Decimal(0)), sum(executed.values(), Decimal(0)) if executed else None)
    own = [Money(year, planned[year], executed.get(year))] if year in planned else []
    return [*own, whole]


def _changes(project: Project, user: Any) -> list[Change]:
    """Redactions, decisions and corrections, the latest first."""
    found = [*_redactions(project), *_corrections(project), *_closed(project, user)]
    if access_of(user).allows(Action.PROPOSE_PASSPORT, project.territory) or access_of(user).allows(
        Action.APPROVE_PASSPORT, project.territory
    ):
        found += _declined(project)
    return sorted(found, key=lambda change: change.at, reverse=True)[:CHANGES]


def _redactions(project: Project) -> Iterator[Change]:
    for row in _REDACTIONS.all(project.pk):
        note = f"протокол № {row.protocol_number}, " if row.protocol_number else ""
        href = reverse("projects:redaction", args=[project.pk, row.number])
        yield Change(
            row.approved_at, f"Утверждена редакция № {row.number}", f"{note}{row.approved_by.short_name}", href
        )


def _corrections(project: Project) -> Iterator[Change]:
    for row in _CORRECTIONS.all(project.pk):
        href = reverse("reports:plan_fact", args=[project.pk])
        yield Change(row.at, f"Исправляется период: {row.period}", f"{row.reason} {row.actor.short_name}", href)


def _declined(project: Project) -> Iterator[Change]:
    for row in _DECLINED.all(project.pk):
        who = f" {row.decided_by.short_name}" if row.decided_by else ""
        href = reverse("projects:change_request", args=[row.pk])
        assert row.decided_at is not None
        yield Change(row.decided_at, f"Отклонён запрос на изменение № {row.pk}", f"{row.reason}{who}", href)


def _closed(project: Project, user: Any) -> Iterator[Change]:
    for row in _CLOSED.all(project.pk, _overseen(project, user), user.pk):
        assert row.closed_at is not None
        yield Change(
            row.closed_at, f"Закрыто отклонение: {row}", row.closing, reverse("reports:deviation", args=[row.pk])
        )
