"""Filling in and handing in a form. A field that is refused never costs the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from indicators.answers import Given, NotAnAnswer, read_answer
from indicators.models import Answer, Question, Submission, SubmissionState
from indicators.selectors.forms import questions_of
from indicators.services.errors import ValidationFailed
from indicators.services.gate import Step, submission_write_gate
from indicators.services.marks import mark_coverage
from organisations.models import User
from projects.passport.typography import number


@dataclass(frozen=True)
class Saved:
    """The form after a save, with the fields that were refused: one sentence for each, by the question's code."""

    submission: Submission
    errors: dict[str, str]


@transaction.atomic
def submission_save_draft(
    *, submission: Submission, values: Mapping[str, str | None], version: int, actor: User
) -> Saved:
    """Keep what was typed, by the codes of questions; a part of the form will do, an empty field clears its answer.

    Fields that cannot be taken are returned in ``errors`` and keep their previous answer; all others are kept.
    Raises what :func:`submission_write_gate` raises; then nothing is written.
    """
    locked = submission_write_gate(submission=submission, step=Step.FILL_IN, version=version, actor=actor).submission
    return _saved(locked, values, actor)


def submission_submit(
    *, submission: Submission, version: int, actor: User, values: Mapping[str, str | None] | None = None
) -> Submission:
    """Hand the form in, keeping first what was typed. After the deadline it is marked late.

    Raises ``ValidationFailed`` by the codes of questions for what is refused or not answered; the form then stays
    with its organisation, and every valid value has been kept. Raises what the gate raises; then nothing is written.
    """
    with transaction.atomic():
        passed = submission_write_gate(submission=submission, step=Step.FILL_IN, version=version, actor=actor)
        saved = _saved(passed.submission, values or {}, actor)
        locked = saved.submission
        errors = _not_answered(locked) | saved.errors
        if not errors:
            locked.state = SubmissionState.SUBMITTED
            locked.submitted_by, locked.submitted_at, locked.late = actor, Now(), passed.late
            locked.reviewed_by = locked.reviewed_at = None
            locked.version += 1
            locked.save()
            locked.refresh_from_db(fields=["submitted_at"])
            mark_coverage(locked.period)
    if errors:
        # Raised after the transaction: what was valid is kept.
        raise ValidationFailed(errors)
    return locked


def _saved(locked: Submission, values: Mapping[str, str | None], actor: User) -> Saved:
    questions = {question.code: question for question in questions_of(locked)}
    before = {row.question_id: Given(row.value, row.not_applicable) for row in locked.answers.all()}
    typed, errors = read_values(values, questions)
    errors |= parts_above_their_whole(questions, before, typed)
    changed = {
        questions[code]: given
        for code, given in typed.items()
        if code not in errors and given != before.get(questions[code].pk, Given())
    }
    if changed:
        Answer.objects.bulk_create(
            [
                Answer(submission=locked, question=question, value=given.value, not_applicable=given.not_applicable)
                for question, given in changed.items()
            ],
            update_conflicts=True,
            unique_fields=["submission", "question"],
            update_fields=["value", "not_applicable"],
        )
        locked.version += 1
        locked.filled_by, locked.filled_at = actor, Now()
        locked.save(update_fields=["version", "filled_by", "filled_at"])
        locked.refresh_from_db(fields=["filled_at"])
    return Saved(locked, errors)


def read_values(
    values: Mapping[str, str | None], questions: Mapping[str, Question]
) -> tuple[dict[str, Given], dict[str, str]]:
    """What was typed, by the codes of questions, and one sentence for each field that cannot be taken."""
    typed: dict[str, Given] = {}
    errors: dict[str, str] = {}
    for code, text in values.items():
        if code not in questions:
            errors[code] = "Такого вопроса в этой форме нет."
            continue
        try:
            typed[code] = read_answer(text, questions[code])
        except NotAnAnswer as error:
            errors[code] = str(error)
    return typed, errors


def parts_above_their_whole(
    questions: Mapping[str, Question], before: Mapping[int, Given], typed: Mapping[str, Given]
) -> dict[str, str]:
    """A part that exceeds its whole, told at the field that was typed: at the part where both were."""
    after = {q.base_indicator_id: typed.get(code, before.get(q.pk, Given())).value for code, q in questions.items()}
    whole_of = {question.base_indicator_id: question for question in questions.values()}
    errors: dict[str, str] = {}
    for code, part in questions.items():
        whole = whole_of.get(part.not_above_id) if part.not_above_id else None
        if whole is None:
            continue
        value, limit = after[part.base_indicator_id], after[whole.base_indicator_id]
        if value is None or limit is None or value <= limit:
            continue
        if code in typed:
            errors[code] = f"Не может быть больше, чем «{whole.name}» ({number(limit)})."
        elif whole.code in typed:
            errors[whole.code] = f"Не может быть меньше, чем «{part.name}» ({number(value)})."
    return errors


def _not_answered(locked: Submission) -> dict[str, str]:
    answered = {row.question_id for row in locked.answers.all() if row.is_given}
    return {
        question.code: "Ответьте на этот вопрос: без него форму не отправить."
        for question in questions_of(locked)
        if question.pk not in answered
    }
