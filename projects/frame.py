"""The frame around every page of a project: which project, which redaction is in force, and the tabs of its sections.

Apps that own a section of the passport take it from here and extend ``projects/section.html``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse

from organisations.access import access_of
from organisations.prepared import Prepared
from organisations.roles import Action
from projects.models import ChangeRequest, Project, Redaction

# Lower apps know the pages of upper ones by name only.
FRONT = "reports:overview"
"""The page that «the project» means: where links to a project lead."""
TABS = (
    (FRONT, "Обзор"),
    ("projects:detail", "Паспорт"),
    ("indicators:project_indicators", "Показатели"),
    ("projects:results", "Результаты"),
    ("finance:project", "Финансы"),
    ("participants:project", "Участники"),
    ("milestones:project", "План мероприятий"),
    ("projects:additional", "Дополнительно"),
    ("reports:plan_fact", "План и факт"),
    ("reports:progress", "Отчёт"),
    ("reports:monitoring", "Мониторинг"),
    ("reports:documents", "Документы"),
    ("projects:redactions", "Редакции"),
)

_PROJECT = Prepared(lambda pk: Project.objects.select_related("territory").filter(pk=pk))
_IN_FORCE = Prepared(
    lambda project: (
        Redaction.objects.filter(project=project).select_related("approved_by").defer("document", "identity")[:1]
    )
)
_DRAFTS = Prepared(
    lambda project: ChangeRequest.objects.filter(project=project).open().only("pk", "project", "created_at", "state")
)


@dataclass(frozen=True)
class Tab:
    title: str
    url: str
    current: bool


def project_or_404(request: HttpRequest, project_id: int) -> Project:
    """The project, if this person sees it."""
    project = _PROJECT.first(project_id)
    if project is None or not access_of(request.user).is_around(project.territory):
        raise Http404
    return project


def project_context(request: HttpRequest, project: Project, current: str) -> dict[str, Any]:
    """What ``projects/section.html`` needs; ``current`` is the url name of the page, one of :data:`TABS`.

    ``redaction`` is the one in force or None. Costs one query, two for those who keep passports.
    """
    access = access_of(request.user)
    may_propose = access.allows(Action.PROPOSE_PASSPORT, project.territory)
    may_approve = access.allows(Action.APPROVE_PASSPORT, project.territory)
    title = dict(TABS).get(current, "")
    return {
        "project": project,
        "redaction": in_force(project),
        "section_tabs": tabs_of(project, current),
        "section_title": title,
        "breadcrumbs": crumbs(project, None if current == FRONT else title),
        "may_propose": may_propose,
        "drafts": drafts_of(project) if may_propose or may_approve else [],
    }


def crumbs(project: Project, *here: str | None) -> list[tuple[str, str]]:
    """The way from the list of projects down to a page of this one."""
    above = [
        ("Проекты", reverse("projects:list")),
        (project.short_title, reverse(FRONT, args=[project.pk])),
    ]
    return above + [(title, "") for title in here if title]


def in_force(project: Project) -> Redaction | None:
    """The redaction with the highest number. Its document, a tenth of a megabyte, is read when it is asked for."""
    return _IN_FORCE.first(project.pk)


def drafts_of(project: Project) -> list[ChangeRequest]:
    """Proposals that wait for a decision, newest first, without their documents."""
    return _DRAFTS.all(project.pk)


def tabs_of(project: Project, current: str) -> list[Tab]:
    """Tabs of the sections; one whose app has no page yet is left out."""
    found = []
    for name, title in TABS:
        try:
            url = reverse(name, args=[project.pk])
        except NoReverseMatch:
            continue
        found.append(Tab(title, url, name == current))
    return found
