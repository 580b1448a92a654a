"""Whose turn it is to decide on a form: the municipality's or the ministry's.

A form of one level waits for the ministry. One of two levels waits for the municipal coordinator first, and for the
ministry once it is checked. Where nobody but the ministry could check it (no coordinator over the organisation, or the
coordinators filled it in or sent it themselves) a member of the ministry checks, and another one accepts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from organisations.access import access_of
from organisations.models import REPORTING_KINDS, Membership, Organisation
from organisations.roles import ACTIONS_OF_ROLE, Action

if TYPE_CHECKING:
    from indicators.models import Submission

_CHECKERS = sorted(role for role, actions in ACTIONS_OF_ROLE.items() if Action.CHECK_SUBMISSIONS in actions)
WAITS_FOR_MUNICIPALITY = Q(state="submitted", levels=2)
WAITS_FOR_MINISTRY = Q(state="submitted", levels=1) | Q(state="checked")


def waits_for_check(submission: Submission) -> bool:
    return submission.state == "submitted" and submission.levels == 2


def waits_for_acceptance(submission: Submission) -> bool:
    return submission.state == "checked" or (submission.state == "submitted" and submission.levels == 1)


def may_check(user: Any, submission: Submission) -> bool:
    """Whether the person may be the first of two to review this form. At most three queries."""
    access, organisation = access_of(user), submission.organisation
    if access.allows(Action.CHECK_SUBMISSIONS, organisation):
        return True
    if not access.allows(Action.REVIEW_SUBMISSIONS, organisation):
        return False
    coordinators = _coordinators().values_list("organisation_id", "user_id")
    over = {user_id for node, user_id in coordinators if node in organisation.ancestor_ids}
    return not over or bool(over & (_stand_ins(submission) | {submission.filled_by_id, submission.submitted_by_id}))


def _stand_ins(submission: Submission) -> set[int | None]:
    return set(submission.stand_ins.values_list("person_id", flat=True))


def may_decide(user: Any, submission: Submission) -> bool:
    """Whether the form waits for this person: its turn, rights, and that they neither filled in nor checked it."""
    if not user.pk or user.pk in {submission.filled_by_id, submission.submitted_by_id, submission.checked_by_id}:
        return False
    if user.pk in _stand_ins(submission):
        return False
    if waits_for_check(submission):
        return may_check(user, submission)
    allowed = access_of(user).allows(Action.REVIEW_SUBMISSIONS, submission.organisation)
    return waits_for_acceptance(submission) and allowed


def decided_by(user: Any) -> Q:
    """The same as a filter on forms. Two queries where the person reviews for the ministry."""
    access = access_of(user)
    accepts = access.below("organisation__path", Action.REVIEW_SUBMISSIONS)
    checks = access.below("organisation__path", Action.CHECK_SUBMISSIONS)
    if access.allows(Action.REVIEW_SUBMISSIONS):
        checks |= accepts & _nobody_else_checks()
    # «Is distinct from»: a form that nobody has saved or checked has nobody to differ from.
    others = [Q(**{f"{who}__isnull": True}) | ~Q(**{who: user.pk}) for who in ("filled_by", "checked_by")]
    turn = (WAITS_FOR_MUNICIPALITY & checks) | (WAITS_FOR_MINISTRY & accepts)
    return turn & ~Q(submitted_by=user.pk) & others[0] & others[1] & ~_filled_for_by([user.pk])


def _nobody_else_checks() -> Q:
    """Organisations by the node they hang on: a comparison of every path with every coordinator's takes seconds."""
    rows = list(_coordinators().values_list("organisation_id", "user_id"))
    nodes = {node for node, _ in rows}
    if not nodes:
        return Q()
    parents = Organisation.objects.exclude(kind__in=REPORTING_KINDS).order_by().values_list("pk", "path")
    # Ids from the root down to the node: one comparison for a node, not one for each coordinator.
    covered = [pk for pk, path in parents if not nodes.isdisjoint(int(part) for part in path.split(".") if part)]
    people = {user_id for _, user_id in rows}
    uncovered = ~Q(organisation__parent__in=covered) & ~Q(organisation__in=nodes)
    return uncovered | Q(submitted_by__in=people) | Q(filled_by__in=people) | _filled_for_by(people)


def _filled_for_by(people: Iterable[int]) -> Q:
    from indicators.models import StandIn

    return Q(pk__in=StandIn.objects.filter(person__in=people).values("submission"))


def _coordinators() -> Any:
    return Membership.objects.filter(role__in=_CHECKERS, user__is_active=True)
