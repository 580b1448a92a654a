"""The state of projects at a glance: where their indicators stand in the last period that brought figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from indicators.models import Measurement, PeriodProject, PeriodTarget, ReportingPeriod, RolledUpValue
from indicators.selectors.plan_fact import assessed, rolled_up
from indicators.status import Status
from projects.models import Project

_SHOWN = (Status.RED, Status.YELLOW, Status.GREEN, Status.GREY, Status.UNDEFINED)


@dataclass(frozen=True)
class StatusCount:
    """How many indicators stand in one status."""

    status: Status
    count: int

    @property
    def words(self) -> str:
        return f"{self.status.words}: {self.count}"


@dataclass(frozen=True)
class ProjectState:
    """A project in its last period with accepted figures; ``period`` None: nothing was accepted yet.

    ``counts`` begin with the worst status. Coverage is the widest of the project's indicators.
    """

    project: Project
    period: ReportingPeriod | None = None
    counts: tuple[StatusCount, ...] = ()
    expected: int = 0
    submitted: int = 0
    accepted: int = 0


def states_of(projects: Sequence[Project]) -> list[ProjectState]:
    """The states of these projects, in their order. Five queries, however many there are."""
    last = _last_periods(projects)
    measurements: dict[int, list[Measurement]] = defaultdict(list)
    # Results stand in their own table: here the words are «показатели».
    rows = Measurement.objects.filter(project__in=last.values(), indicator__archived_at=None, indicator__result=None)
    for row in rows.select_related("period", "project"):
        measurements[row.project.project_id].append(row)
    every = [row for found in measurements.values() for row in found]
    actuals = rolled_up(every, {project.territory_id for project in projects})
    targets = dict(
        PeriodTarget.objects.filter(measurement__in=every, organisation=None).values_list("measurement_id", "value")
    )
    states = []
    for project in projects:
        if project.pk not in last:
            states.append(ProjectState(project))
            continue
        found = [(row, actuals.get((row.pk, project.territory_id))) for row in measurements[project.pk]]
        counts = Counter(assessed(row, targets.get(row.pk), actual).status for row, actual in found)
        widest = max((actual.coverage for _, actual in found if actual), key=lambda c: c.expected, default=None)
        states.append(
            ProjectState(
                project,
                last[project.pk].period,
                tuple(StatusCount(status, counts[status]) for status in _SHOWN if counts[status]),
                widest.expected if widest else 0,
                widest.submitted if widest else 0,
                widest.accepted if widest else 0,
            )
        )
    return states


def _last_periods(projects: Sequence[Project]) -> dict[int, PeriodProject]:
    """By project, the period that ended last among those in which something was accepted."""
    territories = {project.pk: project.territory_id for project in projects}
    with_figures = set(
        RolledUpValue.objects.filter(
            indicator__project__in=projects, organisation__in=set(territories.values()), accepted__gt=0
        )
        .order_by()
        .values_list("indicator__project_id", "period_id")
        .distinct()
    )
    rows = PeriodProject.objects.filter(project__in=projects).select_related("period").order_by("period__end")
    return {row.project_id: row for row in rows if (row.project_id, row.period_id) in with_figures}
