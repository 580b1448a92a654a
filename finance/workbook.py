"""The workbook of a project's execution: its lines as of a date in a unit, with cells to fill in, and reading it back.

Rows carry the ids of their lines and the version of what stood there; nothing is looked for inside words. A number is
taken as the cell holds it, a text is read as the same text in a field of the page would be.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.signing import BadSignature, Signer

from finance.entry_table import EXPLANATION, EntryRow
from finance.models import Unit
from finance.units import DECIMALS, in_unit
from jobs.files.cells import Cell
from jobs.files.errors import UnreadableFile
from jobs.files.workbook import Grid, opened, read_grids
from projects import filled_books as look
from projects.filled_books import FilledBook, FilledSheet, cell_name, lines_high
from projects.models import Project
from projects.passport.typography import date_short
from projects.typed import NotAnAnswer

SHEET, HELP_SHEET = "Исполнение", "Как заполнить"
MARK_ROW, HEAD_ROW, FIRST_ROW = 3, 4, 5
ID_COLUMN = 1
COLUMNS = {"contracted": 7, "executed": 8, EXPLANATION: 9}
_WIDTHS = (1, 8, 60, 24, 18, 24, 20, 20, 40)
MAX_BYTES = 2 * 1024 * 1024
_CELLS = 60_000
_MARK = re.compile(r"execution (\d{1,10}) (\d{4}-\d\d-\d\d) ([a-z]+)")
_ID = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\d{1,9})")

NOT_A_WORKBOOK = "Это не книга Excel: скачайте книгу исполнения, заполните её и сохраните как .xlsx."
TOO_BIG = "Файл больше 2 МБ, а книга исполнения намного меньше: скачайте её заново и перенесите в неё только суммы."
NOT_OURS = "Эта книга не от портала: скачайте книгу исполнения на этой странице и заполните её."
DAMAGED = "Служебные ячейки книги изменены, понять её нельзя: скачайте книгу заново и перенесите в неё только суммы."
MERGED = "Ячейки {} объединены, и неясно, к какой строке относится сумма: разъедините их и загрузите книгу снова."
NOTHING = "В книге нет ни одной суммы: заполните жёлтые ячейки, сохраните её и загрузите снова."


@dataclass(frozen=True)
class FilledRow:
    """What was typed for a line: words by field, the places of the cells, sentences for cells that cannot be read."""

    version: int
    texts: Mapping[str, str]
    places: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FilledExecution:
    """A filled workbook; ``rows`` by the row ids of lines, only those in which something stands."""

    project_id: int
    as_of: dt.date
    unit: Unit
    rows: Mapping[str, FilledRow]


def execution_book(project: Project, as_of: dt.date, unit: Unit, rows: Sequence[EntryRow]) -> bytes:
    """The bytes of the workbook: the same for the same lines as they stand."""
    book = FilledBook(f"Исполнение, {project.short_title}")
    sheet = FilledSheet(book, book.new_sheet(SHEET, _WIDTHS, head_row=HEAD_ROW, frozen=(HEAD_ROW, 3)))
    sheet.height(1, 22)
    sheet.text(1, 2, f"Исполнение на {date_short(as_of)}, {unit.label}", look.TITLE)
    sheet.text(2, 2, f"{project.short_title}. Нарастающим итогом с начала года. Заполните жёлтые ячейки.", look.SOFT)
    sheet.text(MARK_ROW, 1, _signer().sign(f"execution {project.pk} {as_of} {unit.value}"), {})
    sheet.height(MARK_ROW, hidden=True)
    heads = ("№", "Результат и источник", "КБК", f"План {as_of.year}", "Исполнено ранее", *_heads(unit))
    sheet.height(HEAD_ROW, 32)
    for column, title in enumerate(heads, 2):
        sheet.text(HEAD_ROW, column, title, look.HEAD)
    for number, row in enumerate(rows, FIRST_ROW):
        _row(sheet, number, row, unit)
    sheet.hide_column(ID_COLUMN)
    sheet.raw.activate()
    _instructions(book, unit)
    return book.content()


def _heads(unit: Unit) -> tuple[str, str, str]:
    return f"Законтрактовано, {unit.label}", f"Исполнено, {unit.label}", "Пояснение"


def _row(sheet: FilledSheet, number: int, row: EntryRow, unit: Unit) -> None:
    line, entry = row.line, row.known.entry
    usual = {**look.CELL, "align": "right", "num_format": _number_format(unit)}
    before = row.known.before.get("executed")
    sheet.height(number, max(20.0, lines_high(line.name, _WIDTHS[2])))
    sheet.text(number, ID_COLUMN, f"{line.row_id} {row.version}", {})
    sheet.text(number, 2, line.number, look.CENTRED)
    sheet.text(number, 3, line.name, look.CELL if line.source else {**look.CELL, "bold": True})
    sheet.text(number, 4, line.code, look.CELL)
    sheet.number(number, 5, _in(row.known.planned, unit), usual)
    sheet.number(number, 6, _in(before[0], unit) if before else None, usual)
    for name in ("contracted", "executed"):
        field_look = {**look.FIELD, "num_format": _number_format(unit)}
        sheet.number(number, COLUMNS[name], _in(getattr(entry, name), unit) if entry else None, field_look)
        cell = cell_name(number, COLUMNS[name])
        sheet.restrict(
            (number, number),
            COLUMNS[name],
            {"validate": "custom", "value": f"=ISNUMBER({cell})"},
            title=unit.label.capitalize(),
            hint="Число. Возврат денег – со знаком минус." if name == "executed" else "Число.",
            otherwise=f"Напишите число: сумму {unit.inside}.",
        )
    sheet.text(number, COLUMNS[EXPLANATION], entry.explanation if entry else "", look.WORDS)


def _in(value: Decimal | None, unit: Unit) -> Decimal | None:
    return None if value is None else in_unit(value, unit)


def _number_format(unit: Unit) -> str:
    return f"#,##0.{'0' * DECIMALS[unit]}{'#' * (2 + unit.power - DECIMALS[unit])}"


def _instructions(book: FilledBook, unit: Unit) -> None:
    sheet = FilledSheet(book, book.new_sheet(HELP_SHEET, (100,), head_row=1, frozen=(1, 0)))
    sheet.text(1, 1, "Как заполнить исполнение в Excel", look.TITLE)
    lines = (
        f"1. На листе «{SHEET}» заполните жёлтые ячейки. Все суммы – {unit.inside}, с начала года.",
        "2. Пустая ячейка ничего не меняет. Формулы портал не примет: вставляйте значения.",
        "3. Строки с результатом и «Всего» можно не заполнять: их суммы служат для сверки с источниками.",
        "4. Исполнение больше плана принимается с пояснением. Возврат денег пишут со знаком минус.",
        "5. Сохраните книгу как .xlsx и загрузите её. До подтверждения ничего не запишется.",
        "Строки и листы не удаляйте: по скрытым ячейкам портал узнаёт, к какой строке паспорта относится сумма.",
    )
    for row, words in enumerate(lines, 3):
        sheet.height(row, lines_high(words, 100))
        sheet.text(row, 1, words, {"text_wrap": True})


def read_execution_book(content: bytes) -> FilledExecution:
    """Raises ``UnreadableFile`` with a sentence: not ours, too big, hidden cells changed, merged, nothing in it."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile(TOO_BIG)
    for grid in read_grids(opened(content, otherwise=NOT_A_WORKBOOK), _CELLS):
        cell = grid.rows.get(MARK_ROW, {}).get(1)
        if cell is not None and cell.text.startswith("execution "):
            return _filled(grid, cell.text)
    raise UnreadableFile(NOT_OURS)


def _filled(grid: Grid, mark: str) -> FilledExecution:
    try:
        found = _MARK.fullmatch(_signer().unsign(mark))
    except BadSignature as wrong:
        raise UnreadableFile(DAMAGED) from wrong
    if found is None or found[3] not in Unit.values:
        raise UnreadableFile(DAMAGED)
    if grid.areas:
        area = next(iter(grid.areas.values()))
        raise UnreadableFile(MERGED.format(f"{cell_name(area.top, area.left)}:{cell_name(area.bottom, area.right)}"))
    rows: dict[str, FilledRow] = {}
    for number in sorted(number for number in grid.rows if number >= FIRST_ROW):
        own = grid.rows[number].get(ID_COLUMN)
        if own is None:
            continue
        said = _ID.fullmatch(own.text)
        if said is None or said[1] in rows:
            raise UnreadableFile(DAMAGED)
        rows[said[1]] = _filled_row(grid.rows[number], number, int(said[2]))
    typed = {row_id: row for row_id, row in rows.items() if row.texts or row.errors}
    if not typed:
        raise UnreadableFile(NOTHING)
    return FilledExecution(int(found[1]), dt.date.fromisoformat(found[2]), Unit(found[3]), typed)


def _filled_row(cells: Mapping[int, Cell], number: int, version: int) -> FilledRow:
    texts, places, errors = {}, {}, {}
    for name, column in COLUMNS.items():
        cell = cells.get(column)
        if cell is None or not cell.text.strip():
            continue
        places[name] = cell_name(number, column)
        try:
            texts[name] = _typed(cell, words=name == EXPLANATION)
        except NotAnAnswer as error:
            errors[name] = str(error)
    return FilledRow(version, texts, places, errors)


def _typed(cell: Cell, *, words: bool) -> str:
    if cell.computed:
        raise NotAnAnswer("В ячейке формула: вставьте вместо неё само значение.")
    if words:
        return cell.text
    if isinstance(cell.value, dt.date):
        raise NotAnAnswer(f"В ячейке дата ({cell.text}): задайте ей числовой формат и наберите сумму заново.")
    if isinstance(cell.value, Decimal):
        if cell.text.endswith("%"):
            raise NotAnAnswer("В ячейке проценты, а нужна сумма: задайте ей числовой формат и наберите сумму заново.")
        return f"{cell.value:f}"
    return " ".join(cell.value.split())


def _signer() -> Signer:
    return Signer(salt="finance.workbook")
