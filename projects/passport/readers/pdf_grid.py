"""The tables of a page out of its ruled lines: a grid of columns and rows, with the cells that are merged on it."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]

# Lines closer than this are one: a border is often drawn twice, once for each of its neighbours (points).
SNAP = 3.0
# No column is narrower than this: borders moved by hand from row to row are one border.
_NARROWEST = 6.0
_SHORTEST = 4.0
_MAX_CELLS = 12_000
_MAX_LINES = 800


@dataclass(slots=True)
class Ruled:
    """Lines of one direction that lie on one another: where they lie and the stretches they cover."""

    at: float
    stretches: list[tuple[float, float]]

    def covers(self, start: float, end: float) -> bool:
        """Whether most of a stretch is drawn."""
        drawn = sum(max(0.0, min(end, high) - max(start, low)) for low, high in self.stretches)
        return drawn > 0.5 * (end - start)


@dataclass(slots=True)
class Grid:
    """A table: ``xs`` and ``ys`` are the borders of its columns and rows; ``owner`` names for each place the first
    place (row, column) of the cell that covers it."""

    xs: list[float]
    ys: list[float]
    owner: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """The first place of the cell at a point, None outside the table."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.owner[bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1]

    def cells(self) -> dict[tuple[int, int], Box]:
        """Every cell by its first place, with the box around it."""
        boxes: dict[tuple[int, int], Box] = {}
        for (row, column), first in self.owner.items():
            box = (self.xs[column], self.ys[row], self.xs[column + 1], self.ys[row + 1])
            known = boxes.get(first, box)
            boxes[first] = (
                min(known[0], box[0]),
                min(known[1], box[1]),
                max(known[2], box[2]),
                max(known[3], box[3]),
            )
        return boxes

    def split_at(self, xs: Sequence[float]) -> Grid:
        """The same table on the finer columns of another piece of it."""
        wide = sorted([*(x for x in xs if all(abs(x - own) > SNAP for own in self.xs)), *self.xs])
        source = [bisect_right(self.xs, (left + right) / 2) - 1 for left, right in itertools.pairwise(wide)]
        target = {column: source.index(column) for column in sorted(set(source))}
        owner = {
            (row, column): (first[0], target[first[1]])
            for row in range(len(self.ys) - 1)
            for column, old in enumerate(source)
            for first in [self.owner[row, old]]
        }
        return Grid(wide, self.ys, owner)


def grids(lines: Iterable[Box]) -> list[Grid]:
    """The tables that the lines of a page make, from top to bottom. A drawing of too many lines makes none."""
    found = []
    for band in _bands(lines):
        across = [(y0, x0, x1) for x0, y0, x1, y1 in band if x1 - x0 >= y1 - y0]
        upright = [(x0, y0, y1) for x0, y0, x1, y1 in band if x1 - x0 < y1 - y0]
        level, plumb = _merged(across, SNAP), _merged(upright, _NARROWEST)
        if sum(len(line.stretches) for line in level + plumb) <= _MAX_LINES:
            tables = (_grid(rows, columns) for rows, columns in _touching(level, plumb))
            found += [table for table in tables if table is not None]
    return sorted(_apart(found), key=lambda grid: grid.ys[0])


def _bands(lines: Iterable[Box]) -> list[list[Box]]:
    """Lines parted where nothing is ruled across the height of a page: what is above has no say in what is below."""
    bands: list[list[Box]] = []
    bottom = 0.0
    for line in sorted(lines, key=lambda line: line[1]):
        if not bands or line[1] > bottom + SNAP:
            bands.append([])
            bottom = line[3]
        bands[-1].append(line)
        bottom = max(bottom, line[3])
    return bands


def _merged(lines: list[tuple[float, float, float]], snap: float) -> list[Ruled]:
    """Lines that lie on one another (closer than ``snap``) as one, with their stretches joined where they touch."""
    out: list[Ruled] = []
    for at, start, end in sorted(lines):
        if out and at - out[-1].at < snap:
            out[-1].stretches.append((start, end))
        else:
            out.append(Ruled(at, [(start, end)]))
    for line in out:
        line.stretches = _joined(line.stretches)
    return [line for line in out if line.stretches]


def _joined(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] + SNAP:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return [(start, end) for start, end in joined if end - start >= _SHORTEST]


def _touching(level: list[Ruled], plumb: list[Ruled]) -> list[tuple[list[Ruled], list[Ruled]]]:
    """Lines parted into tables: those that touch one another, directly or through others."""
    pieces = [(True, line.at, *stretch) for line in level for stretch in line.stretches]
    first_upright = len(pieces)
    pieces += [(False, line.at, *stretch) for line in plumb for stretch in line.stretches]
    parent = list(range(len(pieces)))
    for i in range(first_upright):
        _, y, left, right = pieces[i]
        for j in range(first_upright, len(pieces)):
            _, x, top, bottom = pieces[j]
            if left - _NARROWEST <= x <= right + _NARROWEST and top - SNAP <= y <= bottom + SNAP:
                parent[_root(parent, i)] = _root(parent, j)
    parts: dict[int, tuple[list[Ruled], list[Ruled]]] = {}
    for index, (across, at, start, end) in enumerate(pieces):
        rows, columns = parts.setdefault(_root(parent, index), ([], []))
        side = rows if across else columns
        if side and side[-1].at == at:
            side[-1].stretches.append((start, end))
        else:
            side.append(Ruled(at, [(start, end)]))
    return list(parts.values())


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _grid(rows: list[Ruled], columns: list[Ruled]) -> Grid | None:
    """The table of some lines that touch; None for what is no table: an underline, a rule, a drawing."""
    if not rows or not columns:
        return None
    xs = _places(columns, rows)
    ys = _places(rows, columns)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > _MAX_CELLS or xs[-1] - xs[0] < 20 or ys[-1] - ys[0] < 5:
        return None
    places = [(row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)]
    index = {place: number for number, place in enumerate(places)}
    parent = list(range(len(places)))
    plumb = {line.at: line for line in columns}
    level = {line.at: line for line in rows}
    for (row, column), number in index.items():
        right, below = plumb.get(xs[column + 1]), level.get(ys[row + 1])
        if column + 2 < len(xs) and not (right and right.covers(ys[row], ys[row + 1])):
            parent[_root(parent, number)] = _root(parent, index[row, column + 1])
        if row + 2 < len(ys) and not (below and below.covers(xs[column], xs[column + 1])):
            parent[_root(parent, number)] = _root(parent, index[row + 1, column])
    members: dict[int, list[tuple[int, int]]] = {}
    for place in places:
        members.setdefault(_root(parent, index[place]), []).append(place)
    return Grid(xs, ys, {place: group[0] for group in members.values() for place in group})


def _places(lines: list[Ruled], crossing: list[Ruled]) -> list[float]:
    """Where the borders of a direction lie; an outer side that is not drawn lies where the crossing lines end."""
    places = [line.at for line in lines]
    start = min(low for line in crossing for low, _ in line.stretches)
    end = max(high for line in crossing for _, high in line.stretches)
    if start < min(places) - SNAP:
        places.append(start)
    if end > max(places) + SNAP:
        places.append(end)
    return sorted(places)


def _apart(found: list[Grid]) -> list[Grid]:
    """Tables that lie in no other: a frame inside a cell is a part of the cell."""

    def inside(inner: Grid, outer: Grid) -> bool:
        a, b = inner.box, outer.box
        return (
            inner is not outer
            and b[0] - SNAP <= a[0]
            and b[1] - SNAP <= a[1]
            and a[2] <= b[2] + SNAP
            and a[3] <= b[3] + SNAP
            and (a[2] - a[0]) * (a[3] - a[1]) < (b[2] - b[0]) * (b[3] - b[1])
        )

    return [grid for grid in found if not any(inside(grid, other) for other in found)]
