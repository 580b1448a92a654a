"""The roll-up: the one writer of :class:`indicators.models.RolledUpValue`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from indicators.formulas import divide_sql, parse, to_sql
from indicators.formulas.tree import EXPECTED, ORGANISATIONS
from indicators.models import Measurement, OverOrganisations, OverTime, Question, ReportingPeriod
from organisations.models import REPORTING_KINDS

_BUILT_IN_COLUMNS = {ORGANISATIONS: "given.accepted", EXPECTED: "given.expected"}
_OVER_PERIODS = (OverTime.FLOW, OverTime.AVERAGE)
# Written in only where it is needed: it costs a tenth of the roll-up, and hardly ever drops anything.
_ASKED_NOW = """AND EXISTS (
        SELECT FROM indicators_periodorganisation AS place
        JOIN indicators_question AS question ON question.period_id = place.period_id
        WHERE place.period_id = %(period)s AND place.organisation_id = fact.organisation_id
            AND question.base_indicator_id = fact.base_indicator_id
            AND (question.kinds = '{}' OR place.kind = ANY (question.kinds))
    )"""


@transaction.atomic
def roll_up_period(*, period_id: int) -> int:
    """Compute every total of a period from its accepted facts; returns how many values changed.

    Idempotent: it depends on nothing but frozen tables, forms and facts. Two at once for one period take turns, and
    the second sees what the first could not.
    """
    measurements = list(Measurement.objects.filter(period=period_id).values_list("id", "formula"))
    if not measurements:
        return 0
    with connection.cursor() as cursor:
        # The lock is a statement of its own: the next one then sees everything committed before the lock was got.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('indicators.roll_up', %s))", [period_id])
        given = _parameters(period_id)
        narrowed = _is_narrowed(period_id, given["year_so_far"], given["over_periods"])
        cursor.execute(statement(measurements, narrowed=narrowed), given)
        return int(cursor.fetchone()[0])


def statement(measurements: list[tuple[int, str]], *, narrowed: bool) -> str:
    """The statement of ``rollup.sql`` with the formulas of these measurements, given as (id, formula)."""
    cases = " ".join(f"WHEN {int(pk)} THEN {to_sql(parse(text), _column)}" for pk, text in measurements)
    return _template().replace("/* formulas */", cases).replace("/* narrowed */", _ASKED_NOW if narrowed else "")


def _column(name: str) -> str:
    """Where an operand stands in the statement. Names were checked by the parser: letters, digits and «_»."""
    return _BUILT_IN_COLUMNS.get(name) or f"(given.operands ->> '{name}')::numeric"


@cache
def _template() -> str:
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    return (
        text.replace("/* divide */", divide_sql("sum(fact.value)", "count(*)"))
        .replace("/* average */", divide_sql("totals.total", "totals.reporters"))
        .replace("/* weighted */", divide_sql("totals.total", "totals.weight"))
    )


def _parameters(period_id: int) -> dict[str, Any]:
    period = ReportingPeriod.objects.only("kind", "year", "number").get(pk=period_id)
    so_far = ReportingPeriod.objects.filter(kind=period.kind, year=period.year, number__lte=period.number)
    rules = list(
        Question.objects.filter(period=period_id)
        .order_by()
        .values_list("base_indicator_id", "over_time", "over_organisations", "weight_id")
    )
    return {
        "period": period_id,
        "year_so_far": list(so_far.order_by().values_list("pk", flat=True)),
        "latest": [base for base, over_time, _, _ in rules if over_time not in _OVER_PERIODS],
        "flows": [base for base, over_time, _, _ in rules if over_time == OverTime.FLOW],
        "over_periods": [base for base, over_time, _, _ in rules if over_time in _OVER_PERIODS],
        "weighted": [base for base, _, rule, _ in rules if rule == OverOrganisations.WEIGHTED_AVERAGE],
        "weights": [weight for _, _, rule, weight in rules if rule == OverOrganisations.WEIGHTED_AVERAGE],
    }


def _is_narrowed(period_id: int, year_so_far: list[int], over_periods: list[int]) -> bool:
    """Whether a figure that adds up over the year was asked of more kinds of organisation earlier in it.

    Nothing changes the kind of an organisation, so its own kind is the same in all of them.
    """
    rows = Question.objects.filter(period__in=year_so_far, base_indicator__in=over_periods).order_by()
    kinds = {
        (period, base): kinds for period, base, kinds in rows.values_list("period_id", "base_indicator_id", "kinds")
    }
    asked = {base: set(kinds[period_id, base] or REPORTING_KINDS) for base in over_periods}
    return any(not set(earlier or REPORTING_KINDS) <= asked[base] for (_, base), earlier in kinds.items())
