"""The status of a row of the event plan by its dates alone: no database, one rule for every page.

Source of the words: the issue of the event plan. Dates are whole days; the day of the deadline itself is still in time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

from projects.passport import typography

if TYPE_CHECKING:
    from milestones.models import PlanProgress, PlanRow


class PlanState(models.TextChoices):
    """In the order of a row's life; a row whose document names no readable date has no deadline to be judged by."""

    NOT_DUE = "not_due", "не наступил"
    DUE_SOON = "due_soon", "скоро срок"
    OVERDUE = "overdue", "просрочено"
    DONE_IN_TIME = "done_in_time", "выполнено в срок"
    DONE_LATE = "done_late", "выполнено с опозданием"
    UNDATED = "undated", "срок не указан"


def state_of(*, end: dt.date | None, actual: dt.date | None, today: dt.date, soon_days: int) -> PlanState:
    """Where a row stands today; ``soon_days`` is how many days before the deadline it is soon."""
    if end is None:
        return PlanState.UNDATED
    if actual is not None:
        return PlanState.DONE_LATE if actual > end else PlanState.DONE_IN_TIME
    if today > end:
        return PlanState.OVERDUE
    return PlanState.DUE_SOON if (end - today).days <= soon_days else PlanState.NOT_DUE


def overruns_point(
    *,
    end: dt.date | None,
    actual: dt.date | None,
    forecast: dt.date | None,
    point_end: dt.date | None,
    overdue: bool,
) -> bool:
    """Whether an activity does not leave its control point in time: done, planned or expected after it, or overdue."""
    if actual is not None:
        return point_end is not None and actual > point_end
    return overdue or (point_end is not None and any(day > point_end for day in (end, forecast) if day))


@dataclass(frozen=True)
class PlanRowState:
    """A row as it stands on a day. ``overruns``: an activity that does not leave its control point in time;
    ``overrun_by``: of a control point, its activities that do so."""

    row: PlanRow
    state: PlanState
    today: dt.date
    actual: dt.date | None
    forecast: dt.date | None
    overruns: bool = False
    overrun_by: tuple[PlanRow, ...] = ()
    progress: PlanProgress | None = None

    @property
    def is_done(self) -> bool:
        return self.actual is not None

    @property
    def danger(self) -> str:
        """What is wrong between an activity and its control point, in words; empty where nothing is."""
        if self.overrun_by:
            late = ", ".join(row.number or row.name for row in self.overrun_by)
            return f"мероприятия позже точки: {late}" if self.is_done else f"под угрозой: {late}"
        if self.overruns and self.row.control_point:
            point = self.row.control_point.number
            return f"позже точки {point}".strip() if self.is_done else f"не успевает к {point or 'точке'}"
        return ""

    @property
    def expected(self) -> dt.date | None:
        """When the row was done or will be, as far as is known: what is overdue is not done before today."""
        if self.actual:
            return self.actual
        day = self.forecast or self.row.end
        return max(day, self.today) if day and self.state == PlanState.OVERDUE else day

    @property
    def slip(self) -> int | None:
        """Days after the deadline of the redaction in force, negative before it; None without a deadline."""
        return _days(self.row.end, self.expected)

    @property
    def slip_first(self) -> int | None:
        """The same against the date that was approved first."""
        return _days(self.row.first_end, self.expected)


def slip_words(days: int | None) -> str:
    """«+10 дн.», «−3 дн.», «в срок»; a dash where there is no deadline."""
    if days is None:
        return typography.DASH
    if days == 0:
        return "в\N{NO-BREAK SPACE}срок"
    sign = "+" if days > 0 else typography.MINUS
    return f"{sign}{typography.number(abs(days))}\N{NO-BREAK SPACE}дн."


def _days(since: dt.date | None, until: dt.date | None) -> int | None:
    return (until - since).days if since and until else None
