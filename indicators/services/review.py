"""Reviewing forms: checking, accepting, returning, and opening an accepted one for correction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Now

from indicators.models import (
    Acceptance,
    Answer,
    Evidence,
    Fact,
    Reopening,
    ReportingPeriod,
    Submission,
    SubmissionState,
)
from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from indicators.services.gate import Step, submission_write_gate, submissions_write_gate
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
    passed = submission_write_gate(submission=submission, step=Step.ACCEPT, version=version, actor=actor)
    _accept([passed.submission], passed.at, actor)
    return passed.submission


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
    passed = submission_write_gate(submission=submission, step=Step.RETURN, version=version, actor=actor)
    locked = passed.submission
    answers = list(locked.answers.select_related("question"))
    if unknown := said.keys() - {answer.question.code for answer in answers}:
        raise ValidationFailed(dict.fromkeys(unknown, "Такого вопроса в этой форме нет."))
    _decided([locked], SubmissionState.RETURNED, passed.at, actor, comment=comment)
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
    passed = submission_write_gate(submission=submission, step=Step.REOPEN, version=version, actor=actor)
    locked = passed.submission
    kept = locked.acceptances.last()
    if kept is None:
        # A form that was accepted before acceptances were kept has its first one now, as it stood.
        (kept,) = _keep([locked], list(locked.answers.select_related("question")))
    Reopening.objects.create(acceptance=kept, reason=reason.strip(), actor=actor)
    Fact.objects.filter(submission=locked).delete()
    _decided([locked], SubmissionState.REOPENED, passed.at, actor, comment=reason.strip())
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

    accepted: list[Submission] = []
    checked: list[Submission] = []
    refused: dict[int, str] = {}
    turn: dict[ReportingPeriod, dict[int, int | None]] = defaultdict(dict)
    forms = Submission.objects.reviewable_by(actor).filter(pk__in=versions).select_related("organisation", "period")
    for submission in forms.order_by("pk"):
        version = versions[submission.pk]
        if not waits_for_check(submission):
            turn[submission.period][submission.pk] = version
            continue
        try:
            checked.append(submission_check(submission=submission, version=version, actor=actor))
        except (StateConflict, StaleVersion) as error:
            refused[submission.pk] = str(error)
    for period, seen in turn.items():
        try:
            passed, sentences = _accept_of_a_period(period, seen, actor)
        except StateConflict as error:
            passed, sentences = [], dict.fromkeys(seen, str(error))
        accepted += passed
        refused |= sentences
    return Reviewed(tuple(accepted), tuple(checked), refused)


@transaction.atomic
def _accept_of_a_period(
    period: ReportingPeriod, versions: Mapping[int, int | None], actor: User
) -> tuple[list[Submission], dict[int, str]]:
    passed, at, refused = submissions_write_gate(period=period, versions=versions, step=Step.ACCEPT, actor=actor)
    if passed:
        _accept(passed, at, actor)
    return passed, refused


def _accept(forms: Sequence[Submission], at: dt.datetime, actor: User) -> None:
    """Accept locked forms of one period, in the same number of statements however many."""
    _decided(forms, SubmissionState.ACCEPTED, at, actor, comment="")
    answers = list(Answer.objects.filter(submission__in=forms).select_related("question"))
    organisations = {form.pk: form.organisation_id for form in forms}
    Fact.objects.bulk_create(
        Fact(
            period_id=forms[0].period_id,
            organisation_id=organisations[answer.submission_id],
            base_indicator_id=answer.question.base_indicator_id,
            submission_id=answer.submission_id,
            value=answer.value,
        )
        for answer in answers
        if answer.value is not None
    )
    _keep(forms, answers)
    _remark(answers, {})
    tell_accepted(forms)
    mark_for_roll_up(forms[0].period, organisations=list(organisations.values()))


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


def _keep(forms: Sequence[Submission], answers: Iterable[Answer]) -> list[Acceptance]:
    given, files = defaultdict(list), defaultdict(list)
    for answer in answers:
        given[answer.submission_id].append(answer)
    for row in Evidence.objects.filter(submission__in=forms).select_related("file"):
        files[row.submission_id].append(row)
    before = Acceptance.objects.filter(submission__in=forms).order_by().values_list("submission")
    numbers = dict(before.annotate(Count("pk")))
    return Acceptance.objects.bulk_create(
        acceptance_of(form, numbers.get(form.pk, 0) + 1, given[form.pk], files[form.pk]) for form in forms
    )


def _remark(answers: list[Answer], said: Mapping[str, str]) -> None:
    """Remarks of this decision take the place of those of the last one."""
    changed = [answer for answer in answers if answer.remark != said.get(answer.question.code, "")]
    for answer in changed:
        answer.remark = said.get(answer.question.code, "")
    if changed:
        Answer.objects.bulk_update(changed, ["remark"])


def _decided(
    forms: Sequence[Submission], state: SubmissionState, at: dt.datetime, actor: User, *, comment: str
) -> None:
    told: dict[str, Any] = {"state": state, "comment": comment, "reviewed_by": actor, "reviewed_at": at}
    if state != SubmissionState.ACCEPTED:
        told |= {"checked_by": None, "checked_at": None}
    Submission.objects.filter(pk__in=[form.pk for form in forms]).update(**told, version=F("version") + 1)
    for form in forms:
        form.version += 1
        for name, value in told.items():
            setattr(form, name, value)
