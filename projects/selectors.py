"""Reads of projects and change requests for their pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform

from organisations.access import access_of
from organisations.models import Organisation, OrganisationKind, User, sort_key_of
from organisations.roles import Action
from projects.models import ChangeRequest, Project, Redaction, Result, Task

SORTS = ("name", "level", "territory", "end")


def projects_listed(
    user: Any, *, level: str = "", territory: int | None = None, text: str = "", sort: str = "name"
) -> list[Project]:
    """Projects the person sees, each with ``redaction_number``, ``protocol_number`` and ``protocol_date`` in force.

    Words are compared here and not by the database: without ICU it knows neither «ё» nor capitals.
    """
    latest = Redaction.objects.filter(project=OuterRef("pk")).order_by("-number")
    projects = Project.objects.visible_to(user).select_related("territory")
    if level:
        projects = projects.filter(level=level)
    if territory is not None:
        projects = projects.filter(territory_id=territory)
    rows = projects.annotate(
        redaction_number=Subquery(latest.values("number")[:1]),
        protocol_number=Subquery(latest.values("protocol_number")[:1]),
        protocol_date=Subquery(latest.values("protocol_date")[:1]),
    )
    wanted = sort_key_of(text).split()
    found = [row for row in rows if all(word in sort_key_of(f"{row.title} {row.short_title}") for word in wanted)]
    key, descending = sort.lstrip("-"), sort.startswith("-")
    return sorted(found, key=lambda row: in_order(row, key), reverse=descending)


def in_order(project: Project, key: str) -> tuple[Any, ...]:
    """What projects are sorted by: one of :data:`SORTS`."""
    name = sort_key_of(project.short_title)
    match key:
        case "level":
            return (("federal", "regional", "municipal").index(project.level), name)
        case "territory":
            return (project.territory.depth, project.territory.sort_key, name)
        case "end":
            return (project.end or dt.date.max, name)
    return (name, project.pk)


def territories_with_projects(user: Any) -> QuerySet[Organisation]:
    """Territories to filter the list by: those of projects that the person sees."""
    return (
        Organisation.objects.filter(projects__in=Project.objects.visible_to(user))
        .distinct()
        .order_by("depth", "sort_key")
    )


def territories_to_propose_in(user: Any) -> QuerySet[Organisation]:
    """The region and the municipalities in which the person may propose a passport; the region first."""
    nodes = Organisation.objects.open().filter(kind__in=[OrganisationKind.REGION, OrganisationKind.MUNICIPALITY])
    return nodes.filter(access_of(user).below("path", Action.PROPOSE_PASSPORT)).order_by("depth", "sort_key", "pk")


def tasks_with_results(project: Project) -> list[tuple[Task | None, list[Result]]]:
    """Tasks in document order, each with its results; results that serve no task come last, under None."""
    tasks = list(Task.objects.filter(project=project).current().order_by("position"))
    results = list(Result.objects.filter(project=project).current().order_by("position"))
    groups: list[tuple[Task | None, list[Result]]] = [
        (task, [result for result in results if result.task_id == task.pk]) for task in tasks
    ]
    loose = [result for result in results if result.task_id is None]
    return groups + ([(None, loose)] if loose else [])


def redaction_on(project: Project, day: dt.date) -> Redaction | None:
    """The redaction that was in force on a day: of those in force by then the one with the highest number."""
    rows = project.redactions.select_related("approved_by").defer("document", "identity")
    return next((row for row in rows if row.in_force_from <= day), None)


def change_requests_listed(user: Any, *, state: str = "") -> QuerySet[ChangeRequest]:
    """Change requests the person sees, those without a decision first, without their documents."""
    requests = ChangeRequest.objects.visible_to(user)
    if state:
        requests = requests.filter(state=state)
    order = Case(When(Q(decided_at=None), then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        requests.select_related("project", "territory", "author", "decided_by", "redaction")
        .defer("document", "findings", "identity", "redaction__document", "redaction__identity")
        .annotate(
            order=order,
            short_title=KeyTextTransform("short_title", "document"),
            title=KeyTextTransform("title", "document"),
        )
        .order_by("order", "-created_at", "-pk")
    )


def last_writer(change_request: ChangeRequest) -> tuple[User | None, dt.datetime | None]:
    """Who wrote to a change request last and when, as the audit trail has it; nobody where a job did."""
    events: Any = ChangeRequest.pgh_event_model  # type: ignore[attr-defined]
    event = (
        events.objects.filter(pgh_obj_id=change_request.pk)
        .order_by("-pgh_id")
        .values_list("pgh_created_at", "pgh_context__metadata")
        .first()
    )
    if event is None:
        return None, None
    moment, metadata = event
    writer = (metadata or {}).get("user")
    return (User.objects.filter(pk=writer).first() if writer else None), moment
