"""The reader of text dumps: cells parted by tabs, rows by lines, with HTML-like tags left in."""

from __future__ import annotations

import html
import re

from jobs.files.errors import UnreadableFile
from projects.passport.intermediate import Block, Document, Paragraph, Row, Table
from projects.passport.limits import MAX_CELLS, MAX_LETTERS, CellBudget, too_long
from projects.passport.readers.stacked import is_stacked, unstack

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUPERSCRIPT = re.compile(r"<sup>\s*(\d{1,2}|\*+)\s*</sup>", re.IGNORECASE)
_BREAK = re.compile(r"</?(p|br|li|ul|ol|div|h\d)(\s[^<>]{0,200})?/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(i|b|u|s|em|strong|span|sup|sub|font|a|small|big|center|table|tr|td|th|thead|tbody|html|body)"
    r"(\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_NOT_RULE = re.compile(r"[^\s|:=_-]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MAX_LINES = 200_000
_MAX_CELLS = 200
_MOST_CONTROLS = 5
# No letter takes more bytes than this in any of the encodings.
_WIDEST_LETTER = 4

NOT_TEXT = "Файл не похож на текст паспорта: загрузите паспорт в формате .docx или текстом (.txt)."


def decode(content: bytes) -> str:
    """The text of a dump in UTF-8, UTF-16 or Windows-1251, by its marks and its letters.

    A file pasted together of UTF-8 and Windows-1251 is read line by line. Raises :class:`UnreadableFile` where it is
    no text in any of them.
    """
    text = _try(content, _sixteen_bits(content) or "utf-8-sig")
    if text is None and _sixteen_bits(content) is None:
        lines = (_try(line, "utf-8") or _try(line, "cp1251") for line in content.split(b"\n"))
        # A byte that stands for no letter in Windows-1251 makes the line no text.
        text = "\n".join("\0" * 9 if line is None else line for line in lines)
    if text is None or len(_CONTROL.findall(text[:20_000])) > _MOST_CONTROLS:
        raise UnreadableFile(NOT_TEXT)
    return _CONTROL.sub("", text)


def _sixteen_bits(content: bytes) -> str | None:
    """Which kind of UTF-16 this is: by its mark, or by the upper halves of Russian letters and of spaces."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:4_000]
    upper = [sum(head[start::2].count(half) for half in (b"\0", b"\x04")) for start in (0, 1)]
    if max(upper) < 0.8 * (len(head) // 2) or max(upper) < 2 * min(upper) or max(upper) < 2:
        return None
    return "utf-16-be" if upper[0] > upper[1] else "utf-16-le"


def _try(content: bytes, encoding: str) -> str | None:
    try:
        # Half a letter at the very end is where a file was cut, not what it is.
        whole = content[: len(content) // 2 * 2] if encoding.startswith("utf-16") else content
        return whole.decode(encoding)
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
    if text.startswith("**") and re.match(r"\*\*(?=[^\s*])", text):
        text = text[2:]
    if text.endswith("**") and not re.search(r"\d\*+$", text):
        text = text[:-2]
    return re.sub(r"\n\s*\n+", "\n", text).strip() if "\n" in text else text


def _is_rule(text: str) -> bool:
    """Whether a line only draws a rule: «-----», «|---|---|»."""
    return "--" in text and not _NOT_RULE.search(text)


def read_dump(content: bytes) -> Document:
    """Paragraphs and tables of a text dump. A blank line ends a piece of a table; a page break looks the same."""
    if len(content) > _WIDEST_LETTER * MAX_LETTERS:
        raise too_long()
    text = decode(content)
    if len(text) > MAX_LETTERS or text.count("\t") > MAX_CELLS or text.count("\n") > _MAX_LINES:
        raise too_long()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n").split("\n")
    if is_stacked(lines):
        lines = unstack([clean(line) for line in lines])
    blocks: list[Block] = []
    budget = CellBudget()
    rows: list[Row] = []
    for index, line in enumerate(lines):
        if not line.strip():
            _close(blocks, rows, budget)
        elif "\t" in line:
            cells = [clean(cell) for cell in line.split("\t", _MAX_CELLS)]
            if not all(not cell or _is_rule(cell) for cell in cells) or not any("--" in cell for cell in cells):
                rows.append(Row(cells))
        elif rows and index + 1 < len(lines) and "\t" in lines[index + 1]:
            # A line without tabs in the midst of a table: its only cell, the tabs after it trimmed.
            rows.append(Row([clean(line)] + [""] * (len(rows[-1].cells) - 1)))
        else:
            _close(blocks, rows, budget)
            if not _is_rule(line):
                blocks.append(Paragraph(clean(line)))
    _close(blocks, rows, budget)
    return Document(blocks)


def _close(blocks: list[Block], rows: list[Row], budget: CellBudget) -> None:
    if rows:
        width = max(len(row.cells) for row in rows)
        budget.spend(width * len(rows))
        for row in rows:
            row.cells += [""] * (width - len(row.cells))
        blocks.append(Table(list(rows)))
        rows.clear()
