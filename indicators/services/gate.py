"""The one gate that every write to a submission passes: form, workbook, API, review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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

    @property
    def decides(self) -> bool:
        """Whether it is a reviewer's, and not of those who fill the form in."""
        return self not in (Step.FILL_IN, Step.FILL_FOR)

    @property
    def not_theirs(self) -> str:
        """What a person hears who may not take it."""
        if self is Step.ACCEPT:
            return "Эту форму принимает министерство."
        return "Такой формы среди форм ваших организаций нет."


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
    _require_open(period)
    locked.period = period
    stood_in = step.decides and StandIn.objects.filter(submission=locked, person=actor).exists()
    _require_turn(locked, step, version, actor, stood_in=stood_in)
    return Passed(locked, late, at)


def submissions_write_gate(
    *, period: ReportingPeriod, versions: Mapping[int, int | None], step: Step, actor: User
) -> tuple[list[Submission], dt.datetime, dict[int, str]]:
    """The same gate for many forms of one period, each by its id and the version that the person saw: three queries.

    Returns the forms under lock that passed, in the order of their ids, what time it is by the clock of the database,
    and one sentence for each form that did not pass, by id. Raises ``StateConflict`` where the period is closed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The gate holds a lock only inside a transaction.")
    # In the order of their ids, and the period last, as every write takes them: no two wait for one another.
    rows = Submission.objects.filter(period=period, pk__in=versions).order_by("pk")
    locked = list(rows.select_for_update(of=("self",)).select_related("organisation"))
    held, _, at = _period_held_open(period.pk)
    _require_open(held)
    stood_in: set[int] = set()
    if step.decides:
        stood_in.update(
            StandIn.objects.filter(submission__in=locked, person=actor).values_list("submission", flat=True)
        )
    passed = []
    refused = dict.fromkeys(versions, step.not_theirs)
    for form in locked:
        form.period = held
        try:
            _require_one_of(actor, step.actions, form)
            _require_turn(form, step, versions[form.pk], actor, stood_in=form.pk in stood_in)
        except PermissionDenied:
            continue
        except (StateConflict, StaleVersion) as error:
            refused[form.pk] = str(error)
        else:
            passed.append(form)
            del refused[form.pk]
    return passed, at, refused


def _require_open(period: ReportingPeriod) -> None:
    if not period.is_open:
        raise StateConflict(f"Отчётный период закрыт: {period}. Изменить форму уже нельзя.")


def _require_turn(locked: Submission, step: Step, version: int | None, actor: User, *, stood_in: bool) -> None:
    """The step may begin from where the form is, from the version that the person saw, and by this person."""
    if locked.state not in step.starts_from:
        raise StateConflict(_other_state(locked))
    if version is not None and locked.version != version:
        raise StaleVersion("Пока вы работали, форму изменил другой человек. Сверьте значения и повторите.")
    if step.decides:
        _check_reviewer(locked, step, actor, stood_in=stood_in)


def _require_one_of(actor: User, actions: tuple[Action, ...], locked: Submission) -> None:
    if not any(_allows(actor, action, locked) for action in actions):
        raise PermissionDenied(actions[0].value)


def _allows(actor: User, action: Action, locked: Submission) -> bool:
    return access_of(actor).allows(action, locked.organisation)


def _check_reviewer(locked: Submission, step: Step, actor: User, *, stood_in: bool) -> None:
    """Two people for every decision, and each in turn: the municipality, where it comes first, then the ministry."""
    if stood_in or actor.pk in {locked.filled_by_id, locked.submitted_by_id}:
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
