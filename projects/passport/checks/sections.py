"""Parts of the form that are not there, or stand twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from projects.passport.checks.words import TITLES, rows_of
from projects.passport.lookalikes import mended
from projects.passport.schema import Finding, Passport, Row
from projects.passport.typography import plural

_TOTAL = re.compile(r"^(всего|итого)", re.IGNORECASE)


def missing(passport: Passport) -> Iterator[Finding]:
    """``section.missing``: a part of the form without a single row."""
    if not any((passport.short_title, passport.curator.name, passport.head.name, passport.administrator.name)):
        yield _missing("title", f"В паспорте нет части «{TITLES['title']}».")
    for section in ("indicators", "results", "finance", "participants", "plan"):
        if not rows_of(passport, section):
            yield _missing(section, f"Не найдено: {TITLES[section]}.")
    if passport.finance and not is_section_four(passport):
        rows = plural(len(passport.finance), "строка", "строки", "строк")
        yield _missing(
            "finance",
            f"Не найдено: {TITLES['finance']}. Деньги есть только по мероприятиям ({rows}), вне этого раздела:"
            " в них нет ни источников, ни результатов, ни итога по проекту.",
        )


def _missing(section: str, message: str) -> Finding:
    return Finding(code="section.missing", severity="error", section=section, message=message)


def is_section_four(passport: Passport) -> bool:
    """Section 4 names sources, a total or results of section 3; a list of purchases in an annex names none of them."""
    names = {_key(result.name) for result in passport.results}
    numbers = {result.number for result in passport.results if result.number}
    return any(
        row.source is not None
        or _TOTAL.match(mended(row.name or ""))
        or row.number in numbers
        or any(number.startswith(f"{row.number}.") and row.note for number in numbers)
        or (row.name and _key(row.name) in names)
        for row in passport.finance
    )


def _key(text: str | None) -> str:
    return re.sub(r"\W+", "", text or "").casefold()


def duplicate(passport: Passport) -> Iterator[Finding]:
    """``section.duplicate``: a list that repeats its own rows from the first one on."""
    for section in ("indicators", "results", "finance", "participants", "plan"):
        start = repeats_from(passport, section)
        if start is not None:
            yield Finding(
                code="section.duplicate",
                severity="error",
                section=section,
                row=start,
                number=getattr(rows_of(passport, section)[start], "number", None),
                message=f"Стоит дважды: {TITLES[section]}. Одни и те же строки приведены ещё раз.",
            )


def repeats_from(passport: Passport, section: str) -> int | None:
    """The row from which a list repeats itself to its end; None where it does not."""
    rows = rows_of(passport, section)
    if len(rows) < 4:
        return None
    first = _row_key(rows[0])
    for start in range(len(rows) // 2, len(rows) - 1):
        # Numbers are compared before words: nearly every row is told from the first one by its number.
        if getattr(rows[start], "number", None) != first[0] or _row_key(rows[start]) != first:
            continue
        if all(_row_key(rows[start + at]) == _row_key(rows[at]) for at in range(1, len(rows) - start)):
            return start
    return None


def _row_key(row: Row) -> tuple[str | None, ...]:
    words = (_key(getattr(row, field, None)) for field in ("name", "role", "group"))
    return (getattr(row, "number", None), *words)
