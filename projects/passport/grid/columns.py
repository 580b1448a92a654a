"""Which sections of a passport are edited as a table, their columns and the kinds of their rows.

Titles are those of our workbook, so that a clerk finds the same words in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from projects.passport import workbook_form as form
from projects.passport.schema import Passport

CellKind = Literal["text", "lines", "number", "date", "choice", "row_number"]


@dataclass(frozen=True, slots=True)
class Column:
    """``field`` is dotted as in ``unread``: ``base.value``, ``targets.2025``. ``options`` close a choice, and are
    only offered where the cell holds words.
    """

    field: str
    title: str
    kind: CellKind = "text"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowKind:
    """A kind of row that a person can add: its name, its name as what is added, its level.

    ``fills`` are the words that such a row begins with.
    """

    key: str
    name: str
    added: str
    level: int = 0
    fills: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """``lists`` are the lists of the document that the table shows, parents first; none for single fields.

    ``numbered`` says how a row's number follows from its level; empty where rows carry no numbers of their own.
    """

    key: str
    lists: tuple[str, ...] = ()
    kinds: tuple[RowKind, ...] = ()
    yearly: str = ""
    numbered: Literal["", "tree", "plan", "sources"] = ""


SECTIONS: dict[str, Section] = {
    section.key: section
    for section in (
        Section("main", kinds=(RowKind("programmes", "программа", "государственную программу"),)),
        Section(
            "indicators",
            ("indicators",),
            (RowKind("indicator", "показатель", "показатель"), RowKind("part", "подпоказатель", "подпоказатель", 1)),
            "targets",
            "tree",
        ),
        Section(
            "results",
            ("tasks", "results"),
            (RowKind("task", "задача", "задачу"), RowKind("result", "результат", "результат", 1)),
            "targets",
            "tree",
        ),
        Section(
            "finance",
            ("finance",),
            (
                RowKind("heading", "результат", "результат"),
                RowKind("source", "источник", "источник", 1, {"name": "федеральный бюджет"}),
                RowKind("transfers", "трансферты", "трансферты", 2, {"name": "из них межбюджетные трансферты"}),
            ),
            "amounts",
            "sources",
        ),
        Section("participants", ("participants",), (RowKind("participant", "участник", "участника"),), numbered="tree"),
        Section("additional", kinds=(RowKind("footnotes", "сноска", "сноску"),)),
        Section(
            "plan",
            ("plan",),
            (
                RowKind("result", "результат", "результат"),
                RowKind("control_point", "точка", "контрольную точку", 1),
                RowKind("activity", "мероприятие", "мероприятие", 2),
            ),
            numbered="plan",
        ),
        Section("control_levels", kinds=(RowKind("level", "уровень", "уровень контроля"),)),
        Section("breakdown", ("breakdown",), (RowKind("row", "строка", "строку"),), "targets"),
        Section("methodology", ("methodology",), (RowKind("row", "строка", "строку"),)),
    )
}

# A row says what it is by its place in the table, or the document computes it.
_NOT_TYPED = {("results", "row"), ("results", "task"), ("plan", "kind"), ("finance", "source")}
# These stand behind the columns of years, as on paper.
_AFTER_YEARS = {"total", "note", "federal_name", "federal_result"}
_NUMBERS = {"base.value", "total", "employment"}
_DATES = {"base.date", "due", "start", "end"}
SOURCE_NAMES = (
    "федеральный бюджет",
    "бюджеты государственных внебюджетных фондов Российской Федерации",
    "бюджет субъекта Российской Федерации",
    "консолидированные бюджеты муниципальных образований",
    "внебюджетные источники",
    "из них межбюджетные трансферты",
)
UNITS = {"million": "млн рублей", "thousand": "тыс. рублей"}
FACT_COLUMNS = (Column("label", form.FRONT_COLUMNS["label"]), Column("value", form.FRONT_COLUMNS["value"]))
LEVEL_COLUMNS = tuple(Column(field, title) for field, title in form.CONTROL_LEVEL_COLUMNS.items())


def columns_of(passport: Passport, section: Section, years: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a section with these years; what may be chosen in a cell follows from the document."""
    if section.key == "control_levels":
        return LEVEL_COLUMNS
    if not section.lists:
        return FACT_COLUMNS
    titles = {
        field: title for field, title in form.COLUMNS[section.key].items() if (section.key, field) not in _NOT_TYPED
    }
    plain = [_column(passport, section.key, field, title) for field, title in titles.items()]
    yearly = [Column(f"{section.yearly}.{year}", year, "number") for year in years]
    before = [column for column in plain if column.field not in _AFTER_YEARS]
    return (*before, *yearly, *(column for column in plain if column.field in _AFTER_YEARS))


def stands_after_years(section: Section, column: Column) -> bool:
    """Whether a column is one of a year or stands behind those."""
    yearly = bool(section.yearly) and column.field.startswith(f"{section.yearly}.")
    return yearly or column.field in _AFTER_YEARS


def _column(passport: Passport, section: str, field: str, title: str) -> Column:
    if field in _NUMBERS:
        return Column(field, title, "number")
    if field in _DATES:
        return Column(field, title, "date")
    match section, field:
        case _, "number":
            return Column(field, title, "row_number")
        case "indicators", "kind":
            return Column(field, title, "choice", tuple(form.INDICATOR_KINDS.values()))
        case "indicators", "direction":
            return Column(field, title, "choice", tuple(form.DIRECTIONS.values()))
        case "finance", "name":
            return Column(field, title, "text", SOURCE_NAMES)
        case "plan", "control_level":
            return Column(field, title, "text", tuple(passport.control_levels))
        case (("breakdown" | "methodology"), "indicator"):
            return Column(field, title, "text", tuple(row.number for row in passport.indicators if row.number))
    return Column(field, title)


def choice_words(section: str, field: str) -> Mapping[str, str]:
    """The word that a person reads for each value of a choice."""
    match section, field:
        case "indicators", "kind":
            return dict(form.INDICATOR_KINDS.items())
        case "indicators", "direction":
            return dict(form.DIRECTIONS.items())
        case _, "level":
            return {key: title for key, title in form.LEVELS.items() if key != "national"}
        case _, "parent_level":
            return {key: title for key, title in form.LEVELS.items() if key in {"federal", "national"}}
        case _, "finance_unit":
            return UNITS
    return {}
