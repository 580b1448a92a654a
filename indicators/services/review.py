"""Accepting and returning forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from indicators.models import Fact, Submission, SubmissionState
from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from indicators.services.gate import Step, submission_write_gate
from indicators.services.marks import mark_coverage, mark_for_roll_up
from organisations.models import User


@transaction.atomic
def submission_accept(*, submission: Submission, version: int, actor: User) -> Submission:
    """Accept a submitted form: its answers become facts, and the totals that depend on them are marked for roll-up.

    Raises what :func:`submission_write_gate` raises.
    """
    locked = submission_write_gate(submission=submission, step=Step.REVIEW, version=version, actor=actor).submission
    _decided(locked, SubmissionState.ACCEPTED, actor, comment="")
    answers = locked.answers.exclude(value=None).select_related("question")
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
    mark_for_roll_up(locked.period)
    return locked


@dataclass(frozen=True)
class Reviewed:
    """What became of several forms: those accepted, and a sentence for each that was refused, by its id."""

    accepted: tuple[Submission, ...]
    refused: dict[int, str]


def submission_accept_many(*, versions: Mapping[int, int], actor: User) -> Reviewed:
    """Accept forms by id, each at the version that the person saw, each on its own: one refused stops no other.

    Ids that the person cannot review are passed over in silence, as if they did not exist.
    """
    accepted: list[Submission] = []
    refused: dict[int, str] = {}
    for submission in Submission.objects.reviewable_by(actor).filter(pk__in=versions).order_by("pk"):
        try:
            done = submission_accept(submission=submission, version=versions[submission.pk], actor=actor)
        except (StateConflict, StaleVersion) as error:
            refused[submission.pk] = str(error)
        else:
            accepted.append(done)
    return Reviewed(tuple(accepted), refused)


@transaction.atomic
def submission_return(*, submission: Submission, version: int, comment: str, actor: User) -> Submission:
    """Send a submitted form back with a comment that says what to correct.

    Raises ``ValidationFailed`` («comment») without one, and what :func:`submission_write_gate` raises.
    """
    if not comment.strip():
        raise ValidationFailed({"comment": "Напишите, что исправить: без замечания форму не вернуть."})
    locked = submission_write_gate(submission=submission, step=Step.REVIEW, version=version, actor=actor).submission
    _decided(locked, SubmissionState.RETURNED, actor, comment=comment.strip())
    mark_coverage(locked.period)
    return locked


def _decided(locked: Submission, state: SubmissionState, actor: User, *, comment: str) -> None:
    locked.state, locked.comment = state, comment
    locked.reviewed_by, locked.reviewed_at = actor, Now()
    locked.version += 1
    locked.save()
    locked.refresh_from_db(fields=["reviewed_at"])
