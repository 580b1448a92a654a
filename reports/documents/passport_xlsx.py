"""The passport as a workbook: a sheet a section, and nothing of the document lost on the way.

What the document is can be seen: the words of :mod:`projects.passport.workbook_form` name every sheet, column and
place, and its reader gives the same document back. Hidden are only the ids of rows. A number and a date are a real
number and a real date; a cell that held no value of its kind shows what was written there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from projects.passport import workbook_form as form
from projects.passport.schema import Passport, Result, Row, Task
from reports.documents.passport_front_sheets import (
    additional_sheet,
    control_levels_sheet,
    provisions_sheet,
    unread_sheet,
)
from reports.documents.passport_places import Cells, Shown
from reports.documents.wording import (
    DIRECTIONS,
    INDICATOR_KINDS,
    PLAN_KINDS,
    SOURCES,
    money_unit,
    project_word,
)
from reports.documents.workbook import Book, Field, Figure, Kind, Value
from reports.documents.written import Written, decimals_of, years_of

_ID = Field("id", form.ID_TITLE, 12, hidden=True)
_LEGENDS = {
    True: f"Пустая ячейка года: значение не указано; «{form.ABSENT_YEAR}»: такого года в строке нет.",
    False: f"Пустая ячейка года: такого года в строке нет; «{form.NO_VALUE}»: год есть, значения нет.",
}


def passport_xlsx(passport: Passport, *, abbreviation_point: bool = True) -> bytes:
    """The workbook of a passport; the same passport gives the same bytes."""
    return _PassportBook(passport, abbreviation_point=abbreviation_point).content()


def _field(section: str, key: str, width: float, kind: Kind = "text", choices: tuple[str, ...] = ()) -> Field:
    return Field(key, form.COLUMNS[section][key], width, kind, choices=choices)


def _number(section: str) -> Field:
    return _field(section, "number", 8, "short")


class _PassportBook:
    """The workbook of one passport in the making."""

    def __init__(self, passport: Passport, *, abbreviation_point: bool) -> None:
        self._passport = passport
        self._shown = Shown(Written(passport))
        self._word = project_word(passport.level)
        self._unit = money_unit(passport.finance_unit, abbreviation_point=abbreviation_point)
        title = f"Паспорт {self._word.genitive}" + (f" «{passport.title}»" if passport.title else "")
        self._book = Book(title)

    def content(self) -> bytes:
        provisions_sheet(self._book, self._passport, self._shown, self._unit)
        self._indicators()
        self._results()
        self._finance()
        self._participants()
        self._plan()
        control_levels_sheet(self._book, self._passport)
        self._breakdown()
        self._methodology()
        additional_sheet(self._book, self._passport)
        unread_sheet(self._book, self._passport, self._shown)
        return self._book.content()

    def _cells(self, section: str, index: int) -> Cells:
        return Cells(self._shown, section, index)

    def _sheet(self, section: str, title: str, fields: Sequence[Field], rows: list[list[Value]], legend: str) -> None:
        """A sheet of a section; a row of which nothing would be seen says that it is one."""
        for row in rows:
            if all(value is None for value in row[1:]):
                row[1] = form.EMPTY_ROW
        self._book.sheet(form.SHEETS[section], title, fields, rows, legend=legend)

    def _years(self, section: str, rows: Sequence[Mapping[str, Any] | None]) -> tuple[str, ...]:
        """The years of a table, those included of which a cell was not read."""
        name = form.YEARLY[section]
        unread = [
            {entry.field.removeprefix(f"{name}."): None}
            for entry in self._passport.unread
            if entry.section == section
            and entry.field.startswith(f"{name}.")
            and form.year_in(entry.field.removeprefix(f"{name}."))
        ]
        return years_of([*rows, *unread])

    def _legend(self, section: str, rows: Sequence[Mapping[str, Any]], years: Sequence[str]) -> str:
        """What the marks in the columns of years mean, where there are any."""
        empty_is_null = section in form.EMPTY_IS_NULL
        if empty_is_null and all(len(row) == len(years) for row in rows):
            return ""
        if not empty_is_null and not any(value is None for row in rows for value in row.values()):
            return ""
        return _LEGENDS[empty_is_null]

    def _indicators(self) -> None:
        rows = self._passport.indicators
        years = self._years("indicators", [row.targets for row in rows])
        fields = [
            _ID,
            _number("indicators"),
            _field("indicators", "name", 46),
            _field("indicators", "unit", 12),
            _field("indicators", "kind", 16, "short", tuple(INDICATOR_KINDS.values())),
            _field("indicators", "federal_name", 38),
            _field("indicators", "direction", 13, "short", tuple(DIRECTIONS.values())),
            _field("indicators", "base.value", 10, "number"),
            _field("indicators", "base.date", 12, "date"),
            *_year_fields("targets", years),
        ]
        lines: list[list[Value]] = []
        for index, row in enumerate(rows):
            cells = self._cells("indicators", index)
            lines.append(
                [
                    row.id,
                    cells.text("number", row.number),
                    cells.text("name", row.name),
                    cells.text("unit", row.unit),
                    cells.text("kind", INDICATOR_KINDS[row.kind] if row.kind else None),
                    cells.text("federal_name", row.federal_name),
                    cells.text("direction", DIRECTIONS[row.direction] if row.direction else None),
                    cells.figure("base.value", row.base.value),
                    cells.date("base.date", row.base.date),
                    *cells.targets(row.targets, years),
                ]
            )
        legend = self._legend("indicators", [row.targets for row in rows], years)
        self._sheet("indicators", f"Показатели {self._word.genitive}", fields, lines, legend)

    def _results(self) -> None:
        targets = [row.targets for row in self._passport.results]
        years = self._years("results", targets)
        fields = [
            _ID,
            _field("results", "row", 13, "short", (form.TASK, form.RESULT)),
            _number("results"),
            _field("results", "name", 42),
            _field("results", "task", 10, "number"),
            _field("results", "due", 12, "date"),
            _field("results", "characteristic", 70),
            _field("results", "federal_result", 38),
            *_year_fields("targets", years),
        ]
        lines = [self._task_or_result(*found, years) for found in _tasks_and_results(self._passport)]
        title = f"Задачи и результаты {self._word.genitive}"
        self._sheet("results", title, fields, lines, self._legend("results", targets, years))

    def _task_or_result(self, section: str, index: int, row: Task | Result, years: Sequence[str]) -> list[Value]:
        cells = self._cells(section, index)
        words: list[Value] = [cells.text("number", row.number), cells.text("name", row.name)]
        if isinstance(row, Task):
            return [row.id, form.TASK, *words, *[None] * (4 + len(years))]
        return [
            row.id,
            form.RESULT,
            *words,
            Figure(Decimal(row.task + 1), 0) if row.task is not None else cells.text("task", None),
            cells.date("due", row.due),
            cells.text("characteristic", row.characteristic),
            cells.text("federal_result", row.federal_result),
            *cells.targets(row.targets, years),
        ]

    def _finance(self) -> None:
        rows = self._passport.finance
        years = self._years("finance", [row.amounts for row in rows])
        if not years and any(row.amounts == {} for row in rows):
            years = (str(self._passport.start.year) if self._passport.start else "2024",)
        decimals = decimals_of(value for row in rows for value in (*(row.amounts or {}).values(), row.total))
        total = form.COLUMNS["finance"]["total"]
        fields = [
            _ID,
            _number("finance"),
            _field("finance", "name", 50),
            _field("finance", "source", 22),
            _field("finance", "code", 22, "short"),
            *[Field(f"amounts.{year}", f"{year}, {self._unit}", 12, "number") for year in years],
            Field("total", f"{total}, {self._unit}", 13, "number"),
            _field("finance", "note", 34),
        ]
        lines: list[list[Value]] = []
        for index, row in enumerate(rows):
            cells = self._cells("finance", index)
            lines.append(
                [
                    row.id,
                    cells.text("number", row.number),
                    cells.text("name", row.name),
                    SOURCES[row.source] if row.source else None,
                    cells.text("code", row.code),
                    *cells.amounts(row.amounts, years, decimals),
                    cells.figure("total", row.total, decimals),
                    cells.text("note", row.note),
                ]
            )
        title = f"Финансовое обеспечение реализации {self._word.genitive}, {self._unit}"
        self._sheet("finance", title, fields, lines, "")

    def _plain(
        self,
        section: str,
        title: str,
        fields: Sequence[Field],
        rows: Sequence[Row],
        value: Callable[[Cells, Any, str], Value],
    ) -> None:
        """A sheet whose columns are the fields of its rows."""
        lines: list[list[Value]] = []
        for index, row in enumerate(rows):
            cells = self._cells(section, index)
            lines.append([row.id, *(value(cells, row, field.key) for field in fields)])
        self._sheet(section, title, (_ID, *fields), lines, "")

    def _participants(self) -> None:
        fields = (
            _number("participants"),
            _field("participants", "group", 40),
            _field("participants", "role", 28),
            _field("participants", "name", 20),
            _field("participants", "position", 40),
            _field("participants", "supervisor", 34),
            _field("participants", "employment", 14, "number"),
        )

        def value(cells: Cells, row: Any, key: str) -> Value:
            return cells.figure(key, row.employment) if key == "employment" else cells.text(key, getattr(row, key))

        title = f"Участники {self._word.genitive}"
        self._plain("participants", title, fields, self._passport.participants, value)

    def _plan(self) -> None:
        fields = (
            _number("plan"),
            _field("plan", "name", 52),
            _field("plan", "kind", 18, "short"),
            _field("plan", "start", 12, "date"),
            _field("plan", "end", 12, "date"),
            _field("plan", "responsible", 26),
            _field("plan", "document", 50),
            _field("plan", "control_level", 14, "short"),
        )

        def value(cells: Cells, row: Any, key: str) -> Value:
            if key == "kind":
                return cells.text(key, PLAN_KINDS[row.kind] if row.kind else None)
            return cells.date(key, getattr(row, key))

        title = f"План мероприятий по реализации {self._word.genitive}"
        self._plain("plan", title, fields, self._passport.plan, value)

    def _breakdown(self) -> None:
        rows = self._passport.breakdown
        years = self._years("breakdown", [row.targets for row in rows])
        fields = [
            _ID,
            _field("breakdown", "indicator", 14, "short"),
            _field("breakdown", "territory", 60),
            _field("breakdown", "base.value", 10, "number"),
            _field("breakdown", "base.date", 12, "date"),
            *_year_fields("targets", years),
        ]
        lines: list[list[Value]] = []
        for index, row in enumerate(rows):
            cells = self._cells("breakdown", index)
            lines.append(
                [
                    row.id,
                    cells.text("indicator", row.indicator),
                    cells.text("territory", row.territory),
                    cells.figure("base.value", row.base.value),
                    cells.date("base.date", row.base.date),
                    *cells.targets(row.targets, years),
                ]
            )
        legend = self._legend("breakdown", [row.targets for row in rows], years)
        self._sheet("breakdown", "Показатели по территориям и организациям", fields, lines, legend)

    def _methodology(self) -> None:
        widths = {"indicator": 14, "formula": 45, "base_indicators": 40, "source": 30, "collector": 30}
        widths |= {"aggregation": 24, "schedule": 24, "note": 36}
        fields = [
            _field("methodology", key, width, "short" if key == "indicator" else "text")
            for key, width in widths.items()
        ]
        title = f"Методика расчета показателей {self._word.genitive}"
        self._plain(
            "methodology",
            title,
            fields,
            self._passport.methodology,
            lambda cells, row, key: cells.text(key, getattr(row, key)),
        )


def _year_fields(field: str, years: Sequence[str]) -> list[Field]:
    return [Field(f"{field}.{year}", year, 9, "number") for year in years]


def _tasks_and_results(passport: Passport) -> Iterator[tuple[str, int, Task | Result]]:
    """Tasks in their order, each before the first result that serves it; results in theirs."""
    told = 0
    for index, result in enumerate(passport.results):
        while result.task is not None and told <= result.task:
            yield "tasks", told, passport.tasks[told]
            told += 1
        yield "results", index, result
    for rest in range(told, len(passport.tasks)):
        yield "tasks", rest, passport.tasks[rest]
