"""The one gate that every write to a submission passes: form, workbook, API, review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from indicators.models import ReportingPeriod, StandIn, Submission, SubmissionState
from indicators.models.submissions import WRITABLE
from indicators.services.errors import StaleVersion, StateConflict
from indicators.turns import may_check, waits_for_check
from organisations.access import access_of
from organisations.models import User
from organisations.prepared import Prepared
from organisations.roles import Action


class Step(Enum):
    """A write: the states that it starts from, and what of that the person may be allowed to do (one is enough)."""

    FILL_IN = (WRITABLE, (Action.WRITE_SUBMISSION,))
    FILL_FOR = (WRITABLE, (Action.FILL_FOR_SCHOOLS,))
    CHECK = (frozenset({SubmissionState.SUBMITTED}), (Action.CHECK_SUBMISSIONS, Action.REVIEW_SUBMISSIONS))
    ACCEPT = (frozenset({SubmissionState.SUBMITTED, SubmissionState.CHECKED}), (Action.REVIEW_SUBMISSIONS,))
    RETURN = (
        frozenset({SubmissionState.SUBMITTED, SubmissionState.CHECKED}),
        (Action.CHECK_SUBMISSIONS, Action.REVIEW_SUBMISSIONS),
    )
    REOPEN = (frozenset({SubmissionState.ACCEPTED}), (Action.REVIEW_SUBMISSIONS,))

    def __init__(self, starts_from: frozenset[SubmissionState], actions: tuple[Action, ...]) -> None:
        self.starts_from = starts_from
        self.actions = actions


@dataclass(frozen=True)
class Passed:
    """The submission under lock, what time it is by the clock of the database, and whether the deadline is behind."""

    submission: Submission
    late: bool
    at: dt.datetime


LOCKED = Prepared(
    lambda pk: Submission.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=pk)
)


def submission_write_gate(*, submission: Submission, step: Step, version: int | None, actor: User) -> Passed:
    """Lock the form and check the locked row; call it first in the transaction of the write.

    ``version`` is the one that the person saw; None where the write cannot overwrite anything that anybody wrote.

    Raises ``PermissionDenied``, ``StateConflict`` (the period is closed, the form is in another state, it is another
    one's turn, a reviewer who filled in or checked the form) or ``StaleVersion`` (somebody wrote since the person
    looked; nothing is overwritten).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The gate holds a lock only inside a transaction.")
    locked = LOCKED.first(submission.pk)
    if locked is None:
        raise Submission.DoesNotExist
    _require_one_of(actor, step.actions, locked)
    period, late, at = _period_held_open(locked.period_id)
    if not period.is_open:
        raise StateConflict(f"Отчётный период закрыт: {period}. Изменить форму уже нельзя.")
    locked.period = period
    if locked.state not in step.starts_from:
        raise StateConflict(_other_state(locked))
    if version is not None and locked.version != version:
        raise StaleVersion("Пока вы работали, форму изменил другой человек. Сверьте значения и повторите.")
    if step is not Step.FILL_IN:
        _check_reviewer(locked, step, actor)
    return Passed(locked, late, at)


def submissions_write_gate(
    *, period: ReportingPeriod, forms: Collection[int], step: Step, actor: User
) -> tuple[dict[int, Submission], dict[int, str]]:
    """The same gate for many forms of one period, of one of the steps that fill forms in: two queries, however many.

    Returns the forms under lock that passed, and one sentence for each that did not, both by id. Versions are the
    caller's to compare, with the locked rows. Raises ``StateConflict`` where the period is closed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The gate holds a lock only inside a transaction.")
    # In the order of their ids, and the period last, as every write takes them: no two wait for one another.
    rows = Submission.objects.filter(period=period, pk__in=forms).order_by("pk")
    locked = list(rows.select_for_update(of=("self",)).select_related("organisation"))
    held, _, _ = _period_held_open(period.pk)
    if not held.is_open:
        raise StateConflict(f"Отчётный период закрыт: {held}. Изменить форму уже нельзя.")
    passed: dict[int, Submission] = {}
    refused = dict.fromkeys(forms, "Такой формы среди форм ваших организаций нет.")
    for form in locked:
        form.period = held
        if not any(_allows(actor, action, form) for action in step.actions):
            continue
        if form.state in step.starts_from:
            passed[form.pk] = form
            del refused[form.pk]
        else:
            refused[form.pk] = _other_state(form)
    return passed, refused


def _require_one_of(actor: User, actions: tuple[Action, ...], locked: Submission) -> None:
    if not any(_allows(actor, action, locked) for action in actions):
        raise PermissionDenied(actions[0].value)


def _allows(actor: User, action: Action, locked: Submission) -> bool:
    return access_of(actor).allows(action, locked.organisation)


def _check_reviewer(locked: Submission, step: Step, actor: User) -> None:
    """Two people for every decision, and each in turn: the municipality, where it comes first, then the ministry."""
    filled_in = StandIn.objects.filter(submission=locked, person=actor).exists()
    if filled_in or actor.pk in {locked.filled_by_id, locked.submitted_by_id}:
        raise StateConflict("Форму проверяет не тот, кто её заполнил или отправил.")
    if step is Step.REOPEN:
        return
    if actor.pk == locked.checked_by_id:
        raise StateConflict("Вы уже проверили эту форму за муниципалитет: решает другой человек.")
    if waits_for_check(locked):
        if step is Step.ACCEPT or not may_check(actor, locked):
            raise StateConflict("Сначала форму проверит муниципалитет.")
        return
    if step is Step.CHECK:
        raise StateConflict("Эту форму проверяет сразу министерство.")
    if locked.state == SubmissionState.CHECKED and not _allows(actor, Action.REVIEW_SUBMISSIONS, locked):
        raise StateConflict("Теперь форму проверяет министерство.")
    _require_one_of(actor, (Action.REVIEW_SUBMISSIONS,), locked)


def _period_held_open(period_id: int) -> tuple[ReportingPeriod, bool, dt.datetime]:
    """The period under a lock that thousands of forms share, but that closing the period waits for."""
    rows = ReportingPeriod.objects.raw(
        "SELECT *, clock_timestamp() > deadline AS deadline_passed, statement_timestamp() AS moment"
        " FROM indicators_reportingperiod WHERE id = %s FOR SHARE",
        [period_id],
    )
    period: Any = next(iter(rows))
    return period, period.deadline_passed, period.moment


def _other_state(submission: Submission) -> str:
    match submission.state:
        case SubmissionState.SUBMITTED:
            return "Форма уже отправлена и ждёт проверки."
        case SubmissionState.CHECKED:
            return "Форму уже проверил муниципалитет, она ждёт решения министерства."
        case SubmissionState.ACCEPTED:
            return "Форма уже принята."
        case SubmissionState.RETURNED:
            return "Форма уже возвращена на доработку."
        case SubmissionState.REOPENED:
            return "Форма уже открыта для исправления."
        case _:
            return "Форма ещё не отправлена."
