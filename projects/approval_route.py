"""Whose turn it is on the way of a change request, and what a route may be.

Who proposed a passport or wrote in it does not decide about it, and nobody decides two steps of one request: a route of
three steps means three people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from organisations.access import access_of
from organisations.models import Membership, Organisation, User
from organisations.roles import ACTIONS_OF_ROLE, Action, Role
from projects.models import ChangeRequest, Project, RequestStep, RouteStep, Step
from projects.querysets import steps_of

MOST_STEPS = 6
ROLES = (Role.OFFICE, Role.ADMINISTRATOR, Role.HEAD, Role.CURATOR, Role.COUNCIL)
"""Roles that see requests at all."""
DECIDES_LAST = frozenset({"", Role.OFFICE, Role.CURATOR, Role.COUNCIL})
"""Roles whose step may be the last one: it puts the passport in force."""


def route_of(project: Project | None) -> list[Step]:
    """The steps of a project's requests; one for all who approve where nobody has said otherwise."""
    own: list[Step] = list(RouteStep.objects.filter(project=project).select_related("person")) if project else []
    return own or [RouteStep(position=1)]


def steps_of_request(change_request: ChangeRequest) -> list[Step]:
    """The steps that a request takes; of a draft, those that it would be sent along."""
    if change_request.state == ChangeRequest.State.DRAFT:
        return route_of(change_request.project)
    return list(change_request.steps.select_related("person", "agreed_by"))


def refusal(change_request: ChangeRequest, steps: Sequence[Step], user: User) -> str:
    """Why this person may not decide now, as one sentence; empty where they may. ``steps`` are those of the request."""
    step = current_step(change_request, steps)
    if step is None:
        return "Запрос ещё не отправлен на согласование."
    if user.pk == change_request.author_id or change_request.writers.filter(pk=user.pk).exists():
        return "Вы предложили или правили этот паспорт: решение принимает другой человек."
    if any(isinstance(row, RequestStep) and row.agreed_by_id == user.pk for row in steps):
        return "Вы уже согласовали этот запрос: на каждом шаге решает другой человек."
    if not decides(step, change_request.territory, user):
        return f"Сейчас решает не вы, а другой участник согласования: {step}."
    return ""


def current_step(change_request: ChangeRequest, steps: Sequence[Step]) -> Step | None:
    """Whose turn it is. A draft of a route of one step waits for that one; of a longer route it must be sent first."""
    if change_request.state == ChangeRequest.State.DRAFT:
        return steps[0] if len(steps) == 1 else None
    return next((step for step in steps if step.position == change_request.step), None)


def is_own_draft(change_request: ChangeRequest, user: User) -> bool:
    """Whether it is the person's own and not sent yet: they may close it."""
    return change_request.state == ChangeRequest.State.DRAFT and change_request.author_id == user.pk


def is_last(step: Step, steps: Sequence[Step]) -> bool:
    return step.position == max(row.position for row in steps)


def decides(step: Step, territory: Organisation, user: User) -> bool:
    """Whether the step is this person's, by role or by name."""
    access = access_of(user)
    if step.person_id:
        sees = access.allows(Action.PROPOSE_PASSPORT, territory) or access.allows(Action.APPROVE_PASSPORT, territory)
        return step.person_id == user.pk and sees
    if not step.role:
        return access.allows(Action.APPROVE_PASSPORT, territory)
    return any(step.role in steps_of(grant.role) and territory.path.startswith(grant.path) for grant in access.grants)


def decides_ever(change_request: ChangeRequest, steps: Iterable[Step], user: User) -> bool:
    """Whether any step of the request is this person's, or they may approve there anyway: others get a 403."""
    territory = change_request.territory
    if access_of(user).allows(Action.APPROVE_PASSPORT, territory):
        return True
    return any(decides(step, territory, user) for step in steps)


def people_of(step: Step, territory: Organisation) -> set[int]:
    """Whom to tell that it is their turn."""
    if step.person_id:
        return {step.person_id}
    roles = [step.role] if step.role else [role for role in Role if Action.APPROVE_PASSPORT in ACTIONS_OF_ROLE[role]]
    rows = Membership.objects.filter(role__in=roles, organisation__in=territory.ancestor_ids, user__is_active=True)
    return set(rows.values_list("user", flat=True))


def people_to_name(project: Project) -> list[User]:
    """People who may be named in a route: those who propose or approve passports of the territory."""
    roles = [str(role) for role in ROLES]
    above = project.territory.ancestor_ids
    rows = User.objects.filter(memberships__role__in=roles, memberships__organisation__in=above, is_active=True)
    return list(rows.distinct().order_by("full_name", "pk"))
