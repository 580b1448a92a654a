"""Approving a change request: a redaction is frozen and projected in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from organisations.models import User
from projects.models import ChangeRequest, Project, Redaction
from projects.passport.schema import Approval, Finding, Passport
from projects.sections import project_all
from projects.services.errors import ApprovalBlocked
from projects.services.proposals import draft_locked


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
) -> Redaction:
    """Freeze the draft as the next redaction of its project and rebuild every table from it.

    ``waivers`` gives a reason for each error by :func:`finding_key`. The protocol is the one of this decision. Raises
    ``ApprovalBlocked`` where an error has no reason, ``StateConflict`` or ``StaleVersion`` where somebody was faster.
    """
    locked = draft_locked(change_request, version)
    errors = errors_of(locked)
    given = {key: reason.strip() for key, reason in waivers.items() if key in errors and reason.strip()}
    if len(given) < len(errors):
        raise ApprovalBlocked("Укажите причину по каждой ошибке, с которой утверждается паспорт.")
    project = _project_locked(locked)
    last = project.redactions.first()
    passport = _stamped(locked.passport, protocol_number, protocol_date)
    document = passport.model_dump(mode="json")
    locked.state = ChangeRequest.State.APPROVED
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
    project_all(redaction)
    return redaction


@transaction.atomic
def change_request_reject(*, change_request: ChangeRequest, version: int, actor: User, reason: str) -> ChangeRequest:
    """Close the draft with a reason; nothing else changes."""
    locked = draft_locked(change_request, version)
    locked.state, locked.reason = ChangeRequest.State.REJECTED, reason
    locked.decided_by, locked.decided_at, locked.version = actor, Now(), locked.version + 1
    locked.save()
    return locked


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
