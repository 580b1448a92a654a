"""Section 2 of the passport, the breakdown and the methodology: indicators with their targets.

Results that carry yearly values are measured just as indicators are, so they are projected beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from indicators.models import Indicator, ResultUnit, Target
from projects.models import Redaction, Result
from projects.passport.recogniser.indicators import unit_of
from projects.passport.recogniser.results import yearly_unit
from projects.passport.schema import Indicator as IndicatorRow
from projects.passport.schema import Methodology, Passport
from projects.passport.schema import Result as ResultRow
from projects.projection import project_rows, replace_rows


def project(redaction: Redaction) -> None:
    """Rebuild indicators and targets from the redaction; formulas and facts stay with their row."""
    columns_of_indicator, columns_of_result = _of_indicators(redaction), _of_results(redaction)

    def columns(row: IndicatorRow | ResultRow) -> dict[str, Any]:
        return columns_of_indicator(row) if isinstance(row, IndicatorRow) else columns_of_result(row)

    measured = measured_rows(redaction.passport)
    indicators = project_rows(Indicator, redaction, measured, columns)
    targets = [*_of_the_whole(measured, indicators), *_of_the_breakdown(redaction, indicators)]
    replace_rows(Target, indicators, "indicator", targets)


def measured_rows(passport: Passport) -> list[IndicatorRow | ResultRow]:
    """Indicators in their order, and after them the results that carry yearly values."""
    results = [row for row in passport.results if any(value is not None for value in row.targets.values())]
    return [*passport.indicators, *results]


def unit_in_words(name: str, characteristic: str) -> str:
    """The unit of a result where its passport tells it, behind the values or at the end of the name; else empty."""
    return yearly_unit(characteristic) or unit_of(name) or ""


def _of_indicators(redaction: Redaction) -> Callable[[IndicatorRow], dict[str, Any]]:
    methods = _methods(redaction)

    def columns(row: IndicatorRow) -> dict[str, Any]:
        return {
            "number": row.number or "",
            "name": row.name or "",
            "unit": row.unit or "",
            "kind": row.kind,
            "direction": row.direction,
            "federal_name": row.federal_name or "",
            "base_value": row.base.value,
            "base_date": row.base.date,
            **_method_columns(methods.get(row.id or "")),
        }

    return columns


def _of_results(redaction: Redaction) -> Callable[[ResultRow], dict[str, Any]]:
    """The section of results was projected before this one (``projects.sections``), so its rows are there."""
    results = {str(row.row_id): row for row in Result.objects.filter(project=redaction.project_id)}
    said = dict(ResultUnit.objects.filter(result__in=results.values()).values_list("result_id", "unit"))

    def columns(row: ResultRow) -> dict[str, Any]:
        result = results[row.id or ""]
        return {
            "result": result,
            "number": row.number or "",
            "name": row.name or "",
            "unit": unit_in_words(row.name or "", row.characteristic or "") or said.get(result.pk, ""),
        }

    return columns


def _methods(redaction: Redaction) -> dict[str, Methodology]:
    """The methodology of each indicator by its row id; where several rows describe one, the first."""
    links = redaction.recognised.methodology_indicators
    found: dict[str, Methodology] = {}
    for row in redaction.passport.methodology:
        link = links.get(row.id or "")
        if link and link.target:
            found.setdefault(link.target, row)
    return found


def _method_columns(row: Methodology | None) -> dict[str, str]:
    row = row or Methodology()
    return {
        "formula_wording": row.formula or "",
        "base_indicators_wording": row.base_indicators or "",
        "data_source": row.source or "",
        "collector": row.collector or "",
        "aggregation": row.aggregation or "",
        "schedule": row.schedule or "",
        "methodology_note": row.note or "",
    }


def _of_the_whole(rows: Iterable[IndicatorRow | ResultRow], indicators: dict[str, Indicator]) -> list[Target]:
    return [
        Target(indicator=indicators[row.id or ""], year=int(year), value=value)
        for row in rows
        for year, value in row.targets.items()
    ]


def _of_the_breakdown(redaction: Redaction, indicators: dict[str, Indicator]) -> list[Target]:
    """Rows whose territory and indicator were recognised; of two rows for the same year the first stands."""
    links = redaction.recognised.breakdown_indicators
    found: dict[tuple[int, int, int], Target] = {}
    for row in redaction.passport.breakdown:
        organisation_id = redaction.recognised.organisation_of(row.territory)
        link = links.get(row.id or "")
        indicator = indicators.get(link.target or "") if link else None
        if indicator is None or organisation_id is None:
            continue
        for year, value in row.targets.items():
            target = Target(indicator=indicator, organisation_id=organisation_id, year=int(year), value=value)
            found.setdefault((indicator.pk, organisation_id, int(year)), target)
    return list(found.values())
