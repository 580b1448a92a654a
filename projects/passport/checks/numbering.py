"""Numbers of rows: malformed, missing, repeated, skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from projects.passport.checks.sections import repeats_from
from projects.passport.checks.words import WHERE, rows_of, short
from projects.passport.lookalikes import mended
from projects.passport.schema import FinanceRow, Finding, Participant, Passport, Row, Severity

NUMBERED = ("indicators", "tasks", "results", "finance", "participants", "plan")
_WELL_FORMED = re.compile(r"\d{1,4}(\.\d{1,4})*")
_TOTAL = re.compile(r"^(всего|итого|в том числе|в т\. ?ч|из них|справочно)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Numbered:
    index: int
    number: str | None
    row: Row


def _listed(passport: Passport, section: str) -> list[_Numbered]:
    """The rows of a list up to where it begins to repeat itself, which is a finding of its own."""
    rows = rows_of(passport, section)
    end = repeats_from(passport, section)
    return [_Numbered(index, getattr(row, "number", None), row) for index, row in enumerate(rows[:end])]


def _finding(code: str, severity: Severity, section: str, row: _Numbered, message: str) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        section=section,
        row=row.index,
        number=row.number,
        field="number",
        raw=row.number,
        message=f"{WHERE[section]} {message}",
    )


def _name(row: Row) -> str:
    words = getattr(row, "name", None) or getattr(row, "role", None) or ""
    return f" («{short(str(words))}»)" if words else ""


def malformed(passport: Passport) -> Iterator[Finding]:
    """``number.malformed``: a letter or a sign where digits and points belong."""
    for section in NUMBERED:
        for row in _listed(passport, section):
            if row.number and not _WELL_FORMED.fullmatch(row.number):
                words = f"номер «{row.number}» записан не цифрами: исправьте его."
                yield _finding("number.malformed", "warning", section, row, words)


def missing(passport: Passport) -> Iterator[Finding]:
    """``number.missing``: a row without a number among rows that have one."""
    for section in NUMBERED:
        rows = _listed(passport, section)
        if not any(row.number for row in rows):
            continue
        for row in rows:
            if row.number is None and _needs_number(row.row):
                yield _finding("number.missing", "warning", section, row, f"строка без номера{_name(row.row)}.")


def _needs_number(row: Row) -> bool:
    """Sources and totals of section 4 go without numbers."""
    return not isinstance(row, FinanceRow) or (row.source is None and not _TOTAL.match(mended(row.name or "")))


def duplicate(passport: Passport) -> Iterator[Finding]:
    """``number.duplicate``: a number that an earlier row of the list has already."""
    for section in NUMBERED:
        for rows in _runs(_listed(passport, section)):
            seen: set[str] = set()
            for row in rows:
                if row.number in seen:
                    words = f"номер {row.number} стоит второй раз{_name(row.row)}."
                    yield _finding("number.duplicate", "error", section, row, words)
                if row.number:
                    seen.add(row.number)


def gap(passport: Passport) -> Iterator[Finding]:
    """``number.gap``: numbers left out, reported at the first row after the gap."""
    for section in NUMBERED:
        for rows in _runs(_listed(passport, section)):
            yield from _gaps(section, rows)


def _runs(rows: list[_Numbered]) -> list[list[_Numbered]]:
    """Participants may be numbered anew in every group; then each group is a run of its own."""
    starts = [
        place
        for place, row in enumerate(rows)
        if row.number == "1" and isinstance(row.row, Participant) and (place == 0 or _group(rows, place))
    ]
    if len(starts) < 2:
        return [rows]
    return [rows[start:end] for start, end in zip([0, *starts[1:]], [*starts[1:], len(rows)], strict=True)]


def _group(rows: list[_Numbered], place: int) -> bool:
    return getattr(rows[place].row, "group", None) != getattr(rows[place - 1].row, "group", None)


def _gaps(section: str, rows: list[_Numbered]) -> Iterator[Finding]:
    latest: dict[tuple[int, ...], int] = {}
    unnumbered = 0
    for row in rows:
        if row.number is None or not _WELL_FORMED.fullmatch(row.number):
            # A row without a number, or with «б» for 6, may stand for one that seems to be left out.
            unnumbered += 1 if row.number or _needs_number(row.row) else 0
            continue
        parts = tuple(int(part) for part in row.number.split("."))
        skipped: list[str] = []
        for depth in range(len(parts)):
            parent, part = parts[:depth], parts[depth]
            before = latest.get(parent, 0)
            if part > before + 1 + unnumbered:
                skipped += _between(parent, before + 1 + unnumbered, part - 1)
            latest[parent] = max(before, part)
        unnumbered = 0
        if skipped:
            words = f"перед номером {row.number} пропуск: нет {_listing(skipped)}."
            yield _finding("number.gap", "warning", section, row, words)


def _between(parent: tuple[int, ...], first: int, last: int) -> list[str]:
    start = ".".join(map(str, (*parent, first)))
    end = ".".join(map(str, (*parent, last)))
    return [start] if first == last else [f"{start}–{end}"]


def _listing(skipped: list[str]) -> str:
    one = len(skipped) == 1 and "–" not in skipped[0]
    return f"{'номера' if one else 'номеров'} {', '.join(skipped)}"
