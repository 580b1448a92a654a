"""Geometry of the charts: pure functions from values to whole coordinates, which templates draw as SVG.

Coordinates are integers on purpose: a template in Russian would write 12.5 as «12,5», and SVG would not read it.
Texts inside a chart are already formatted. The same picture stands on the page, in print and in a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from projects.passport.typography import number

SLOT: Final = 76
"""Width of one year, in units of the picture."""
COLUMN: Final = 34
MARK: Final = 56
PLOT_HEIGHT: Final = 200
TOP: Final = 26
BOTTOM: Final = 30
LETTER: Final = 8
"""About the width of a digit at the size of the texts of a chart; it only reserves room."""
LABEL_GAP: Final = 7
LABEL_HEIGHT: Final = 15
TICKS: Final = 4


@dataclass(frozen=True)
class PlanFactPoint:
    """One year (or period): ``missing`` says that the fact is late, not merely ahead."""

    label: str
    plan: Decimal | None
    fact: Decimal | None
    missing: bool = False
    note: str = ""


@dataclass(frozen=True)
class GridLine:
    y: int
    text: str
    is_base: bool


@dataclass(frozen=True)
class Column:
    """One year of the picture; ``fact_*`` is the column, ``plan_y`` the mark across it."""

    point: PlanFactPoint
    centre: int
    x: int
    fact_y: int | None
    fact_height: int
    plan_x1: int
    plan_x2: int
    plan_y: int | None
    text: str
    text_y: int


@dataclass(frozen=True)
class PlanFactChart:
    """Columns of facts with marks of the plan over a grid."""

    title: str
    unit: str
    width: int
    height: int
    left: int
    base_y: int
    axis_y: int
    grid: tuple[GridLine, ...]
    columns: tuple[Column, ...]

    @property
    def points(self) -> tuple[PlanFactPoint, ...]:
        """The values for the table that stands behind the picture."""
        return tuple(column.point for column in self.columns)


def plan_fact(title: str, unit: str, points: Sequence[PlanFactPoint]) -> PlanFactChart:
    """Lay out plan and fact by year. Columns always stand on zero, so that their heights may be compared."""
    values = [value for point in points for value in (point.plan, point.fact) if value is not None]
    ticks = _ticks(min([Decimal(0), *values]), max([Decimal(0), *values]))
    low, high = ticks[0], ticks[-1]

    def y(value: Decimal) -> int:
        return TOP + PLOT_HEIGHT - _scaled(value - low, high - low, PLOT_HEIGHT)

    labels = [number(tick) for tick in ticks]
    left = max(map(len, labels)) * LETTER + 14
    return PlanFactChart(
        title=title,
        unit=unit,
        width=left + SLOT * max(len(points), 1),
        height=TOP + PLOT_HEIGHT + BOTTOM,
        left=left,
        base_y=y(Decimal(0)),
        axis_y=TOP + PLOT_HEIGHT + BOTTOM - 8,
        grid=tuple(GridLine(y(tick), text, tick == 0) for tick, text in zip(ticks, labels, strict=True)),
        columns=tuple(
            _column(
                point,
                centre=left + SLOT * index + SLOT // 2,
                base_y=y(Decimal(0)),
                fact_y=None if point.fact is None else y(point.fact),
                plan_y=None if point.plan is None else y(point.plan),
            )
            for index, point in enumerate(points)
        ),
    )


def _column(point: PlanFactPoint, *, centre: int, base_y: int, fact_y: int | None, plan_y: int | None) -> Column:
    """Place one year; its label stands over the column, and over the mark of the plan where they would touch."""
    top = base_y if fact_y is None else min(fact_y, base_y)
    text = number(point.fact)
    if point.fact is None and point.missing:
        text = "нет"
    elif point.fact is None:
        text = number(point.plan) if point.plan is not None else ""
        top = base_y if plan_y is None else plan_y
    if plan_y is not None and top - LABEL_GAP - LABEL_HEIGHT <= plan_y <= top:
        top = plan_y
    return Column(
        point=point,
        centre=centre,
        x=centre - COLUMN // 2,
        fact_y=None if fact_y is None else min(fact_y, base_y),
        # A fact of zero, or close to it, is still a fact: it gets a line one can see.
        fact_height=0 if fact_y is None else max(abs(base_y - fact_y), 2),
        plan_x1=centre - MARK // 2,
        plan_x2=centre + MARK // 2,
        plan_y=plan_y,
        text=text,
        text_y=top - LABEL_GAP,
    )


def _scaled(part: Decimal, whole: Decimal, length: int) -> int:
    return int((part / whole * length).to_integral_value()) if whole else 0


def _ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round values of a grid that hold both ends: steps of 1, 2 or 5 times a power of ten."""
    if low == high:
        high = low + 1
    rough = (high - low) / TICKS
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = (low / step).to_integral_value(rounding="ROUND_FLOOR")
    last = (high / step).to_integral_value(rounding="ROUND_CEILING")
    return [_plain(step * (first + index)) for index in range(int(last - first) + 1)]


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros and exponents, as a person would write it on an axis."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


# --- Sparkline --------------------------------------------------------------------------------------------------

SPARK_WIDTH: Final = 960
SPARK_HEIGHT: Final = 240
SPARK_EDGE: Final = 36


@dataclass(frozen=True)
class Spark:
    """A line no larger than a word; where a value is missing, it is broken."""

    width: int
    height: int
    lines: tuple[str, ...]
    end_x: int | None
    end_y: int | None
    words: str
    targets: tuple[str, ...] = ()


def sparkline(values: Sequence[Decimal | None], words: str = "", targets: Sequence[Decimal | None] = ()) -> Spark:
    """Lay out a series; ``words`` say it to those who do not see it. One value alone is a point.

    ``targets``, as many as there are values, are a second line in the same scale.
    """
    known = [value for value in (*values, *targets) if value is not None]
    if not known:
        return Spark(SPARK_WIDTH, SPARK_HEIGHT, (), None, None, words)
    low, high = min(known), max(known)
    inner_width, inner_height = SPARK_WIDTH - 2 * SPARK_EDGE, SPARK_HEIGHT - 2 * SPARK_EDGE

    def place(index: int, value: Decimal) -> tuple[int, int]:
        x = SPARK_EDGE + (inner_width * index // (len(values) - 1) if len(values) > 1 else inner_width)
        level = _scaled(value - low, high - low, inner_height) if high != low else inner_height // 2
        return x, SPARK_HEIGHT - SPARK_EDGE - level

    def runs(series: Sequence[Decimal | None]) -> list[list[tuple[int, int]]]:
        placed = [None if value is None else place(index, value) for index, value in enumerate(series)]
        return [[dot for dot in run if dot] for present, run in groupby(placed, key=bool) if present]

    def lines(found: list[list[tuple[int, int]]]) -> tuple[str, ...]:
        return tuple(" ".join(f"{x},{y}" for x, y in run) for run in found if len(run) > 1)

    own = runs(values)
    end_x, end_y = own[-1][-1] if own else (None, None)
    return Spark(SPARK_WIDTH, SPARK_HEIGHT, lines(own), end_x, end_y, words, lines(runs(targets)))


# --- Heat map ---------------------------------------------------------------------------------------------------

HEAT_LEVELS: Final = 4


@dataclass(frozen=True)
class HeatCell:
    """How many of how many; None where nothing was expected."""

    accepted: int
    expected: int
    href: str = ""

    @property
    def share(self) -> str:
        """Whole percents, cut and not rounded: only everybody is 100 %."""
        return f"{100 * self.accepted // self.expected}\N{NO-BREAK SPACE}%" if self.expected else ""

    @property
    def shade(self) -> str:
        return f"heat-{self.level}"

    @property
    def words(self) -> str:
        return f"{number(self.accepted)} из {number(self.expected)}"

    @property
    def level(self) -> int | None:
        """0 is nobody and 4 is everybody; what is between never looks like either."""
        if not self.expected:
            return None
        if self.accepted <= 0:
            return 0
        if self.accepted >= self.expected:
            return HEAT_LEVELS
        return 1 + self.accepted * (HEAT_LEVELS - 1) // self.expected


@dataclass(frozen=True)
class HeatRow:
    title: str
    cells: tuple[HeatCell, ...]
    href: str = ""


@dataclass(frozen=True)
class HeatMap:
    """Completeness: rows (municipalities) by columns (projects or periods)."""

    title: str
    row_head: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
