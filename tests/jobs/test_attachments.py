"""What may be attached is told by what is in a file; nothing hostile is ever kept."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from jobs.files.attachments import MAX_BYTES, examined
from jobs.files.errors import UnreadableFile
from tests.hostile.sentences import is_clear
from tests.indicators.attachments import PAYLOAD, docx, exe, jpeg, office, pdf, png, xlsx

BOMB = zlib.compress(b"\0" * (30 * 1024 * 1024), 9)


@pytest.mark.parametrize(
    ("make", "ending", "kept"),
    [
        (pdf, ".pdf", "application/pdf"),
        (jpeg, ".jpg", "image/jpeg"),
        (png, ".png", "image/png"),
        (docx, ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (xlsx, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
    ids=["pdf", "jpeg", "png", "docx", "xlsx"],
)
def test_what_schools_attach_is_taken_and_named_after_its_content(make: type, ending: str, kept: str) -> None:
    taken = examined("Приказ.exe", make())

    assert (taken.name, taken.content_type) == (f"Приказ.exe{ending}", kept)
    assert examined(f"Приказ{ending.upper()}", make()).name == f"Приказ{ending.upper()}"


def test_a_photo_keeps_its_picture_and_its_turn_and_nothing_else() -> None:
    taken = examined("снимок.jpg", jpeg(place=True, turned=6, behind=PAYLOAD))

    with Image.open(io.BytesIO(taken.content)) as image, Image.open(io.BytesIO(jpeg())) as plain:
        assert dict(image.getexif()) == {0x0112: 6}
        assert image.size == plain.size
        assert max(high for _, high in _difference(image, plain)) <= 16
    assert PAYLOAD not in taken.content
    assert b"Phone" not in examined("снимок.jpg", jpeg(place=True)).content
    assert exe() not in examined("снимок.png", png()[:-12] + exe()).content


def _difference(one: Image.Image, other: Image.Image) -> list[tuple[int, int]]:
    from PIL import ImageChops

    found = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getextrema()
    return [pair for pair in found if isinstance(pair, tuple)]


def hostile() -> Iterator[tuple[str, bytes]]:
    """Every file that must not be kept, by what it tries."""
    yield "empty", b""
    yield "too big", b"%PDF-1.4" + b"\0" * MAX_BYTES
    yield "a program", exe()
    yield "a program of Linux", b"\x7fELF\x02\x01\x01" + bytes(200)
    yield "a script", b"#!/bin/sh\nrm -rf /\n"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "HTML", b"<!DOCTYPE html><script>alert(1)</script>"
    yield "XML with an entity", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    yield "text", "Просто текст".encode()
    yield "GIF", b"GIF89a" + bytes(100)
    yield "HEIC", b"\0\0\0\x18ftypheic" + bytes(100)
    yield "WebP", b"RIFF\0\0\0\0WEBPVP8 " + bytes(100)
    yield "TIFF", b"II*\0" + bytes(100)
    yield "old Word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "encrypted Office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    yield "plain ZIP", _zip({"readme.txt": b"x"})
    yield "JAR", _zip({"META-INF/MANIFEST.MF": b"x"})
    yield "presentation", office({"ppt/presentation.xml": b"<a/>"}, "presentationml.presentation.main+xml")
    yield "RTF", b"{\\rtf1\\ansi}"
    yield from _hostile_pdfs()
    yield from _hostile_pictures()
    yield from _hostile_office()


def _hostile_pdfs() -> Iterator[tuple[str, bytes]]:
    yield "half a PDF", pdf()[: len(pdf()) // 2]
    yield "only the head of a PDF", b"%PDF-1.7\n%%EOF"
    yield "noise in a PDF", b"%PDF-1.7\n" + random.Random(1).randbytes(4000) + b"\n%%EOF"
    yield "PDF after HTML", b"<html>" + pdf()
    yield "HTML after PDF", pdf() + b"<script>alert(1)</script>"
    yield "program after PDF", pdf() + exe()
    yield "PDF and ZIP", pdf() + _zip({"a.txt": b"x"})
    yield "PDF and ZIP inside", pdf(extra=b"% " + _zip({"a.txt": b"x"}).replace(b"\n", b" "))
    for action in (
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/OpenAction << /S /J#61vaScript /J#53 (x) >>",
        b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        b"/Names << /EmbeddedFiles << /Names [] >> >>",
        b"/AcroForm << /XFA (x) >>",
        b"/OpenAction << /S /SubmitForm /F (http://a.example) >>",
        b"/OpenAction << /S /GoToE /F (x) >>",
    ):
        yield f"PDF with {action.decode()}", pdf(catalog=action)
    yield "PDF with a packed script", pdf(extra=_packed(b"1 0 << /S /JavaScript /JS (x) >>"))
    yield (
        "PDF that unpacks without end",
        pdf(extra=_stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", BOMB) * 3),
    )
    yield "encrypted PDF", pdf(trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P -4 >>")


def _hostile_pictures() -> Iterator[tuple[str, bytes]]:
    yield "half a JPEG", jpeg()[: len(jpeg()) // 2]
    yield "only the head of a JPEG", b"\xff\xd8\xff\xe0" + bytes(200)
    yield "HTML called JPEG", b"\xff\xd8\xff<script>alert(1)</script>"
    yield "JPEG and ZIP", jpeg() + _zip({"a.txt": b"x"})
    yield "half a PNG", png()[: len(png()) // 2]
    yield "PNG and ZIP", png() + _zip({"a.txt": b"x"})
    yield "PNG of 10^10 pixels", _png_of(100_000, 100_000, BOMB)
    yield "PNG with a wrong sum", png().replace(b"IDAT", b"IDAT\0", 1)


def _hostile_office() -> Iterator[tuple[str, bytes]]:
    yield (
        "macros",
        office({"word/document.xml": b"<a/>", "word/vbaProject.bin": b"x"}, "wordprocessingml.document.main+xml"),
    )
    yield "macros by type", office({"word/document.xml": b"<a/>"}, "ms-word.document.macroEnabled.main+xml")
    yield "workbook with macros", office({"xl/workbook.xml": b"<a/>"}, "ms-excel.sheet.macroEnabled.main+xml")
    yield "OLE", docx(more={"word/embeddings/oleObject1.bin": b"x"})
    yield "a program inside", docx(more={"word/media/run.exe": exe()})
    yield "a part without a known ending", docx(more={"word/media/run": exe()})
    yield "DOCTYPE", docx(document=b'<!DOCTYPE w [<!ENTITY a "b">]><w:document xmlns:w="w">&a;</w:document>')
    yield "DOCTYPE in another part", docx(more={"word/extra.xml": b'<!DOCTYPE w SYSTEM "file:///etc/passwd"><w/>'})
    yield "a link to a template", docx(relation=("attachedTemplate", "http://a.example/t.dotm"))
    yield "a link to a picture", docx(relation=("image", "http://a.example/p.png"))
    yield "links to another workbook", xlsx(more={"xl/externalLinks/externalLink1.xml": b"<a/>"})
    yield (
        "a command of DDE",
        docx(document=b'<w:document xmlns:w="w"><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:document>'),
    )
    yield "a bomb", docx(more={"word/media/a.xml": b"<a>" + b" " * (40 * 1024 * 1024) + b"</a>"})
    yield "too many entries", docx(more={f"word/p{index}.xml": b"<a/>" for index in range(3100)})
    yield "a way out", docx(more={"../../etc/cron.d/x.xml": b"<a/>"})
    yield "broken markup", docx(document=b"<w:document>")
    yield "half of it", docx()[: len(docx()) // 2]
    yield "a program before it", exe() + docx()
    yield "a program behind it", docx() + exe()
    yield "encrypted entries", _encrypted(docx())


def test_nothing_hostile_is_taken() -> None:
    with ThreadPoolExecutor(4) as pool:
        unclear = [(attempt, said) for attempt, said in pool.map(answer_to, hostile()) if not is_clear(said)]
    assert unclear == []


def answer_to(case: tuple[str, bytes]) -> tuple[str, str]:
    attempt, content = case
    try:
        return attempt, repr(examined("справка.pdf", content))
    except UnreadableFile as refusal:
        return attempt, str(refusal)


def test_no_random_damage_lets_a_file_break_the_portal() -> None:
    """Bytes of good files changed at random: taken or refused in a clear sentence, and never anything else."""
    chance = random.Random(20)
    for content in (pdf(), jpeg(), png(), docx()) * 4:
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        _, said = answer_to(("damaged", bytes(damaged)))
        assert said.startswith("Attachment(") or is_clear(said)


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _encrypted(content: bytes) -> bytes:
    locked = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            locked[at + offset] |= 1
            at = locked.find(signature, at + 4)
    return bytes(locked)


def _stream(head: bytes, body: bytes) -> bytes:
    return b"9 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (head, len(body), body)


def _packed(objects: bytes) -> bytes:
    return _stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", zlib.compress(objects))


def _png_of(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")
