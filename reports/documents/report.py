"""A report in parts: headings, words and tables frozen as one snapshot, and printed the same way in every format."""

from __future__ import annotations

import io

from django.template import Context
from docx.oxml import parse_xml
from pydantic import BaseModel, ConfigDict

from reports.documents import docx_elements as word
from reports.documents.check_mark import check_mark
from reports.documents.dataset import Dataset, on_paper, sheet_of
from reports.documents.docx_look import DECLARED, blank_document
from reports.documents.passport import ENDINGS, UnknownEndingError
from reports.documents.passport_html import template_engine
from reports.documents.pdf import html_to_pdf
from reports.documents.print_table import PrintTable
from reports.documents.timeless_zip import timeless
from reports.documents.workbook import Book, Field
from reports.documents.workbook import Value as SheetValue
from reports.documents.written import printable

_WORDS = "Сведения"


class Part(BaseModel):
    """A part of a report: words, a list, a table and what is noted below it, each of which may be absent.

    ``sheet`` names the sheet of its table in the workbook; ``nothing`` is said where there is neither table nor list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: Dataset | None = None
    sheet: str = ""
    nothing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def has_table(self) -> bool:
        return self.table is not None and bool(self.table.rows)

    @property
    def absent(self) -> str:
        """What is said instead of the list or the table."""
        return "" if self.items or self.has_table else self.nothing

    @property
    def on_paper(self) -> PrintTable | None:
        return on_paper(self.table) if self.table and self.table.rows else None


class Report(BaseModel):
    """A frozen report; ``lines`` stand under its title: what it covers, as of when, by which redaction."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    lines: tuple[str, ...] = ()
    parts: tuple[Part, ...]


def render_report(report: Report, ending: str, *, check_at: str = "") -> bytes:
    """The report as ``pdf``, ``docx`` or ``xlsx``; raises :class:`UnknownEndingError` for anything else."""
    match ending:
        case "pdf":
            return report_pdf(report, check_at=check_at)
        case "docx":
            return report_docx(report)
        case "xlsx":
            return report_xlsx(report)
    raise UnknownEndingError(f"Отчёт печатается в форматах: {', '.join(ENDINGS)}")


def report_pdf(report: Report, *, check_at: str = "") -> bytes:
    """The report on landscape pages, tagged, the header of a table on each page that it runs over."""
    template = template_engine().get_template("reports/documents/report.html")
    context = {
        "title": printable(report.title),
        "lines": [printable(line) for line in report.lines],
        "parts": [
            {
                "title": printable(part.title),
                "paragraphs": [printable(text) for text in part.paragraphs],
                "items": [printable(text) for text in part.items],
                "notes": [printable(text) for text in part.notes],
                "table": part.on_paper,
                "nothing": part.absent,
            }
            for part in report.parts
        ],
        "check": check_mark(check_at),
    }
    return html_to_pdf(template.render(Context(context, use_l10n=False, use_tz=False)))


def report_docx(report: Report) -> bytes:
    """The report as a Word file; its text is never a field or a link."""
    document = blank_document(report.title)
    parts = [word.paragraph("Title", word.run(printable(report.title)))]
    parts += [word.paragraph("ReportLine", word.run(printable(line))) for line in report.lines]
    for part in report.parts:
        parts.append(word.paragraph("Heading1", word.run(printable(part.title))))
        parts += [word.paragraph("Normal", word.run(printable(text))) for text in part.paragraphs]
        parts += [word.paragraph("Item", word.run(f"– {printable(text)}")) for text in part.items]
        table = part.on_paper
        if table:
            parts += [word.table(table), word.paragraph("Gap")]
        if part.absent:
            parts.append(word.paragraph("Normal", word.run(part.absent)))
        parts += [word.paragraph("Note", word.run(printable(note))) for note in part.notes]
    body = document.element.body
    for element in reversed(parse_xml(f"<w:body {DECLARED}>{''.join(parts)}</w:body>")):
        body.insert(0, element)
    stream = io.BytesIO()
    document.save(stream)
    return timeless(stream.getvalue())


def report_xlsx(report: Report) -> bytes:
    """The report as a workbook: its words on the first sheet, then a sheet for each table."""
    book = Book(report.title)
    fields = (Field("part", "Раздел", 36), Field("words", "Содержание", 110))
    words: list[list[SheetValue]] = [
        [part.title, text]
        for part in report.parts
        for text in (*part.paragraphs, *part.items, part.absent, *part.notes)
        if text
    ]
    book.sheet(_WORDS, report.title, fields, words, notes=report.lines, legend="")
    for part in report.parts:
        if part.table and part.table.rows:
            columns, rows = sheet_of(part.table)
            # A sheet is copied out of its workbook: each says what it covers and as of when.
            book.sheet(part.sheet, part.title, columns, rows, notes=report.lines, legend="")
    return book.content()
