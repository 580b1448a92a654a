"""Carrying a change request over to the redaction in force, when another request was applied first."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from organisations.models import User
from projects.identity import Identity
from projects.models import ChangeRequest, Project, Redaction, RequestEntry
from projects.passport import check
from projects.passport.merge import Merge, Place, Side, merge
from projects.passport.schema import Passport
from projects.services.errors import StaleVersion, StateConflict, UnsettledConflicts
from projects.services.former_rows import ids_of
from projects.services.proposals import draft_locked, recognise_again
from projects.services.route import entry_add


def rebase_of(change_request: ChangeRequest, onto: Redaction, choices: Mapping[Place, Side] | None = None) -> Merge:
    """What comes of the request's changes over that redaction, with those choices."""
    base = change_request.base.passport if change_request.base else Passport()
    return merge(base, onto.passport, change_request.passport, choices)


@transaction.atomic
def change_request_rebase(
    *, change_request: ChangeRequest, version: int, onto: Redaction, choices: Mapping[Place, Side], actor: User
) -> ChangeRequest:
    """Make the draft one of the redaction in force: its own changes over that document, conflicts as chosen.

    ``onto`` is the redaction that the person looked at; where yet another is in force by now the choices were made of
    something else: ``StaleVersion``. Raises ``UnsettledConflicts`` where a choice is missing, ``StateConflict`` where
    the request is no draft or not outdated.
    """
    locked = draft_locked(change_request, version)
    if locked.project is None or locked.outdated_by is None:
        raise StateConflict("Переносить нечего: запрос начат от действующей редакции.")
    Project.objects.select_for_update().get(pk=locked.project.pk)
    in_force = locked.project.redactions.latest("number")
    if in_force.pk != onto.pk:
        raise StaleVersion(f"Пока вы смотрели, утверждена {in_force}. Проверьте и повторите.")
    document = rebase_of(locked, in_force, choices).document
    if document is None:
        raise UnsettledConflicts("Выберите, что оставить, по каждому расхождению.")
    identity = _identity(locked, in_force, document)
    locked.document = document.model_dump(mode="json")
    locked.identity = identity.model_dump(mode="json")
    locked.findings = [finding.model_dump(mode="json") for finding in check(document)]
    former, locked.base, locked.version = locked.base, in_force, locked.version + 1
    locked.save(update_fields=["document", "identity", "findings", "base", "version"])
    locked.writers.add(actor)
    entry_add(locked, RequestEntry.Act.REBASED, actor, comment=f"{former or 'Новый паспорт'} → {in_force}")
    return ChangeRequest.objects.get(pk=locked.pk)


def _identity(locked: ChangeRequest, in_force: Redaction, document: Passport) -> Identity:
    """Links of the merged document: what this request settled, else what is settled in force, else as recognised."""
    base = locked.base.recognised if locked.base else Identity()
    known = {}
    for part in Identity.model_fields:
        was, theirs, mine = (getattr(side, part) for side in (base, in_force.recognised, locked.recognised))
        known[part] = {**mine, **theirs, **{key: link for key, link in mine.items() if link != was.get(key)}}
    held = ids_of(in_force.passport)
    known["former"] = {key: link for key, link in known["former"].items() if key not in held}
    return recognise_again(document, document, locked.territory, Identity(**known))
