"""Fields of a Word file that fetch something from elsewhere when the file is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jobs.files.archive import WITH_LINKS, Archive
from jobs.files.errors import UnreadableFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAGES = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", re.IGNORECASE)
_FOREIGN = re.compile(r"\s*(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|RD|DATABASE)\b", re.IGNORECASE)


def refuse_foreign_fields(archive: Archive) -> None:
    """Raise :class:`UnreadableFile` where a field runs a command or loads a file: Word would obey it."""
    for name in sorted(archive.names):
        if _PAGES.fullmatch(name) and any(_FOREIGN.match(code) for code in _codes(archive.xml(name))):
            raise UnreadableFile(WITH_LINKS)


def _codes(root: etree._Element) -> Iterator[str]:
    """The code of every field; that of one field may be spread over many runs."""
    pieces: list[str] = []
    for element in root.iter(W + "fldSimple", W + "fldChar", W + "instrText"):
        if element.tag == W + "fldSimple":
            yield element.get(W + "instr", "")
        elif element.tag == W + "instrText":
            pieces.append(element.text or "")
        elif pieces:
            yield "".join(pieces)
            pieces = []
    yield "".join(pieces)
