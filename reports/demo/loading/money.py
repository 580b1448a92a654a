"""What was contracted and executed of the money: the closed years in full, this year by quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from finance.counting import Block
from finance.entering import Given
from finance.models import ExecutionEntry
from finance.selectors import known_money
from finance.services import execution_enter
from reports.demo.chance import share
from reports.demo.loading.state import Loaded

# How much of the year's plan is paid by a day, and how much is under contract.
_DAYS = (
    (dt.date(2024, 12, 31), Decimal("0.985"), Decimal(1)),
    (dt.date(2025, 12, 31), Decimal("0.978"), Decimal(1)),
    (dt.date(2026, 3, 31), Decimal("0.26"), Decimal("0.55")),
    (dt.date(2026, 6, 30), Decimal("0.53"), Decimal("0.82")),
    (dt.date(2026, 9, 30), Decimal("0.77"), Decimal("0.96")),
)
_LATE, _SLOW, _RETURN = Decimal("0.62"), Decimal("0.94"), "Поставщик вернул аванс по расторгнутому контракту."


def execution(loaded: Loaded) -> str:
    """Figures of every source and of the transfers in it; some are behind, two lines had money returned."""
    for project in loaded.projects.values():
        blocks = known_money([project], today=timezone.localdate()).blocks[project.pk]
        for day, paid, contracted in _DAYS:
            if day < timezone.localdate():
                rows = [row for block in blocks if not block.is_sum for row in _rows(block, day, paid, contracted)]
                execution_enter(project=project, as_of=day, rows=rows, actor=loaded.people["administrator"])
    return f"записей {ExecutionEntry.objects.count()}"


def _rows(block: Block, day: dt.date, paid: Decimal, contracted: Decimal) -> Iterator[Given]:
    lot = 0.0
    for line in block.sources:
        # Transfers are paid as the source that they are a part of.
        lot = lot if line.is_part else share("execution", line.number, line.name, line.row.position)
        planned = line.amounts.get(day.year)
        if not planned:
            continue
        if lot > 0.93 and day == dt.date(2026, 3, 31):
            if not line.is_part:
                yield Given(line.pk, _kopecks(planned * contracted), -_kopecks(planned / 50), _RETURN)
            continue
        pace = _LATE if lot < 0.15 else _SLOW if lot < 0.3 else Decimal(1)
        part = min(paid * pace + Decimal(round(lot * 100)) / 5000, Decimal(1))
        yield Given(line.pk, _kopecks(planned * max(contracted * pace, part)), _kopecks(planned * part))


def _kopecks(value: Decimal) -> Decimal:
    return round(value, 2)
