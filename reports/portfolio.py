"""All projects that a person sees, each with its state, money and deviations; and a few of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from organisations.models import sort_key_of
from projects.models import Project
from projects.selectors import in_order
from projects.status import Status
from reports.documents.dataset import Column, Dataset
from reports.models import Deviation, PartKind, PartState
from reports.moment import as_of_now
from reports.state.rules import WORST_FIRST
from reports.state.selectors import TITLES, ProjectState, states_of

SORTS = ("name", "state", "level", "territory", "end", "money", "deviations")
COMPARED = (2, 4)
_MILLION = 1_000_000


@dataclass(frozen=True)
class PortfolioRow:
    """A project with the money of one year, in roubles (``executed`` None: nobody said), and its live deviations."""

    state: ProjectState
    planned: Decimal
    executed: Decimal | None
    live: int
    unexplained: int

    @property
    def project(self) -> Project:
        return self.state.project

    @property
    def share(self) -> Decimal | None:
        return 100 * self.executed / self.planned if self.planned and self.executed is not None else None


def portfolio_of(user: Any, chosen: Mapping[str, Any], *, year: int) -> list[PortfolioRow]:
    """Projects narrowed by ``q``, ``level``, ``territory``, ``status`` and ``person``, in the order of ``sort``.

    Six queries, however many projects there are.
    """
    projects = Project.objects.visible_to(user).select_related("territory")
    if chosen.get("level"):
        projects = projects.filter(level=chosen["level"])
    if chosen.get("territory"):
        projects = projects.filter(territory=chosen["territory"])
    if chosen.get("person"):
        projects = projects.filter(Q(curator=chosen["person"]) | Q(head=chosen["person"]))
    # Words are compared here and not by the database: without ICU it knows neither «ё» nor capitals.
    wanted = sort_key_of(chosen.get("q") or "").split()
    found = [row for row in projects if all(word in sort_key_of(f"{row.title} {row.short_title}") for word in wanted)]
    rows = rows_of(found, user, year=year)
    if chosen.get("status"):
        rows = [row for row in rows if row.state.status == chosen["status"]]
    return _sorted(rows, chosen.get("sort") or "state")


def rows_of(projects: Sequence[Project], user: Any, *, year: int) -> list[PortfolioRow]:
    """These projects in their order. Five queries."""
    money = {
        pk: (planned or Decimal(0), executed)
        for pk, planned, executed in PartState.objects.filter(project__in=projects, kind=PartKind.MONEY, year=year)
        .order_by()
        .values_list("project")
        .annotate(planned=Sum("target"), executed=Sum("actual"))
    }
    deviations = {
        pk: (live, unexplained)
        for pk, live, unexplained in Deviation.objects.visible_to(user)
        .filter(project__in=projects)
        .live()
        .order_by()
        .values_list("project")
        .annotate(live=Count("pk"), unexplained=Count("pk", filter=Q(state="open")))
    }
    nothing = Decimal(0), None
    return [
        PortfolioRow(state, *money.get(state.project.pk, nothing), *deviations.get(state.project.pk, (0, 0)))
        for state in states_of(projects)
    ]


def _sorted(rows: list[PortfolioRow], sort: str) -> list[PortfolioRow]:
    key, descending = sort.lstrip("-"), sort.startswith("-")

    def own(row: PortfolioRow) -> Any:
        match key:
            case "state":
                counts = {count.status: count.count for count in row.state.counts}
                worst = -counts.get(Status.RED, 0), -counts.get(Status.YELLOW, 0)
                return (WORST_FIRST.index(row.state.status), *worst, sort_key_of(row.project.short_title))
            case "money":
                # Who plans no money stands apart, whichever way it is sorted.
                return (row.share is None) != descending, row.share or Decimal(0)
            case "deviations":
                return row.live, row.unexplained
        return in_order(row.project, key)

    return sorted(rows, key=own, reverse=descending)


def people_of_projects(user: Any) -> list[str]:
    """Curators and heads of the projects that the person sees, by name."""
    pairs = Project.objects.visible_to(user).order_by().values_list("curator", "head").distinct()
    return sorted({name for pair in pairs for name in pair if name}, key=sort_key_of)


def portfolio_dataset(rows: Sequence[PortfolioRow], *, year: int, lines: Sequence[str]) -> Dataset:
    """The portfolio as a file: counts by kind in words, money in million roubles."""
    return Dataset(
        title="Портфель проектов",
        lines=(*lines, as_of_now()),
        columns=(
            Column(title="Проект"),
            Column(title="Уровень"),
            Column(title="Территория"),
            Column(title="Куратор"),
            Column(title="Руководитель"),
            Column(title="Начало", kind="date"),
            Column(title="Окончание", kind="date"),
            Column(title="Состояние"),
            *(Column(title=title) for title in TITLES.values()),
            Column(title=f"План на {year} год", kind="number", unit="млн рублей", decimals=2),
            Column(title="Исполнено", kind="number", unit="млн рублей", decimals=2),
            Column(title="Исполнение, %", kind="number", decimals=1),
            Column(title="Отклонений", kind="number"),
            Column(title="Без причины", kind="number"),
            Column(title="Сведения на", kind="date"),
        ),
        rows=tuple(
            (
                row.project.short_title,
                row.project.get_level_display(),
                row.project.territory.short_name,
                row.project.curator or None,
                row.project.head or None,
                row.project.start,
                row.project.end,
                row.state.status.words,
                *(share.words or None for share in row.state.every),
                row.planned / _MILLION,
                None if row.executed is None else row.executed / _MILLION,
                row.share,
                Decimal(row.live),
                Decimal(row.unexplained),
                row.state.as_of,
            )
            for row in rows
        ),
    )
