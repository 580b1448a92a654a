"""Passports read from PDFs of other producers, and PDFs that are refused with one sentence."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import resource
import time
from functools import cache
from pathlib import Path

import pytest
import weasyprint
from pypdf import PdfReader, PdfWriter

from projects.passport import Passport, UnreadableFile, read
from projects.passport.intermediate import Paragraph, Table
from projects.passport.readers.pdf import read_pdf
from tests.projects.passport import northern
from tests.projects.passport.portable import FONT, assembled, changed, one_page, pdf, stream
from tests.projects.passport.word import Block, word_file

SHARED = Path(__file__).resolve().parents[4] / "shared" / "passports"
BLOCKS = {"regional": northern.regional, "municipal": northern.municipal}
LOOKS = {
    "one border between cells, broad pages": "table {border-collapse: collapse} @page {size: A4 landscape}",
    "a border around every cell": "table {border-spacing: 2px} @page {size: A4; margin: 15mm}",
    "small pages with running heads": "table {border-collapse: collapse} @page {size: A5 landscape; margin: 12mm;"
    "@bottom-center {content: 'Страница ' counter(page) ' из ' counter(pages)}"
    "@top-left {content: 'Паспорт проекта, редакция 3'}}",
    "words cut by hyphens, both edges even": "body {hyphens: auto; text-align: justify}"
    "table {border-collapse: collapse} @page {size: A4; margin: 15mm}",
    "paragraphs told only by their indent": "p {margin: 0; text-indent: 12mm; line-height: 1.5}"
    "table {border-collapse: collapse} @page {size: A4; margin: 15mm}",
    "thick borders close to the words": "td {border: 2.5pt solid #444; padding: 1pt}"
    "table {border-collapse: collapse} @page {size: A4; margin: 15mm}",
}


@cache
def expected(kind: str) -> Passport:
    return read(word_file(BLOCKS[kind]()))


@cache
def plain() -> bytes:
    return pdf(northern.municipal(), LOOKS["one border between cells, broad pages"])


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
@pytest.mark.parametrize("kind", BLOCKS)
def test_the_layout_of_the_pages_does_not_matter(kind: str, look: str) -> None:
    assert read(pdf(BLOCKS[kind](), look)) == expected(kind)


def test_headers_need_not_be_repeated_on_every_page() -> None:
    look = LOOKS["small pages with running heads"]
    assert read(pdf(northern.regional(), look, repeat_headers=False)) == expected("regional")


def test_appendices_that_begin_pages_are_no_running_heads() -> None:
    look = "@page {size: A5 landscape; @top-left {content: 'Проект паспорта, лист ' counter(page)}} p {margin: 0}"
    blocks = [f"Приложение № {number}\n{'Текст приложения. ' * 60}" for number in range(1, 6)]
    made = pdf([text for block in blocks for text in block.split("\n")], look + "p:nth-child(odd) {break-before: page}")
    texts = [block.text for block in read_pdf(made).blocks if isinstance(block, Paragraph)]
    assert [text for text in texts if len(text) < 40] == [f"Приложение № {number}" for number in range(1, 6)]


def test_a_page_that_is_turned_reads_as_it_is_seen() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain())))
    for page in writer.pages:
        page.rotate(90)
        page.transfer_rotation_to_content()
        page.rotate(270)
    out = io.BytesIO()
    writer.write(out)
    assert read(out.getvalue()) == expected("municipal")


def cells(blocks: list[Block], look: str = "") -> list[list[str]]:
    found = read_pdf(pdf(blocks, f"table {{border-collapse: collapse}} {look}", repeat_headers=False)).blocks
    return [row.cells for block in found if isinstance(block, Table) for row in block.rows]


def test_a_real_hyphen_at_the_end_of_a_line_stays_and_one_of_a_typesetter_goes() -> None:
    words = "научно-технический информационно-телекоммуникационный обеспечение общеобразовательных организаций"
    table = [["№", words], ["1", "Обеспечение общеобразовательных организаций: научно-технический отдел"]]
    for width in range(35, 75, 8):
        look = f"td {{hyphens: auto}} td:last-child {{width: {width}mm}} table {{width: auto}}"
        assert cells([table], look)[0][1] == words


def test_a_word_that_a_narrow_cell_breaks_is_whole_again() -> None:
    table = [["Тип показателя", "Наименование"], ["основной", "Основной показатель"], ["31.12.2024", "Дата"]]
    look = "td:first-child {width: 12mm; overflow-wrap: anywhere} table {width: 70mm}"
    assert cells([table], look)[0] == ["Тип показателя", "Наименование"]
    assert [row[0] for row in cells([table], look)[1:]] == ["основной", "31.12.2024"]


def test_a_raised_figure_is_the_mark_of_a_footnote() -> None:
    made = weasyprint.HTML(string="<p>Уровень контроля<sup>1</sup> и м<sup>2</sup></p><p><sup>1</sup> К – куратор</p>")
    texts = [block.text for block in read_pdf(made.write_pdf()).blocks if isinstance(block, Paragraph)]
    assert texts == ["Уровень контроля¹ и м²", "¹ К – куратор"]


def test_lines_of_a_paragraph_are_one_and_paragraphs_are_not() -> None:
    first = "Дорога к каждой сельской школе становится короче, безопаснее и удобнее для детей и родителей. " * 4
    look = "@page {size: A4 landscape; margin: 20mm} p {margin: 0}"
    read_back = read_pdf(pdf([first, "ПАСПОРТ", "регионального проекта", first], look)).blocks
    assert [block.text for block in read_back if isinstance(block, Paragraph)] == [
        first.strip(),
        "ПАСПОРТ",
        "регионального проекта",
        first.strip(),
    ]


def test_a_script_an_attachment_and_a_ban_on_copying_change_nothing() -> None:
    busy = changed(plain(), script="app.alert('!')", attachment="договор.exe", owner="кто-то")
    assert read(busy) == expected("municipal")


def nested_forms() -> bytes:
    """A drawing of twelve drawings of twelve drawings …, ten times over."""
    shape = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X %d 0 R>>>>"
    forms = [
        stream(b"/X Do " * 12 if depth < 9 else b"5 5 m 90 5 l S", more=shape % (6 + depth)) for depth in range(10)
    ]
    return one_page(stream(b"/X Do"), resources=b"/XObject<</X 5 0 R>>", more=forms)


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        ]
    )


def scanned() -> bytes:
    picture = stream(
        b"\0" * 10_000, more=b"/Subtype/Image/Width 100/Height 100/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    return one_page(stream(b"q 500 0 0 700 0 0 cm /I Do Q"), resources=b"/XObject<</I 5 0 R>>", more=[picture])


def crowd(words: int) -> bytes:
    text = b"".join(b"1 0 0 1 %d %d Tm (w) Tj " % (n % 50 * 10, n // 50 % 80 * 10) for n in range(words))
    return one_page(stream(b"BT /F 8 Tf " + text + b"ET"), resources=FONT)


REFUSED = {
    "scanned pages": (scanned, "нет текста, только изображения"),
    "a page without a word": (lambda: one_page(stream(b"")), "нет ни одного слова"),
    "no pages": (lambda: many_pages(0), "нет ни одного слова|повреждён"),
    "a password": (lambda: changed(plain(), password="тайна"), "защищён паролем"),
    "the first half": (lambda: plain()[: len(plain()) // 2], "повреждён"),
    "only a beginning": (lambda: b"%PDF-1.7\n%%EOF", "повреждён"),
    "noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 500 + b"%%EOF", "повреждён"),
    "another document": (lambda: pdf(["Служебная записка", "Прошу выдать бумагу."], ""), "ни одного раздела паспорта"),
    "spaces that unpack to 200 MB": (lambda: one_page(stream(b" " * 200_000_000, packed=2)), "слишком велик"),
    "lines that unpack to 100 MB": (lambda: one_page(stream(b"0 0 m 9 9 l S " * 7_000_000, packed=2)), "слишком велик"),
    "sixty thousand words": (lambda: crowd(60_500), "слишком велик"),
    "drawings of drawings": (nested_forms, "слишком велик|нет ни одного слова"),
    "thousands of pages": (lambda: many_pages(5_000), "слишком велик"),
    "pages that hold themselves": (
        lambda: assembled([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1000000000/Kids[2 0 R 2 0 R]>>"]),
        "нет ни одного слова|повреждён|слишком велик",
    ),
    "letters without height": (
        lambda: one_page(stream(b"BT /F 8 Tf 1 0 0 0 10 10 Tm (abc) Tj ET"), resources=FONT),
        "ни одного раздела паспорта|нет ни одного слова",
    ),
    "brackets in brackets": (lambda: one_page(stream(b"[" * 3_000_000)), "нет ни одного слова"),
}


@pytest.mark.parametrize(("make", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_passport_is_refused_with_one_sentence_soon_and_at_little_cost(make, says: str) -> None:  # type: ignore[no-untyped-def]
    content = make()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(UnreadableFile) as refusal:
        read(content)
    assert re.search(says, str(refusal.value))
    assert len(re.findall(r"[.!?](?=\s|$)", str(refusal.value).replace(".docx", "").replace(".txt", ""))) == 1
    assert time.monotonic() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before < 200 * 1024


@pytest.mark.parametrize("name", ["kirov", "sayansk"])
def test_nearly_every_cell_of_a_real_passport_is_found(name: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the real passports are not beside the project")
    spec = importlib.util.spec_from_file_location("compare", SHARED / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    began = time.monotonic()
    got = read(SHARED / f"{name}.pdf").model_dump(mode="json")
    assert time.monotonic() - began < 8
    expected = json.loads((SHARED / "expected" / f"{name}.json").read_text())
    assert min(value for value, _ in compare.score(got, expected).values()) >= 0.98
