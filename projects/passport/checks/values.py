"""Values: placeholders left in, words where a number belongs, empty cells that should hold one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from projects.passport.checks.words import field_words, finding, raw_of, which
from projects.passport.schema import Finding, Passport, Severity
from projects.passport.values import is_dash

_PLACEHOLDER = re.compile(
    r"[хxХX]+([.,][хxХX]+)?\s?%?|_{2,}|\.{2,}|…+|\?+|[нН]/[дД]|уточняется|будет уточнен\w*|<[^<>]*>"
)
_BLANK = re.compile(r"_{3,}|\b[XХ]{2,}\b|<[а-яё ]{3,}>|\[[а-яё ]{3,}\]")
_NUMBERS = re.compile(r"(targets|amounts)\.\d{4}|base\.value|total|employment")


def _finding(
    passport: Passport,
    code: str,
    severity: Severity,
    section: str,
    row: int | None,
    field: str,
    raw: str | None,
    words: str,
) -> Finding:
    place = "" if row is None else f"{which(passport, section, row)} "
    return finding(passport, code, severity, section, row, field, f"{place}{words}", raw)


def placeholder(passport: Passport) -> Iterator[Finding]:
    """``value.placeholder``: «XX» of a template where a value belongs.

    A dash is no placeholder: it says «not planned».
    """
    for item in passport.unread:
        if _PLACEHOLDER.fullmatch(item.raw):
            words = f"{field_words(item.field)}: вместо значения стоит «{item.raw}»."
            yield _finding(passport, "value.placeholder", "error", item.section, item.row, item.field, item.raw, words)
    for field in ("title", "short_title", "goal"):
        text = getattr(passport, field) or ""
        found = _BLANK.search(text)
        if found:
            words = f"в тексте остался пропуск шаблона «{found[0]}»: впишите то, что здесь должно стоять."
            yield _finding(passport, "value.placeholder", "error", field, None, field, found[0], words)
    for index, row in enumerate(passport.indicators):
        found = _BLANK.search(row.name or "")
        if found:
            words = f"в названии показателя остался пропуск шаблона «{found[0]}»."
            yield _finding(passport, "value.placeholder", "error", "indicators", index, "name", found[0], words)


def not_a_number(passport: Passport) -> Iterator[Finding]:
    """``value.not_a_number``: other words or signs where a number belongs."""
    for item in passport.unread:
        if _NUMBERS.fullmatch(item.field) and not is_dash(item.raw) and not _PLACEHOLDER.fullmatch(item.raw):
            words = f"{field_words(item.field)}: «{item.raw}» — не число."
            yield _finding(passport, "value.not_a_number", "error", item.section, item.row, item.field, item.raw, words)


def missing(passport: Passport) -> Iterator[Finding]:
    """``value.missing``: an empty target, base value, amount or total. A heading over sub-indicators has no values."""
    yield from _missing_targets(passport)
    for index, row in enumerate(passport.breakdown):
        for year, value in row.targets.items():
            if value is None and _is_empty(passport, "breakdown", index, f"targets.{year}"):
                yield _empty(passport, "breakdown", index, f"targets.{year}")
    years = {year for line in passport.finance for year in line.amounts or {}}
    for index, line in enumerate(passport.finance):
        if line.amounts is None:
            continue
        for year in sorted(years - set(line.amounts)):
            if _is_empty(passport, "finance", index, f"amounts.{year}"):
                yield _empty(passport, "finance", index, f"amounts.{year}")
        if line.total is None and _is_empty(passport, "finance", index, "total"):
            yield _empty(passport, "finance", index, "total")


def _missing_targets(passport: Passport) -> Iterator[Finding]:
    for index, row in enumerate(passport.indicators):
        if _is_heading(passport, index):
            continue
        empty = [
            year
            for year, value in row.targets.items()
            if value is None and _is_empty(passport, "indicators", index, f"targets.{year}")
        ]
        if empty and len(empty) == len(row.targets):
            words = "нет ни одного значения показателя по годам."
            yield _finding(passport, "value.missing", "error", "indicators", index, "targets", None, words)
            continue
        for year in empty:
            yield _empty(passport, "indicators", index, f"targets.{year}")
        if row.base.value is None and _is_empty(passport, "indicators", index, "base.value"):
            yield _empty(passport, "indicators", index, "base.value")


def _is_heading(passport: Passport, index: int) -> bool:
    """A heading holds no value at all and is followed by rows numbered under it, or by rows without a number."""
    row = passport.indicators[index]
    if row.base.value is not None or any(value is not None for value in row.targets.values()):
        return False
    following = passport.indicators[index + 1 : index + 2]
    return any(
        later.number is None or (row.number and later.number.startswith(f"{row.number}.")) for later in following
    )


def _is_empty(passport: Passport, section: str, row: int, field: str) -> bool:
    return raw_of(passport, section, row, field) is None


def _empty(passport: Passport, section: str, row: int, field: str) -> Finding:
    words = f"{field_words(field)} не указан{_ending(field)}."
    return _finding(passport, "value.missing", "warning", section, row, field, None, words)


def _ending(field: str) -> str:
    return "а" if field.startswith("amounts") else "о"
