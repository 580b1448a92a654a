"""Reviewing forms: checking, accepting, returning, and opening an accepted one for correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now

from indicators.models import Acceptance, Answer, Evidence, Fact, Reopening, Submission, SubmissionState
from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from indicators.services.gate import Step, submission_write_gate
from indicators.services.marks import mark_coverage, mark_for_roll_up
from indicators.services.telling import tell_accepted, tell_reopened, tell_returned
from indicators.turns import waits_for_check
from organisations.models import User


@transaction.atomic
def submission_check(*, submission: Submission, version: int, actor: User) -> Submission:
    """Find a form of two levels in order for the municipality; the ministry decides next.

    Raises what :func:`submission_write_gate` raises.
    """
    locked = submission_write_gate(submission=submission, step=Step.CHECK, version=version, actor=actor).submission
    locked.state, locked.checked_by, locked.checked_at = SubmissionState.CHECKED, actor, Now()
    locked.version += 1
    locked.save()
    locked.refresh_from_db(fields=["checked_at"])
    return locked


@transaction.atomic
def submission_accept(*, submission: Submission, version: int, actor: User) -> Submission:
    """Accept a form: its answers become facts, what was accepted is kept, and dependent totals are marked.

    Raises what :func:`submission_write_gate` raises.
    """
    locked = submission_write_gate(submission=submission, step=Step.ACCEPT, version=version, actor=actor).submission
    _decided(locked, SubmissionState.ACCEPTED, actor, comment="")
    answers = list(locked.answers.select_related("question"))
    Fact.objects.bulk_create(
        Fact(
            period_id=locked.period_id,
            organisation_id=locked.organisation_id,
            base_indicator_id=answer.question.base_indicator_id,
            submission=locked,
            value=answer.value,
        )
        for answer in answers
        if answer.value is not None
    )
    _keep(locked, answers)
    _remark(answers, {})
    tell_accepted(locked)
    mark_for_roll_up(locked.period, organisations=[locked.organisation_id])
    return locked


@transaction.atomic
def submission_return(
    *, submission: Submission, version: int, comment: str, remarks: Mapping[str, str] | None = None, actor: User
) -> Submission:
    """Send a form back with a comment that says what to correct, and ``remarks`` on fields by the codes of questions.

    Remarks alone will do: the comment then says so. Raises ``ValidationFailed`` («comment», or the code of a question
    that the form does not ask) and what :func:`submission_write_gate` raises.
    """
    said = {code: text.strip() for code, text in (remarks or {}).items() if text.strip()}
    comment = comment.strip() or ("Исправьте ответы, у которых стоят замечания." if said else "")
    if not comment:
        raise ValidationFailed({"comment": "Напишите, что исправить: без замечания форму не вернуть."})
    locked = submission_write_gate(submission=submission, step=Step.RETURN, version=version, actor=actor).submission
    answers = list(locked.answers.select_related("question"))
    if unknown := said.keys() - {answer.question.code for answer in answers}:
        raise ValidationFailed(dict.fromkeys(unknown, "Такого вопроса в этой форме нет."))
    _decided(locked, SubmissionState.RETURNED, actor, comment=comment)
    _remark(answers, said)
    tell_returned(locked)
    mark_coverage(locked.period, organisations=[locked.organisation_id])
    return locked


@transaction.atomic
def submission_reopen(*, submission: Submission, version: int, reason: str, actor: User) -> Submission:
    """Open an accepted form for correction: its facts are withdrawn, the acceptance that made them stays to be seen.

    Raises ``ValidationFailed`` («reason») without one, and what :func:`submission_write_gate` raises.
    """
    if not reason.strip():
        raise ValidationFailed({"reason": "Напишите, почему принятую форму надо исправить."})
    locked = submission_write_gate(submission=submission, step=Step.REOPEN, version=version, actor=actor).submission
    # A form that was accepted before acceptances were kept has its first one now, as it stood.
    kept = locked.acceptances.last() or _keep(locked, list(locked.answers.select_related("question")))
    Reopening.objects.create(acceptance=kept, reason=reason.strip(), actor=actor)
    Fact.objects.filter(submission=locked).delete()
    _decided(locked, SubmissionState.REOPENED, actor, comment=reason.strip())
    tell_reopened(locked, reason.strip())
    mark_for_roll_up(locked.period, organisations=[locked.organisation_id])
    return locked


@dataclass(frozen=True)
class Reviewed:
    """What became of several forms: accepted, checked for the municipality, and a sentence for each refused by id."""

    accepted: tuple[Submission, ...] = ()
    checked: tuple[Submission, ...] = ()
    refused: Mapping[int, str] = field(default_factory=dict)


def submission_accept_many(*, versions: Mapping[int, int], actor: User) -> Reviewed:
    """Accept forms by id, or check those whose turn it is, each at the version that the person saw.

    Each on its own: one refused stops no other. Ids that the person cannot review are passed over in silence, as if
    they did not exist.
    """

    done: dict[str, list[Submission]] = {"accepted": [], "checked": []}
    refused: dict[int, str] = {}
    forms = Submission.objects.reviewable_by(actor).filter(pk__in=versions).select_related("organisation")
    for submission in forms.order_by("pk"):
        decide = submission_check if waits_for_check(submission) else submission_accept
        try:
            decided = decide(submission=submission, version=versions[submission.pk], actor=actor)
        except (StateConflict, StaleVersion) as error:
            refused[submission.pk] = str(error)
        except PermissionDenied:
            refused[submission.pk] = "Эту форму принимает министерство."
        else:
            done[decided.state].append(decided)
    return Reviewed(tuple(done["accepted"]), tuple(done["checked"]), refused)


def acceptance_of(form: Submission, number: int, answers: list[Answer], evidence: list[Evidence]) -> Acceptance:
    """What is kept of an accepted form, not saved yet. Files of the whole form stand under an empty code."""
    files: dict[int | None, list[str]] = {}
    for row in evidence:
        files.setdefault(row.question_id, []).append(row.file.sha256)
    told: dict[str, Any] = {
        answer.question.code: {
            "value": None if answer.value is None else str(answer.value),
            "explanation": answer.explanation,
            "evidence": files.get(answer.question_id, []),
        }
        for answer in answers
        if answer.is_given
    }
    if None in files:
        told[""] = {"evidence": files[None]}
    assert form.submitted_by_id
    assert form.submitted_at
    assert form.reviewed_by_id
    assert form.reviewed_at
    return Acceptance(
        submission=form,
        number=number,
        answers=told,
        submitted_by_id=form.submitted_by_id,
        submitted_at=form.submitted_at,
        late=form.late,
        accepted_by_id=form.reviewed_by_id,
        accepted_at=form.reviewed_at,
    )


def _keep(locked: Submission, answers: list[Answer]) -> Acceptance:
    evidence = list(Evidence.objects.filter(submission=locked).select_related("file"))
    kept = acceptance_of(locked, locked.acceptances.count() + 1, answers, evidence)
    kept.save(force_insert=True)
    return kept


def _remark(answers: list[Answer], said: Mapping[str, str]) -> None:
    """Remarks of this decision take the place of those of the last one."""
    changed = [answer for answer in answers if answer.remark != said.get(answer.question.code, "")]
    for answer in changed:
        answer.remark = said.get(answer.question.code, "")
    if changed:
        Answer.objects.bulk_update(changed, ["remark"])


def _decided(locked: Submission, state: SubmissionState, actor: User, *, comment: str) -> None:
    locked.state, locked.comment = state, comment
    locked.reviewed_by, locked.reviewed_at = actor, Now()
    if state != SubmissionState.ACCEPTED:
        locked.checked_by = locked.checked_at = None
    locked.version += 1
    locked.save()
    locked.refresh_from_db(fields=["reviewed_at"])
