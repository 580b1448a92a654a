"""The rule of the event plan that holds on a day."""

from __future__ import annotations

import datetime as dt

from milestones.models import PlanRule

FIRST_RULE = {"soon_days": 14, "remind_before": 7, "remind_every": 7}
"""What holds until the ministry sets its own rule."""


def rule_on(day: dt.date) -> PlanRule:
    """The rule in force; not saved where the ministry has set none."""
    found: PlanRule | None = PlanRule.objects.filter(effective_from__lte=day).order_by("-effective_from").first()
    return found or PlanRule(**FIRST_RULE)
