"""Holding what is kept against what accepted facts come to. It repairs nothing: somebody has to look at that."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from indicators.models import ReportingPeriod, RollUpAudit
from indicators.rollup.computing import all_nodes, fold_marks, take_turns
from indicators.rollup.statement import Rules, computed, settle_down

logger = logging.getLogger(__name__)

LISTED = 100
"""How many differences an audit describes; it counts all."""


@dataclass(frozen=True)
class Compared:
    """``differences``: how many; ``listed``: the first of them, as :class:`RollUpAudit` keeps them."""

    compared: int
    differences: int
    listed: list[dict[str, Any]]


def audit_all(*, say: Callable[[int, str], None] | None = None) -> RollUpAudit:
    """Compare every period, keep the outcome, and log loudly where something differs."""
    audit = RollUpAudit.objects.create()
    periods = list(ReportingPeriod.objects.order_by("-end", "pk"))
    for place, period in enumerate(periods):
        if say is not None:
            say(100 * place // len(periods), f"Сверка: {period}")
        # What still waits is no difference; better to have it computed than left out.
        fold_marks(period_id=period.pk)
        found = audit_period(period_id=period.pk)
        audit.periods += 1
        audit.compared += found.compared
        audit.differences += found.differences
        audit.listed += found.listed[: LISTED - len(audit.listed)]
        if found.differences:
            logger.error("The audit of the roll-up found %s differences in %s.", found.differences, period)
    audit.finished_at = Now()
    audit.save()
    audit.refresh_from_db()
    return audit


@transaction.atomic
def audit_period(*, period_id: int) -> Compared:
    """Compute a period from its accepted facts, keep nothing, and say what is kept otherwise."""
    take_turns(period_id)
    rules, nodes = Rules.of(period_id), all_nodes(period_id)
    if not rules.formulas or not nodes.depths:
        return Compared(0, 0, [])
    with connection.cursor() as cursor:
        settle_down(cursor, nodes)
        text, given = computed(rules, nodes, then="compare")
        cursor.execute(text, {**given, "listed": LISTED})
        compared, differences, listed = cursor.fetchone()
    rows = json.loads(listed) if isinstance(listed, str) else listed
    return Compared(
        compared,
        differences,
        [
            {"period": period_id, "organisation": node, "indicator": indicator, "kept": kept, "right": right}
            for node, indicator, kept, right in rows
        ],
    )
