"""Dates: impossible, absent, in the wrong order, outside the term of the project."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from projects.passport.checks.words import field_words, finding, raw_of, which
from projects.passport.schema import Finding, Passport
from projects.passport.typography import date_short
from projects.passport.values import is_dash

_DATE_FIELDS = {"start", "end", "due", "base.date"}
_LOOKS_LIKE_DATE = re.compile(r"\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?\d{2,4}|\d{1,2}\s[а-яё]+\s\d{4}", re.IGNORECASE)


def invalid(passport: Passport) -> Iterator[Finding]:
    """``date.invalid``: words or a day that no calendar has where a date belongs."""
    for item in passport.unread:
        if item.field not in _DATE_FIELDS or is_dash(item.raw):
            continue
        place = "" if item.row is None else f"{which(passport, item.section, item.row)} "
        what = "такой даты нет" if _LOOKS_LIKE_DATE.search(item.raw) else "это не дата"
        message = f"{place}{field_words(item.field)} записана как «{item.raw}»: {what}."
        if item.field == "due":
            message = message.replace("записана", "записан")
        yield finding(passport, "date.invalid", "error", item.section, item.row, item.field, message, item.raw)


def missing(passport: Passport) -> Iterator[Finding]:
    """``date.missing``: the term of the project, the due date of a result, the dates of the plan, a base date."""
    for field, words in (("start", "начала"), ("end", "окончания")):
        if getattr(passport, field) is None and not _written(passport, field, None, field):
            yield finding(passport, "date.missing", "error", field, None, field, f"Не указан срок {words} проекта.")
    yield from _missing_due(passport)
    for index, row in enumerate(passport.plan):
        place = which(passport, "plan", index)
        if row.end is None and not _written(passport, "plan", index, "end"):
            message = f"{place} плана мероприятий не указана дата окончания."
            yield finding(passport, "date.missing", "error", "plan", index, "end", message)
        # A control point has one date; its start is a dash by the form.
        if row.start is None and row.kind in {"result", "activity"} and not _written(passport, "plan", index, "start"):
            message = f"{place} плана мероприятий не указана дата начала."
            yield finding(passport, "date.missing", "error", "plan", index, "start", message)
    for index, indicator in enumerate(passport.indicators):
        without = indicator.base.value is not None and indicator.base.date is None
        if without and not _written(passport, "indicators", index, "base.date"):
            message = f"{which(passport, 'indicators', index)} показателей нет даты базового значения."
            yield finding(passport, "date.missing", "warning", "indicators", index, "base.date", message)


def _missing_due(passport: Passport) -> Iterator[Finding]:
    late = [
        index
        for index, row in enumerate(passport.results)
        if row.due is None and not row.targets and not _written(passport, "results", index, "due")
    ]
    if late and len(late) == len(passport.results) and len(late) > 1:
        message = "Ни у одного результата не указан срок: в таблице результатов нет такой графы или она пуста."
        yield finding(passport, "date.missing", "warning", "results", None, "due", message)
        return
    for index in late:
        message = f"{which(passport, 'results', index)} не указан срок результата."
        yield finding(passport, "date.missing", "error", "results", index, "due", message)


def _written(passport: Passport, section: str, row: int | None, field: str) -> bool:
    """Whether something that is not a dash stands where the date belongs: then the date is invalid, not missing."""
    raw = raw_of(passport, section, row, field)
    return raw is not None and not is_dash(raw)


def order(passport: Passport) -> Iterator[Finding]:
    """``date.order``: an end before its start."""
    if passport.start and passport.end and passport.end < passport.start:
        message = (
            f"Проект заканчивается {date_short(passport.end)}, раньше чем начинается {date_short(passport.start)}."
        )
        yield finding(passport, "date.order", "error", "end", None, "end", message, date_short(passport.end))
    for index, row in enumerate(passport.plan):
        if row.start and row.end and row.end < row.start:
            message = (
                f"{which(passport, 'plan', index)} плана мероприятий окончание {date_short(row.end)}"
                f" раньше начала {date_short(row.start)}."
            )
            yield finding(passport, "date.order", "error", "plan", index, "end", message, date_short(row.end))


def outside_project(passport: Passport) -> Iterator[Finding]:
    """``date.outside_project``: a date of the plan or of a result outside the term of the project."""
    for index, row in enumerate(passport.plan):
        for field, day in (("start", row.start), ("end", row.end)):
            if _is_outside(passport, day):
                yield _outside(passport, "plan", index, field, day)
    for index, result in enumerate(passport.results):
        if _is_outside(passport, result.due):
            yield _outside(passport, "results", index, "due", result.due)


def _is_outside(passport: Passport, day: dt.date | None) -> bool:
    if day is None:
        return False
    return bool((passport.start and day < passport.start) or (passport.end and day > passport.end))


def _outside(passport: Passport, section: str, row: int, field: str, day: dt.date | None) -> Finding:
    term = f"{date_short(passport.start)} – {date_short(passport.end)}"
    message = f"{which(passport, section, row)} {field_words(field)} {date_short(day)} вне срока проекта ({term})."
    return finding(passport, "date.outside_project", "warning", section, row, field, message, date_short(day))
