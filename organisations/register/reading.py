"""From the bytes of a workbook to rows of words. The file is a stranger's: it passes the gate before any parser."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.files.cells import Cell
from jobs.files.errors import UnreadableFile
from jobs.files.workbook import Grid, opened, read_grids
from organisations.models.names import without_directions
from organisations.register.columns import BY_KEY, COLUMNS, column_of

FORMULA = "="
"""What stands for a cell that a formula filled: its value is nobody's word."""

MOST_ROWS = 60_000
_MOST_CELLS = 900_000
_HEADING_ROWS = 20

NOT_A_WORKBOOK = "Это не книга Excel: скачайте образец, перенесите в него данные и сохраните как .xlsx."
NO_HEADINGS = (
    "В книге нет строки с заголовками «ИНН» и «Полное наименование»: скачайте образец и перенесите в него данные."
)
NO_ROWS = "Под заголовками нет ни одной строки: заполните таблицу и загрузите её снова."
TOO_MANY = "В книге больше 60 000 строк: разделите её на части, например по муниципалитетам."


@dataclass(frozen=True)
class SourceRow:
    """A row of the sheet by its number; ``cells`` has only what is filled, by the key of its column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class SourceTable:
    rows: list[SourceRow]
    unknown_headings: list[str]


def read_workbook(content: bytes) -> SourceTable:
    """The rows below the headings, on the first sheet that has them. Raises ``UnreadableFile`` with one sentence."""
    for grid in read_grids(opened(content, otherwise=NOT_A_WORKBOOK), _MOST_CELLS):
        top = _heading_row(grid)
        if top is not None:
            return _table(grid, top)
    raise UnreadableFile(NO_HEADINGS)


def _heading_row(grid: Grid) -> int | None:
    for number in sorted(grid.rows)[:_HEADING_ROWS]:
        keys = {column_of(cell.text) for cell in grid.rows[number].values()}
        if {"inn", "name"} <= keys:
            return number
    return None


def _table(grid: Grid, top: int) -> SourceTable:
    columns: dict[int, str] = {}
    unknown = []
    for place, cell in sorted(grid.rows[top].items()):
        key = column_of(cell.text)
        if key is None:
            unknown.append(cell.text.strip()[:100])
        elif key in columns.values():
            raise UnreadableFile(f"Столбец «{BY_KEY[key].title}» стоит в таблице дважды: оставьте один.")
        else:
            columns[place] = key
    missing = [column.title for column in COLUMNS if column.required and column.key not in columns.values()]
    if missing:
        raise UnreadableFile(
            f"В таблице нет обязательных столбцов: {', '.join(missing)}. Добавьте их и загрузите снова."
        )
    rows = [
        SourceRow(number, cells)
        for number in sorted(number for number in grid.rows if number > top)
        if (cells := _cells(grid.rows[number], columns))
    ]
    if not rows:
        raise UnreadableFile(NO_ROWS)
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(TOO_MANY)
    return SourceTable(rows, [heading for heading in unknown if heading])


def _cells(row: dict[int, Cell], columns: dict[int, str]) -> dict[str, str]:
    return {key: text for place, key in columns.items() if place in row and (text := _text(row[place]))}


def _text(cell: Cell) -> str:
    if cell.computed:
        return FORMULA
    # One line, without the spaces of every kind that come with copied text; what PostgreSQL cannot keep is dropped.
    kept = without_directions(cell.text).replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(kept.split())
