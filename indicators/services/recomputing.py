"""Computing a period anew because somebody asks for it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from indicators.models import ReportingPeriod
from indicators.services.marks import mark_coverage
from organisations.access import access_of
from organisations.models import User
from organisations.roles import Action


@transaction.atomic
def period_recompute(*, period: ReportingPeriod, actor: User) -> None:
    """Have every total of a period computed from its accepted forms, as after an audit that found a difference.

    Raises ``PermissionDenied``: it is for those who manage periods over a whole tree.
    """
    if not access_of(actor).holds_at_root(Action.MANAGE_PERIODS):
        raise PermissionDenied(Action.MANAGE_PERIODS.value)
    mark_coverage(period)
