"""Letters that were given up: the mail server refused them, or was gone, as often as a letter is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jobs.models import Job, JobState
from organisations.mail import HANDLER
from organisations.models import Invitation, User
from organisations.services.invitations import LETTER_HANDLER
from organisations.services.passwords import NEW_PASSWORD_HANDLER

HANDLERS = (HANDLER, LETTER_HANDLER, NEW_PASSWORD_HANDLER)
MOST = 500


@dataclass(frozen=True)
class Undelivered:
    """``people`` share the address; ``address`` is that of now, where the letter is not bound to another."""

    job: Job
    address: str
    people: tuple[User, ...]


def undelivered(actor: Any) -> list[Undelivered]:
    """The newest first, :data:`MOST` at most, to people whom the actor manages. Four queries."""
    jobs = list(Job.objects.filter(state=JobState.FAILED, handler__in=HANDLERS).order_by("-finished_at", "-pk")[:MOST])
    managed = User.objects.managed_by(actor)
    by_address: dict[str, list[User]] = {}
    for person in managed.filter(email__in=_said(jobs, HANDLER, "to")).order_by("full_name", "pk"):
        by_address.setdefault(person.email, []).append(person)
    by_login = {person.login: person for person in managed.filter(login__in=_said(jobs, NEW_PASSWORD_HANDLER, "login"))}
    invitations = Invitation.objects.filter(pk__in=_said(jobs, LETTER_HANDLER, "invitation"), user__in=managed)
    invited = {row.pk: row.user for row in invitations.select_related("user")}
    found = []
    for job in jobs:
        if job.handler == HANDLER:
            people = by_address.get(job.arguments["to"], [])
        else:
            one = by_login.get(job.arguments.get("login", "")) or invited.get(job.arguments.get("invitation", 0))
            people = [one] if one else []
        if people:
            found.append(Undelivered(job, job.arguments.get("to", "") or people[0].email, tuple(people)))
    return found


def _said(jobs: list[Job], handler: str, name: str) -> set[Any]:
    return {job.arguments[name] for job in jobs if job.handler == handler}
