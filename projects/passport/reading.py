"""``read``: from a path or bytes to a passport, by what the file holds and not by what it is called."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from jobs.files.archive import DAMAGED, ENCRYPTED, MEGABYTE, Archive, check_size
from jobs.files.errors import UnreadableFile
from jobs.files.workbook import OLD_BOOK, read_grids
from projects.passport.limits import too_long
from projects.passport.readers.docx import read_docx
from projects.passport.readers.dump import read_dump
from projects.passport.readers.pdf import read_pdf
from projects.passport.readers.xlsx_layout import lay_out
from projects.passport.readers.xlsx_own import is_own, read_own
from projects.passport.recogniser import recognise
from projects.passport.schema import Passport

_WORD = re.compile(rb"wordprocessingml\.(document|template)\.main\+xml")
_BOOK = re.compile(rb"spreadsheetml\.(sheet|template)\.main\+xml")
_SLIDES = re.compile(rb"presentationml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")

_MAX_JSON = 12 * MEGABYTE
_MAX_JSON_VALUES = 400_000

OLD_WORD = "Это документ старого формата Word (.doc): откройте его в Word и сохраните как .docx."
OPEN_DOCUMENT = "Это документ OpenDocument (.odt или .ods): откройте его и сохраните как .docx или .xlsx."
A_PRESENTATION = "Это презентация, а не паспорт: загрузите паспорт в формате .docx или текстом (.txt)."
AN_ARCHIVE = "Это архив, а не документ: распакуйте его и загрузите сам паспорт в формате .docx или .txt."
A_PICTURE = "Это картинка, из неё текст не читается: загрузите паспорт в формате .docx или текстом (.txt)."

# JSON can write it and PostgreSQL cannot keep it; other readers drop what cannot be seen.
ZERO_CHARACTER = "В тексте файла JSON стоит нулевой символ: уберите его и загрузите файл снова."


def read(source: str | Path | bytes, name: str = "") -> Passport:
    """Read a passport from a path or from the bytes of an upload; ``name`` is only for files without a clue inside.

    The kind of the file is decided by its content. Raises :class:`UnreadableFile` with one Russian sentence.
    """
    content = source if isinstance(source, bytes) else _content(Path(source))
    check_size(len(content))
    if content.startswith(b"PK"):
        return _from_archive(content)
    if b"%PDF-" in content[:1024]:
        return recognise(read_pdf(content))
    _refuse_other_formats(content)
    if _is_json(content, name or ("" if isinstance(source, bytes) else str(source))):
        return _from_json(content)
    return recognise(read_dump(content))


def _content(path: Path) -> bytes:
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except (OSError, ValueError) as problem:
        raise UnreadableFile(
            "Файл не найден или не открывается: проверьте, где он лежит и как называется."
        ) from problem


def _from_archive(content: bytes) -> Passport:
    archive = Archive(content)
    if "[Content_Types].xml" not in archive.names:
        raise UnreadableFile(OPEN_DOCUMENT if {"mimetype", "content.xml"} <= archive.names else AN_ARCHIVE)
    types = archive.read("[Content_Types].xml")
    if _BOOK.search(types) or "xl/workbook.xml" in archive.names:
        return _from_workbook(archive)
    if _SLIDES.search(types):
        raise UnreadableFile(A_PRESENTATION)
    if "word/document.xml" not in archive.names or not _WORD.search(types):
        raise UnreadableFile(AN_ARCHIVE if not _WORD.search(types) else DAMAGED)
    return recognise(read_docx(archive))


def _from_workbook(archive: Archive) -> Passport:
    grids = read_grids(archive)
    if is_own(grids):
        return read_own(grids)
    document = lay_out(grids)
    # Cells and their words in rows are the same data twice: only one of them is needed from here on.
    del grids
    return recognise(document)


def _refuse_other_formats(content: bytes) -> None:
    head = content[:1024]
    if head.startswith(_OLE):
        # Word files under a password are kept in the container of the old format.
        locked = "EncryptedPackage".encode("utf-16-le") in content[:65536]
        old = OLD_BOOK if any(name.encode("utf-16-le") in content for name in ("Workbook\0", "Book\0")) else OLD_WORD
        raise UnreadableFile(ENCRYPTED if locked else old)
    if head.startswith(b"{\\rtf"):
        raise UnreadableFile("Это документ RTF: откройте его в Word и сохраните как .docx.")
    if head.startswith(_PICTURES):
        raise UnreadableFile(A_PICTURE)
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise UnreadableFile(AN_ARCHIVE)


def _is_json(content: bytes, name: str) -> bool:
    return (
        content[:3].lstrip(b"\xef\xbb\xbf")[:1] == b"{"
        or content.lstrip()[:1] == b"{"
        or name.lower().endswith(".json")
    )


def _from_json(content: bytes) -> Passport:
    # Counted before anything is made of them: an empty list of two bytes takes sixty in memory.
    if len(content) > _MAX_JSON or sum(map(content.count, (b"{", b"[", b","))) > _MAX_JSON_VALUES:
        raise too_long()
    try:
        loaded = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_twins)
        if any("\0" in text for text in _texts(loaded)):
            raise UnreadableFile(ZERO_CHARACTER)
        return Passport.model_validate(loaded)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "паспорт"
        raise UnreadableFile(
            f"Данные не подходят под форму passport/1, первая ошибка в «{place[:120]}»: исправьте её и загрузите снова."
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise UnreadableFile("Файл JSON повреждён и не читается: выгрузите его заново.") from problem


def _texts(value: Any) -> Iterator[str]:
    """Every key and every text of what a JSON file holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        yield from value
        yield from _texts(list(value.values()))


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON file; two values of one key would be one passport to us and another to the next program."""
    found = dict(pairs)
    if len(found) < len(pairs):
        key = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise UnreadableFile(f"В файле JSON дважды записан ключ «{key[:40]}»: оставьте один и загрузите файл снова.")
    return found
