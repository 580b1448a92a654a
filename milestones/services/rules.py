"""When a deadline is soon and when people are reminded."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from milestones.models import PlanRule
from organisations.access import require
from organisations.models import User
from organisations.roles import Action


@transaction.atomic
def plan_rule_save(
    *, effective_from: dt.date, soon_days: int, remind_before: int, remind_every: int, actor: User
) -> PlanRule:
    """Set the rule from a day on; naming a day again mends its rule."""
    require(actor, Action.MANAGE_PERIODS)
    said = {"soon_days": soon_days, "remind_before": remind_before, "remind_every": remind_every}
    row, _ = PlanRule.objects.select_for_update().update_or_create(effective_from=effective_from, defaults=said)
    return row
