"""The roll-up in plain Python, as the domain notes tell it: no SQL, no sums on the way, every leaf looked at anew.

Slow and obvious; the statement of the portal has to agree with it to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.folding import fold
from indicators.formulas import divide, evaluate, operands, parse


@dataclass(frozen=True)
class Base:
    """A base indicator; ``weight`` is the code of another. ``kinds`` are asked for it; none named: all."""

    code: str
    over_organisations: str
    over_time: str
    weight: str | None = None
    kinds: frozenset[str] = frozenset()

    def is_asked_of(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True)
class Leaf:
    """An organisation on the rosters of ``projects``.

    For each period in order: the node that it stood under when the period was opened (None: it was closed by then), the
    state of its form, and the figures that were accepted, by code; those that its kind is not asked for are no figures.
    """

    projects: frozenset[int]
    places: tuple[int | None, ...]
    states: tuple[str, ...]
    figures: tuple[dict[str, Decimal], ...]
    kind: str = "school"

    def accepted(self, period: int) -> bool:
        return self.states[period] == "accepted"

    def value(self, base: Base, period: int) -> Decimal | None:
        if not base.is_asked_of(self.kind):
            return None
        *earlier, now = [self.figures[n].get(base.code) if self.accepted(n) else None for n in range(period + 1)]
        return fold(base.over_time, earlier, now)


@dataclass(frozen=True)
class Country:
    """For each period the tree of that day (each node's parent, the first is the root); leaves; what is counted;
    (project, formula) pairs, and the node that each project is totalled at.

    Every project has a formula over all base indicators.
    """

    trees: tuple[tuple[int | None, ...], ...]
    leaves: tuple[Leaf, ...]
    bases: dict[str, Base]
    formulas: tuple[tuple[int, str], ...]
    territories: tuple[int, ...]

    def on_roster(self, leaf: Leaf) -> bool:
        """Whether it is asked for anything at all."""
        return any(base.is_asked_of(leaf.kind) for base in self.bases.values())

    def below(self, node: int, formula: int, period: int) -> list[Leaf]:
        """Those of whom an operand of the formula is asked; everybody on the roster where it has none."""
        project, text = self.formulas[formula]
        if self.territories[project] not in self._line(node, period):
            return []
        asked = [self.bases[code] for code in operands(parse(text))]
        return [
            leaf
            for leaf in self.leaves
            if project in leaf.projects
            and node in self._line(leaf.places[period], period)
            and self.on_roster(leaf)
            and (not asked or any(base.is_asked_of(leaf.kind) for base in asked))
        ]

    def _line(self, node: int | None, period: int) -> list[int]:
        return [] if node is None else [node, *self._line(self.trees[period][node], period)]

    def coverage(self, node: int, formula: int, period: int) -> tuple[int, int, int]:
        states = [leaf.states[period] for leaf in self.below(node, formula, period)]
        handed_in = sum(state in ("submitted", "checked", "accepted") for state in states)
        return len(states), handed_in, states.count("accepted")

    def value(self, node: int, formula: int, period: int) -> Decimal | None:
        tree = parse(self.formulas[formula][1])
        reporting = [leaf for leaf in self.below(node, formula, period) if leaf.accepted(period)]
        given: dict[str, Decimal | None] = {
            code: self._total(self.bases[code], reporting, period) for code in operands(tree)
        }
        expected, _, accepted = self.coverage(node, formula, period)
        return evaluate(tree, {**given, "expected": Decimal(expected), "organisations": Decimal(accepted)})

    def _total(self, base: Base, leaves: Sequence[Leaf], period: int) -> Decimal | None:
        values = [value for leaf in leaves if (value := leaf.value(base, period)) is not None]
        match base.over_organisations:
            case "weighted_average":
                return self._weighted(base, leaves, period)
            case _ if not values:
                return None
            case "average":
                return divide(sum(values, Decimal(0)), Decimal(len(values)))
            case "minimum":
                return min(values)
            case "maximum":
                return max(values)
            case _:
                return sum(values, Decimal(0))

    def _weighted(self, base: Base, leaves: Sequence[Leaf], period: int) -> Decimal | None:
        weight = self.bases[base.weight or ""]
        pairs = [(leaf.value(base, period), leaf.value(weight, period)) for leaf in leaves]
        known = [(value, by) for value, by in pairs if value is not None and by is not None]
        return divide(sum((v * by for v, by in known), Decimal(0)), sum((by for _, by in known), Decimal(0)))
