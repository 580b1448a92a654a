"""What a proposed passport changes in the one in force, counted by section. Rows are known by their ids."""

from __future__ import annotations

from dataclasses import dataclass

from projects.document_tables import TITLES
from projects.passport.schema import Passport, Row

_ROW_LISTS = ("indicators", "tasks", "results", "finance", "participants", "plan", "breakdown", "methodology")
# The stamp differs with every decision, and row ids are the portal's own.
_NOT_SECTION_1 = {*_ROW_LISTS, "approval", "additional", "unread", "format", "control_levels", "footnotes"}


@dataclass(frozen=True)
class SectionDifference:
    key: str
    title: str
    added: int
    changed: int
    dropped: int


def differences(in_force: Passport, proposed: Passport) -> list[SectionDifference]:
    """Sections that differ, in the order of the form; of sections without rows each differing field counts once."""
    found = [_of_fields(in_force, proposed, "main", set(Passport.model_fields) - _NOT_SECTION_1)]
    found.extend(_of_rows(key, getattr(in_force, key), getattr(proposed, key)) for key in _ROW_LISTS)
    found.append(_of_fields(in_force, proposed, "additional", {"additional"}))
    order = list(TITLES)
    differing = [row for row in found if row.added or row.changed or row.dropped]
    return sorted(differing, key=lambda row: order.index(row.key))


def _of_rows(key: str, before: tuple[Row, ...], after: tuple[Row, ...]) -> SectionDifference:
    old = {row.id: row for row in before}
    new = {row.id: row for row in after}
    changed = sum(1 for row_id, row in new.items() if row_id in old and row != old[row_id])
    return SectionDifference(key, TITLES[key], len(new.keys() - old.keys()), changed, len(old.keys() - new.keys()))


def _of_fields(before: Passport, after: Passport, key: str, fields: set[str]) -> SectionDifference:
    changed = sum(1 for field in fields if getattr(before, field) != getattr(after, field))
    return SectionDifference(key, TITLES[key], 0, changed, 0)
