"""Section 2 of the passport, the breakdown and the methodology: indicators with their targets."""

from __future__ import annotations

from typing import Any

from indicators.models import Indicator, Target
from projects.models import Redaction
from projects.passport.schema import Indicator as IndicatorRow
from projects.passport.schema import Methodology
from projects.projection import project_rows, replace_rows


def project(redaction: Redaction) -> None:
    """Rebuild indicators and targets from the redaction; formulas and facts stay with their row."""
    passport = redaction.passport
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

    indicators = project_rows(Indicator, redaction, passport.indicators, columns)
    targets = [*_of_the_whole(redaction, indicators), *_of_the_breakdown(redaction, indicators)]
    replace_rows(Target, indicators, "indicator", targets)


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


def _of_the_whole(redaction: Redaction, indicators: dict[str, Indicator]) -> list[Target]:
    return [
        Target(indicator=indicators[row.id or ""], year=int(year), value=value)
        for row in redaction.passport.indicators
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
