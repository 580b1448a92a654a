"""By when how much of a year's plan is expected to be executed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from finance.models import ExecutionThreshold
from finance.services.errors import ValidationFailed
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.services.saving import row_save

_RISE = "Доли нарастают от квартала к кварталу и не больше 100 %."


@transaction.atomic
def execution_threshold_save(
    *,
    effective_from: dt.date,
    first: Decimal,
    second: Decimal,
    third: Decimal,
    fourth: Decimal,
    yellow: Decimal,
    working_days: int,
    actor: User,
) -> ExecutionThreshold:
    """Set what is expected from a day on, in percent of the year's plan; naming a day again mends its row.

    Raises ``ValidationFailed`` by field.
    """
    require(actor, Action.EDIT_CATALOGUE)
    if not 0 <= first <= second <= third <= fourth <= 100:
        raise ValidationFailed({"": _RISE})
    held = ExecutionThreshold.objects.select_for_update().filter(effective_from=effective_from).first()
    row = held or ExecutionThreshold(effective_from=effective_from)
    row.first, row.second, row.third, row.fourth = first, second, third, fourth
    row.yellow, row.working_days = yellow, working_days
    row_save(row)
    return row
