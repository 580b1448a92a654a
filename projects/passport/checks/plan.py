"""The event plan: dates that contradict one another, empty cells, levels of control that nobody explains."""

from __future__ import annotations

import re
from collections.abc import Iterator

from projects.passport.checks.words import finding_of, raw_of
from projects.passport.lookalikes import cyrillic
from projects.passport.schema import Finding, Passport, PlanRow, Severity
from projects.passport.typography import date_short

_COLUMNS = {
    "responsible": ("не указан ответственный исполнитель.", "Ни в одной строке плана не указан ответственный."),
    "document": ("не указан документ, который подтвердит исполнение.", "Ни в одной строке плана не указан документ."),
    "control_level": ("не указан уровень контроля.", "Ни в одной строке плана не указан уровень контроля."),
}

# Words that say of which project a post is, and not who it is.
_OF_WHICH_PROJECT = ("регион", "муници", "федера", "национ", "проект")


def activity_after_control_point(passport: Passport) -> Iterator[Finding]:
    """``plan.activity_after_control_point``: an activity that ends later than the control point it leads to.

    That is the next control point in document order, within the same result; numbers are not asked.
    """
    waiting: list[tuple[int, PlanRow]] = []
    for index, row in enumerate(passport.plan):
        if row.kind == "activity":
            waiting.append((index, row))
        elif row.kind == "result":
            waiting = []
        elif row.kind == "control_point":
            for at, activity in waiting:
                if activity.end and row.end and activity.end > row.end:
                    words = (
                        f"мероприятие заканчивается {date_short(activity.end)}, позже своей контрольной точки"
                        f" {row.number} ({date_short(row.end)})."
                    )
                    yield finding_of(
                        passport,
                        "plan.activity_after_control_point",
                        "warning",
                        "plan",
                        at,
                        "end",
                        words,
                        date_short(activity.end),
                    )
            waiting = []


def control_point_after_result(passport: Passport) -> Iterator[Finding]:
    """``plan.control_point_after_result``: a control point later than the end of the result above it."""
    result: PlanRow | None = None
    for index, row in enumerate(passport.plan):
        if row.kind == "result":
            result = row
        elif row.kind == "control_point" and result and row.end and result.end and row.end > result.end:
            words = (
                f"контрольная точка стоит на {date_short(row.end)}, позже окончания результата"
                f" {result.number} ({date_short(result.end)})."
            )
            yield finding_of(
                passport,
                "plan.control_point_after_result",
                "warning",
                "plan",
                index,
                "end",
                words,
                date_short(row.end),
            )


def no_responsible(passport: Passport) -> Iterator[Finding]:
    """``plan.no_responsible``: nobody answers for the row; a dash names nobody."""
    yield from _empty(passport, "plan.no_responsible", "responsible", dash_counts=True)


def no_document(passport: Passport) -> Iterator[Finding]:
    """``plan.no_document``: nothing will prove that the row is done."""
    yield from _empty(passport, "plan.no_document", "document", dash_counts=True)


def no_control_level(passport: Passport) -> Iterator[Finding]:
    """``plan.no_control_level``: an empty cell; a dash says that nobody controls the row, and is an answer."""
    yield from _empty(passport, "plan.no_control_level", "control_level", dash_counts=False)


def _empty(passport: Passport, code: str, field: str, *, dash_counts: bool) -> Iterator[Finding]:
    """Rows with nothing in a column; once for the whole plan where the column is empty throughout."""
    empty = [
        (index, raw)
        for index, row in enumerate(passport.plan)
        if getattr(row, field) is None and ((raw := raw_of(passport, "plan", index, field)) is None or dash_counts)
    ]
    for_row, for_all = _COLUMNS[field]
    severity: Severity = "notice" if field == "control_level" else "warning"
    if len(empty) > 1 and len(empty) == len(passport.plan):
        yield finding_of(passport, code, severity, "plan", None, field, for_all)
        return
    for index, raw in empty:
        yield finding_of(passport, code, severity, "plan", index, field, for_row, raw)


def control_level_unknown(passport: Passport) -> Iterator[Finding]:
    """``plan.control_level_unknown``: a level that the list under the plan does not explain.

    Without such a list the words of the cells are taken as they are.
    """
    if not passport.control_levels:
        return
    short = {_letters(level) for level in passport.control_levels}
    long = [_words(said) for said in passport.control_levels.values()]
    for index, row in enumerate(passport.plan):
        if not row.control_level:
            continue
        parts = [part for part in re.split(r"[,;/+]|\sи\s|\n", row.control_level) if part.strip()]
        if all(_letters(part) in short or _is_explained(_words(part), long) for part in parts):
            continue
        if _letters(row.control_level) in short or _is_explained(_words(row.control_level), long):
            continue
        listed = ", ".join(passport.control_levels)
        words = f"уровень контроля «{row.control_level}» не назван в сноске под планом (там: {listed})."
        yield finding_of(
            passport,
            "plan.control_level_unknown",
            "warning",
            "plan",
            index,
            "control_level",
            words,
            row.control_level,
        )


def _letters(text: str) -> str:
    return re.sub(r"[^А-ЯЁA-Z\d]", "", cyrillic(text).upper())


def _words(text: str) -> set[str]:
    """The words by their first six letters: endings differ, and «регионального» is often left out."""
    return {word[:6] for word in re.findall(r"[а-яёa-z]+", cyrillic(text).casefold())}


def _is_explained(said: set[str], long: list[set[str]]) -> bool:
    """«Руководитель проекта» for «руководитель регионального проекта», but «муниципальный» alone for nothing."""
    posts = {word for word in said if not word.startswith(_OF_WHICH_PROJECT)}
    return bool(posts) and any(posts <= words for words in long)
