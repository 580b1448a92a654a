"""Paragraphs and tables of a Word file as XML text.

The objects of python-docx cost a millisecond a cell; a passport has thousands. What is written here goes into its
document by one parse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from reports.documents.print_table import Align, Cell, Head, PrintTable, Row, title_height
from reports.documents.written import without_controls

# Twentieths of a point in a millimetre.
TWIPS = 1440 / 25.4

_CELL_STYLES: dict[Align, str] = {"text": "Cell", "centre": "CellCentre", "number": "CellNumber"}


def run(text: str, looks: str = "") -> str:
    """A run of plain text, whatever it looks like; line ends are line breaks."""
    lines = without_controls(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else "" for line in lines)
    properties = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f"<w:r>{properties}{words}</w:r>" if words else ""


def raised(mark: str) -> str:
    """The mark of a footnote."""
    return run(mark, '<w:vertAlign w:val="superscript"/>') if mark else ""


def paragraph(style: str, *runs: str, keep: bool = False, new_page: bool = False) -> str:
    """``keep`` holds it on the page of what follows."""
    properties = f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" * keep}{"<w:pageBreakBefore/>" * new_page}'
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def table(printed: PrintTable) -> str:
    """A table of the form: a header repeated on every page, groups as cells over the whole row."""
    widths = [round(width * TWIPS) for width in printed.widths]
    rows = [*_header(printed, widths), *(_row(row, widths) for row in printed.rows)]
    return table_of(rows, widths)


def table_of(rows: Iterable[str], widths: Sequence[int]) -> str:
    """Rows within a table of fixed columns; ``widths`` in twips."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def row_of(cells: Iterable[str], *, whole: bool, height: float | None = None) -> str:
    """``whole`` rows are never cut by a page; those with a least ``height`` (mm) head the table on every page."""
    header = f'<w:trHeight w:val="{height * TWIPS:.0f}" w:hRule="atLeast"/><w:tblHeader/>' if height else ""
    properties = "<w:cantSplit/>" * whole + header
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


def cell_of(width: int, *paragraphs: str, columns: int = 1, more: str = "") -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{more}</w:tcPr>{"".join(paragraphs)}</w:tc>'


def _header(printed: PrintTable, widths: Sequence[int]) -> list[str]:
    """The rows of a header; a title over several rows is begun in the first and continued below.

    They are as high as the highest of such titles needs: not every program makes room for it by itself.
    """
    highest = 0.0
    # Column -> how many rows below are still covered, and how many columns the cell has.
    covered: dict[int, tuple[int, int]] = {}
    rows = []
    for line in printed.head:
        cells, column, titles = [], 0, iter(line)
        while column < len(widths):
            if column in covered:
                left, columns = covered.pop(column)
                if left > 1:
                    covered[column] = (left - 1, columns)
                cells.append(_head_cell(Head(""), widths, column, columns, "<w:vMerge/>"))
            else:
                title = next(titles, Head(""))
                columns = title.columns
                room = sum(printed.widths[column : column + columns])
                highest = max(highest, title_height(title, room) / title.rows)
                merge = '<w:vMerge w:val="restart"/>' if title.rows > 1 else ""
                if title.rows > 1:
                    covered[column] = (title.rows - 1, columns)
                cells.append(_head_cell(title, widths, column, columns, merge))
            column += columns
        rows.append(cells)
    return [row_of(cells, whole=True, height=highest) for cells in rows]


def _head_cell(title: Head, widths: Sequence[int], column: int, columns: int, merge: str) -> str:
    words = paragraph("CellHead", run(title.title), raised(title.mark), keep=True)
    width = sum(widths[column : column + columns])
    return cell_of(width, words, columns=columns, more=f'{merge}<w:vAlign w:val="center"/>')


def _row(row: Row, widths: Sequence[int]) -> str:
    cells, column = [], 0
    for cell in row.cells:
        width = sum(widths[column : column + cell.columns])
        cells.append(cell_of(width, _words(cell, row), columns=cell.columns))
        column += cell.columns
    return row_of(cells, whole=row.whole)


def _words(cell: Cell, row: Row) -> str:
    looks = "<w:b/>" if row.strong else ""
    return paragraph(_CELL_STYLES[cell.align], run(cell.text, looks), raised(cell.mark), keep=row.joined)
