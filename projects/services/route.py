"""The way of a change request to its approval: sending, agreeing, returning, withdrawing, and the route itself.

The last step and a rejection stand in ``approval``; they begin with :func:`turn_locked` as every decision does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.urls import reverse

from organisations.access import access_of
from organisations.models import User
from organisations.models.notifications import NotificationKind
from organisations.roles import Action
from organisations.services.notifications import Notice, notify
from projects.approval_route import (
    DECIDES_LAST,
    MOST_STEPS,
    ROLES,
    current_step,
    is_last,
    people_of,
    people_to_name,
    refusal,
    route_of,
    steps_of_request,
)
from projects.models import ANY_APPROVER, ChangeRequest, Project, RequestEntry, RequestStep, RouteStep, Step
from projects.services.errors import RouteRefused, StaleBase, StaleVersion, StateConflict
from projects.services.proposals import draft_locked, request_locked

Act = RequestEntry.Act


@transaction.atomic
def change_request_send(*, change_request: ChangeRequest, version: int, actor: User) -> ChangeRequest:
    """Send a draft along the route of its project, as that is now; the first to decide are told.

    Raises ``StateConflict`` when it is no draft, ``StaleBase`` when another redaction is in force by now,
    ``StaleVersion`` where somebody wrote meanwhile.
    """
    locked = draft_locked(change_request, version)
    refuse_outdated(locked)
    steps = route_of(locked.project)
    locked.steps.all().delete()
    RequestStep.objects.bulk_create(
        RequestStep(change_request=locked, position=step.position, role=step.role, person=step.person) for step in steps
    )
    locked.state, locked.step = ChangeRequest.State.ON_APPROVAL, steps[0].position
    return _written(locked, Act.SENT, actor)


@transaction.atomic
def change_request_withdraw(*, change_request: ChangeRequest, version: int, actor: User) -> ChangeRequest:
    """Take one's own request back to be a draft; ``StateConflict`` where it is not on approval or not one's own."""
    locked = request_locked(change_request, version)
    if locked.state != ChangeRequest.State.ON_APPROVAL:
        raise StateConflict("Запрос и так у вас: он ещё черновик.")
    if actor.pk != locked.author_id:
        raise StateConflict("Отозвать запрос может только тот, кто его предложил.")
    locked.state, locked.step = ChangeRequest.State.DRAFT, None
    return _written(locked, Act.WITHDRAWN, actor)


@transaction.atomic
def change_request_agree(
    *, change_request: ChangeRequest, version: int, actor: User, comment: str = ""
) -> ChangeRequest:
    """Agree at a step that is not the last one: the next one's turn comes, and they are told.

    Raises ``StateConflict`` where it is not this person's turn, ``StaleBase`` where the request is outdated.
    """
    locked, step, steps = turn_locked(change_request, version, actor)
    refuse_outdated(locked)
    if is_last(step, steps):
        raise StateConflict("Это последний шаг: паспорт утверждается с номером и датой протокола.")
    locked.steps.filter(position=step.position).update(agreed_by=actor)
    locked.step = min(row.position for row in steps if row.position > step.position)
    return _written(locked, Act.AGREED, actor, step, comment)


@transaction.atomic
def change_request_return(*, change_request: ChangeRequest, version: int, actor: User, comment: str) -> ChangeRequest:
    """Give a request on approval back to its author, to be mended and sent once more; ``comment`` says why."""
    locked, step, _ = turn_locked(change_request, version, actor)
    if locked.state != ChangeRequest.State.ON_APPROVAL:
        raise StateConflict("Запрос и так у автора: он ещё черновик.")
    locked.state, locked.step = ChangeRequest.State.DRAFT, None
    return _written(locked, Act.RETURNED, actor, step, comment)


@transaction.atomic
def approval_route_save(*, project: Project, steps: Sequence[str], seen: str) -> None:
    """Set the steps of a project's route by their keys (:attr:`projects.models.Step.key`).

    Without steps there is one, for all who approve. ``seen`` is the route that the person looked at, as
    :func:`route_key` writes it. Requests on their way keep theirs.
    Raises ``RouteRefused`` for a route that leads nowhere, ``StaleVersion`` where somebody changed it meanwhile.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    if route_key(project) != seen:
        raise StaleVersion("Пока вы смотрели, маршрут изменил другой сотрудник. Проверьте и повторите.")
    made = [_step(project, position, key) for position, key in enumerate(steps, 1)]
    if len(made) > MOST_STEPS:
        raise RouteRefused(f"В маршруте не больше {MOST_STEPS} шагов.")
    if len({step.key for step in made}) < len(made):
        raise RouteRefused("Один и тот же участник стоит в маршруте дважды: на каждом шаге решает другой человек.")
    if made and not _may_be_last(made[-1], project):
        raise RouteRefused("Последний шаг утверждает паспорт: это куратор, член совета или проектный офис.")
    project.route.all().delete()
    RouteStep.objects.bulk_create(made)


def route_key(project: Project) -> str:
    """The route as one text, by which a form tells whether it was changed meanwhile."""
    return " ".join(step.key for step in project.route.all())


def turn_locked(change_request: ChangeRequest, version: int, actor: User) -> tuple[ChangeRequest, Step, Sequence[Step]]:
    """The request under lock, of the version that the person saw, where it is their turn; its step and all steps.

    Raises ``StateConflict`` with the reason where it is not, or where the request is decided already.
    """
    locked = request_locked(change_request, version)
    steps = steps_of_request(locked)
    step = current_step(locked, steps)
    refused = refusal(locked, steps, actor)
    if step is None or refused:
        raise StateConflict(refused)
    return locked, step, steps


def refuse_outdated(change_request: ChangeRequest) -> None:
    """Raise ``StaleBase`` where another redaction has come into force since the request was begun."""
    newer = change_request.outdated_by
    if newer is not None:
        raise StaleBase(f"Запрос устарел: действует уже {newer}. Сначала перенесите его изменения на неё.")


def entry_add(
    change_request: ChangeRequest, act: RequestEntry.Act, actor: User, step: Step | None = None, comment: str = ""
) -> None:
    """Write down what somebody did to the request."""
    RequestEntry.objects.create(
        change_request=change_request, act=act, step_title=str(step or ""), comment=comment, actor=actor
    )


def tell_author(change_request: ChangeRequest, actor: User, text: str) -> None:
    """Tell who proposed it, unless they did it themselves."""
    if actor.pk != change_request.author_id:
        _tell(NotificationKind.REQUEST_DECIDED, change_request, [change_request.author_id], text)


def _written(
    locked: ChangeRequest, act: RequestEntry.Act, actor: User, step: Step | None = None, comment: str = ""
) -> ChangeRequest:
    """Save the step forward or back, write it down and tell whom it concerns."""
    locked.version += 1
    locked.save(update_fields=["state", "step", "version"])
    entry_add(locked, act, actor, step, comment)
    if act == Act.RETURNED:
        tell_author(locked, actor, f"{named(locked)} возвращён с замечанием: {comment}")
    if locked.state == ChangeRequest.State.ON_APPROVAL:
        _tell_next(locked)
    return ChangeRequest.objects.get(pk=locked.pk)


def named(change_request: ChangeRequest) -> str:
    """The request as it is called in messages."""
    title = change_request.passport.short_title or change_request.passport.title or "без наименования"
    return f"Запрос № {change_request.pk} на изменение паспорта «{title}»"


def _tell_next(change_request: ChangeRequest) -> None:
    steps = steps_of_request(change_request)
    step = current_step(change_request, steps)
    if step is None:
        return
    agreed = {row.agreed_by_id for row in change_request.steps.all()}
    wrote = {change_request.author_id, *change_request.writers.values_list("pk", flat=True)}
    recipients = people_of(step, change_request.territory) - wrote - agreed
    order = f"шаг {[row.position for row in steps].index(step.position) + 1} из {len(steps)}"
    _tell(
        NotificationKind.APPROVAL_ASKED,
        change_request,
        recipients,
        f"{named(change_request)} ждёт вашего решения: {order}.",
    )


def _tell(kind: NotificationKind, change_request: ChangeRequest, people: Iterable[int], text: str) -> None:
    link = reverse("projects:change_request", args=[change_request.pk])
    # With the version: a request that comes back and is sent again the same day is told of again.
    subject = f"change_request:{change_request.pk}:{change_request.version}"
    notify(kind=kind, notices=[Notice(person, subject, text, link) for person in sorted(people)])


def _step(project: Project, position: int, key: str) -> RouteStep:
    """A step out of its key; raises ``RouteRefused`` for who cannot be named here."""
    if key.startswith("person:"):
        person = next((user for user in people_to_name(project) if f"person:{user.pk}" == key), None)
        if person is None:
            raise RouteRefused("Этот человек больше не работает с паспортами здесь: выберите другого.")
        return RouteStep(project=project, position=position, person=person)
    if key not in (ANY_APPROVER, *ROLES):
        raise RouteRefused("Такого участника согласования нет: выберите из списка.")
    return RouteStep(project=project, position=position, role="" if key == ANY_APPROVER else key)


def _may_be_last(step: RouteStep, project: Project) -> bool:
    if step.person is None:
        return step.role in DECIDES_LAST
    return access_of(step.person).allows(Action.APPROVE_PASSPORT, project.territory)
