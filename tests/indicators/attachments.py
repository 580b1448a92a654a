"""Small files of every kind that may be attached, and what hides in those that may not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

PAYLOAD = b"<script>alert(1)</script>"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def exe() -> bytes:
    return b"MZ\x90\0" + bytes(300)


def pdf(*, catalog: bytes = b"", extra: bytes = b"", trailer: bytes = b"", words: bytes = b"") -> bytes:
    """One empty page; ``catalog`` stands in its catalogue, ``extra`` among its objects."""
    objects = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R %s >>\nendobj\n" % catalog,
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n",
    ]
    out, places = b"%PDF-1.4\n% " + words + b"\n", []
    for part in objects:
        places.append(len(out))
        out += part
    out += extra
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size 4 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def jpeg(*, place: bool = False, turned: int = 0, behind: bytes = b"", colour: str = "navy") -> bytes:
    """A photo; ``place``: with the coordinates where it was taken."""
    image = Image.linear_gradient("L").convert("RGB")
    image.paste(colour, (0, 0, 40, 40))
    told = Image.Exif()
    if turned:
        told[0x0112] = turned
    if place:
        told[0x0110] = "Phone"
        told.get_ifd(0x8825).update({1: "N", 2: (52.0, 6.0, 0.0), 3: "E", 4: (104.0, 5.0, 0.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=told, comment=behind)
    return out.getvalue() + behind


def png() -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").save(out, "PNG")
    return out.getvalue()


def office(parts: Mapping[str, bytes], kind: str) -> bytes:
    """A package of Office whose main part is of a kind."""
    types = (
        f'<Types><Override PartName="/a" ContentType="application/vnd.openxmlformats-officedocument.{kind}"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": types.encode(), **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(
    *, document: bytes = b'<w:document xmlns:w="w"/>', more: Mapping[str, bytes] | None = None,
    relation: tuple[str, str] | None = None,
) -> bytes:  # fmt: skip
    parts = {"word/document.xml": document, **(more or {})}
    if relation:
        kind, target = relation
        parts["word/_rels/document.xml.rels"] = (
            f'<Relationships><Relationship Id="r1" Type="{_RELATIONS}{kind}" Target="{target}" TargetMode="External"/>'
            "</Relationships>"
        ).encode()
    return office(parts, "wordprocessingml.document.main+xml")


def xlsx(*, more: Mapping[str, bytes] | None = None) -> bytes:
    return office({"xl/workbook.xml": b"<workbook/>", **(more or {})}, "spreadsheetml.sheet.main+xml")
