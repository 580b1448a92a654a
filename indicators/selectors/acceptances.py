"""Versions of an accepted form: what was accepted when and by whom, why it was opened again, what changed since."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.models import Acceptance, Question, Reopening, Submission
from indicators.selectors.history import NOTHING, Change, Figure
from organisations.prepared import Prepared


@dataclass(frozen=True)
class Version:
    """One acceptance; ``changes`` against the one before it, ``reopening`` None for the one that stands."""

    acceptance: Acceptance
    reopening: Reopening | None
    changes: tuple[Change, ...]


_ACCEPTANCES = Prepared(
    lambda form: (
        Acceptance.objects.filter(submission=form)
        .select_related("accepted_by", "submitted_by", "reopening__actor")
        .order_by("number")
    )
)


def versions_of(submission: Submission) -> list[Version]:
    """Acceptances of a form, the latest first. Two queries, and none of a form that was never sent."""
    if submission.submitted_at is None:
        return []
    kept = _ACCEPTANCES.all(submission.pk)
    questions = list(Question.objects.filter(period=submission.period_id).order_by("position")) if kept else []
    versions = []
    before: dict[str, Any] = {}
    for row in kept:
        changes = _changes(questions, before, row.answers) if before else ()
        versions.append(Version(row, getattr(row, "reopening", None), changes))
        before = row.answers
    return versions[::-1]


def _changes(questions: list[Question], before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    rows = ((question, _figure(before, question), _figure(after, question)) for question in questions)
    return tuple(Change(*row) for row in rows if row[1] != row[2])


def _figure(answers: dict[str, Any], question: Question) -> Figure:
    told = answers.get(question.code)
    if told is None:
        return NOTHING
    return (None, True) if told["value"] is None else (Decimal(told["value"]), False)
