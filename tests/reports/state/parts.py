"""Parts for the tests of deviations: one figure of a project, in one sentence."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from projects.status import Status
from reports.models import PartKind
from reports.state.parts import Part

ROW = uuid.UUID(int=7)


def part(status: str, **more: Any) -> Part:
    """The year 2025 of one indicator, settled."""
    given: dict[str, Any] = {
        "kind": PartKind.INDICATOR,
        "row_id": ROW,
        "source_id": 1,
        "position": 0,
        "number": "1",
        "name": "Доля школ",
        "status": Status(status),
        "is_current": True,
        "is_settled": True,
        "opens": True,
        "year": 2025,
        "target": Decimal(50),
        "actual": Decimal(48),
        "ratio": Decimal(96),
    }
    return Part(**(given | more))
