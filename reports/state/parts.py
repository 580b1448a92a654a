"""A part of a project as it is computed, before it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from projects.status import Status
from reports.models import PartKind


@dataclass(frozen=True)
class Part:
    """The columns of :class:`reports.models.PartState`, and whether a deviation may open here.

    ``opens``: of all years of an indicator only the last settled one opens a deviation; an older one that is open is
    still followed until it recovers.
    """

    kind: PartKind
    row_id: UUID
    source_id: int
    position: int
    number: str
    name: str
    status: Status
    is_current: bool
    is_settled: bool
    opens: bool
    year: int | None = None
    unit: str = ""
    word: str = ""
    danger: str = ""
    target: Decimal | None = None
    actual: Decimal | None = None
    ratio: Decimal | None = None
    forecast: Decimal | None = None
    due: dt.date | None = None
    actual_on: dt.date | None = None
    forecast_on: dt.date | None = None
    as_of: dt.date | None = None
    expected: int | None = None
    submitted: int | None = None
    accepted: int | None = None

    @property
    def key(self) -> tuple[str, UUID, int | None]:
        return self.kind.value, self.row_id, self.year
