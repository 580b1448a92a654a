"""PDF files: printed from a page, changed by a library, or written object by object."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from functools import cache, partial
from html import escape

import pypdf
from pypdf.generic import DictionaryObject, NameObject, PdfObject, TextStringObject

from tests.hostile.archives import first, noise
from tests.hostile.case import Case, Read, plain_regional
from tests.projects.passport import northern
from tests.projects.passport.word import Block, Span

LOCKED, NO_TEXT, NO_WORD = "паролем", "нет текста", "ни одного слова"


def _rows(rows: Sequence[Sequence[str | Span]]) -> str:
    """The rows of a table; cells that go on downwards are drawn as one."""
    out = []
    for index, row in enumerate(rows):
        cells = ""
        for place, said in enumerate(row):
            span = said if isinstance(said, Span) else Span(said)
            if span.down == "continue":
                continue
            down = 1
            while span.down == "restart" and index + down < len(rows) and place < len(rows[index + down]):
                below = rows[index + down][place]
                down += 1
                if not (isinstance(below, Span) and below.down == "continue"):
                    down -= 1
                    break
            cells += f'<td colspan="{span.across}" rowspan="{down}">{escape(span.text)}</td>'
        out.append(f"<tr>{cells}</tr>")
    return "".join(out)


def page(blocks: Sequence[Block]) -> str:
    style = "@page{size:A4 landscape;margin:15mm}body{font:9pt serif}table{border-collapse:collapse;width:100%}"
    style += "td{border:0.5pt solid;padding:1mm}"
    inner = "".join(
        f"<p>{escape(block)}</p>" if isinstance(block, str) else f"<table>{_rows(block)}</table>" for block in blocks
    )
    return f"<html lang='ru'><style>{style}</style><body>{inner}</body></html>"


@cache
def printed() -> bytes:
    import weasyprint

    return bytes(weasyprint.HTML(string=page(northern.regional())).write_pdf())


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def changed(**how: str) -> bytes:
    """The printed passport with scripts, attachments and actions in it, or under a password."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(printed()))
    if "script" in how:
        writer.add_attachment("вирус.exe", b"MZ" + bytes(1000))
        writer.add_attachment("../../a.html", b"<script>alert(1)</script>")
        script = _dictionary(S=NameObject("/JavaScript"), JS=TextStringObject(how["script"]))
        launch = _dictionary(S=NameObject("/Launch"), F=TextStringObject("cmd.exe"))
        writer.root_object[NameObject("/OpenAction")] = script
        writer.root_object[NameObject("/AA")] = _dictionary(WC=launch, WS=script)
        for leaf in writer.pages:
            leaf[NameObject("/AA")] = _dictionary(O=script)
    if "password" in how:
        writer.encrypt(user_password=how["password"], owner_password="owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def written(objects: Sequence[bytes], root: int = 1, more: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of their places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, more, table)
    return bytes(out)


def stream(content: bytes, more: bytes = b"", *, packed: bool = True) -> bytes:
    data = zlib.compress(content, 1) if packed else content
    how = b"/Filter /FlateDecode " if packed else b""
    return b"<< %b%b/Length %d >>\nstream\n%b\nendstream" % (how, more, len(data), data)


CATALOGUE, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def one_page(
    content: bytes, *more: bytes, resources: bytes = b"/Font << /F1 5 0 R >>", box: bytes = b"0 0 842 595"
) -> bytes:
    """A PDF of one page: its content is object 4, the objects after the font are ``more``."""
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R /Resources << %b >> >>" % (box, resources)
    return written([CATALOGUE, PAGES, leaf, content, FONT, *more])


def scanned(pages: int = 3) -> bytes:
    """Pages that are pictures and nothing else."""
    picture = stream(
        noise(60 * 40),
        b"/Type /XObject /Subtype /Image /Width 60 /Height 40 /ColorSpace /DeviceGray /BitsPerComponent 8 ",
    )
    draw = stream(b"q 842 0 0 595 0 0 cm /I Do Q")
    kids = b" ".join(b"%d 0 R" % (5 + index) for index in range(pages))
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 3 0 R "
    leaf += b"/Resources << /XObject << /I 4 0 R >> >> >>"
    tree = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, pages)
    return written([CATALOGUE, tree, draw, picture, *[leaf] * pages])


@cache
def zeros(megabytes: int) -> bytes:
    return zlib.compress(bytes(megabytes << 20), 1)


def folded(depth: int) -> bytes:
    """A stream packed again and again: a few kilobytes that are gigabytes at last."""
    data = zeros(160)
    for _ in range(depth - 1):
        data = zlib.compress(data, 9)
    filters = b" ".join([b"/FlateDecode"] * depth)
    return one_page(b"<< /Filter [%b] /Length %d >>\nstream\n%b\nendstream" % (filters, len(data), data))


def forms_in_forms(depth: int, times: int) -> bytes:
    """Drawings that draw drawings: each of them the next one, many times."""
    drawings = []
    for level in range(depth):
        inside = b"/X Do " * times if level < depth - 1 else b"BT /F1 9 Tf 9 9 Td (a) Tj ET "
        names = b"/Resources << /XObject << /X %d 0 R >> /Font << /F1 5 0 R >> >> " % (7 + level)
        drawings.append(stream(inside, b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] " + names))
    return one_page(stream(b"/X Do " * times), *drawings, resources=b"/XObject << /X 6 0 R >>")


def _near(passport: Read) -> bool:
    """Whether as many rows of every list were found, the plan among them whole."""
    expected = plain_regional()
    lists = ("indicators", "results", "finance", "participants", "plan", "breakdown")
    return all(len(passport[key]) == len(expected[key]) for key in lists) and [
        (row["number"], row["start"], row["end"]) for row in passport["plan"]
    ] == [(row["number"], row["start"], row["end"]) for row in expected["plan"]]


def pdfs(port: int) -> Iterator[Case]:
    call = f"app.launchURL('http://127.0.0.1:{port}/a'); app.alert('a');"
    yield Case("a printed passport", "pdf", printed, "", _near)
    yield Case("scripts, attachments and a command to run", "pdf", lambda: changed(script=call), "", _near)
    yield Case("a PDF under a password", "pdf", lambda: changed(password="word"), LOCKED)
    yield Case("a PDF that only forbids to change it", "pdf", lambda: changed(password=""), "", _near)
    yield Case("words before the first page", "pdf", lambda: b"noise\n" * 20 + printed(), "", _near)
    yield Case("scanned pages", "pdf", scanned, NO_TEXT)
    yield Case("an empty page", "pdf", lambda: one_page(stream(b"")), NO_WORD)
    yield Case("a page of other words", "pdf", lambda: one_page(stream(b"BT /F1 9 Tf 9 9 Td (Hello) Tj ET")), "раздела")
    yield from damaged()
    yield from bombs()


def damaged() -> Iterator[Case]:
    broken = "повреждён"
    yield Case("the first line of a PDF", "pdf", lambda: b"%PDF-1.7\n", broken)
    yield Case("the first line of a PDF before noise", "pdf", lambda: b"%PDF-1.7\n" + noise(50_000), broken)
    loop = [CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]
    yield Case("a tree of pages that is its own leaf", "pdf", lambda: written(loop), broken)
    ring = [CATALOGUE, PAGES, b"<< /Type /Pages /Kids [2 0 R] /Count 99 /Parent 2 0 R >>"]
    yield Case("a ring of pages", "pdf", lambda: written(ring), broken)
    wide = [CATALOGUE, b"<< /Type /Pages /Kids [%b] /Count 2000000000 >>" % (b"3 0 R " * 1000), b"<< /Type /Page >>"]
    yield Case("a tree of two billion pages", "pdf", lambda: written(wide), "слишком")
    yield Case("no catalogue", "pdf", lambda: written([b"<< >>"], 7), broken)
    yield Case(
        "a table of places that points at itself", "pdf", lambda: written([CATALOGUE, PAGES], 1, b"/Prev 9"), broken
    )
    for tenth in (1, 3, 5, 7, 9):
        yield Case(f"a PDF cut at {tenth} tenths", "pdf", partial(_cut, tenth), broken, _near)


def _cut(tenth: int) -> bytes:
    return first(printed(), len(printed()) * tenth // 10)


def bombs() -> Iterator[Case]:
    much = "слишком"
    yield Case("a stream of 160 MB of zeros", "pdf", lambda: folded(1), much)
    yield Case("a stream packed four times", "pdf", lambda: folded(4), much)
    yield Case("arrays nested 100,000 deep", "pdf", lambda: one_page(stream(b"[" * 100_000)), NO_WORD)
    deep = b"<< /A " * 100_000 + b">> " * 100_000
    yield Case("dictionaries nested 100,000 deep", "pdf", lambda: written([deep, CATALOGUE, PAGES], 2), NO_WORD)
    yield Case("drawings of drawings, 10¹² times", "pdf", lambda: forms_in_forms(12, 10), much)
    words = b"BT /F1 1 Tf " + b"1 0 0 1 9 9 Tm (a) Tj " * 400_000 + b"ET"
    yield Case("400,000 words in one place", "pdf", lambda: one_page(stream(words)), much)
    lines = b"".join(b"%d %d m %d %d l S " % (n % 800, n % 500, n % 790, n % 510) for n in range(20_000))
    yield Case("20,000 lines", "pdf", lambda: one_page(stream(lines)), NO_WORD)
    yield Case("a page of the size of a country", "pdf", lambda: one_page(stream(b""), box=b"0 0 1e12 1e12"), NO_WORD)
    yield Case(
        "a page of no size", "pdf", lambda: one_page(stream(b"BT /F1 9 Tf (a) Tj ET"), box=b"0 0 0 0"), "раздела"
    )
    many = [
        CATALOGUE,
        b"<< /Type /Pages /Kids [%b] /Count 5000 >>" % (b"3 0 R " * 5000),
        b"<< /Type /Page /Parent 2 0 R >>",
    ]
    yield Case("5,000 pages", "pdf", lambda: written(many), "слишком")
    packed = stream(
        b" ".join(b"%d %d" % (n, 3 * n) for n in range(1, 2_000_000)) + b"<<>> " * 2_000_000,
        b"/Type /ObjStm /N 1999999 /First 30000000 ",
    )
    yield Case("two million objects in one stream", "pdf", lambda: written([CATALOGUE, PAGES, packed]), "повреждён")
