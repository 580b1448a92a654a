"""The one gate that every write to a submission passes: form, workbook, API, review."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db import connection

from indicators.models import ReportingPeriod, Submission, SubmissionState
from indicators.services.errors import StaleVersion, StateConflict
from organisations.access import require
from organisations.models import User
from organisations.roles import Action


class Step(Enum):
    """A write: what it needs the person to be allowed, and the states that it starts from."""

    FILL_IN = (Action.WRITE_SUBMISSION, frozenset({SubmissionState.DRAFT, SubmissionState.RETURNED}))
    REVIEW = (Action.REVIEW_SUBMISSIONS, frozenset({SubmissionState.SUBMITTED}))

    @property
    def action(self) -> Action:
        return self.value[0]

    @property
    def starts_from(self) -> frozenset[SubmissionState]:
        return self.value[1]


@dataclass(frozen=True)
class Passed:
    """The submission under lock, and whether the deadline is behind by the clock of the database."""

    submission: Submission
    late: bool


def submission_write_gate(*, submission: Submission, step: Step, version: int, actor: User) -> Passed:
    """Lock the form and check the locked row; call it first in the transaction of the write.

    Raises ``PermissionDenied``, ``StateConflict`` (the period is closed, the form is in another state, a reviewer who
    filled in the form) or ``StaleVersion`` (somebody wrote since the person looked; nothing is overwritten).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The gate holds a lock only inside a transaction.")
    locked = Submission.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=submission.pk)
    require(actor, step.action, locked.organisation)
    period, late = _period_held_open(locked.period_id)
    if not period.is_open:
        raise StateConflict(f"Отчётный период закрыт: {period}. Изменить форму уже нельзя.")
    locked.period = period
    if locked.state not in step.starts_from:
        raise StateConflict(_other_state(locked))
    if locked.version != version:
        raise StaleVersion("Пока вы работали, форму изменил другой человек. Сверьте значения и повторите.")
    if step is Step.REVIEW and actor.pk in {locked.filled_by_id, locked.submitted_by_id}:
        raise StateConflict("Форму проверяет не тот, кто её заполнил или отправил.")
    return Passed(locked, late)


def _period_held_open(period_id: int) -> tuple[ReportingPeriod, bool]:
    """The period under a lock that thousands of forms share, but that closing the period waits for."""
    rows = ReportingPeriod.objects.raw(
        "SELECT *, clock_timestamp() > deadline AS deadline_passed"
        " FROM indicators_reportingperiod WHERE id = %s FOR SHARE",
        [period_id],
    )
    period = rows[0]
    return period, bool(period.deadline_passed)  # type: ignore[attr-defined]


def _other_state(submission: Submission) -> str:
    match submission.state:
        case SubmissionState.SUBMITTED:
            return "Форма уже отправлена и ждёт проверки."
        case SubmissionState.ACCEPTED:
            return "Форма уже принята."
        case SubmissionState.RETURNED:
            return "Форма уже возвращена на доработку."
        case _:
            return "Форма ещё не отправлена."
