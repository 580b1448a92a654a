"""From the bytes of a workbook to what was typed, cell by cell. It is a stranger's file: the gate of files comes first.

A number is taken as the cell holds it; a text is read as the same text in a field of the page would be, and nothing is
looked for inside words. A formula is refused: its last value is what some program made of cells that nobody here sees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.answers import NOT_APPLICABLE, NotAnAnswer
from indicators.models import Question
from indicators.workbooks import marks
from indicators.workbooks.look import NOT_OURS
from indicators.workbooks.marks import DAMAGED, MARKS, FormMark, MunicipalityMark, read_mark
from jobs.files.cells import Cell
from jobs.files.errors import UnreadableFile
from jobs.files.workbook import Grid, opened, read_grids

MAX_FORM_BYTES = 2 * 1024 * 1024
_FORM_CELLS, _MUNICIPALITY_CELLS = 20_000, 600_000
_MOST_ROWS = 20_000

NOT_A_WORKBOOK = "Это не книга Excel: скачайте форму в Excel, заполните её и сохраните как .xlsx."
TOO_BIG = "Файл больше 2 МБ, а форма занимает в сто раз меньше: скачайте её заново и перенесите в неё только числа."
NOT_OURS_AT_ALL = "Эта книга не от портала: скачайте форму в Excel и заполните её."
OF_A_MUNICIPALITY = "Это книга целого муниципалитета: её загружают на странице отчётного периода."
OF_ONE_FORM = "Это книга одной формы: её загружает сама организация на странице своей формы."
MERGED = "Ячейки {} объединены, и неясно, к чему относится число: разъедините их и загрузите книгу снова."
TWICE = "Строка {} повторяет другую строку той же организации: оставьте одну."

_NOT_OURS_WORDS = {NOT_OURS, "не применимо", "неприменимо", "н/п"}


@dataclass(frozen=True)
class Spot:
    """A cell that is not empty and where it is: «G7»."""

    place: str
    cell: Cell


@dataclass(frozen=True)
class FilledForm:
    """What stands in the workbook of a form, or in the row of one, by the codes of questions."""

    mark: FormMark
    sheet: str
    answers: Mapping[str, Spot]
    explanations: Mapping[str, Spot]
    row: int = 0


@dataclass(frozen=True)
class FilledMunicipality:
    mark: MunicipalityMark
    sheet: str
    forms: tuple[FilledForm, ...]


def read_form_book(content: bytes) -> FilledForm:
    """Raises ``UnreadableFile`` with a sentence: not a workbook of a form, too big, hidden cells changed, merged."""
    if len(content) > MAX_FORM_BYTES:
        raise UnreadableFile(TOO_BIG)
    grid, mark = _answers_of(content, _FORM_CELLS)
    if isinstance(mark, MunicipalityMark):
        raise UnreadableFile(OF_A_MUNICIPALITY)
    rows: dict[str, int] = {}
    for row, cells in grid.rows.items():
        if row >= marks.FIRST_QUESTION_ROW and (code := cells.get(marks.CODE_COLUMN)) is not None:
            if code.text in rows:
                raise UnreadableFile(DAMAGED)
            rows[code.text] = row
    if not mark.codes or set(rows) != set(mark.codes):
        raise UnreadableFile(DAMAGED)
    return FilledForm(
        mark,
        grid.name,
        _spots(grid, {code: (row, marks.ANSWER_COLUMN) for code, row in rows.items()}),
        _spots(grid, {code: (row, marks.EXPLANATION_COLUMN) for code, row in rows.items()}),
    )


def read_municipality_book(content: bytes) -> FilledMunicipality:
    """As :func:`read_form_book`. Rows without a mark are those that were grey: they are not read."""
    grid, mark = _answers_of(content, _MUNICIPALITY_CELLS)
    if isinstance(mark, FormMark):
        raise UnreadableFile(OF_ONE_FORM)
    head = grid.rows.get(marks.MARK_ROW, {})
    columns = {cell.text: column for column, cell in head.items() if column >= marks.FIRST_QUESTION_COLUMN}
    if set(columns) != set(mark.codes) or len(columns) != len(head) - 1:
        raise UnreadableFile(DAMAGED)
    forms: dict[int, FilledForm] = {}
    for row in sorted(row for row in grid.rows if row >= marks.FIRST_FORM_ROW):
        own = grid.rows[row].get(marks.CODE_COLUMN)
        if own is None:
            continue
        found = read_mark(own.text)
        if not isinstance(found, FormMark) or len(forms) > _MOST_ROWS:
            raise UnreadableFile(DAMAGED)
        if found.form in forms:
            raise UnreadableFile(TWICE.format(row))
        spots = _spots(grid, {code: (row, column) for code, column in columns.items()})
        forms[found.form] = FilledForm(found, grid.name, spots, {}, row)
    return FilledMunicipality(mark, grid.name, tuple(forms.values()))


def typed(spot: Spot, question: Question) -> str:
    """The answer in a cell as a field of the page would be given it. Raises ``NotAnAnswer`` with one sentence."""
    cell = spot.cell
    if cell.computed:
        raise NotAnAnswer("В ячейке формула: наберите вместо неё само число.")
    if isinstance(cell.value, dt.date):
        raise NotAnAnswer(f"В ячейке дата ({cell.text}): задайте ей числовой формат и наберите число заново.")
    if isinstance(cell.value, Decimal):
        if cell.text.endswith("%") and not _is_percent(question):
            raise NotAnAnswer(
                f"В ячейке проценты ({cell.text.replace('.', ',')}), а спрашивают не их: задайте ей числовой формат и"
                " наберите число заново."
            )
        return f"{cell.value:f}"
    words = " ".join(cell.value.split())
    return NOT_APPLICABLE if words.casefold() in _NOT_OURS_WORDS else words


def typed_answers(book: FilledForm, asked: Mapping[str, Question]) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed by the codes of questions, and one sentence for each cell that cannot be read."""
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for code, spot in book.answers.items():
        try:
            if code not in asked:
                raise NotAnAnswer("Этого у организации не спрашивают: очистите ячейку.")
            values[code] = typed(spot, asked[code])
        except NotAnAnswer as error:
            errors[code] = str(error)
    return values, errors


def explained(spot: Spot) -> str:
    """As :func:`typed`, of a cell with an explanation."""
    if spot.cell.computed:
        raise NotAnAnswer("В ячейке формула: напишите вместо неё слова.")
    return spot.cell.text


def _is_percent(question: Question) -> bool:
    return question.unit.casefold().startswith(("процент", "%"))


def _answers_of(content: bytes, most: int) -> tuple[Grid, FormMark | MunicipalityMark]:
    """The sheet with the answers and its mark."""
    for grid in read_grids(opened(content, otherwise=NOT_A_WORKBOOK), most):
        cell = grid.rows.get(marks.MARK_ROW, {}).get(1)
        if cell is None or not cell.text.startswith(MARKS):
            continue
        mark = read_mark(cell.text)
        if grid.areas:
            area = next(iter(grid.areas.values()))
            raise UnreadableFile(MERGED.format(f"{_place(area.top, area.left)}:{_place(area.bottom, area.right)}"))
        return grid, mark
    raise UnreadableFile(NOT_OURS_AT_ALL)


def _spots(grid: Grid, places: Mapping[str, tuple[int, int]]) -> dict[str, Spot]:
    found = {}
    for code, (row, column) in places.items():
        cell = grid.rows[row].get(column)
        if cell is not None and cell.text.strip():
            found[code] = Spot(_place(row, column), cell)
    return found


def _place(row: int, column: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"
