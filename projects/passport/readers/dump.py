"""The reader of text dumps: cells parted by tabs, rows by lines, with HTML-like tags left in."""

from __future__ import annotations

import html
import re

from projects.passport.errors import UnreadableFile
from projects.passport.intermediate import Block, Document, Paragraph, Row, Table

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUPERSCRIPT = re.compile(r"<sup>\s*(\d{1,2}|\*+)\s*</sup>", re.IGNORECASE)
_BREAK = re.compile(r"</?(p|br|li|ul|ol|div|h\d)(\s[^<>]{0,200})?/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(i|b|u|s|em|strong|span|sup|sub|font|a|small|big|center|table|tr|td|th|thead|tbody|html|body)"
    r"(\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_RULE = re.compile(r"[\s|:=_-]*-{2,}[\s|:=_-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MAX_LINES = 200_000
_MAX_CELLS = 200

NOT_TEXT = "Файл не похож на текст паспорта: загрузите паспорт в формате .docx или текстом (.txt)."


def decode(content: bytes) -> str:
    """The text of a dump in UTF-8, UTF-16 or Windows-1251, by its marks and its letters.

    Raises :class:`UnreadableFile` where it is no text in any of them.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _try(content, "utf-16")
    elif content[:200].count(b"\x00") > len(content[:200]) // 5:
        text = _try(content, "utf-16-le" if content[1:2] in {b"\x00", b"\x04"} else "utf-16-be")
    else:
        text = _try(content, "utf-8-sig")
        if text is None:
            text = _try(content, "cp1251")
    if text is None or len(_CONTROL.findall(text[:20_000])) > 5:
        raise UnreadableFile(NOT_TEXT)
    return _CONTROL.sub("", text)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def clean(text: str) -> str:
    """A cell without its tags: paragraphs become lines, the words stay."""
    if "<" in text:
        text = _SUPERSCRIPT.sub(lambda found: found[1].translate(_RAISED), text)
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    text = text.strip()
    # Two stars that touch a word make it bold; with a space after them they are a footnote mark.
    if re.match(r"\*\*(?=[^\s*])", text):
        text = text[2:]
    if text.endswith("**") and not re.search(r"\d\*+$", text):
        text = text[:-2]
    return re.sub(r"\n\s*\n+", "\n", text).strip()


def read_dump(content: bytes) -> Document:
    """Paragraphs and tables of a text dump. A blank line ends a piece of a table; a page break looks the same."""
    lines = decode(content).replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n").split("\n")
    if len(lines) > _MAX_LINES:
        raise UnreadableFile("В тексте слишком много строк для паспорта: проверьте, тот ли это файл.")
    blocks: list[Block] = []
    rows: list[Row] = []
    for index, line in enumerate(lines):
        if not line.strip():
            _close(blocks, rows)
        elif "\t" in line:
            cells = [clean(cell) for cell in line.split("\t", _MAX_CELLS)]
            if not all(not cell or _RULE.fullmatch(cell) for cell in cells) or not any("--" in cell for cell in cells):
                rows.append(Row(cells))
        elif rows and index + 1 < len(lines) and "\t" in lines[index + 1]:
            # A line without tabs in the midst of a table: its only cell, the tabs after it trimmed.
            rows.append(Row([clean(line)] + [""] * (len(rows[-1].cells) - 1)))
        else:
            _close(blocks, rows)
            if not _RULE.fullmatch(line):
                blocks.append(Paragraph(clean(line)))
    _close(blocks, rows)
    return Document(blocks)


def _close(blocks: list[Block], rows: list[Row]) -> None:
    if rows:
        width = max(len(row.cells) for row in rows)
        for row in rows:
            row.cells += [""] * (width - len(row.cells))
        blocks.append(Table(list(rows)))
        rows.clear()
