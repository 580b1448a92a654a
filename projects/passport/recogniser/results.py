"""Section 3: tasks, results, the federal results quoted above them, and yearly values in their characteristics."""

from __future__ import annotations

import re
from decimal import Decimal

from projects.passport import values
from projects.passport.form_words import NO_TASK, QUOTED_RESULT, TASK_AGAIN, are_own_results
from projects.passport.intermediate import squash
from projects.passport.lookalikes import mended
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft, Line, lines, without_dash
from projects.passport.schema import Result, Task
from projects.passport.titles import Columns

_FEDERAL = re.compile(
    r"^(наименование )?(результат|характеристика результата)\w* (федерального|национального) проекта", re.IGNORECASE
)
_FEDERAL_NOTE = re.compile(r"справочно", re.IGNORECASE)
_TASK = re.compile(r"^(задача)(?!\w)( (национального|федерального|регионального) проекта)?", re.IGNORECASE)
_YEARLY = re.compile(
    r"(?:на|к|до|по состоянию на)\s\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?(?P<year>(?:19|20|21)\d\d)\s?(?:г\.?|года)?"
    r"\s?[-–—:]\s?"
    r"(?:не менее\s|не более\s)?(?P<value>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:(?P<percent>%|процент)|(?P<thousand>тыс\.?\s)?(?P<word>чел|ед|шт|школ|мест|организац)(?![а-яё]*-))",
    re.IGNORECASE,
)
_UNITS = {
    "чел": ("человек", "человек"),
    "ед": ("единица", "единиц"),
    "шт": ("штука", "штук"),
    "школ": ("школа", "школ"),
    "мест": ("место", "мест"),
    "организац": ("организация", "организаций"),
}
"""By the beginning of a word: one of them, and thousands of them."""


def yearly_targets(text: str) -> dict[str, Decimal | None]:
    """Values of years written in a characteristic: «на 31.12.2021 – 42 %» is 42 for 2021."""
    found: dict[str, Decimal | None] = {}
    for match in _YEARLY.finditer(mended(squash(text))):
        found.setdefault(match["year"], values.number(match["value"]))
    return found


def yearly_unit(text: str) -> str | None:
    """The unit behind the yearly values of a characteristic, if they agree on one: «на 31.12.2021 – 42 %»: percent."""
    plain = mended(squash(text))
    after = (_UNIT_AFTER.match(plain, match.end()) for match in _YEARLY.finditer(plain))
    units = {_unit(found) for found in after if found}
    return units.pop() if len(units) == 1 else None


def _unit(found: re.Match[str]) -> str:
    if found["percent"]:
        return "процент"
    one, many = _UNITS[found["word"].casefold()]
    return f"тыс. {many}" if found["thousand"] else one


def read_results(sheet: Sheet, columns: Columns, draft: Draft) -> None:
    federal: str | None = None
    task = len(draft.tasks) - 1 if draft.tasks else None
    flat = not any("." in (line.number or "") for line in lines(sheet.rows, columns))
    for line in lines(sheet.rows, columns):
        name = without_dash(line.name)
        if not name and line.number is None:
            continue
        if _is_federal(line, name, columns):
            federal = _federal_words(name, line, columns)
        elif not _has_values(line, columns) and are_own_results(name):
            federal = None
        elif name == NO_TASK:
            task = federal = None
        elif _is_task(line, name, columns, flat):
            task, federal = _task(line.number, name, draft), None
        else:
            draft.results.append(_result(line, name, columns, draft, task, federal))


def says_federal_result(text: str) -> bool:
    """Whether words say of themselves that they are a federal result."""
    return bool(_FEDERAL.match(squash(text)))


def _is_federal(line: Line, name: str, columns: Columns) -> bool:
    if line.row.group is not None and not line.row.group and line.number is not None:
        return False
    return bool(
        _FEDERAL.match(mended(name)) or (_FEDERAL_NOTE.search(mended(name[:120])) and not _has_values(line, columns))
    )


def _task(number: str | None, name: str, draft: Draft) -> int:
    """The index of a task: a new one, or the one that is named again."""
    said = name.removesuffix(TASK_AGAIN)
    if said != name:
        for index, known in enumerate(draft.tasks):
            if (known.number, known.name) == (number, said or None):
                return index
    draft.tasks.append(Task(number=number, name=name or None))
    return len(draft.tasks) - 1


def _federal_words(name: str, line: Line, columns: Columns) -> str:
    if name.startswith(QUOTED_RESULT):
        return name.removeprefix(QUOTED_RESULT)
    extra = [squash(line.row.cell(columns.at("characteristic"))), squash(line.row.cell(columns.at("due")))]
    return " ".join([name, *(words for words in extra if words)])


def _has_values(line: Line, columns: Columns) -> bool:
    return bool(
        line.row.cell(columns.at("due")) or line.row.cell(columns.at("characteristic")) or _has_years(line, columns)
    )


def _has_years(line: Line, columns: Columns) -> bool:
    return any(line.row.cell(column) for column in columns.years.values())


def _is_task(line: Line, name: str, columns: Columns, flat: bool) -> bool:
    if line.row.group is not None:
        return line.row.group or line.row.spans.get(columns.at("name") or 0, 1) > 1
    if _TASK.match(mended(name)):
        return True
    if line.number is None:
        return line.group or not _has_values(line, columns)
    return "." not in line.number and not _has_values(line, columns) and not flat


def _result(line: Line, name: str, columns: Columns, draft: Draft, task: int | None, federal: str | None) -> Result:
    index = len(draft.results)
    characteristic = draft.words(line.row.cell(columns.at("characteristic")), "results", index, "characteristic")
    # A result has values only for the years in which something of it is to be there.
    targets = {
        year: draft.decimal(line.row.shared(column), "results", index, f"targets.{year}")
        for year, column in columns.years.items()
        if squash(line.row.shared(column))
    }
    if not targets and (line.row.group is None or not columns.years):
        targets = yearly_targets(characteristic or "")
    return Result(
        number=line.number,
        name=name or None,
        task=task,
        due=draft.day(line.row.shared(columns.at("due")), "results", index, "due"),
        characteristic=characteristic,
        federal_result=federal,
        targets=targets,
    )
