"""The passport as a Word document: the official form, to be edited on, and read back to the same passport."""

from __future__ import annotations

import io

from docx.oxml import parse_xml

from projects.passport.schema import Passport
from reports.documents import docx_elements as word
from reports.documents.docx_look import DECLARED, blank_document
from reports.documents.passport_form import Appendix, PassportForm, Provision, Section, Stamp, passport_form
from reports.documents.print_table import PrintTable
from reports.documents.timeless_zip import timeless

# Columns of section 1 in millimetres: title, value, second title, second value.
_PROVISIONS = (72.0, 97.0, 48.0, 50.0)


def passport_docx(passport: Passport, *, abbreviation_point: bool = True) -> bytes:
    """The form as .docx, the same bytes for the same passport; its text is never a field or a link."""
    form = passport_form(passport, abbreviation_point=abbreviation_point)
    document = blank_document(f"Паспорт {form.name}")
    body = document.element.body
    for element in reversed(parse_xml(f"<w:body {DECLARED}>{_body(form)}</w:body>")):
        body.insert(0, element)
    stream = io.BytesIO()
    document.save(stream)
    return timeless(stream.getvalue())


def _body(form: PassportForm) -> str:
    parts = [_stamp(stamp) for stamp in form.stamps]
    parts.append(word.paragraph("Title", word.run(f"ПАСПОРТ\n{form.name}")))
    parts.append(word.paragraph("Heading1", word.run("1. Основные положения")))
    parts.append(_provisions(form.provisions))
    parts += [_section(section) for section in form.sections]
    if form.notes:
        parts.append(word.paragraph("Heading1", word.run("Примечания")))
        parts += [word.paragraph("Note", word.run(note)) for note in form.notes]
    parts += [_appendix(appendix, form) for appendix in form.appendices]
    return "".join(parts)


def _stamp(stamp: Stamp) -> str:
    lines = [word.paragraph("Stamp", word.run(line), keep=True) for line in (stamp.heading, *stamp.lines)]
    return "".join(lines)


def _provisions(provisions: tuple[Provision, ...]) -> str:
    widths = [round(width * word.TWIPS) for width in _PROVISIONS]
    rows = []
    for row in provisions:
        title = word.cell_of(widths[0], word.paragraph("CellLarge", word.run(row.title)))
        lines = [word.paragraph("CellLarge", word.run(line)) for line in row.lines or ("",)]
        if row.second_title:
            cells = [
                title,
                word.cell_of(widths[1], *lines),
                word.cell_of(widths[2], word.paragraph("CellLarge", word.run(row.second_title))),
                word.cell_of(widths[3], word.paragraph("CellLargeCentre", word.run(row.second))),
            ]
        else:
            cells = [title, word.cell_of(sum(widths[1:]), *lines, columns=3)]
        rows.append(word.row_of(cells, whole=True))
    return word.table_of(rows, widths)


def _section(section: Section) -> str:
    parts = [word.paragraph("Heading1", word.run(section.title))]
    parts += [word.paragraph("Normal", word.run(text)) for text in section.paragraphs]
    return "".join(parts) + _table(section.table, section.nothing)


def _table(table: PrintTable | None, nothing: str) -> str:
    if table is not None:
        return word.table(table) + word.paragraph("Gap")
    return word.paragraph("Normal", word.run(nothing)) if nothing else ""


def _appendix(appendix: Appendix, form: PassportForm) -> str:
    number = f"Приложение №\u00a0{appendix.number}\nк паспорту {form.word.genitive}"
    parts = [word.paragraph("Appendix", word.run(number), new_page=not appendix.brief)]
    parts.append(word.paragraph("Heading2", word.run(appendix.title)))
    if appendix.subtitle:
        parts.append(word.paragraph("Subtitle", word.run(appendix.subtitle)))
    parts.append(_table(appendix.table, appendix.nothing))
    for index, level in enumerate(appendix.control_levels):
        mark = (word.raised("1"), word.run(" ")) if index == 0 else ()
        parts.append(word.paragraph("Note", *mark, word.run(level)))
    return "".join(parts)
