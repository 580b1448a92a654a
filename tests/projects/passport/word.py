"""Word files made by hand for the tests: paragraphs and tables as a person would lay them out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/>{more}</Relationships>'
)


@dataclass(frozen=True)
class Span:
    """A cell over several columns, or one that begins (``restart``) or goes on (``continue``) downwards."""

    text: str = ""
    across: int = 1
    down: str = ""


Cell = str | Span
Block = str | Sequence[Sequence[Cell]]


def paragraph(text: str) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{lines}</w:r></w:p>"


def table(rows: Sequence[Sequence[Cell]]) -> str:
    out = ["<w:tbl>"]
    for row in rows:
        out.append("<w:tr>")
        for cell in row:
            span = cell if isinstance(cell, Span) else Span(cell)
            looks = f'<w:gridSpan w:val="{span.across}"/>' if span.across > 1 else ""
            if span.down:
                looks += '<w:vMerge w:val="restart"/>' if span.down == "restart" else "<w:vMerge/>"
            out.append(f"<w:tc><w:tcPr>{looks}</w:tcPr>{paragraph(span.text)}</w:tc>")
        out.append("</w:tr>")
    out.append("</w:tbl>")
    return "".join(out)


def body(blocks: Sequence[Block]) -> str:
    return "".join(paragraph(block) if isinstance(block, str) else table(block) for block in blocks)


def document_xml(content: str) -> str:
    opening = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{NAMESPACE}">'
    return f"{opening}<w:body>{content}</w:body></w:document>"


def package(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx(content: str, *, main: str = MAIN, relations: str = "", **more: str | bytes) -> bytes:
    """A Word file around the XML of a body; ``more`` are further parts of ``word/`` by their file names."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(main=main),
        "_rels/.rels": RELATIONS.format(more=relations),
        "word/document.xml": document_xml(content),
    }
    parts.update({f"word/{name}.xml": text for name, text in more.items()})
    return package(parts)


def word_file(blocks: Sequence[Block]) -> bytes:
    return docx(body(blocks))


def text_dump(blocks: Sequence[Block]) -> str:
    """The same blocks as a text dump: cells parted by tabs, merged ones followed by empty ones."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block, ""]
            continue
        for row in block:
            cells: list[str] = []
            for cell in row:
                span = cell if isinstance(cell, Span) else Span(cell)
                cells += [span.text.replace("\n", " "), *[""] * (span.across - 1)]
            lines.append("\t".join(cells))
        lines.append("")
    return "\n".join(lines)
