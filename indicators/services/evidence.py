"""Files that prove the figures of a form. Attached and removed one by one, while the form can be written.

The version of the form stays as it is: a file is a row of its own, and attaching one overwrites nothing that anybody
could have seen otherwise.
"""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.db.models import Sum

from indicators.models import Evidence, EvidenceRule, Question, Submission
from indicators.selectors.frozen import questions_of
from indicators.services.errors import ValidationFailed
from indicators.services.gate import Step, submission_write_gate
from jobs.files.attachments import MAX_BYTES, Attachment, examined
from jobs.files.errors import UnreadableFile
from jobs.storage import forget_file, store_file
from organisations.models import User

MAX_FILES = 30
MAX_FORM_BYTES = 5 * MAX_BYTES
TOO_MANY = "К форме приложено 30 файлов, больше нельзя: уберите лишние."
TOO_MUCH = "Файлы формы вместе больше 100 МБ: уберите лишние или приложите снимки поменьше."


def evidence_add(*, submission: Submission, code: str, name: str, content: bytes, actor: User) -> Evidence:
    """Attach a file to the question with this code; an empty code is the whole form.

    The same file at the same question is attached once, however often it is sent. Raises ``ValidationFailed`` («file»)
    in one sentence where the file cannot be taken, or what :func:`submission_write_gate` raises.
    """
    try:
        attachment = examined(name, content)
    except UnreadableFile as refusal:
        raise ValidationFailed({"file": str(refusal)}) from refusal
    return _attached(submission, code, attachment, actor)


@transaction.atomic
def _attached(submission: Submission, code: str, attachment: Attachment, actor: User) -> Evidence:
    locked = submission_write_gate(submission=submission, step=Step.FILL_IN, version=None, actor=actor).submission
    question = _question(locked, code)
    kept = Evidence.objects.filter(submission=locked)
    sha256 = hashlib.sha256(attachment.content).hexdigest()
    if again := kept.filter(question=question, file__sha256=sha256).select_related("file").first():
        return again
    if kept.count() >= MAX_FILES:
        raise ValidationFailed({"file": TOO_MANY})
    if (kept.aggregate(sum=Sum("file__size"))["sum"] or 0) + len(attachment.content) > MAX_FORM_BYTES:
        raise ValidationFailed({"file": TOO_MUCH})
    stored = store_file(name=attachment.name, content_type=attachment.content_type, content=attachment.content)
    return Evidence.objects.create(submission=locked, question=question, file=stored, added_by=actor)


@transaction.atomic
def evidence_remove(*, evidence: Evidence, actor: User) -> None:
    """Take a file away from its form. Raises what :func:`submission_write_gate` raises.

    Of a form that was once accepted the bytes stay, beside the acceptance that names their SHA-256.
    """
    form = evidence.submission
    locked = submission_write_gate(submission=form, step=Step.FILL_IN, version=None, actor=actor).submission
    row = Evidence.objects.select_related("file").filter(pk=evidence.pk, submission=locked).first()
    if row is None:
        return  # taken away a moment ago
    row.delete()
    if not locked.acceptances.exists():
        forget_file(row.file)


def _question(locked: Submission, code: str) -> Question | None:
    if not code:
        return None
    question = next((question for question in questions_of(locked) if question.code == code), None)
    if question is None:
        raise ValidationFailed({"file": "Такого вопроса в этой форме нет."})
    if question.evidence == EvidenceRule.NONE:
        raise ValidationFailed({"file": "К этому вопросу файлы не прикладывают."})
    return question
