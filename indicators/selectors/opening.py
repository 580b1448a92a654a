"""What opening a period would freeze, told before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from indicators.models import Indicator, ReportingPeriod
from indicators.services.freezing import Agreed, NothingToAsk, agreed_for, rosters_of
from organisations.models import Organisation, OrganisationKind
from projects.models import Project


@dataclass(frozen=True)
class ProjectPreview:
    """``without_formula``: indicators that would not be computed. ``problem``: why the project cannot be opened."""

    project: Project
    organisations: int = 0
    computed: int = 0
    without_formula: tuple[Indicator, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Preview:
    """``organisations``: how many forms there will be. ``kinds``: of which kind, with counts."""

    projects: tuple[ProjectPreview, ...]
    organisations: int
    questions: int
    kinds: tuple[tuple[str, int], ...] = field(default=())

    @property
    def can_open(self) -> bool:
        return bool(self.projects) and not any(row.problem for row in self.projects)


def opening_preview(period: ReportingPeriod, projects: Sequence[Project]) -> Preview:
    """``period`` need not be saved: its last day decides which organisations still stand."""
    plans: dict[int, Agreed] = {}
    problems: dict[int, str] = {}
    for project in projects:
        try:
            plans[project.pk] = agreed_for(project)
        except NothingToAsk as error:
            problems[project.pk] = str(error)
    rosters = rosters_of(period, list(plans.values()))
    everybody = set().union(*rosters.values())
    return Preview(
        projects=tuple(_of_project(project, plans, rosters, problems) for project in projects),
        organisations=len(everybody),
        questions=len({row.pk for plan in plans.values() for row in plan.needed}),
        kinds=_kinds(everybody),
    )


def _of_project(
    project: Project, plans: dict[int, Agreed], rosters: dict[int, set[int]], problems: dict[int, str]
) -> ProjectPreview:
    if project.pk in problems:
        return ProjectPreview(project, problem=problems[project.pk])
    computed = {formula.indicator_id for formula in plans[project.pk].formulas}
    indicators = Indicator.objects.filter(project=project).current().annotate(planned=Count("targets__value"))
    # A heading over sub-indicators has no values and needs no formula.
    silent = tuple(row for row in indicators if row.pk not in computed and row.planned)
    count = len(rosters[project.pk])
    problem = "" if count else f"В проекте «{project}» некому отчитываться: нет организаций нужного вида."
    return ProjectPreview(project, count, len(computed), silent, problem)


def _kinds(organisations: set[int]) -> tuple[tuple[str, int], ...]:
    rows = Organisation.objects.filter(pk__in=organisations).order_by().values_list("kind").annotate(Count("pk"))
    order = list(OrganisationKind.values)
    return tuple(
        (str(OrganisationKind(kind).label), count) for kind, count in sorted(rows, key=lambda row: order.index(row[0]))
    )
