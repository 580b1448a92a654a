"""Files that prove what is said of a row of the plan.

The version of the progress stays as it is: a file is a row of its own, and attaching one overwrites nothing.
"""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.db.models import Sum

from jobs.files.attachments import MAX_BYTES, Attachment, examined
from jobs.files.errors import UnreadableFile
from jobs.storage import store_file
from milestones.models import PlanEvidence, PlanRow
from milestones.services.progress import row_locked
from organisations.models import User
from projects.services.errors import ValidationFailed

MAX_FILES = 30
MAX_ROW_BYTES = 5 * MAX_BYTES
TOO_MANY = "К строке приложено 30 файлов, больше нельзя: уберите лишние."
TOO_MUCH = "Файлы строки вместе больше 100 МБ: уберите лишние или приложите снимки поменьше."


def evidence_add(*, row: PlanRow, name: str, content: bytes, actor: User) -> PlanEvidence:
    """Attach a file; the same one is attached once, however often it is sent.

    Raises ``ValidationFailed`` («file») in one sentence where the file cannot be taken, or what
    :func:`milestones.services.progress.row_locked` raises.
    """
    try:
        attachment = examined(name, content)
    except UnreadableFile as refusal:
        raise ValidationFailed({"file": str(refusal)}) from refusal
    return _attached(row, attachment, actor)


@transaction.atomic
def _attached(row: PlanRow, attachment: Attachment, actor: User) -> PlanEvidence:
    locked = row_locked(row=row, actor=actor)
    kept = PlanEvidence.objects.filter(row=locked)
    sha256 = hashlib.sha256(attachment.content).hexdigest()
    if again := kept.filter(file__sha256=sha256).select_related("file").first():
        return again
    if kept.count() >= MAX_FILES:
        raise ValidationFailed({"file": TOO_MANY})
    if (kept.aggregate(sum=Sum("file__size"))["sum"] or 0) + len(attachment.content) > MAX_ROW_BYTES:
        raise ValidationFailed({"file": TOO_MUCH})
    stored = store_file(name=attachment.name, content_type=attachment.content_type, content=attachment.content)
    return PlanEvidence.objects.create(row=locked, file=stored, added_by=actor)


@transaction.atomic
def evidence_remove(*, evidence: PlanEvidence, actor: User) -> None:
    """Take a file away from its row; the file itself is kept, for the history names it.

    Raises what :func:`milestones.services.progress.row_locked` raises.
    """
    row_locked(row=evidence.row, actor=actor)
    PlanEvidence.objects.filter(pk=evidence.pk).delete()
