"""Approving a change request: a redaction is frozen and projected in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from organisations.models import User
from projects.approval_route import is_last, is_own_draft
from projects.changes import projects_changed
from projects.models import ChangeRequest, Project, Redaction, RequestEntry
from projects.passport.schema import Approval, Finding, Passport
from projects.passport.typography import date_short
from projects.sections import project_all
from projects.services.errors import ApprovalBlocked, ProtocolInDoubt, StateConflict
from projects.services.proposals import draft_locked
from projects.services.route import entry_add, named, refuse_outdated, tell_author, turn_locked


def finding_key(finding: Finding) -> str:
    """What a waiver hangs on: the same finding has the same key however often the document is checked."""
    parts = (finding.code, finding.section, finding.row, finding.number, finding.field, finding.raw)
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


def errors_of(change_request: ChangeRequest) -> dict[str, Finding]:
    """The findings that block approval until each is waived with a reason, by their keys."""
    return {finding_key(finding): finding for finding in change_request.found if finding.severity == "error"}


def digest(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical text of a frozen document."""
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def change_request_approve(
    *,
    change_request: ChangeRequest,
    version: int,
    actor: User,
    protocol_number: str,
    protocol_date: dt.date,
    waivers: dict[str, str],
    protocol_confirmed: bool = False,
) -> Redaction:
    """Decide the last step: freeze the document as the next redaction of its project and rebuild every table from it.

    ``waivers`` gives a reason for each error by :func:`finding_key`. The protocol is the one of this decision; one that
    is in doubt (:func:`protocol_doubt`) is to be confirmed. Raises ``ApprovalBlocked`` where an error has no reason,
    ``ProtocolInDoubt``, ``StaleBase`` where another redaction came into force meanwhile, ``StateConflict`` or
    ``StaleVersion`` where it is not this person's turn or somebody was faster.
    """
    locked, step, steps = turn_locked(change_request, version, actor)
    if not is_last(step, steps):
        raise StateConflict(f"Утвердить паспорт можно на последнем шаге, а сейчас: {step}.")
    errors = errors_of(locked)
    given = {key: reason.strip() for key, reason in waivers.items() if key in errors and reason.strip()}
    if len(given) < len(errors):
        raise ApprovalBlocked("Укажите причину по каждой ошибке, с которой утверждается паспорт.")
    project = _project_locked(locked)
    refuse_outdated(locked)
    doubt = protocol_doubt(project, protocol_number, protocol_date)
    if doubt and not protocol_confirmed:
        raise ProtocolInDoubt(doubt)
    last = project.redactions.first()
    passport = _stamped(locked.passport, protocol_number, protocol_date)
    document = passport.model_dump(mode="json")
    locked.state, locked.step = ChangeRequest.State.APPROVED, None
    locked.project, locked.decided_by, locked.decided_at = project, actor, Now()
    locked.waivers, locked.version = given, locked.version + 1
    locked.save()
    redaction = Redaction.objects.create(
        project=project,
        number=last.number + 1 if last else 1,
        document=document,
        identity=locked.identity,
        sha256=digest(document),
        protocol_number=protocol_number,
        protocol_date=protocol_date,
        change_request=locked,
        approved_by=actor,
    )
    entry_add(locked, RequestEntry.Act.APPROVED, actor, step)
    project_all(redaction)
    tell_author(locked, actor, f"{named(locked)} утверждён: действует {redaction}.")
    for other in project.change_requests.open():
        tell_author(other, actor, f"{named(other)} устарел: действует {redaction}. Перенесите изменения на неё.")
    projects_changed([project.pk])
    return redaction


@transaction.atomic
def change_request_reject(*, change_request: ChangeRequest, version: int, actor: User, reason: str) -> ChangeRequest:
    """Close the request at any of its steps, with a reason; nothing else changes. Raises as approving does.

    Its author may close it while it is a draft.
    """
    if is_own_draft(change_request, actor):
        locked, step = draft_locked(change_request, version), None
    else:
        locked, step, _ = turn_locked(change_request, version, actor)
    locked.state, locked.step, locked.reason = ChangeRequest.State.REJECTED, None, reason
    locked.decided_by, locked.decided_at, locked.version = actor, Now(), locked.version + 1
    locked.save()
    entry_add(locked, RequestEntry.Act.REJECTED, actor, step, reason)
    tell_author(locked, actor, f"{named(locked)} отклонён: {reason}")
    return locked


def protocol_doubt(project: Project, number: str, day: dt.date) -> str:
    """What is odd about a protocol, as one sentence for who is about to approve; empty where nothing is.

    One decision may approve two requests of a project, and one session of a council approves many projects under one
    protocol, so neither is refused. But the number and the day of an earlier redaction, its number under another day of
    the same year (councils number anew every year), or a day before that of the redaction in force mostly are slips.
    """
    said = number.strip().casefold()
    known = project.redactions.filter(protocol_date__isnull=False).defer("document", "identity")
    for redaction in known:
        same_number = redaction.protocol_number.strip().casefold() == said
        former = f"протокол № {redaction.protocol_number} от {date_short(redaction.protocol_date)}"
        if same_number and redaction.protocol_date == day:
            return f"Этот {former} уже стоит у редакции № {redaction.number}."
        if same_number and redaction.protocol_date and redaction.protocol_date.year == day.year:
            return f"В этом году такой номер уже был: {former}, редакция № {redaction.number}."
    latest = known.first()
    if latest and latest.protocol_date and day < latest.protocol_date:
        return f"Дата протокола раньше, чем у действующей редакции: {date_short(latest.protocol_date)}."
    return ""


def _project_locked(change_request: ChangeRequest) -> Project:
    if change_request.project_id:
        return Project.objects.select_for_update().get(pk=change_request.project_id)
    passport = change_request.passport
    title = passport.title or passport.short_title or "Проект без наименования"
    level = passport.level or ("regional" if change_request.territory.depth == 0 else "municipal")
    return Project.objects.create(
        territory=change_request.territory, level=level, title=title, short_title=passport.short_title or title
    )


def _stamped(passport: Passport, number: str, day: dt.date) -> Passport:
    """The document under the protocol of this decision: the first approves, later ones amend."""
    approval = passport.approval
    if approval.protocol_number is None and approval.protocol_date is None:
        approval = approval.model_copy(update={"protocol_number": number, "protocol_date": day})
        return passport.model_copy(update={"approval": approval})
    known = [(approval.protocol_number, approval.protocol_date)]
    known += [(a.protocol_number, a.protocol_date) for a in approval.amendments]
    if (number, day) in known:
        return passport
    amendment = {"protocol_number": number, "protocol_date": day}
    dumped = [a.model_dump() for a in approval.amendments]
    stamped = Approval.model_validate({**approval.model_dump(), "amendments": [*dumped, amendment]})
    return passport.model_copy(update={"approval": stamped})
