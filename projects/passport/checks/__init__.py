"""``check``: everything in a passport that contradicts itself or the form, in the order of its sections.

Each check is a small function from a passport to findings; :data:`CHECKS` is the list of all of them. A finding
never stops another, and a passport read from a file gives the same findings as its JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from projects.passport.checks import (
    breakdown,
    dates,
    finance,
    finance_lines,
    indicators,
    numbering,
    people,
    plan,
    plan_results,
    sections,
    territory,
    values,
    wording,
)
from projects.passport.checks.words import ORDER
from projects.passport.schema import Finding, Passport

Check = Callable[[Passport], Iterable[Finding]]

# Every code that a finding may carry, in the order of the catalogue.
CODES: tuple[str, ...] = (
    "section.missing",
    "section.duplicate",
    "number.duplicate",
    "number.gap",
    "number.malformed",
    "number.missing",
    "date.invalid",
    "date.missing",
    "date.order",
    "date.outside_project",
    "plan.activity_after_control_point",
    "plan.control_point_after_result",
    "plan.no_responsible",
    "plan.no_document",
    "plan.no_control_level",
    "plan.result_unknown",
    "plan.result_missing",
    "plan.control_level_unknown",
    "value.placeholder",
    "value.missing",
    "value.not_a_number",
    "indicator.not_monotone",
    "indicator.base_beyond_target",
    "indicator.percent_range",
    "indicator.text_contradicts_target",
    "indicator.breakdown_contradicts",
    "indicator.no_methodology",
    "finance.row_total",
    "finance.sources_sum",
    "finance.project_total",
    "finance.source_total",
    "finance.part_exceeds_whole",
    "finance.magnitude",
    "finance.result_without_money",
    "participant.no_name",
    "participant.no_employment",
    "participant.overloaded",
    "participant.name_variants",
    "participant.unknown_responsible",
    "territory.foreign",
)

CHECKS: tuple[Check, ...] = (
    sections.missing,
    sections.duplicate,
    numbering.malformed,
    numbering.missing,
    numbering.duplicate,
    numbering.gap,
    dates.invalid,
    dates.missing,
    dates.order,
    dates.outside_project,
    plan.activity_after_control_point,
    plan.control_point_after_result,
    plan.no_responsible,
    plan.no_document,
    plan.no_control_level,
    plan.control_level_unknown,
    plan_results.result_unknown,
    plan_results.result_missing,
    values.placeholder,
    values.not_a_number,
    values.missing,
    indicators.not_monotone,
    indicators.base_beyond_target,
    indicators.percent_range,
    wording.text_contradicts_target,
    wording.no_methodology,
    breakdown.contradicts,
    finance.row_total,
    finance.sources_sum,
    finance.project_total,
    finance.source_total,
    finance.part_exceeds_whole,
    finance_lines.magnitude,
    finance_lines.result_without_money,
    people.no_name,
    people.no_employment,
    people.overloaded,
    people.name_variants,
    people.unknown_responsible,
    territory.foreign,
)


def check(passport: Passport) -> list[Finding]:
    """Every finding of every check, by section, then by row; those of a whole section before those of its rows."""
    found = [finding for examine in CHECKS for finding in examine(passport)]
    return sorted(found, key=lambda finding: (ORDER.get(finding.section, len(ORDER)), _row(finding)))


def _row(finding: Finding) -> int:
    return -1 if finding.row is None else finding.row
