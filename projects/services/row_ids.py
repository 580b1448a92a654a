"""Telling which rows of a new document are those in force, so that a row keeps its id from redaction to redaction.

What hangs on a row (its actuals, its execution, its history) follows the id. So a row that is the same must keep it,
and one that only looks alike must not take it: then a new id is the smaller harm.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from projects.passport.matching import SURE, Named, likeness, match, words
from projects.passport.schema import BreakdownRow, FinanceRow, Methodology, Participant, Passport, PlanRow, Row

_R = TypeVar("_R", bound=Row)
_ROW_LISTS = ("indicators", "tasks", "results", "participants", "plan", "breakdown", "methodology")


def with_row_ids(passport: Passport, in_force: Passport | None) -> Passport:
    """Give every row an id: that of the row in force it was recognised as without doubt, else a new one."""
    before = in_force or Passport()
    rows = {part: _identified(getattr(passport, part), getattr(before, part)) for part in _ROW_LISTS}
    return passport.model_copy(update={**rows, "finance": _money_identified(passport.finance, before.finance)})


def _identified(rows: Sequence[_R], in_force: Sequence[_R]) -> tuple[_R, ...]:
    known = {row.id for row in in_force}
    ids = {index: row.id for index, row in enumerate(rows) if row.id and row.id in known}
    _take_in_order(rows, in_force, ids, _content)
    _take_in_order(rows, in_force, ids, _identity)
    _take_alike(rows, in_force, ids)
    return tuple(row.model_copy(update={"id": ids.get(index) or str(uuid.uuid4())}) for index, row in enumerate(rows))


def _money_identified(rows: Sequence[FinanceRow], in_force: Sequence[FinanceRow]) -> tuple[FinanceRow, ...]:
    """Lines of section 4. «Федеральный бюджет» stands under every result: a source is told by what it stands under."""
    headings = iter(_identified([row for row in rows if row.source is None], [r for r in in_force if r.source is None]))
    # The identified heading is put in the place of the read one, so that sources can be grouped by its id.
    headed = [next(headings) if row.source is None else row for row in rows]
    former = _under_headings(in_force)
    sources = {
        owner: iter(_identified(lines, former.get(owner, []))) for owner, lines in _under_headings(headed).items()
    }
    found = []
    owner = None
    for row in headed:
        owner = row.id if row.source is None else owner
        found.append(row if row.source is None else next(sources[owner]))
    return tuple(found)


def _under_headings(rows: Iterable[FinanceRow]) -> dict[str | None, list[FinanceRow]]:
    """Sources in order by the id of the line above them that is none."""
    grouped: dict[str | None, list[FinanceRow]] = defaultdict(list)
    owner = None
    for row in rows:
        if row.source is None:
            owner = row.id
        else:
            grouped[owner].append(row)
    return grouped


def _take_in_order(
    rows: Sequence[_R], in_force: Sequence[_R], ids: dict[int, str], key_of: Callable[[Row], str]
) -> None:
    """Rows of one key are taken in their order where there are as many as before; no key tells nothing."""
    taken = set(ids.values())
    free: dict[str, list[str]] = defaultdict(list)
    for former in in_force:
        if former.id and former.id not in taken:
            free[key_of(former)].append(former.id)
    loose: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if index not in ids:
            loose[key_of(row)].append(index)
    for key, indexes in loose.items():
        if key and len(free[key]) == len(indexes):
            ids.update(zip(indexes, free[key], strict=True))


def _take_alike(rows: Sequence[_R], in_force: Sequence[_R], ids: dict[int, str]) -> None:
    """What was reworded, where no other row in force is nearly as like; those that are found already count as such."""
    taken = set(ids.values())
    former = {row.id: row for row in in_force if row.id}
    loose = [index for index in range(len(rows)) if index not in ids]
    found = match(
        [_named(rows[index], str(index)) for index in loose],
        [_named(row, pk) for pk, row in former.items() if pk not in taken],
        rivals=[_named(row, pk) for pk, row in former.items() if pk in taken],
    )
    for m in found:
        if m.target and m.confidence == "sure" and _same_person_or_place(rows[int(m.key)], former[m.target]):
            ids[int(m.key)] = m.target


def _content(row: Row) -> str:
    """Everything that is written in the row."""
    return json.dumps(row.model_dump(mode="json", exclude={"id"}), sort_keys=True)


def _identity(row: Row) -> str:
    """What makes it the row it is, whatever else is written in it; empty where that is not known."""
    match row:
        case Participant():  # the same person stands in many rows
            return _key(row.name, row.role, row.group)
        case BreakdownRow():
            return _key(row.territory, row.indicator)
        case Methodology():
            return _key(row.indicator)
        case FinanceRow() if row.source:
            return _key(row.name, row.source)
        case PlanRow():  # «Соглашение заключено» is said of many results
            return _key(row.name, row.kind, row.number)
        case _:
            return _key(getattr(row, "name", None), getattr(row, "number", None))


def _key(name: str | None, *more: str | None) -> str:
    return "|".join([words(name), *(words(part) for part in more)]) if words(name) else ""


def _named(row: Row, key: str) -> Named:
    match row:
        case BreakdownRow():
            return Named(key, row.indicator, f"{row.indicator} {row.territory}")
        case Methodology():
            return Named(key, row.indicator, row.indicator)
        case Participant():
            return Named(key, row.number, " ".join(part for part in (row.name, row.role, row.group) if part))
        case _:
            return Named(key, getattr(row, "number", None), getattr(row, "name", None))


def _same_person_or_place(row: Row, former: Row) -> bool:
    """Two people under one long heading are alike as rows, and yet two; so are two towns under one indicator."""
    match row, former:
        case (Participant(), Participant()):
            return likeness(words(row.name), words(former.name)) >= SURE
        case (BreakdownRow(), BreakdownRow()):
            return likeness(words(row.territory), words(former.territory)) >= SURE
        case _:
            return True
