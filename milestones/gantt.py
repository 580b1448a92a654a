"""Geometry of the Gantt chart: pure functions from states of rows to whole coordinates, which a template draws as SVG.

Coordinates are integers on purpose: a template in Russian would write 12.5 as «12,5», and SVG would not read it. One
scale of time holds for all charts of a plan, so that results may be compared.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from milestones.models import PlanKind
from milestones.states import PlanRowState, PlanState, slip_words

LABELS: Final = 320
"""Width of the names at the left, which stay while the picture scrolls."""
LETTERS: Final = 40
"""How many letters of a name fit there."""
ROW: Final = 30
AXIS: Final = 46
BOTTOM: Final = 8
BAR: Final = 14
SHEET: Final = 15
"""How many rows one picture has: as many as a printed page holds under its heading, for a picture is never cut."""
NOTES: Final = 190
"""Room for words at the right of the last bar."""
DIAMOND: Final = 8
WIDE: Final = 1000
"""About how wide the years of a plan are drawn, in units of the picture."""
FURTHEST_MONTHS: Final = 300
"""A date that a document misspells («2204») does not make the picture a mile long."""
_MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its words; ``is_year`` begins a year."""

    x: int
    text: str
    is_year: bool
    text_x: int = 0


@dataclass(frozen=True)
class Scale:
    """Time from the first of a month on; days outside are drawn at the edge."""

    first: dt.date
    months: int
    month: int

    @property
    def width(self) -> int:
        return self.months * self.month

    def x(self, day: dt.date) -> int:
        """Where a day begins."""
        passed = (day.year - self.first.year) * 12 + day.month - self.first.month
        part = self.month * (day.day - 1) // calendar.monthrange(day.year, day.month)[1]
        return min(max(passed * self.month + part, 0), self.width)

    def after(self, day: dt.date) -> int:
        """Where a day ends."""
        return self.x(day + dt.timedelta(days=1))

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Years, and under them months where they have room, else quarters."""
        step = 1 if self.month >= len("янв") * 10 else 3
        found = []
        for index in range(self.months):
            month = (self.first.month - 1 + index) % 12
            if month % step and index:
                continue
            x, middle = index * self.month, index * self.month + (step - month % step) * self.month // 2
            word = _MONTHS[month] if step == 1 else _QUARTERS[month // 3]
            is_year = month == 0 or index == 0
            found.append(Tick(x, word, is_year, middle))
        return tuple(found)

    @property
    def years(self) -> tuple[tuple[int, str], ...]:
        """The places of the years' numbers; the last year only where there is room for it."""
        starts = [(0, self.first.year)]
        first_january = (13 - self.first.month) % 12 or 12
        starts += [
            (index * self.month, self.first.year + 1 + place)
            for place, index in enumerate(range(first_january, self.months, 12))
        ]
        ends = [*(x for x, _ in starts[1:]), self.width]
        return tuple((x, str(year)) for (x, year), end in zip(starts, ends, strict=True) if end - x >= len("2024") * 9)


def scale_of(states: Iterable[PlanRowState], *, today: dt.date) -> Scale:
    """The time that holds every date of these rows, and today."""
    days = [today]
    for state in states:
        row = state.row
        days += [day for day in (row.start, row.end, row.first_end, state.expected) if day]
    first, last = min(days), max(days)
    if (last.year - first.year) * 12 > FURTHEST_MONTHS:
        first = max(first, today.replace(year=today.year - FURTHEST_MONTHS // 24, day=1))
    first = first.replace(day=1)
    months = min((last.year - first.year) * 12 + last.month - first.month + 1, FURTHEST_MONTHS)
    return Scale(first, months, min(max(WIDE // months, 8), 60))


@dataclass(frozen=True)
class Bar:
    x: int
    width: int
    look: str
    """Its class: run, done, late, overdue or forecast."""


@dataclass(frozen=True)
class GanttRow:
    """A row of the picture. ``plan`` is the ghost of the redaction in force, ``first_x`` the end approved first where
    it was another; a control point has diamonds instead: ``point_x`` planned and ``reached_x`` done or expected."""

    of: PlanRowState
    y: int
    middle: int
    label: str
    look: str
    plan: Bar | None
    bars: tuple[Bar, ...]
    point_x: int | None
    reached_x: int | None
    first_x: int | None
    note: str
    note_x: int


@dataclass(frozen=True)
class Sheet:
    """Rows that are drawn as one picture, with an axis of their own."""

    rows: tuple[GanttRow, ...]

    @property
    def height(self) -> int:
        return AXIS + ROW * len(self.rows) + BOTTOM

    @property
    def foot(self) -> int:
        return self.height - BOTTOM


@dataclass(frozen=True)
class GanttChart:
    """The rows under one result of the plan; ``head`` is its row, None for rows that stand under no result."""

    head: PlanRowState | None
    sheets: tuple[Sheet, ...]
    scale: Scale
    today_x: int
    is_open: bool

    @property
    def rows(self) -> tuple[GanttRow, ...]:
        return tuple(row for sheet in self.sheets for row in sheet.rows)

    @property
    def width(self) -> int:
        return self.scale.width + NOTES

    @property
    def troubled(self) -> int:
        """How many rows are overdue."""
        return sum(1 for row in self.rows if row.of.state == PlanState.OVERDUE)


def gantt_of(states: Sequence[PlanRowState], *, today: dt.date, all_open: bool = False) -> list[GanttChart]:
    """One chart for each result of the plan, in document order; open are those with something overdue or due soon."""
    scale = scale_of(states, today=today)
    groups: list[list[PlanRowState]] = []
    for state in states:
        if state.row.kind == PlanKind.RESULT or not groups:
            groups.append([])
        groups[-1].append(state)
    urgent = {PlanState.OVERDUE, PlanState.DUE_SOON}
    return [
        GanttChart(
            head=group[0] if group[0].row.kind == PlanKind.RESULT else None,
            sheets=tuple(
                Sheet(tuple(_row(state, index, scale) for index, state in enumerate(group[first : first + SHEET])))
                for first in range(0, len(group), SHEET)
            ),
            scale=scale,
            today_x=scale.x(today),
            is_open=all_open or len(groups) == 1 or any(state.state in urgent for state in group),
        )
        for group in groups
    ]


def _row(state: PlanRowState, index: int, scale: Scale) -> GanttRow:
    row = state.row
    y = AXIS + index * ROW
    is_point = row.kind == PlanKind.CONTROL_POINT
    bars = () if is_point else tuple(_bars(state, scale))
    plan = None if is_point or row.end is None else _bar(scale, row.start or row.end, row.end, "plan")
    point_x = scale.x(row.end) if is_point and row.end else None
    reached_x = scale.x(state.expected) if is_point and state.expected and state.slip else None
    edges = [bar.x + bar.width for bar in (*bars, *([plan] if plan else []))]
    edges += [x + DIAMOND for x in (point_x, reached_x) if x is not None]
    moved = row.first_end is not None and row.first_end != row.end
    return GanttRow(
        of=state,
        y=y,
        middle=y + ROW // 2,
        label=_cut(row.name, LETTERS - len(row.number)),
        look=_LOOKS[state.state],
        plan=plan,
        bars=bars,
        point_x=point_x,
        reached_x=reached_x,
        first_x=scale.x(row.first_end) if moved and row.first_end else None,
        note=_note(state),
        note_x=max(edges, default=0) + 8,
    )


_LOOKS = {
    PlanState.NOT_DUE: "run",
    PlanState.DUE_SOON: "run",
    PlanState.OVERDUE: "overdue",
    PlanState.DONE_IN_TIME: "done",
    PlanState.DONE_LATE: "late",
    PlanState.UNDATED: "run",
}


def _bars(state: PlanRowState, scale: Scale) -> Iterable[Bar]:
    """What has happened up to today or to the day it was done; apart from it what lies beyond the deadline."""
    start, end = state.row.start or state.row.end, state.row.end
    if start is None or end is None:
        return
    until = state.actual or state.today
    if state.actual:
        yield _bar(scale, min(start, until), min(end, until), "done")
    elif start <= state.today:
        yield _bar(scale, start, min(end, until), "run")
    if until > end:
        yield _bar(scale, end + dt.timedelta(days=1), until, "late" if state.actual else "overdue")
    if state.forecast and state.forecast > max(end, state.today):
        yield _bar(scale, max(end, state.today) + dt.timedelta(days=1), state.forecast, "forecast")


def _bar(scale: Scale, start: dt.date, end: dt.date, look: str) -> Bar:
    """From the beginning of one day to the end of another; whatever is there can be seen."""
    x = scale.x(min(start, end))
    return Bar(x, max(scale.after(end) - x, 3), look)


def _note(state: PlanRowState) -> str:
    if state.state == PlanState.UNDATED:
        return "срок не указан"
    words = []
    if state.slip:
        words.append(slip_words(state.slip))
    if state.danger:
        words.append(state.danger)
    return ", ".join(words)


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
