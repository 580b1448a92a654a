"""Archives: bombs, liars, thieves and the damaged, dressed as Word files."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Iterator
from functools import cache, partial

from tests.hostile.case import Case, as_plain
from tests.projects.passport import northern
from tests.projects.passport.word import MAIN, TYPES, package, word_file

DAMAGED, TOO_MUCH, LOCKED = "повреждён", "слишком много данных", "паролем"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parts() -> dict[str, str | bytes]:
    """The parts of a Word file that nobody has touched."""
    with zipfile.ZipFile(io.BytesIO(word_file(northern.municipal()))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(name: str, content: str | bytes) -> bytes:
    return package(parts() | {name: content})


def patched(content: bytes, offset: int, value: bytes, *, entry: bytes = b"word/document.xml") -> bytes:
    """Overwrite bytes of one entry's record in the directory at the end of an archive."""
    out = bytearray(content)
    at = out.rfind(b"PK\x01\x02", 0, out.rfind(entry))
    out[at + offset : at + offset + len(value)] = value
    return bytes(out)


@cache
def zeros(megabytes: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(main=MAIN))
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(bytes(1024 * 1024))
    return stream.getvalue()


def nested() -> bytes:
    inner = zeros(150)
    for depth in range(6):
        inner = package({f"{depth}-{index}.zip": inner for index in range(4)})
    return inner


def overlapping() -> bytes:
    """A thousand entries of a megabyte each that share the same packed bytes."""
    stream = io.BytesIO(word_file(northern.municipal()))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.bin", bytes(range(256)) * 4096)
        first = archive.getinfo("word/media/a.bin")
        for index in range(1000):
            twin = zipfile.ZipInfo(f"word/media/{index}.bin")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type", "flag_bits"):
                setattr(twin, name, getattr(first, name))
            archive.filelist.append(twin)
    return stream.getvalue()


def many_entries(count: int) -> bytes:
    """A directory of very many empty entries, written by hand: each costs its reader more than it takes here."""
    record = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0)
    names = (index.to_bytes(4, "big").replace(b"\0", b"a").replace(b"/", b"b") for index in range(count))
    directory = b"".join(record + name for name in names)
    local = b"PK\x03\x04" + bytes(26)
    return local + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0, 0, len(directory), len(local), 0)


def locked_entry_of(archive: bytes) -> bytes:
    """The same archive, each entry marked as encrypted."""
    content = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def duplicated() -> bytes:
    stream = io.BytesIO(word_file(northern.municipal()))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.fp.seek(archive.start_dir)  # type: ignore[union-attr]
        archive.NameToInfo.clear()
        archive.writestr("word/document.xml", "<another/>")
    return stream.getvalue()


def packed_by(method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
    return stream.getvalue()


def first(content: bytes, size: int) -> bytes:
    return content[:size]


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def word_of_a_locked_office() -> bytes:
    """The container that Office writes around a document under a password, in outline."""
    return (
        OLE + bytes(504) + "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le") + noise(2000)
    )


def bombs() -> Iterator[Case]:
    yield Case("a part of 150 MB of zeros", "docx", lambda: zeros(150), TOO_MUCH)
    yield Case("the same, its size understated", "docx", lambda: patched(zeros(150), 24, b"\x10\0\0\0"), DAMAGED)
    yield Case(
        "a part said to be 2⁴⁰ bytes",
        "docx",
        lambda: patched(word_file(northern.municipal()), 24, b"\xfe\xff\xff\xff"),
        TOO_MUCH,
    )
    yield Case("archives in archives, a bomb in the last", "docx", nested, "архив")
    yield Case("a nested bomb among the pictures", "docx", lambda: with_part("word/a.zip", nested()), "", as_plain)
    yield Case("a thousand entries over the same bytes", "docx", overlapping, TOO_MUCH)
    yield Case("550,000 empty entries", "docx", lambda: many_entries(550_000), TOO_MUCH)
    yield Case("4,000 entries", "docx", lambda: many_entries(4_000), TOO_MUCH)
    yield Case("12 MB of pictures", "docx", lambda: with_part("word/media/a.png", noise(12 << 20)), "", as_plain)


def thieves() -> Iterator[Case]:
    for name in ("../../etc/passwd", "/etc/passwd", "..\\..\\a.dll", "C:\\a.dll", "word/../../a", "\\\\host\\a"):
        yield Case(f"an entry named {name}", "docx", partial(with_part, name, "x"), DAMAGED)
    yield Case("two parts of one name", "docx", duplicated, DAMAGED)
    yield Case("two parts that differ in case", "docx", lambda: with_part("WORD/Document.XML", "<x/>"), DAMAGED)
    yield Case("an entry under a password", "docx", lambda: locked_entry_of(word_file(northern.municipal())), LOCKED)
    yield Case("a document under a password", "docx", word_of_a_locked_office, LOCKED)
    yield Case("an old Word file", "docx", lambda: OLE + noise(4000), "старого формата")
    yield Case("parts packed by bzip2", "docx", lambda: packed_by(zipfile.ZIP_BZIP2), DAMAGED)
    yield Case("parts packed by LZMA", "docx", lambda: packed_by(zipfile.ZIP_LZMA), DAMAGED)
    yield Case("parts not packed at all", "docx", lambda: packed_by(zipfile.ZIP_STORED), "", as_plain)


def damaged() -> Iterator[Case]:
    whole = word_file(northern.municipal())
    yield Case("PK and nothing more", "docx", lambda: b"PK", DAMAGED)
    yield Case("a header of an archive before noise", "docx", lambda: b"PK\x03\x04" + noise(5000), DAMAGED)
    yield Case("an archive of nothing", "docx", lambda: b"PK\x05\x06" + bytes(18), "архив")
    yield Case("an archive of something else", "docx", lambda: package({"readme.txt": "x"}), "архив")
    yield Case("words before the archive", "docx", lambda: b"MZ" + whole, "не похож на текст")
    yield Case("words after the archive", "docx", lambda: whole + b"\0" * 2000, "", as_plain)
    yield Case("a wrong checksum", "docx", lambda: patched(whole, 16, b"\1\2\3\4"), DAMAGED)
    yield Case("a part that is not XML", "docx", lambda: with_part("word/document.xml", noise(3000)), DAMAGED)
    yield Case("a part that is empty", "docx", lambda: with_part("word/document.xml", b""), DAMAGED)
    yield Case("no document inside", "docx", lambda: package({"[Content_Types].xml": TYPES.format(main=MAIN)}), DAMAGED)
    for tenth in range(1, 10):
        yield Case(f"cut at {tenth} tenths", "docx", partial(first, whole, len(whole) * tenth // 10), DAMAGED)
    for rest in (1, 4, 21, 22, 60, 200):
        yield Case(f"the last {rest} bytes cut off", "docx", partial(first, whole, len(whole) - rest), DAMAGED)
