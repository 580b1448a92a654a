"""The passport as a workbook: a sheet a section, and nothing of the document lost on the way.

Every sheet has a hidden row of keys (the names of ``passport/1``) under its title and, where rows may carry an id,
a hidden first column with it, so that the workbook can be read back to the same document. A number and a date are
a real number and a real date; a cell that held no value of its kind shows what was written there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from projects.passport.schema import Passport, Result, Row, Task
from reports.documents.passport_front_sheets import (
    additional_sheet,
    control_levels_sheet,
    provisions_sheet,
    unread_sheet,
)
from reports.documents.wording import (
    DIRECTIONS,
    INDICATOR_KINDS,
    PLAN_KINDS,
    SOURCES,
    money_unit,
    project_word,
)
from reports.documents.workbook import Book, Field, Figure, Value
from reports.documents.written import Written, decimals_of, years_of

_ID = Field("id", "Ключ строки", 12, hidden=True)
# Which years the row has cells for: an empty cell of such a year is «not said», of another «not asked».
_YEARS = Field("years", "Годы строки", 12, hidden=True)
_NUMBER = Field("number", "№ п/п", 8, "short")
TASK, RESULT = "задача", "результат"


def passport_xlsx(passport: Passport, *, abbreviation_point: bool = True) -> bytes:
    """The workbook of a passport; the same passport gives the same bytes."""
    written = Written(passport)
    word = project_word(passport.level)
    book = Book(f"Паспорт {word.genitive}" + (f" «{passport.title}»" if passport.title else ""))
    unit = money_unit(passport.finance_unit, abbreviation_point=abbreviation_point)
    provisions_sheet(book, passport, written, unit)
    _indicators(book, passport, written)
    _results(book, passport, written)
    _finance(book, passport, written, unit)
    _participants(book, passport, written)
    _plan(book, passport, written)
    control_levels_sheet(book, passport)
    _breakdown(book, passport, written)
    _methodology(book, passport, written)
    additional_sheet(book, passport)
    unread_sheet(book, passport)
    return book.content()


class _Cells:
    """The cells of one row of a section: the value, or what was written instead of it."""

    def __init__(self, written: Written, section: str, index: int) -> None:
        self._written, self._section, self._index = written, section, index

    def text(self, field: str, value: str | None) -> str | None:
        return value if value is not None else self._written.raw(self._section, self._index, field)

    def date(self, field: str, value: Any) -> Value:
        return value if value is not None else self._written.raw(self._section, self._index, field)

    def figure(self, field: str, value: Decimal | None, decimals: int | None = None) -> Value:
        if value is None:
            return self._written.raw(self._section, self._index, field)
        return Figure(value, decimals_of([value]) if decimals is None else decimals)

    def by_year(
        self, field: str, values: Mapping[str, Decimal | None], years: Sequence[str], decimals: int | None = None
    ) -> Iterator[Value]:
        for year in years:
            yield self.figure(f"{field}.{year}", values.get(year), decimals)


def _year_list(values: Mapping[str, Any] | None) -> str | None:
    """The years of a row for the hidden column; «–» says that the row has a table of years with nothing in it."""
    if values is None:
        return None
    return " ".join(values) or "–"


def _year_fields(field: str, years: Sequence[str]) -> list[Field]:
    return [Field(f"{field}.{year}", year, 9, "number") for year in years]


def _years_with_unread(passport: Passport, section: str, field: str, rows: Sequence[Mapping[str, Any] | None]) -> Any:
    named = [
        {entry.field.removeprefix(f"{field}."): None}
        for entry in passport.unread
        if entry.section == section and entry.field.startswith(f"{field}.")
    ]
    return years_of([*rows, *named])


def _indicators(book: Book, passport: Passport, written: Written) -> None:
    years = _years_with_unread(passport, "indicators", "targets", [row.targets for row in passport.indicators])
    fields = [
        _ID,
        _YEARS,
        _NUMBER,
        Field("name", "Наименование показателя", 46),
        Field("unit", "Единица измерения", 12),
        Field("kind", "Тип показателя", 16, "short", choices=tuple(INDICATOR_KINDS.values())),
        Field("federal_name", "Показатель федерального проекта (справочно)", 38),
        Field("direction", "Желаемое направление", 13, "short", choices=tuple(DIRECTIONS.values())),
        Field("base.value", "Базовое значение", 10, "number"),
        Field("base.date", "Дата базового значения", 12, "date"),
        *_year_fields("targets", years),
    ]
    rows: list[list[Value]] = []
    for index, row in enumerate(passport.indicators):
        cells = _Cells(written, "indicators", index)
        rows.append(
            [
                row.id,
                _year_list(row.targets),
                cells.text("number", row.number),
                cells.text("name", row.name),
                cells.text("unit", row.unit),
                cells.text("kind", INDICATOR_KINDS[row.kind] if row.kind else None),
                cells.text("federal_name", row.federal_name),
                cells.text("direction", DIRECTIONS[row.direction] if row.direction else None),
                cells.figure("base.value", row.base.value),
                cells.date("base.date", row.base.date),
                *cells.by_year("targets", row.targets, years),
            ]
        )
    book.sheet("Показатели", f"Показатели {project_word(passport.level).genitive}", fields, rows)


def _results(book: Book, passport: Passport, written: Written) -> None:
    years = _years_with_unread(passport, "results", "targets", [row.targets for row in passport.results])
    fields = [
        _ID,
        _YEARS,
        Field("row", "Вид строки", 13, "short", choices=(TASK, RESULT)),
        _NUMBER,
        Field("name", "Наименование задачи, результата", 42),
        Field("task", "Задача (по порядку)", 10, "number"),
        Field("due", "Срок", 12, "date"),
        Field("characteristic", "Характеристика результата", 70),
        Field("federal_result", "Результат федерального проекта (справочно)", 38),
        *_year_fields("targets", years),
    ]

    def line(section: str, index: int, row: Task | Result) -> list[Value]:
        cells = _Cells(written, section, index)
        first: list[Value] = [row.id, None, TASK, cells.text("number", row.number), cells.text("name", row.name)]
        if isinstance(row, Task):
            return [*first, *[None] * (4 + len(years))]
        first[1], first[2] = _year_list(row.targets), RESULT
        return [
            *first,
            Figure(Decimal(row.task + 1), 0) if row.task is not None else cells.text("task", None),
            cells.date("due", row.due),
            cells.text("characteristic", row.characteristic),
            cells.text("federal_result", row.federal_result),
            *cells.by_year("targets", row.targets, years),
        ]

    rows = [line(section, index, row) for section, index, row in _tasks_and_results(passport)]
    title = f"Задачи и результаты {project_word(passport.level).genitive}"
    book.sheet("Задачи и результаты", title, fields, rows)


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


def _finance(book: Book, passport: Passport, written: Written, unit: str) -> None:
    years = _years_with_unread(passport, "finance", "amounts", [row.amounts for row in passport.finance])
    decimals = decimals_of(value for row in passport.finance for value in (*(row.amounts or {}).values(), row.total))
    fields = [
        _ID,
        _YEARS,
        _NUMBER,
        Field("name", "Наименование результата и источники финансирования", 50),
        Field("source", "Источник", 22),
        Field("code", "Код бюджетной классификации", 22),
        *[Field(f"amounts.{year}", f"{year}, {unit}", 12, "number") for year in years],
        Field("total", f"Всего, {unit}", 13, "number"),
        Field("note", "Пояснение", 34),
    ]
    rows: list[list[Value]] = []
    for index, row in enumerate(passport.finance):
        cells = _Cells(written, "finance", index)
        rows.append(
            [
                row.id,
                _year_list(row.amounts),
                cells.text("number", row.number),
                cells.text("name", row.name),
                SOURCES[row.source] if row.source else None,
                cells.text("code", row.code),
                *cells.by_year("amounts", row.amounts or {}, years, decimals),
                cells.figure("total", row.total, decimals),
                cells.text("note", row.note),
            ]
        )
    title = f"Финансовое обеспечение реализации {project_word(passport.level).genitive}, {unit}"
    book.sheet("Финансирование", title, fields, rows)


def _plain(
    book: Book,
    name: str,
    title: str,
    fields: Sequence[Field],
    rows: Sequence[Row],
    value: Callable[[int, Any, str], Value],
) -> None:
    """A sheet whose columns are the fields of its rows."""
    lines = [[row.id, *(value(index, row, field.key) for field in fields)] for index, row in enumerate(rows)]
    book.sheet(name, title, (_ID, *fields), lines)


def _participants(book: Book, passport: Passport, written: Written) -> None:
    fields = (
        _NUMBER,
        Field("group", "Раздел (результат, мероприятие)", 40),
        Field("role", "Роль в проекте", 28),
        Field("name", "Фамилия, инициалы", 20),
        Field("position", "Должность", 40),
        Field("supervisor", "Непосредственный руководитель", 34),
        Field("employment", "Занятость в проекте (процентов)", 14, "number"),
    )

    def value(index: int, row: Any, key: str) -> Value:
        cells = _Cells(written, "participants", index)
        return cells.figure(key, row.employment) if key == "employment" else cells.text(key, getattr(row, key))

    title = f"Участники {project_word(passport.level).genitive}"
    _plain(book, "Участники", title, fields, passport.participants, value)


def _plan(book: Book, passport: Passport, written: Written) -> None:
    fields = (
        _NUMBER,
        Field("name", "Наименование результата, мероприятия, контрольной точки", 52),
        Field("kind", "Вид строки", 18, "short"),
        Field("start", "Начало", 12, "date"),
        Field("end", "Окончание", 12, "date"),
        Field("responsible", "Ответственный исполнитель", 26),
        Field("document", "Вид документа и характеристика результата", 50),
        Field("control_level", "Уровень контроля", 14, "short"),
    )

    def value(index: int, row: Any, key: str) -> Value:
        cells = _Cells(written, "plan", index)
        if key == "kind":
            return cells.text(key, PLAN_KINDS[row.kind] if row.kind else None)
        return cells.date(key, getattr(row, key))

    title = f"План мероприятий по реализации {project_word(passport.level).genitive}"
    _plain(book, "План мероприятий", title, fields, passport.plan, value)


def _breakdown(book: Book, passport: Passport, written: Written) -> None:
    years = _years_with_unread(passport, "breakdown", "targets", [row.targets for row in passport.breakdown])
    fields = [
        _ID,
        _YEARS,
        Field("indicator", "Показатель (номер)", 14, "short"),
        Field("territory", "Муниципальное образование, организация", 60),
        Field("base.value", "Базовое значение", 10, "number"),
        Field("base.date", "Дата базового значения", 12, "date"),
        *_year_fields("targets", years),
    ]
    rows: list[list[Value]] = []
    for index, row in enumerate(passport.breakdown):
        cells = _Cells(written, "breakdown", index)
        rows.append(
            [
                row.id,
                _year_list(row.targets),
                cells.text("indicator", row.indicator),
                cells.text("territory", row.territory),
                cells.figure("base.value", row.base.value),
                cells.date("base.date", row.base.date),
                *cells.by_year("targets", row.targets, years),
            ]
        )
    book.sheet("Показатели по территориям", "Показатели по территориям и организациям", fields, rows)


def _methodology(book: Book, passport: Passport, written: Written) -> None:
    fields = (
        Field("indicator", "Показатель (номер)", 14, "short"),
        Field("formula", "Методика расчета (формула)", 45),
        Field("base_indicators", "Базовые показатели", 40),
        Field("source", "Источник данных", 30),
        Field("collector", "Ответственный за сбор данных", 30),
        Field("aggregation", "Уровень агрегирования информации", 24),
        Field("schedule", "Срок и периодичность", 24),
        Field("note", "Дополнительная информация", 36),
    )

    def value(index: int, row: Any, key: str) -> Value:
        return _Cells(written, "methodology", index).text(key, getattr(row, key))

    title = f"Методика расчета показателей {project_word(passport.level).genitive}"
    _plain(book, "Методика", title, fields, passport.methodology, value)
