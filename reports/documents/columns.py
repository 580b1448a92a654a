"""Widths of the columns of a printed table: no word is broken, and no page is longer than it must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

# Enough rows to know the shape of a table; measuring every row of a long one would cost more than it gives.
_SAMPLE = 60
_STEP = 3.0


@dataclass(slots=True)
class Measured:
    """A column as it was measured, in millimetres without padding.

    ``floor`` is its widest unbreakable word, ``lengths`` its texts set on one line (one per row), ``grows`` says
    whether it may take more than it needs: columns of numbers and dates do not.
    """

    floor: float
    lengths: Sequence[float]
    grows: bool


def line_count(length: float, width: float) -> int:
    """How many lines a text takes in a column, both in millimetres; ragged ends waste about 6 %."""
    return max(1, ceil(length * 1.06 / width)) if length > width else 1


def column_widths(columns: Sequence[Measured], available: float) -> list[float]:
    """Share ``available`` millimetres: every column its longest word, the rest where it shortens the table most.

    The height of a row is that of its longest cell. The fourth-power norm stands for that maximum because it is
    smooth: with a plain maximum two equally long cells would never grow, as neither alone shortens the row. Only
    additions, products and square roots are used, so the same table has the same widths on every machine.
    """
    widths = [column.floor for column in columns]
    needed = sum(widths)
    if needed >= available:
        return [width * available / needed for width in widths]
    growing = [index for index, column in enumerate(columns) if column.grows] or list(range(len(columns)))
    rows = _sample(columns)
    spare = available - needed
    while spare > 0:
        step = min(_STEP, spare)
        best = min(growing, key=lambda index: (_cost(columns, widths, rows, index, step), index))
        widths[best] += step
        spare -= step
    return [round(width, 2) for width in widths]


def _sample(columns: Sequence[Measured]) -> list[int]:
    count = len(columns[0].lengths) if columns else 0
    return sorted({index * count // _SAMPLE for index in range(_SAMPLE)}) if count > _SAMPLE else list(range(count))


def _cost(columns: Sequence[Measured], widths: Sequence[float], rows: Sequence[int], wider: int, step: float) -> float:
    """The height of the sampled rows, in lines, if one column were ``step`` wider."""
    height = 0.0
    for row in rows:
        powers = 0.0
        for index, column in enumerate(columns):
            lines = column.lengths[row] / (widths[index] + step if index == wider else widths[index])
            square = lines * lines if lines > 1 else 1.0
            powers += square * square
        height += sqrt(sqrt(powers))
    return height
