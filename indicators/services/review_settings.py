"""How forms are reviewed: settings of the ministry. Periods opened before keep what they froze."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from indicators.models import ReviewRoute
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.models import Project


@transaction.atomic
def review_route_save(*, project: Project, municipality_first: bool, actor: User) -> ReviewRoute:
    """Say whether the municipality reviews the forms of a project before the ministry, from the next period on."""
    require(actor, Action.MANAGE_PERIODS, project.territory)
    route, _ = ReviewRoute.objects.update_or_create(
        project=project, defaults={"municipality_first": municipality_first}
    )
    return route


@transaction.atomic
def review_routes_save(*, projects: Iterable[Project], twice: Iterable[Project], actor: User) -> None:
    """Say of all these projects at once which of them the municipality reviews first."""
    chosen = {project.pk for project in twice}
    known = dict(ReviewRoute.objects.filter(project__in=projects).values_list("project_id", "municipality_first"))
    for project in projects:
        if known.get(project.pk, False) != (project.pk in chosen):
            review_route_save(project=project, municipality_first=project.pk in chosen, actor=actor)
