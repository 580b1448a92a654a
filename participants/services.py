"""Replacing a person in the passports of several projects at once."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organisations.access import access_of
from organisations.models import User
from organisations.roles import Action
from projects.models import ChangeRequest, Project, Redaction
from projects.passport.people import Named
from projects.passport.replacing import Newcomer, replacing, with_cells
from projects.services.errors import StaleVersion, StateConflict
from projects.services.proposals import change_request_open


@transaction.atomic
def person_replace(*, who: Named, newcomer: Newcomer, seen: Mapping[int, int], actor: User) -> list[ChangeRequest]:
    """Propose the newcomer in the person's place: a change request for each project, all of them or none.

    ``seen`` holds, by project, the number of the redaction that the actor looked at. A proposal that waits already and
    says just the same is returned in place of another, so that a form sent twice proposes once. Raises
    ``StaleVersion`` where another redaction has come into force, ``StateConflict`` where a passport does not name the
    person, ``PermissionDenied`` where the actor may not propose.
    """
    projects = Project.objects.select_for_update(of=("self",)).select_related("territory").order_by("pk")
    locked = list(projects.filter(pk__in=seen))
    access = access_of(actor)
    if not locked or not all(access.allows(Action.PROPOSE_PASSPORT, project.territory) for project in locked):
        raise PermissionDenied(Action.PROPOSE_PASSPORT.value)
    return [_proposed(project, who, newcomer, seen[project.pk], actor) for project in locked]


def _proposed(project: Project, who: Named, newcomer: Newcomer, seen: int, actor: User) -> ChangeRequest:
    redaction: Redaction | None = project.redactions.first()
    if redaction is None or redaction.number != seen:
        raise StaleVersion(f"Пока вы смотрели, утверждена другая редакция паспорта «{project.short_title}».")
    cells = replacing(redaction.passport, who, newcomer)
    if not cells:
        raise StateConflict(f"В паспорте «{project.short_title}» этот человек не назван.")
    passport = with_cells(redaction.passport, cells)
    same: ChangeRequest | None = (
        project.change_requests.open().filter(document=passport.model_dump(mode="json")).first()
    )
    return same or change_request_open(
        passport=passport,
        territory=project.territory,
        project=project,
        source_file=None,
        actor=actor,
    )
