"""«Сравнительная таблица изменений»: the annex to a change request, and between any two redactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.template import Context
from pydantic import BaseModel, ConfigDict

from projects.comparison import CellWords, RowWords, SectionWords
from reports.documents.check_mark import check_mark
from reports.documents.dataset import Column as DataColumn
from reports.documents.dataset import Dataset, dataset_xlsx
from reports.documents.passport import UnknownEndingError
from reports.documents.passport_html import template_engine
from reports.documents.pdf import html_to_pdf
from reports.documents.print_table import Cell, Head, PrintTable, Row, table_of_widths
from reports.documents.written import printable

TITLE = "Сравнительная таблица изменений"
_EMPTY = "пусто"
_HEAD = ((Head("Графа"), Head("Было"), Head("Стало")),)
# In millimetres: both sides alike in every section, however much or little stands in them.
_WIDTHS = (47.0, 110.0, 110.0)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChangedCell(_Part):
    title: str
    old: str
    new: str


class ChangedRow(_Part):
    """``name`` is empty for what stands in no row; ``change`` is one word, ``note`` where it moved and what is kept."""

    name: str = ""
    change: str = ""
    note: str = ""
    cells: tuple[ChangedCell, ...]


class ChangedSection(_Part):
    title: str
    rows: tuple[ChangedRow, ...]


class Comparison(_Part):
    """The frozen annex; ``lines`` stand under its title: which project, what is compared with what."""

    lines: tuple[str, ...]
    sections: tuple[ChangedSection, ...]


def comparison_of(lines: Iterable[str], sections: Iterable[SectionWords]) -> Comparison:
    """Freeze what the page shows."""
    return Comparison(lines=tuple(lines), sections=tuple(_section(section) for section in sections))


def render_comparison(comparison: Comparison, ending: str, *, check_at: str = "") -> bytes:
    """The annex as ``pdf`` or ``xlsx``; raises :class:`UnknownEndingError` for anything else."""
    match ending:
        case "pdf":
            return html_to_pdf(comparison_html(comparison, check_at=check_at))
        case "xlsx":
            return dataset_xlsx(_flat(comparison))
    raise UnknownEndingError("Сравнительная таблица печатается в форматах: pdf, xlsx")


def _section(section: SectionWords) -> ChangedSection:
    rows = [_row(row) for row in section.rows]
    if section.cells:
        rows.insert(0, ChangedRow(cells=_cells(section.cells)))
    return ChangedSection(title=section.title, rows=tuple(rows))


def _row(row: RowWords) -> ChangedRow:
    name = " ".join(filter(None, (row.number, row.name)))
    note = "; ".join(filter(None, (row.place, row.kept)))
    return ChangedRow(name=name, change=row.word, note=note, cells=_cells(row.cells))


def _cells(cells: Iterable[CellWords]) -> tuple[ChangedCell, ...]:
    return tuple(ChangedCell(title=cell.title, old=cell.old, new=cell.new) for cell in cells)


def comparison_html(comparison: Comparison, *, check_at: str = "") -> str:
    """The annex as the page that is printed."""
    template = template_engine().get_template("reports/documents/comparison.html")
    context = {
        "title": TITLE,
        "lines": [printable(line) for line in comparison.lines],
        "sections": [(printable(section.title), _table(section)) for section in comparison.sections],
        "check": check_mark(check_at),
    }
    return template.render(Context(context, use_l10n=False, use_tz=False))


def _table(section: ChangedSection) -> PrintTable:
    return table_of_widths(_WIDTHS, _HEAD, list(_lines(section)))


def _lines(section: ChangedSection) -> Iterator[Row]:
    for row in section.rows:
        if row.change:
            words = f"{row.name or 'строка без названия'} – {row.change}"
            note = f" ({row.note})" if row.note else ""
            yield Row((Cell(printable(words + note), columns=3, names_row=True),), strong=True, joined=bool(row.cells))
        for cell in row.cells:
            sides = (Cell(printable(text) or _EMPTY) for text in (cell.old, cell.new))
            yield Row((Cell(printable(cell.title), names_row=True), *sides))


def _flat(comparison: Comparison) -> Dataset:
    rows: list[tuple[str, ...]] = []
    for section in comparison.sections:
        for row in section.rows:
            change = "; ".join(filter(None, (row.change, row.note)))
            cells = row.cells or (ChangedCell(title="", old="", new=""),)
            rows += [(section.title, row.name, change, cell.title, cell.old, cell.new) for cell in cells]
    titles = ("Раздел", "Строка", "Изменение строки", "Графа", "Было", "Стало")
    return Dataset(
        title=TITLE,
        lines=comparison.lines,
        columns=tuple(DataColumn(title=title) for title in titles),
        rows=tuple(rows),
    )
