"""The tables of the official form: their columns, titles and rows, made of a passport. Source: domain rules, §2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from projects.passport.schema import FinanceRow, Passport, Result
from projects.passport.typography import number
from reports.documents.print_table import Cell, Column, Head, PrintTable, Row, print_table
from reports.documents.wording import INDICATOR_KINDS
from reports.documents.written import Written, decimals_of, printable, years_of

_TEXT = Column()
_CENTRE = Column("centre")
_NUMBER = Column("number")
_YEAR = Column("number", equal=True)
_NO_TASK = "Результаты, не отнесенные к задачам"


def _centre(text: str) -> Cell:
    return Cell(text, "centre")


def _across(text: str, columns: int) -> Cell:
    return Cell(text, columns=columns, names_row=True)


def _joined(*parts: str | None) -> str:
    return ", ".join(printable(part) for part in parts if part)


def indicators_table(passport: Passport, written: Written) -> PrintTable | None:
    """Section 2. A federal indicator that the passport quotes stands above its own, across the table."""
    if not passport.indicators:
        return None
    years = years_of(row.targets for row in passport.indicators)
    rows: list[Row] = []
    for index, row in enumerate(passport.indicators):
        at = ("indicators", index)
        if row.federal_name and (index == 0 or passport.indicators[index - 1].federal_name != row.federal_name):
            rows.append(Row((_across(printable(row.federal_name), 5 + len(years)),), joined=True))
        kind = INDICATOR_KINDS[row.kind].capitalize() if row.kind else written.text(*at, "kind", None)
        cells = (
            _centre(written.text(*at, "number", row.number)),
            Cell(_with_unit(written.text(*at, "name", row.name), row.unit), names_row=True),
            _centre(kind),
            _centre(written.number(*at, "base.value", row.base.value)),
            _centre(written.date(*at, "base.date", row.base.date)),
            *_year_cells(written, at, "targets", row.targets, years),
        )
        rows.append(Row(cells))
    head = _values_head(
        years, Head("№\nп/п", rows=2), Head("Наименование показателя", rows=2), Head("Тип показателя", rows=2)
    )
    columns = [_CENTRE, _TEXT, _CENTRE, _CENTRE, _CENTRE, *[_YEAR] * len(years)]
    return print_table(columns, head, rows)


def _values_head(years: tuple[str, ...], *first: Head) -> tuple[tuple[Head, ...], ...]:
    upper = (*first, Head("Базовое значение", columns=2))
    lower = (Head("значение"), Head("дата"))
    if not years:
        return upper, lower
    return (*upper, Head("Период, год", columns=len(years))), (*lower, *(Head(year) for year in years))


def _year_cells(
    written: Written, at: tuple[str, int], field: str, values: Mapping[str, Decimal | None], years: tuple[str, ...]
) -> Iterator[Cell]:
    for year in years:
        yield _centre(written.number(*at, f"{field}.{year}", values.get(year)))


def _with_unit(name: str, unit: str | None) -> str:
    """The name with its unit, unless the name already ends with it (most documents write it there)."""
    unit = printable(unit)
    if not unit:
        return name
    ending = name.casefold().rstrip(" .;)")[-40:]
    known = [unit.casefold(), "%"] if unit.casefold().startswith("процент") else [unit.casefold()]
    if any(word in ending for word in known) or (unit == "%" and "процент" in ending):
        return name
    return f"{name}, {unit}" if name else unit


def results_table(passport: Passport, written: Written) -> PrintTable | None:
    """Section 3: results under their tasks, each below the federal result that it serves."""
    if not passport.results and not passport.tasks:
        return None
    rows: list[Row] = []
    shown: set[int] = set()
    task: int | None = None
    federal: str | None = None
    for index, row in enumerate(passport.results):
        if row.task != task or index == 0:
            rows += _task_rows(passport, written, row.task, shown)
            task, federal = row.task, None
        if row.federal_result and row.federal_result != federal:
            rows.append(_federal_row(row.federal_result))
        federal = row.federal_result
        at = ("results", index)
        rows.append(
            Row(
                (
                    _centre(written.text(*at, "number", row.number)),
                    Cell(written.text(*at, "name", row.name), names_row=True),
                    _centre(written.date(*at, "due", row.due)),
                    Cell(_characteristic(row, written, index)),
                )
            )
        )
    for index in range(len(passport.tasks)):
        if index not in shown:
            rows.append(_task_row(passport, written, index))
    head = (
        Head("№\nп/п"),
        Head("Наименование задачи, результата"),
        Head("Срок"),
        Head("Характеристика результата"),
    )
    return print_table([_CENTRE, _TEXT, _CENTRE, _TEXT], (head,), rows)


def _task_rows(passport: Passport, written: Written, task: int | None, shown: set[int]) -> list[Row]:
    """The heading of a task, after those before it that no result serves."""
    if task is None:
        return [Row((_across(_NO_TASK, 4),), joined=True)] if shown else []
    served = {result.task for result in passport.results}
    skipped = [index for index in range(task) if index not in shown and index not in served]
    shown.update([*skipped, task])
    return [_task_row(passport, written, index) for index in [*skipped, task]]


def _task_row(passport: Passport, written: Written, index: int) -> Row:
    task = passport.tasks[index]
    number_text = written.text("tasks", index, "number", task.number)
    name = _across(written.text("tasks", index, "name", task.name), 3)
    return Row((_centre(number_text), name), strong=True, joined=True)


_SAYS_FEDERAL = re.compile(r"^результат федерального проекта", re.IGNORECASE)


def _federal_row(text: str) -> Row:
    """The form marks a federal result as quoted; a document that says so itself is not told twice."""
    quoted = printable(text)
    if not _SAYS_FEDERAL.match(quoted):
        quoted = f"Результат федерального проекта (справочно из паспорта федерального проекта): {quoted}"
    return Row((Cell(""), _across(quoted, 3)), joined=True)


def _characteristic(row: Result, written: Written, index: int) -> str:
    """The characteristic, with the yearly values below it where it does not spell them out itself."""
    text = written.text("results", index, "characteristic", row.characteristic)
    values = []
    for year, value in sorted(row.targets.items()):
        shown = written.number("results", index, f"targets.{year}", value)
        if shown and not re.search(rf"31\.\s?12\.\s?{year}\D{{0,12}}{re.escape(shown)}", text):
            values.append(f"на 31.12.{year} – {shown}")
    return "\n".join(part for part in (text, "; ".join(values)) if part)


_TOTAL = re.compile(r"^(всего|итого)\b", re.IGNORECASE)


def finance_table(passport: Passport, written: Written, unit: str) -> tuple[PrintTable | None, list[str]]:
    """Section 4 and the notes below it. Every sum of the table has the same number of decimals.

    ``unit`` is the unit of money as printed («млн. рублей»). A row that holds words instead of money prints
    them across the years; a note to money that is there becomes a footnote.
    """
    if not passport.finance:
        return None, []
    years = years_of(row.amounts for row in passport.finance) or _unread_years(passport)
    coded = any(row.code for row in passport.finance)
    amounts = [value for row in passport.finance for value in (*(row.amounts or {}).values(), row.total)]
    decimals = decimals_of(amounts)
    notes: list[str] = []
    rows = [
        _finance_row(passport, index, written, years, coded=coded, decimals=decimals, notes=notes)
        for index in range(len(passport.finance))
    ]
    upper = [Head("№\nп/п", rows=2), Head("Наименование результата и источники финансирования", rows=2)]
    columns = [_CENTRE, _TEXT]
    if coded:
        upper.append(Head("Код бюджетной классификации", rows=2))
        columns.append(_CENTRE)
    if years:
        upper.append(Head(f"Объем финансового обеспечения по годам реализации ({unit})", columns=len(years)))
    upper.append(Head(f"Всего ({unit})", rows=2))
    head = (tuple(upper), tuple(Head(year) for year in years)) if years else (tuple(upper),)
    columns += [*[_YEAR] * len(years), _NUMBER]
    return print_table(columns, head, rows), notes


def _unread_years(passport: Passport) -> tuple[str, ...]:
    fields = {entry.field for entry in passport.unread if entry.section == "finance"}
    return tuple(sorted(field.removeprefix("amounts.") for field in fields if field.startswith("amounts.")))


def _finance_row(
    passport: Passport,
    index: int,
    written: Written,
    years: tuple[str, ...],
    *,
    coded: bool,
    decimals: int,
    notes: list[str],
) -> Row:
    row = passport.finance[index]
    at = ("finance", index)
    money = [written.number(*at, f"amounts.{year}", (row.amounts or {}).get(year), decimals) for year in years]
    total = written.number(*at, "total", row.total, decimals)
    number_cell = _centre(written.text(*at, "number", row.number))
    name = written.text(*at, "name", row.name)
    code = [_centre(written.text(*at, "code", row.code))] if coded else []
    if not any(money) and not total:
        if row.note:
            words = Cell(printable(row.note), "centre", columns=len(years) + 1)
            return Row((number_cell, Cell(name, names_row=True), *code, words))
        if _is_heading(passport.finance, index):
            across = _across(name, len(code) + len(years) + 2)
            return Row((number_cell, across), joined=True)
    mark = _note_mark(row.note, notes)
    cells = [Cell(text, "number") for text in (*money, total)]
    return Row((number_cell, Cell(name, names_row=True, mark=mark), *code, *cells), strong=bool(_TOTAL.match(name)))


def _is_heading(finance: tuple[FinanceRow, ...], index: int) -> bool:
    """Whether rows below belong to this one: their numbers continue its number, or it is a quoted federal result."""
    row = finance[index]
    if _SAYS_FEDERAL.match(row.name or ""):
        return True
    following = finance[index + 1].number if index + 1 < len(finance) else None
    return bool(row.number and following and following.startswith(f"{row.number}."))


def _note_mark(note: str | None, notes: list[str]) -> str:
    text = printable(note).lstrip("* ")
    if not text:
        return ""
    if text not in notes:
        notes.append(text)
    return note_sign(notes.index(text))


def note_sign(index: int) -> str:
    """The sign of the n-th footnote: one to three asterisks, then numbers."""
    return "*" * (index + 1) if index < 3 else f"{number(index + 1)})"


def participants_table(passport: Passport, written: Written) -> PrintTable | None:
    """Section 5: people under the result they work on; a group row stands across the table."""
    if not passport.participants:
        return None
    rows: list[Row] = []
    group: str | None = None
    for index, row in enumerate(passport.participants):
        at = ("participants", index)
        if row.group != group:
            group = row.group
            rows.append(Row((_across(printable(group) or "Вне групп", 6),), joined=True))
        cells = (
            _centre(written.text(*at, "number", row.number)),
            Cell(written.text(*at, "role", row.role)),
            Cell(written.text(*at, "name", row.name), names_row=True),
            Cell(written.text(*at, "position", row.position)),
            Cell(written.text(*at, "supervisor", row.supervisor)),
            _centre(written.number(*at, "employment", row.employment)),
        )
        rows.append(Row(cells))
    head = (
        Head("№\nп/п"),
        Head("Роль в проекте"),
        Head("Фамилия, инициалы"),
        Head("Должность"),
        Head("Непосредственный руководитель"),
        Head("Занятость в проекте (процентов)"),
    )
    columns = [_CENTRE, _TEXT, _TEXT, _TEXT, _TEXT, _CENTRE]
    return print_table(columns, (head,), rows)


def plan_table(passport: Passport, written: Written) -> PrintTable | None:
    """Appendix 1. A control point has no start: the form prints a dash there."""
    if not passport.plan:
        return None
    rows: list[Row] = []
    for index, row in enumerate(passport.plan):
        at = ("plan", index)
        start = written.date(*at, "start", row.start)
        if not start and row.kind == "control_point":
            start = "–"
        cells = (
            _centre(written.text(*at, "number", row.number)),
            Cell(written.text(*at, "name", row.name), names_row=True),
            _centre(start),
            _centre(written.date(*at, "end", row.end)),
            Cell(written.text(*at, "responsible", row.responsible)),
            Cell(written.text(*at, "document", row.document)),
            _centre(written.text(*at, "control_level", row.control_level)),
        )
        rows.append(Row(cells))
    upper = (
        Head("№\nп/п", rows=2),
        Head("Наименование результата, мероприятия, контрольной точки", rows=2),
        Head("Сроки реализации", columns=2),
        Head("Ответственный исполнитель", rows=2),
        Head("Вид документа и характеристика результата", rows=2),
        Head("Уровень контроля", rows=2, mark="1" if passport.control_levels else ""),
    )
    columns = [_CENTRE, _TEXT, _CENTRE, _CENTRE, _TEXT, _TEXT, _CENTRE]
    head = (upper, (Head("начало"), Head("окончание")))
    return print_table(columns, head, rows)


def breakdown_table(passport: Passport, written: Written) -> PrintTable | None:
    """Appendix 2: targets by municipality or organisation under a row that names the indicator."""
    if not passport.breakdown:
        return None
    years = years_of(row.targets for row in passport.breakdown)
    rows: list[Row] = []
    indicator: str | None = None
    for index, row in enumerate(passport.breakdown):
        at = ("breakdown", index)
        if index == 0 or row.indicator != indicator:
            indicator = row.indicator
            rows.append(Row((_across(indicator_title(passport, indicator), 3 + len(years)),), joined=True))
        cells = (
            Cell(written.text(*at, "territory", row.territory), names_row=True),
            _centre(written.number(*at, "base.value", row.base.value)),
            _centre(written.date(*at, "base.date", row.base.date)),
            *_year_cells(written, at, "targets", row.targets, years),
        )
        rows.append(Row(cells))
    title = "Муниципальное образование, организация"
    head = _values_head(years, Head(title, rows=2))
    columns = [_TEXT, _CENTRE, _CENTRE, *[_YEAR] * len(years)]
    return print_table(columns, head, rows)


def methodology_table(passport: Passport, written: Written) -> PrintTable | None:
    """The methodology: how each indicator is calculated, under a row that names it."""
    if not passport.methodology:
        return None
    fields = {
        "formula": "Методика расчета (формула)",
        "base_indicators": "Базовые показатели (используемые в формуле)",
        "source": "Источник данных",
        "collector": "Ответственный за сбор данных",
        "aggregation": "Уровень агрегирования информации",
        "schedule": "Срок и периодичность",
        "note": "Дополнительная информация",
    }
    rows: list[Row] = []
    for index, row in enumerate(passport.methodology):
        title = indicator_title(passport, row.indicator)
        if title:
            rows.append(Row((_across(title, len(fields)),), joined=True))
        texts = [written.text("methodology", index, field, getattr(row, field)) for field in fields]
        words = [text for text in texts if text]
        if not title and len(words) == 1:
            # «No additional indicators»: words about the whole table and not about an indicator.
            rows.append(Row((_across(words[0], len(fields)),)))
        else:
            rows.append(Row(tuple(Cell(text) for text in texts)))
    head = tuple(Head(title) for title in fields.values())
    return print_table([_TEXT] * len(fields), (head,), rows)


def indicator_title(passport: Passport, indicator: str | None) -> str:
    """«1. Доля школ…» for the number of an indicator; what is no number of one stays as it is written."""
    for row in passport.indicators:
        if indicator and row.number == indicator and row.name:
            return f"{printable(indicator)}. {printable(row.name)}"
    return printable(indicator)
