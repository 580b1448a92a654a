"""The statement of the roll-up, put together from ``*.sql`` beside it for one period and the nodes to compute."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from indicators.formulas import divide_sql, parse, to_sql
from indicators.formulas.tree import EXPECTED, ORGANISATIONS
from indicators.models import Measurement, OverOrganisations, OverTime, Question, ReportingPeriod

_BUILT_IN_COLUMNS = {ORGANISATIONS: "given.accepted", EXPECTED: "given.expected"}
_OVER_PERIODS = (OverTime.FLOW, OverTime.AVERAGE)


@dataclass(frozen=True)
class Nodes:
    """Nodes to compute, with their depths. ``organisations`` are those that hang on them; None: all of the period."""

    depths: dict[int, int]
    organisations: list[int] | None = None


@dataclass(frozen=True)
class Rules:
    """What opening a period froze: its formulas as (id, text), and the parameters that its questions make.

    ``narrowed``: a figure that adds up over the year is asked of some kinds alone. An organisation of another kind may
    have reported it earlier in the year, because the question or the organisation was another then.
    """

    formulas: list[tuple[int, str]]
    given: dict[str, Any]
    narrowed: bool

    @classmethod
    def of(cls, period_id: int) -> Rules:
        period = ReportingPeriod.objects.only("kind", "year", "number").get(pk=period_id)
        so_far = ReportingPeriod.objects.filter(kind=period.kind, year=period.year, number__lte=period.number)
        rows = Question.objects.filter(period=period_id).order_by()
        rules = list(rows.values_list("base_indicator_id", "over_time", "over_organisations", "weight_id", "kinds"))
        over_periods = [base for base, over_time, _, _, _ in rules if over_time in _OVER_PERIODS]
        weighted = [(base, by) for base, _, rule, by, _ in rules if rule == OverOrganisations.WEIGHTED_AVERAGE]
        given = {
            "period": period_id,
            "year_so_far": list(so_far.order_by().values_list("pk", flat=True)),
            "latest": [base for base, over_time, _, _, _ in rules if over_time not in _OVER_PERIODS],
            "flows": [base for base, over_time, _, _, _ in rules if over_time == OverTime.FLOW],
            "over_periods": over_periods,
            "weighted": [base for base, _ in weighted],
            "weights": [by for _, by in weighted],
        }
        formulas = list(Measurement.objects.filter(period=period_id).values_list("id", "formula"))
        return cls(formulas, given, any(kinds and base in over_periods for base, _, _, _, kinds in rules))


def settle_down(cursor: Any, nodes: Nodes) -> None:
    """For this transaction: no compiling of a plan that is used once, and memory for the sums of a whole country."""
    cursor.execute("SET LOCAL jit = off")
    if nodes.organisations is None:
        # What a step of the cascade brings is unknown to the planner, and a nested loop is its costliest mistake.
        cursor.execute("SET LOCAL enable_nestloop = off")
        # The planner expects ten times the groups that there are; given less, it sorts the facts to group them.
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL hash_mem_multiplier = 8")


def computed(rules: Rules, nodes: Nodes, *, then: str) -> tuple[str, dict[str, Any]]:
    """The statement that computes these nodes and does with them what ``then``.sql says, and its parameters."""
    parts = nodes.organisations is not None
    text = sql("compute") + sql(then)
    for word, insertion in {
        "levels": _levels(sorted(set(nodes.depths.values()), reverse=True), parts=parts),
        "formulas": " ".join(f"WHEN {pk} THEN {to_sql(parse(text), _column)}" for pk, text in rules.formulas),
        "not": "" if parts else "NOT",  # a few organisations are read once, a country wherever its plan is best
        "neighbours": sql("neighbours") if parts else "",
        "beside": sql("beside") if parts else "",
        "facts of these": "AND fact.organisation_id = ANY (%(organisations)s)" if parts else "",
        "places of these": "AND place.organisation_id = ANY (%(organisations)s)" if parts else "",
        "forms of these": "AND form.organisation_id = ANY (%(organisations)s)" if parts else "",
        "kept at these": "AND kept.organisation_id = ANY (%(nodes)s)" if parts else "",
        "narrowed": sql("narrowed") if rules.narrowed else "",
        "divide": divide_sql("year.total", "year.periods"),
        "average": divide_sql("sum(parts.total)", "sum(parts.reporters)"),
        "weighted": divide_sql("sum(parts.total)", "sum(parts.weight)"),
    }.items():
        text = text.replace(f"/* {word} */", insertion)
    return text, {**rules.given, "nodes": list(nodes.depths), "organisations": nodes.organisations}


def _levels(depths: list[int], *, parts: bool) -> str:
    """The common table expressions of the levels, deepest first, and ``parts``, which is all of them."""
    text, below = "", "(SELECT * FROM leaves WHERE false)"
    for depth in depths:
        lowest = depth == depths[0] and not parts
        text += sql("lowest" if lowest else "level").format(depth=depth, below=below)
        below = f"level_{depth}"
    every = " UNION ALL ".join(f"SELECT * FROM level_{depth}" for depth in depths)  # noqa: S608 - numbers
    return f"{text}parts AS MATERIALIZED ({every})"


def _column(name: str) -> str:
    """Where an operand stands in the statement. Names were checked by the parser: letters, digits and «_»."""
    return _BUILT_IN_COLUMNS.get(name) or f"(given.operands ->> '{name}')::numeric"


@cache
def sql(name: str) -> str:
    """The text of a file of this folder."""
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
