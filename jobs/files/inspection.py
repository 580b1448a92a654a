"""What a file from a stranger is, found out in a process of its own with little memory and little time.

Run as ``python -I inspection.py < file``; out comes a line of JSON, ``{"kind": ...}`` or ``{"refused": sentence}``, and
after it a picture as it was drawn anew. Decoders are native code: whatever a file does to them, this process alone
suffers. It opens no file and knows no address; nothing inside a file is ever carried out.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.files.archive import DAMAGED, ENCRYPTED, MEGABYTE, WITH_OBJECTS, Archive
from jobs.files.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL import Image

MEMORY = 450 * MEGABYTE
SECONDS = 20
MAX_PIXELS = 60_000_000
MAX_PAGES = 1000
_MAX_OBJECTS = 64 * MEGABYTE

OTHER_KIND = "Такой файл не принимается: приложите PDF, снимок JPG или PNG, документ .docx или таблицу .xlsx."
HEIC = "Снимок в формате HEIC здесь не открывается: выберите в телефоне «Наиболее совместимый» формат (JPG)."
OLD_OFFICE = "Это файл старого формата Word или Excel: сохраните его как .docx или .xlsx."
TWO_IN_ONE = "В файле спрятан другой файл, такой не принимается: сохраните документ заново и приложите его."
ACTIVE_PDF = "В PDF есть сценарии или вложенные файлы, такой не принимается: напечатайте документ в PDF заново."
TOO_MANY_PAGES = "В PDF больше 1000 страниц: приложите только нужные."
TOO_MANY_PIXELS = "Снимок больше 60 мегапикселей: уменьшите его и приложите снова."

_MAIN_PARTS = {
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
_PARTS = re.compile(
    r"\.(xml|rels|vml|png|jpe?g|gif|bmp|tiff?|emf|wmf|odttf|fntdata)$|printerSettings\d*\.bin$|/$", re.IGNORECASE
)
_MARKUP = (".xml", ".rels", ".vml")
_COMMAND = re.compile(r"^\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE)\b", re.IGNORECASE)
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|GoToE|SubmitForm|ImportData|RichMedia|Rendition|XFA)(?![A-Za-z0-9])"
)
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?\bstream\r?\n", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def inspect(content: bytes) -> tuple[str, bytes]:
    """The kind of a file, and its bytes where it is a picture; raises :class:`UnreadableFile`."""
    if content.startswith(b"PK\x03\x04"):
        return _office(content), b""
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif"}:
        raise UnreadableFile(HEIC)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UnreadableFile(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else OLD_OFFICE)
    if not content.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise UnreadableFile(OTHER_KIND)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise UnreadableFile(TWO_IN_ONE)
    if content.startswith(b"%PDF-"):
        _pdf(content)
        return "pdf", b""
    return _picture(content)


def _office(content: bytes) -> str:
    """Word or Excel: the gate for archives, then every part of markup read through."""
    archive = Archive(content)
    types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.names else b""
    kind = next((kind for kind, (part, mark) in _MAIN_PARTS.items() if part in archive.names and mark in types), None)
    if kind is None:
        raise UnreadableFile(OTHER_KIND)
    # The end record closes the file, without a comment: nothing is glued behind the archive.
    if content[-22:-18] != b"PK\x05\x06":
        raise UnreadableFile(TWO_IN_ONE)
    for name in sorted(archive.names):
        if not _PARTS.search(name):
            raise UnreadableFile(WITH_OBJECTS)
        if not name.casefold().endswith(_MARKUP):
            continue
        root = archive.xml(name)
        commands = "".join(part.text or "" for part in root.iter("{*}instrText"))
        simple = [str(value) for part in root.iter("{*}fldSimple") for value in part.attrib.values()]
        if any(_COMMAND.match(command) for command in (commands, *simple)):
            raise UnreadableFile(WITH_OBJECTS)
    return kind


def _pdf(content: bytes) -> None:
    import pypdfium2.raw as pdfium

    tail = content.rstrip(b"\0\r\n\t ")
    if not tail.endswith(b"%%EOF"):
        raise UnreadableFile(TWO_IN_ONE if b"%%EOF" in content else DAMAGED)
    if re.search(rb"/Encrypt(?![A-Za-z0-9])", content):
        raise UnreadableFile(ENCRYPTED)
    if any(_ACTIVE.search(_unescaped(part)) for part in (content, *_object_streams(content))):
        raise UnreadableFile(ACTIVE_PDF)
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        raise UnreadableFile(DAMAGED)
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or pdfium.FPDFDoc_GetAttachmentCount(document) > 0:
        raise UnreadableFile(ACTIVE_PDF)
    pages = pdfium.FPDF_GetPageCount(document)
    if pages > MAX_PAGES:
        raise UnreadableFile(TOO_MANY_PAGES)
    if pages < 1 or not pdfium.FPDF_LoadPage(document, 0):
        raise UnreadableFile(DAMAGED)


def _unescaped(part: bytes) -> bytes:
    """Names of a PDF may be written as «/J#53»."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _object_streams(content: bytes) -> list[bytes]:
    """Objects that stand packed in streams; what cannot be unpacked is no object to anybody."""
    found: list[bytes] = []
    left = _MAX_OBJECTS
    for match in _OBJECT_STREAM.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[match.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        if left <= 0:
            raise UnreadableFile(DAMAGED)
        found.append(part)
    return found


def _picture(content: bytes) -> tuple[str, bytes]:
    """A photo drawn anew: whatever was not the picture (the place it was taken at, too) is not in it any more."""
    from PIL import Image, JpegImagePlugin, PngImagePlugin

    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    jpeg = content.startswith(b"\xff\xd8\xff")
    out = io.BytesIO()
    try:
        image: Image.Image = (JpegImagePlugin.JpegImageFile if jpeg else PngImagePlugin.PngImageFile)(
            io.BytesIO(content)
        )
        if image.width * image.height > MAX_PIXELS:
            raise UnreadableFile(TOO_MANY_PIXELS)
        turned = _orientation(image)
        image.load()
        if jpeg:
            image.save(out, "JPEG", quality="keep", exif=turned, icc_profile=None, comment=b"")
        else:
            image.info = {key: value for key, value in image.info.items() if key == "transparency"}
            image.save(out, "PNG", icc_profile=None)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, zlib.error) as problem:
        raise UnreadableFile(DAMAGED) from problem
    return ("jpeg" if jpeg else "png"), out.getvalue()


def _orientation(image: Image.Image) -> Image.Exif:
    """How the phone was held, alone of everything that a photo tells about itself."""
    from PIL import ExifTags, Image

    kept = Image.Exif()
    turned = image.getexif().get(ExifTags.Base.Orientation)
    if turned in range(2, 9):
        kept[ExifTags.Base.Orientation] = turned
    return kept


def main() -> None:
    for limit, value in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        capped = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (capped, hard))
    drawn = b""
    try:
        kind, drawn = inspect(sys.stdin.buffer.read())
        answer = {"kind": kind}
    except UnreadableFile as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + drawn)


if __name__ == "__main__":
    main()
