"""Telling which rows of a new document are those in force, so that a row keeps its id from redaction to redaction.

What hangs on a row (its actuals, its execution, its history) follows the id. So a row that is the same must keep it,
and one that only looks alike must not take it: then a new id is the smaller harm. A row that a redaction dropped and a
later document brings back is the same row still.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from typing import TypeVar

from projects.passport.matching import SURE, Named, likeness, match, words
from projects.passport.schema import BreakdownRow, FinanceRow, Methodology, Participant, Passport, PlanRow, Row

_R = TypeVar("_R", bound=Row)
_ROW_LISTS = ("indicators", "tasks", "results", "participants", "plan", "breakdown", "methodology")


def with_row_ids(passport: Passport, in_force: Passport | None, earlier: Sequence[Passport] = ()) -> Passport:
    """Give every row an id: that of the row in force it was recognised as without doubt, else a new one.

    What resembles no row in force is looked for among the rows that ``earlier`` redactions had, the latest first, and
    no later one has.
    """
    redactions = (in_force or Passport(), *earlier)
    rows = {
        part: _identified(getattr(passport, part), last_seen([getattr(redaction, part) for redaction in redactions]))
        for part in _ROW_LISTS
    }
    money = _money_identified(passport.finance, [redaction.finance for redaction in redactions])
    return passport.model_copy(update={**rows, "finance": money})


def last_seen(redactions: Sequence[Sequence[_R]]) -> list[list[_R]]:
    """Of each redaction, the latest first, the rows that no later one has."""
    seen: set[str | None] = set()
    found = []
    for rows in redactions:
        found.append([row for row in rows if row.id not in seen])
        seen |= {row.id for row in rows}
    return found


def _identified(rows: Sequence[_R], former: Sequence[Sequence[_R]]) -> tuple[_R, ...]:
    """``former`` are the rows in force, then what each earlier redaction had last. One id is given once."""
    known = {row.id for redaction in former for row in redaction}
    ids = {index: row.id for index, row in enumerate(rows) if row.id and row.id in known}
    for redaction in former:
        _take_in_order(rows, redaction, ids, _content)
        _take_in_order(rows, redaction, ids, _identity)
    _take_alike(rows, former[0], ids)
    if any(former[1:]):  # a row in force that is as like leaves it in doubt whether a dropped one is meant
        _take_alike(rows, [row for redaction in former for row in redaction], ids)
    return tuple(row.model_copy(update={"id": ids.get(index) or str(uuid.uuid4())}) for index, row in enumerate(rows))


def _money_identified(rows: Sequence[FinanceRow], redactions: Sequence[Sequence[FinanceRow]]) -> tuple[FinanceRow, ...]:
    """Lines of section 4. «Федеральный бюджет» stands under every result: a source is told by what it stands under."""
    last = last_seen(redactions)
    headings = iter(
        _identified(
            [row for row in rows if row.source is None],
            [[row for row in lines if row.source is None] for lines in last],
        )
    )
    # The identified heading is put in the place of the read one, so that sources can be grouped by its id.
    headed = [next(headings) if row.source is None else row for row in rows]
    former = [
        under_headings(lines, {row.id for row in of_them}) for lines, of_them in zip(redactions, last, strict=True)
    ]
    sources = {
        owner: iter(_identified(lines, [redaction.get(owner, []) for redaction in former]))
        for owner, lines in under_headings(headed).items()
    }
    found = []
    owner = None
    for row in headed:
        owner = row.id if row.source is None else owner
        found.append(row if row.source is None else next(sources[owner]))
    return tuple(found)


def sources_taken(
    rows: Sequence[FinanceRow], line: str, former: str, redactions: Sequence[Sequence[FinanceRow]]
) -> dict[str, str]:
    """Which sources under a line are those that stood under a former one: their ids, and what they become."""
    under = under_headings(rows).get(line, [])
    _, *absent = last_seen([rows, *(under_headings(redaction).get(former, []) for redaction in redactions)])
    known = {row.id for redaction in absent for row in redaction}
    found = zip(under, _identified(under, [[], *absent]), strict=True)
    return {str(row.id): str(now.id) for row, now in found if now.id in known}


def under_headings(
    rows: Iterable[FinanceRow], only: Container[str | None] | None = None
) -> dict[str | None, list[FinanceRow]]:
    """Sources in order by the id of the line above them that is none; ``only`` those ids, where it is given."""
    grouped: dict[str | None, list[FinanceRow]] = defaultdict(list)
    owner = None
    for row in rows:
        if row.source is None:
            owner = row.id
        elif only is None or row.id in only:
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


def _take_alike(rows: Sequence[_R], among: Iterable[_R], ids: dict[int, str]) -> None:
    """What was reworded, where no other row is nearly as like; those that are found already count as such."""
    taken = set(ids.values())
    former = {row.id: row for row in among if row.id}
    loose = [index for index in range(len(rows)) if index not in ids]
    found = match(
        [named(rows[index], str(index)) for index in loose],
        [named(row, pk) for pk, row in former.items() if pk not in taken],
        rivals=[named(row, pk) for pk, row in former.items() if pk in taken],
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


def named(row: Row, key: str) -> Named:
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
