"""The gate before any parser: what may be opened at all.

An office document is an archive from a stranger. Its entries are examined here, by their declared sizes and by
their names, before a byte of them is parsed; what is read afterwards is read in pieces up to a cap. The kind of a
file is decided by its content: the ending of its name is a wish.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from jobs.files.errors import UnreadableFile

MEGABYTE = 1024 * 1024
MAX_FILE = 30 * MEGABYTE
MAX_ENTRIES = 3000
MAX_UNPACKED = 120 * MEGABYTE
MAX_PART = 24 * MEGABYTE
MAX_RATIO = 120
# Each tag and each attribute of an XML part costs its reader a hundred bytes and more; a passport has 15,000 of them.
MAX_TAGS = 600_000
_RATIO_MATTERS_FROM = 4 * MEGABYTE
_PIECE = 256 * 1024
_RECORD = b"PK\x01\x02"
_STORED_OR_DEFLATED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

_MACRO = re.compile(rb"macroEnabled|macrosheet|vbaProject|ms-office\.activeX|ms-word\.vbaData", re.IGNORECASE)
_EMBEDDED = re.compile(r"(^|/)(embeddings/|activeX/|oleObject|vbaProject|vbaData|macrosheets/)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(^|/)(externalLinks/|connections\.xml$|queryTables/)", re.IGNORECASE)
# What a part is, its relation says, whatever name it goes by.
_OBJECTS = frozenset({"oleObject", "package", "control", "activeXControlBinary"})
_ENCODING = re.compile(
    rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["'](?!utf-?8|utf-?16|us-ascii|windows-125|iso-8859)""", re.IGNORECASE
)
_PLAIN_LINK = re.compile(r"^(https?:|mailto:|#|[\w%.-]+\.[\w%./?=&#-]*$)", re.IGNORECASE)

DAMAGED = "Файл повреждён и не открывается: сохраните документ заново и загрузите его ещё раз."
TOO_BIG = "Файл больше 30 МБ: уберите из него рисунки и всё лишнее и сохраните заново."
UNPACKS_TOO_BIG = "Внутри файла слишком много данных, открывать его небезопасно: оставьте в нём только нужное."
ENCRYPTED = "Файл защищён паролем: снимите защиту, сохраните документ и загрузите его снова."
WITH_MACROS = (
    "В файле есть макросы, такие файлы не принимаются: сохраните его как обычный .docx или .xlsx, без макросов."
)
WITH_OBJECTS = "В файле есть вставленные объекты, такие файлы не принимаются: уберите их и сохраните документ заново."
WITH_LINKS = "Файл ссылается на содержимое вне себя, это небезопасно: вставьте его в документ и сохраните заново."
WITH_DOCTYPE = "В файле есть недопустимые служебные объявления, открывать его небезопасно: сохраните его заново."


def check_size(size: int) -> None:
    """Refuse a file by its size alone, empty or above :data:`MAX_FILE` bytes."""
    if size == 0:
        raise UnreadableFile("Файл пуст: выберите другой файл.")
    if size > MAX_FILE:
        raise UnreadableFile(TOO_BIG)


def xml_parser() -> etree.XMLParser:
    """A parser that resolves no entity, loads no DTD, opens no address and keeps libxml2's own limits."""
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, dtd_validation=False
    )


class Archive:
    """A checked archive; :meth:`read` and :meth:`xml` give one entry, at most :data:`MAX_PART` bytes of it.

    Raises :class:`UnreadableFile` on making where the archive is damaged, encrypted, too big, too dense, holds
    paths that lead outside, macros, embedded objects or links to content elsewhere.
    """

    def __init__(self, content: bytes | BinaryIO) -> None:
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        self._check_directory(stream)
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as problem:
            raise UnreadableFile(DAMAGED) from problem
        self._entries = self._zip.infolist()
        self._check_entries()
        self.names = {entry.filename for entry in self._entries}
        self._check_types()
        self._check_relations()

    @staticmethod
    def _check_directory(stream: BinaryIO) -> None:
        """Count the records of the directory before it is read: each becomes an object ten times its size."""
        found, tail = 0, b""
        while piece := stream.read(_PIECE):
            found += (tail + piece).count(_RECORD)
            tail = piece[1 - len(_RECORD) :]
            if found > MAX_ENTRIES:
                raise UnreadableFile(UNPACKS_TOO_BIG)
        stream.seek(0)

    def _check_entries(self) -> None:
        if len(self._entries) > MAX_ENTRIES:
            raise UnreadableFile(UNPACKS_TOO_BIG)
        seen: set[str] = set()
        unpacked = packed = 0
        for entry in self._entries:
            # Names of parts that differ only in case are one name to Word.
            name = entry.filename.casefold()
            if entry.flag_bits & 0x1:
                raise UnreadableFile(ENCRYPTED)
            if name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name) or name in seen:
                raise UnreadableFile(DAMAGED)
            if entry.compress_type not in _STORED_OR_DEFLATED:
                raise UnreadableFile(DAMAGED)
            seen.add(name)
            unpacked += entry.file_size
            packed += entry.compress_size
            dense = entry.file_size > max(entry.compress_size, 1) * MAX_RATIO
            if unpacked > MAX_UNPACKED or (dense and entry.file_size > _RATIO_MATTERS_FROM):
                raise UnreadableFile(UNPACKS_TOO_BIG)
        if unpacked > _RATIO_MATTERS_FROM and unpacked > max(packed, 1) * MAX_RATIO:
            raise UnreadableFile(UNPACKS_TOO_BIG)

    def _check_types(self) -> None:
        if "[Content_Types].xml" in self.names and _MACRO.search(self.read("[Content_Types].xml")):
            raise UnreadableFile(WITH_MACROS)
        for name in self.names:
            found = _EMBEDDED.search(name)
            if found:
                raise UnreadableFile(WITH_MACROS if re.search("vba|macro", found[2].lower()) else WITH_OBJECTS)
            if _ELSEWHERE.search(name):
                raise UnreadableFile(WITH_LINKS)

    def _check_relations(self) -> None:
        """Refuse relations that fetch something from elsewhere; a plain hyperlink is only words and never followed."""
        for name in sorted(self.names):
            if not name.casefold().endswith(".rels"):
                continue
            for relation in self.xml(name).iter("{*}Relationship"):
                kind = relation.get("Type", "").rsplit("/", 1)[-1]
                if relation.get("TargetMode", "").lower() != "external":
                    if kind in _OBJECTS:
                        raise UnreadableFile(WITH_OBJECTS)
                    continue
                if kind != "hyperlink" or not _PLAIN_LINK.match(relation.get("Target", "").strip() or "#"):
                    raise UnreadableFile(WITH_LINKS)

    def read(self, name: str) -> bytes:
        """The bytes of an entry, read in pieces and never more than :data:`MAX_PART` of them."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str, most: int = MAX_PART) -> Iterator[bytes]:
        """The same bytes piece by piece, at most ``most`` of them: for a part that is never kept whole."""
        size = 0
        try:
            with self._zip.open(name) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > most:
                        raise UnreadableFile(UNPACKS_TOO_BIG)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, KeyError, ValueError) as problem:
            raise UnreadableFile(DAMAGED) from problem

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part, parsed without entities, and refused where it declares any."""
        content = self.read(name)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<!DOCTYPE" in content[:4096].replace(b"\0", b""):
            raise UnreadableFile(WITH_DOCTYPE)
        # In other encodings a tag does not begin with the byte that is counted here.
        if not content[:8].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<") or _ENCODING.match(content[:400]):
            raise UnreadableFile(DAMAGED)
        if content.count(b"<") > MAX_TAGS or content.count(b"=") > MAX_TAGS:
            raise UnreadableFile(UNPACKS_TOO_BIG)
        try:
            root = etree.fromstring(content, xml_parser())
        except (etree.XMLSyntaxError, ValueError) as problem:
            raise UnreadableFile(DAMAGED) from problem
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableFile(WITH_DOCTYPE)
        return root
