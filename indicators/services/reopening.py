"""Opening a closed period for correction: what it came to before stays as its version of that number.

The lock comes first: whoever accepts or closes at this moment is waited for, and what that comes to is kept too.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from indicators.models import PeriodReopening, ReportingPeriod
from indicators.models.periods import PeriodState
from indicators.rollup import fold_marks
from indicators.services.deadlines import moment_words
from indicators.services.errors import StateConflict, ValidationFailed
from indicators.services.marks import later_that_add_up
from indicators.services.telling import tell_heads_of
from organisations.access import require
from organisations.models import NotificationKind, User
from organisations.roles import Action

_KEEP = """
INSERT INTO indicators_pastvalue
    (reopening_id, indicator_id, organisation_id, value, operands, expected, submitted, accepted, computed_at)
SELECT %s, indicator_id, organisation_id, value, operands, expected, submitted, accepted, computed_at
FROM indicators_rolledupvalue
WHERE period_id = %s
"""


@transaction.atomic
def period_reopen(*, period: ReportingPeriod, reason: str, deadline: dt.datetime, actor: User) -> PeriodReopening:
    """Open a closed period again until a deadline of its own, and keep every value as it stands now.

    So are those of later closed periods that add up the year: a correction changes them as well. Accepted forms stay
    accepted: each that has to be corrected is reopened by itself. Forms that were not handed in or not accepted can be.
    Raises ``ValidationFailed`` («reason», «deadline») and ``StateConflict`` where it is open.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationFailed({"reason": "Напишите, почему закрытый период надо исправить."})
    locked, *later = _held(period)
    for row in locked.projects.select_related("territory"):
        require(actor, Action.MANAGE_PERIODS, row.territory)
    if locked.is_open:
        raise StateConflict("Период уже открыт.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s > clock_timestamp()", [deadline])
        if not cursor.fetchone()[0]:
            raise ValidationFailed({"deadline": "Этот срок уже прошёл."})
    reopening = _version_kept(locked, reason, actor)
    for changed in later:
        _version_kept(changed, f"Исправляют {locked}, а здесь считают с начала года. {reason}", actor)
    locked.state, locked.closed_at, locked.deadline = PeriodState.OPEN, None, deadline
    locked.version += 1
    locked.save()
    tell_heads_of(
        locked,
        NotificationKind.DEADLINE_MOVED,
        f"период «{locked}» снова открыт. Сдать форму до {moment_words(deadline)}.",
    )
    return reopening


def closed_that_change(period: ReportingPeriod) -> QuerySet[ReportingPeriod]:
    """Later closed periods whose values a correction of this one changes as well."""
    return later_that_add_up(period).filter(state=PeriodState.CLOSED)


def _held(period: ReportingPeriod) -> list[ReportingPeriod]:
    """The period, and then the later closed ones that hold its figures, under a lock that lets the roll-up write."""
    rows = ReportingPeriod.objects.filter(Q(pk=period.pk) | Q(pk__in=closed_that_change(period).values("pk")))
    found = list(rows.select_for_update(no_key=True).order_by("pk"))
    return sorted(found, key=lambda row: row.number)


def _version_kept(period: ReportingPeriod, reason: str, actor: User) -> PeriodReopening:
    """What a period comes to, kept. A mark that nobody folded yet would make it an older version: hence folding."""
    fold_marks(period_id=period.pk)
    reopening = PeriodReopening.objects.create(
        period=period, number=period.reopenings.count() + 1, reason=reason, actor=actor
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [reopening.pk, period.pk])
    return reopening
