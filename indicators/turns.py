"""Whose turn it is to decide on a form: the municipality's or the ministry's.

A form of one level waits for the ministry. One of two levels waits for the municipal coordinator first, and for the
ministry once it is checked. Where nobody but the ministry could check it (no coordinator over the organisation, or the
coordinators filled it in or sent it themselves) a member of the ministry checks, and another one accepts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Func, OuterRef, Q

from organisations.access import access_of
from organisations.models import Membership
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
    """The same as a filter on forms."""
    access = access_of(user)
    accepts = access.below("organisation__path", Action.REVIEW_SUBMISSIONS)
    checks = access.below("organisation__path", Action.CHECK_SUBMISSIONS)
    if access.allows(Action.REVIEW_SUBMISSIONS):
        checks |= accepts & _nobody_else_checks()
    # «Is distinct from»: a form that nobody has saved or checked has nobody to differ from.
    others = [Q(**{f"{who}__isnull": True}) | ~Q(**{who: user.pk}) for who in ("filled_by", "checked_by")]
    turn = (WAITS_FOR_MUNICIPALITY & checks) | (WAITS_FOR_MINISTRY & accepts)
    return turn & ~Q(submitted_by=user.pk) & others[0] & others[1] & ~_filled_for_by(user.pk)


def _nobody_else_checks() -> Q:
    """Nobody checks for the municipality over the form, or somebody of those who do has filled it in or sent it."""
    from indicators.models import StandIn

    # Ids from the root down to the organisation: a few looks into an index, where comparing paths would read them all.
    above = Func(
        OuterRef("organisation__path"),
        template="SELECT unnest(string_to_array(rtrim(%(expressions)s, '.'), '.')::bigint[])",
    )
    over = _coordinators().filter(organisation__in=above)
    stood_in = StandIn.objects.filter(submission=OuterRef(OuterRef("pk")), person=OuterRef("user"))
    own = Q(user=OuterRef("submitted_by")) | Q(user=OuterRef("filled_by")) | Exists(stood_in)
    return ~Exists(over) | Exists(over.filter(own))


def _filled_for_by(person: int) -> Q:
    from indicators.models import StandIn

    return Q(pk__in=StandIn.objects.filter(person=person).values("submission"))


def _coordinators() -> Any:
    return Membership.objects.filter(role__in=_CHECKERS, user__is_active=True)
