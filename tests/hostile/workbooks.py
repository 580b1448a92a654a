"""Workbooks written part by part: what a spreadsheet program would make, and what none would."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from xml.sax.saxutils import escape

from tests.hostile.archives import DAMAGED, TOO_MUCH, first, locked_entry_of, word_of_a_locked_office
from tests.hostile.case import Case, Read, plain_regional
from tests.hostile.word_documents import DECLARATIONS, DECLARED, LINKS, MACROS, OBJECTS, declared, relations
from tests.projects.passport import northern
from tests.projects.passport.word import Span

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def letters(column: int) -> str:
    """«A» for 1, «AA» for 27."""
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def cell(column: int, row: int, text: str) -> str:
    """A cell of words, or of a number where the text is one."""
    place = f"{letters(column)}{row}"
    number = text.replace(" ", "").replace(",", ".")
    if re.fullmatch(r"-?\d+\.\d+|\d{2,}", number):
        return f'<c r="{place}"><v>{number}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else ""


def sheet(rows: Iterable[str], merges: Iterable[str] = (), before: str = "") -> str:
    areas = [f'<mergeCell ref="{area}"/>' for area in merges]
    merged = f"<mergeCells>{''.join(areas)}</mergeCells>" if areas else ""
    return f'{_HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


def form() -> tuple[list[str], list[str]]:
    """The rows and the merged cells of the regional passport, one part under another on one sheet."""
    rows: list[str] = []
    merges: list[str] = []
    number = 0
    for block in northern.regional():
        for line in [[Span(block, 6)]] if isinstance(block, str) else block:
            number += 1
            column, cells = 1, ""
            for said in line:
                span = said if isinstance(said, Span) else Span(said)
                cells += cell(column, number, span.text)
                if span.across > 1:
                    merges.append(f"{letters(column)}{number}:{letters(column + span.across - 1)}{number}")
                column += span.across
            rows.append(f'<row r="{number}">{cells}</row>')
        number += 1
    return rows, merges


def parts(sheet_xml: str | bytes | None = None) -> dict[str, str | bytes]:
    rows, merges = form()
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    rels = f'{_HEAD}<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{BOOK}"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": rels.format(relation.format("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Паспорт" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": rels.format(relation.format("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet_xml if sheet_xml is not None else sheet(rows, merges),
    }


def package(parts: dict[str, str | bytes], level: int = 6) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_part(name: str, content: str | bytes) -> bytes:
    return package(parts() | {name: content})


def with_strings(content: str | bytes) -> bytes:
    """The workbook with a part of shared strings that its relations name."""
    rels = str(parts()["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    return package(parts() | {"xl/_rels/workbook.xml.rels": rels, "xl/sharedStrings.xml": content}, 1)


def with_rows(more: str, merges: Iterable[str] = (), before: str = "") -> bytes:
    rows, merged = form()
    return package(parts(sheet([*rows, more], [*merged, *merges], before)), 1)


def empty_rows(count: int) -> str:
    return "".join([f'<row r="{number}"/>' for number in range(300, count + 1)])


def formulas() -> bytes:
    """Every number as a formula: with the value that was computed last, without any, or with an error."""
    rows, merges = form()
    text = "".join(rows)
    endings = (
        "<f>SUM(A1:A9)</f><v>{}</v>",
        "<f>HYPERLINK(&quot;http://a.example&quot;)</f>",
        "<f>1/0</f><v>#DIV/0!</v>",
    )
    chance = random.Random(4)
    text = re.sub(r"<v>([\d.]+)</v>", lambda found: chance.choice(endings).format(found[1]), text)
    return package(parts(sheet([text], merges)))


def areas_over_areas() -> list[str]:
    """Areas over each other, over everything, backwards, and beyond the edge of the sheet."""
    areas = ["A1:XFD1048576", "B2:A1", "A1:A1", "XFD1048576:XFE1048577"]
    return areas + [f"A{row}:XFD{row + 50}" for row in range(1, 2000)]


def _right(passport: Read) -> bool:
    expected = plain_regional()
    lists = ("indicators", "results", "finance", "participants", "breakdown")
    return all(len(passport[key]) == len(expected[key]) for key in lists) and passport["plan"] == expected["plan"]


def _some(passport: Read) -> bool:
    """Whether the rows are there; what stands in their cells is another matter."""
    return len(passport["plan"]) == len(plain_regional()["plan"])


def _no_formula(passport: Read) -> bool:
    amounts = [value for row in passport["finance"] for value in (row["amounts"] or {}).values()]
    known = {value for row in plain_regional()["finance"] for value in (row["amounts"] or {}).values()}
    return _some(passport) and set(amounts) <= known


def executables() -> Iterator[Case]:
    types = str(parts()["[Content_Types].xml"])
    macros = types.replace(BOOK, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    yield Case("a whole workbook", "xlsx", lambda: package(parts()), "", _right)
    yield Case("an .xlsm", "xlsm", lambda: with_part("[Content_Types].xml", macros), MACROS)
    yield Case("an .xlsm renamed", "xlsx", lambda: with_part("xl/vbaProject.bin", "x"), MACROS)
    yield Case("a sheet of macros of 1992", "xlsx", lambda: with_part("xl/macrosheets/sheet1.xml", "<x/>"), MACROS)
    yield Case("an object", "xlsx", lambda: with_part("xl/embeddings/oleObject1.bin", "x"), OBJECTS)
    yield Case("ActiveX", "xlsx", lambda: with_part("xl/activeX/activeX1.xml", "<x/>"), OBJECTS)
    yield Case(
        "cells of another workbook", "xlsx", lambda: with_part("xl/externalLinks/externalLink1.xml", "<x/>"), LINKS
    )
    yield Case("a connection to a database", "xlsx", lambda: with_part("xl/connections.xml", "<x/>"), LINKS)
    for kind, target in (("externalLinkPath", "file://host/a.xlsx"), ("image", "http://a.example/a.png")):
        said = partial(with_part, "xl/worksheets/_rels/sheet1.xml.rels", relations(kind, target))
        yield Case(f"a relation {kind} to {target}", "xlsx", said, LINKS)
    yield Case("an entry of a workbook under a password", "xlsx", lambda: locked_entry_of(package(parts())), "паролем")
    yield Case("a workbook under a password", "xlsx", word_of_a_locked_office, "паролем")
    yield Case("formulas instead of numbers", "xlsx", formulas, "", _no_formula)


def entities(port: int) -> Iterator[Case]:
    strings = f'{_HEAD}<sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
    for name, declaration in DECLARATIONS.items():
        said = declared(strings, declaration.replace("{port}", str(port)))
        yield Case(f"{name}, in shared strings", "xlsx", partial(with_strings, said), DECLARED)
    said = declared(strings, DECLARATIONS["an entity that is a file"], "utf-16")
    yield Case("an entity in shared strings, utf-16", "xlsx", partial(with_strings, said), DECLARED)
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"):
        said = declared(str(parts()[part]), DECLARATIONS["a billion laughs"])
        yield Case(f"a billion laughs in {part}", "xlsx", partial(with_part, part, said), DECLARED)


def shapes() -> Iterator[Case]:
    """Sheets that are too much of something."""
    yield Case("1,048,576 rows, most of them empty", "xlsx", lambda: with_rows(empty_rows(1_048_576)), "", _right)
    styled = "".join([f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(300, 200_300)])
    yield Case("200,000 rows of empty cells", "xlsx", lambda: with_rows(styled), "", _right)
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield Case("a figure in the last cell of the sheet", "xlsx", lambda: with_rows(last), "", _right)
    wide = f'<row r="400">{"".join(cell(column, 400, "11") for column in range(1, 16_385))}</row>'
    yield Case("a row of 16,384 cells", "xlsx", lambda: with_rows(wide), "", _right)
    beyond = f'<row r="400">{"".join(cell(column, 400, "11") for column in range(1, 30_000))}</row>'
    yield Case("a row of 30,000 cells", "xlsx", lambda: with_rows(beyond), "", _right)
    yield Case(
        "areas over one another and over everything", "xlsx", lambda: with_rows("", areas_over_areas()), "раздела"
    )
    aside = [
        f"{letters(column)}{row}:{letters(column + 9)}{row}" for row in range(1, 300) for column in range(20, 999, 10)
    ]
    yield Case("cells merged everywhere", "xlsx", lambda: with_rows("", aside), "", _right)
    small = [f"ZA{row}:ZB{row}" for row in range(1, 101_000)]
    yield Case("100,000 merged cells", "xlsx", lambda: with_rows("", small), TOO_MUCH)
    full = "".join([f'<row r="{n}"><c><v>{n}</v></c><c><v>7</v></c><c><v>8</v></c></row>' for n in range(400, 70_400)])
    yield Case("210,000 figures", "xlsx", lambda: with_rows(full), TOO_MUCH)
    strings = f'{_HEAD}<sst xmlns="{MAIN}">{"<si><t>слово за словом</t></si>" * 600_000}</sst>'
    yield Case("600,000 shared strings", "xlsx", lambda: with_strings(strings), TOO_MUCH)
    long = f'{_HEAD}<sst xmlns="{MAIN}"><si><t>{"a" * 9_000_000}</t></si></sst>'
    same = "".join([f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(400, 1_400)])
    yield Case("one string of 9 MB in a thousand cells", "xlsx", partial(_thousand_times, long, same), TOO_MUCH)
    hidden = '<cols><col min="1" max="16384" hidden="1"/></cols>'
    yield Case("every column hidden", "xlsx", lambda: with_rows("", before=hidden), "листа")
    yield Case("no sheet at all", "xlsx", lambda: with_part("xl/workbook.xml", f'<workbook xmlns="{MAIN}"/>'), "листа")
    twin = re.sub(r"(<sheet .*?/>)", r"\1" * 3_000, str(parts()["xl/workbook.xml"]))
    yield Case("one sheet 3,000 times", "xlsx", lambda: with_part("xl/workbook.xml", twin), "", _right)
    numbers = with_rows('<row r="99999999999999999999"><c r="ZZZZZ9"><v>1e999</v></c><c t="s"><v>-5</v></c></row>')
    yield Case("places and numbers beyond any sheet", "xlsx", lambda: numbers, "", _right)
    deep = "<row>" * 50_000 + "</row>" * 50_000
    yield Case("rows nested 50,000 deep", "xlsx", lambda: with_rows(deep), DAMAGED)
    for tenth in (1, 3, 5, 7, 9):
        whole = package(parts())
        yield Case(
            f"a workbook cut at {tenth} tenths", "xlsx", partial(first, whole, len(whole) * tenth // 10), DAMAGED
        )


def _thousand_times(strings: str, rows: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(with_strings(strings))) as archive:
        found: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    filled, merges = form()
    return package(found | {"xl/worksheets/sheet1.xml": sheet([*filled, rows], merges)}, 1)
