"""``check``: everything in a passport that contradicts itself or the form, in the order of its sections.

Each check is a small function from a passport to findings; :data:`CHECKS` is the list of all of them. A finding
never stops another, and a passport read from a file gives the same findings as its JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from projects.passport.checks import breakdown, dates, finance, numbering, sections, values
from projects.passport.checks.words import ORDER
from projects.passport.schema import Finding, Passport

Check = Callable[[Passport], Iterable[Finding]]

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
    values.placeholder,
    values.not_a_number,
    values.missing,
    breakdown.contradicts,
    finance.row_total,
    finance.sources_sum,
    finance.project_total,
    finance.source_total,
    finance.part_exceeds_whole,
)


def check(passport: Passport) -> list[Finding]:
    """Every finding of every check, by section, then by row; those of a whole section before those of its rows."""
    found = [finding for examine in CHECKS for finding in examine(passport)]
    return sorted(found, key=lambda finding: (ORDER.get(finding.section, len(ORDER)), _row(finding)))


def _row(finding: Finding) -> int:
    return -1 if finding.row is None else finding.row
