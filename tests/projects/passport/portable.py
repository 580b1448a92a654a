"""PDFs made by hand for the tests: blocks laid out as other producers do, and files that mean harm."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from html import escape
from pathlib import Path

import weasyprint
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from projects.passport.intermediate import Row
from projects.passport.titles import header_depth
from tests.projects.passport.word import Block, Cell, Span

# The portal's own letters: those of a machine may be so wide that a table does not fit on its page.
_LETTERS = Path(__file__).resolve().parents[3] / "static" / "fonts" / "print" / "LiberationSerif-Regular.ttf"
_LOOK = f"""
@font-face {{ font-family: "Printed Serif"; src: url("{_LETTERS.as_uri()}") }}
body {{ font: 11pt "Printed Serif" }} table {{ width: 100%; margin: 8pt 0 }} th {{ font-weight: normal }}
td, th {{ border: 1px solid #000; padding: 2pt 4pt; vertical-align: top; text-align: left }}
"""


def page(blocks: Sequence[Block], look: str, *, repeat_headers: bool = True) -> str:
    """The blocks as HTML: paragraphs, and tables with their merged cells."""
    parts = [_table(block, repeat_headers) if not isinstance(block, str) else _paragraph(block) for block in blocks]
    return f"<html lang=ru><meta charset=utf-8><style>{_LOOK}{look}</style>{''.join(parts)}"


def pdf(blocks: Sequence[Block], look: str, *, repeat_headers: bool = True) -> bytes:
    """The blocks printed with more ``look`` (CSS)."""
    made: bytes = weasyprint.HTML(string=page(blocks, look, repeat_headers=repeat_headers)).write_pdf()
    return made


def _paragraph(text: str) -> str:
    return f"<p>{_lines(text)}</p>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _table(block: Sequence[Sequence[Cell]], repeat_headers: bool) -> str:
    rows = [[cell if isinstance(cell, Span) else Span(cell) for cell in row] for row in block]
    flat = [Row([text for cell in row for text in (cell.text, *[""] * (cell.across - 1))]) for row in rows]
    depth = header_depth(flat, 0) if repeat_headers else 0
    lines = [
        "<tr>"
        + "".join(
            f"<td colspan={cell.across} rowspan={_height(rows, at, place)}>{_lines(cell.text)}</td>"
            for place, cell in enumerate(row)
            if cell.down != "continue"
        )
        + "</tr>"
        for at, row in enumerate(rows)
    ]
    return f"<table><thead>{''.join(lines[:depth])}</thead><tbody>{''.join(lines[depth:])}</tbody></table>"


def _height(rows: list[list[Span]], at: int, place: int) -> int:
    """Over how many rows a cell goes, by those below it that go on with it."""

    def column(row: int, index: int) -> int:
        return sum(cell.across for cell in rows[row][:index])

    height = 1
    if rows[at][place].down == "restart":
        for below in range(at + 1, len(rows)):
            if not any(
                cell.down == "continue" and column(below, index) == column(at, place)
                for index, cell in enumerate(rows[below])
            ):
                break
            height += 1
    return height


def changed(content: bytes, *, password: str = "", owner: str = "", script: str = "", attachment: str = "") -> bytes:
    """The same PDF under a password, or with a script and an attached file inside."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    if script:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        )
    if attachment:
        writer.add_attachment(attachment, b"not to be taken out")
    if password or owner:
        writer.encrypt(password, owner or None, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def assembled(objects: Sequence[bytes]) -> bytes:
    """A PDF out of its objects, the first of them the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\n" % (size, table, size)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(content: bytes, *, packed: int = 1, more: bytes = b"") -> bytes:
    """A stream that is packed so many times over."""
    for _ in range(packed):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode " * packed
    return b"<</Length %d/Filter[%b]%b>>\nstream\n%b\nendstream" % (len(content), filters, more, content)


def one_page(content: bytes, *, resources: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page: ``content`` is its stream object, ``more`` are further objects from number 5 on."""
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%b>>>>" % resources,
            content,
            *more,
        ]
    )


FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
