"""Filling in and handing in a form. A field that is refused never costs the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from indicators.answers import Given, NotAnAnswer, read_answer, read_explanation
from indicators.models import Answer, Question, Submission, SubmissionState
from indicators.selectors.forms import answers_of, lacks_of
from indicators.selectors.frozen import questions_of
from indicators.services.anomalies import judge
from indicators.services.errors import ValidationFailed
from indicators.services.gate import Passed, Step, submission_write_gate
from indicators.services.marks import mark_coverage
from indicators.services.telling import tell_submitted
from organisations.models import User
from projects.passport.typography import number


@dataclass(frozen=True)
class Saved:
    """The form after a save, with the fields that were refused: one sentence for each, by the question's code."""

    submission: Submission
    errors: dict[str, str]


Texts = Mapping[str, str | None]
"""What was typed, by the codes of questions."""


@transaction.atomic
def submission_save_draft(
    *, submission: Submission, values: Texts, explanations: Texts | None = None, version: int, actor: User
) -> Saved:
    """Keep what was typed, by the codes of questions; a part of the form will do, an empty field clears its answer.

    ``explanations`` say in a sentence why a figure changed so much. Fields that cannot be taken are returned in
    ``errors`` and keep their previous answer; all others are kept. Raises what :func:`submission_write_gate` raises;
    then nothing is written.
    """
    passed = submission_write_gate(submission=submission, step=Step.FILL_IN, version=version, actor=actor)
    return _saved(passed, values, explanations or {}, actor)


def submission_submit(
    *,
    submission: Submission,
    version: int,
    actor: User,
    values: Texts | None = None,
    explanations: Texts | None = None,
) -> Submission:
    """Hand the form in, keeping first what was typed. What comes for the first time after the deadline is late.

    Raises ``ValidationFailed`` by the codes of questions for what is refused, not answered, not explained or not
    proven (:class:`indicators.selectors.forms.Lack`); the form then stays with its organisation, and every valid
    value has been kept. Raises what the gate raises; then nothing is written.
    """
    with transaction.atomic():
        passed = submission_write_gate(submission=submission, step=Step.FILL_IN, version=version, actor=actor)
        saved = _saved(passed, values or {}, explanations or {}, actor)
        locked = saved.submission
        errors = _lacking(locked) | saved.errors
        if not errors:
            locked.state = SubmissionState.SUBMITTED
            _judge_deadline(passed)
            locked.submitted_by, locked.submitted_at = actor, passed.at
            locked.reviewed_by = locked.reviewed_at = None
            locked.version += 1
            locked.save()
            tell_submitted(locked)
            judge([locked])
            mark_coverage(locked.period, organisations=[locked.organisation_id])
    if errors:
        # Raised after the transaction: what was valid is kept.
        raise ValidationFailed(errors)
    return locked


def _judge_deadline(passed: Passed) -> None:
    """The one place that decides whether a form is late: the first time that it is sent, for whatever follows."""
    locked = passed.submission
    if locked.submitted_at is None:
        locked.first_submitted_at, locked.late = passed.at, passed.late
    elif locked.first_submitted_at is None:
        # It was sent before the first moment was kept.
        locked.first_submitted_at = locked.submitted_at
    locked.corrected_late = passed.late and not locked.late


def _saved(passed: Passed, values: Texts, explanations: Texts, actor: User) -> Saved:
    locked = passed.submission
    if not values and not explanations:
        return Saved(locked, {})
    questions = {question.code: question for question in questions_of(locked)}
    rows = {row.question_id: row for row in answers_of(locked)}
    before = {key: Given(row.value, row.not_applicable) for key, row in rows.items()}
    typed, errors = read_values(values, questions)
    errors |= parts_above_their_whole(questions, before, typed)
    explained, refused = read_explanations(explanations, questions)
    changed = []
    for code, question in questions.items():
        row = rows.get(question.pk) or Answer(submission=locked, question=question)
        kept = Given(row.value, row.not_applicable), row.explanation
        given = typed[code] if code in typed and code not in errors else kept[0]
        row.value, row.not_applicable = given.value, given.not_applicable
        row.explanation = explained.get(code, row.explanation)
        if kept != (given, row.explanation):
            changed.append(row)
    if changed:
        Answer.objects.bulk_create(
            [
                Answer(
                    submission=locked,
                    question_id=row.question_id,
                    value=row.value,
                    not_applicable=row.not_applicable,
                    explanation=row.explanation,
                )
                for row in changed
            ],
            update_conflicts=True,
            unique_fields=["submission", "question"],
            update_fields=["value", "not_applicable", "explanation"],
        )
        locked.version += 1
        locked.filled_by, locked.filled_at = actor, passed.at
        locked.save(update_fields=["version", "filled_by", "filled_at"])
    return Saved(locked, refused | errors)


def read_values(values: Texts, questions: Mapping[str, Question]) -> tuple[dict[str, Given], dict[str, str]]:
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


def read_explanations(explanations: Texts, questions: Mapping[str, Question]) -> tuple[dict[str, str], dict[str, str]]:
    """As :func:`read_values`: what was explained, and one sentence for each explanation that cannot be taken."""
    said: dict[str, str] = {}
    errors: dict[str, str] = {}
    for code, text in explanations.items():
        if code not in questions:
            errors[code] = "Такого вопроса в этой форме нет."
            continue
        try:
            said[code] = read_explanation(text)
        except NotAnAnswer as error:
            errors[code] = str(error)
    return said, errors


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


def _lacking(locked: Submission) -> dict[str, str]:
    """One sentence for each question that keeps the form from being sent."""
    return {code: " ".join(lack.value for lack in lacks) for code, lacks in lacks_of(locked).items()}
