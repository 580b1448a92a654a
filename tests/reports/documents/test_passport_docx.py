"""What a clerk sees who opens the passport in Word: the official form, to be edited, and nothing hidden in it."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table

from reports.documents.passport import render
from tests.reports.documents.sample import sample, sample_passport

INTO_CODE = '{ HYPERLINK "http://127.0.0.1/" } </w:t><w:fldSimple w:instr="DDE"/> & http://127.0.0.1/ \x00\x0b\ufffe'


@pytest.fixture(scope="module")
def content() -> bytes:
    return render(sample_passport(), "docx")


@pytest.fixture(scope="module")
def document(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def headings(document: Document, style: str) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == style]


def table_with(document: Document, words: str) -> Table:
    return next(table for table in document.tables if any(words in cell.text for cell in table.rows[0].cells))


def test_a_landscape_page_with_the_margins_of_the_standard(document: Document) -> None:
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    sizes = (section.page_width, section.page_height)
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    expected = [Mm(value) for value in (297, 210, 20, 10, 20, 20)]
    assert all(abs((got or 0) - wanted) < Mm(0.1) for got, wanted in zip((*sizes, *margins), expected, strict=True))


def test_pages_are_numbered_in_the_top_margin_from_the_second(content: bytes, document: Document) -> None:
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.is_linked_to_previous
    fields = re.findall(r'w:instr="([^"]*)"', part(content, "word/header1.xml"))
    assert [field.strip() for field in fields] == ["PAGE"]


def test_the_stamp_the_title_and_the_headings_stand_in_their_order(document: Document) -> None:
    assert headings(document, "Гриф утверждения")[:2] == [
        "УТВЕРЖДЕН",
        "Советом по проектам при Губернаторе Северской области",
    ]
    assert headings(document, "Title") == ["ПАСПОРТ\nрегионального проекта «Тёплая школа (Северская область)»"]
    assert headings(document, "Heading 1") == [
        "1. Основные положения",
        "2. Цель и показатели регионального проекта",
        "3. Задачи и результаты регионального проекта",
        "4. Финансовое обеспечение реализации регионального проекта",
        "5. Участники регионального проекта",
        "6. Дополнительная информация",
        "Примечания",
    ]
    assert headings(document, "Номер приложения")[0] == "Приложение №\u00a01\nк паспорту регионального проекта"
    assert headings(document, "Heading 2") == [
        "ПЛАН МЕРОПРИЯТИЙ",
        "ПОКАЗАТЕЛИ регионального проекта в разрезе муниципальных образований",
        "МЕТОДИКА",
    ]


def test_no_heading_is_left_alone_at_the_foot_of_a_page(document: Document) -> None:
    for style in document.styles:
        if style.name in {"Title", "Heading 1", "Heading 2", "Subtitle"}:
            assert style.paragraph_format.keep_with_next, style.name


def test_headers_are_repeated_merged_and_kept_with_the_first_row(document: Document) -> None:
    plan = table_with(document, "Наименование результата, мероприятия")
    flagged = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in plan.rows]
    assert flagged[:3] == [True, True, False]
    assert not any(flagged[2:])
    upper, lower = (row.cells for row in plan.rows[:2])
    assert upper[2]._tc is upper[3]._tc
    assert (upper[2].text, lower[2].text, lower[3].text) == ("Сроки реализации", "начало", "окончание")
    assert upper[0]._tc is lower[0]._tc
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in lower)


def test_rows_are_cut_by_a_page_only_where_they_are_long() -> None:
    rows = sample()["plan"]
    rows[1]["document"] = "Смета на материалы и работы. " * 60
    plan = table_with(docx.Document(io.BytesIO(render(sample_passport(plan=rows), "docx"))), "Наименование результата,")
    whole = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in plan.rows[2:]]
    assert (whole[0], whole[1], all(whole[2:])) == (True, False, True)


def test_tables_fill_the_page_and_groups_go_across_them(document: Document) -> None:
    for table in document.tables:
        width = sum(int(column.get(qn("w:w"), "0")) for column in table._tbl.tblGrid)
        assert abs(width - round(267 / 25.4 * 1440)) < 20
    people = table_with(document, "Роль в проекте")
    group = next(row for row in people.rows if row.cells[0].text == "Утеплены все школьные здания")
    assert len({id(cell._tc) for cell in group.cells}) == 1


def test_control_levels_are_explained_under_the_plan(document: Document) -> None:
    notes = headings(document, "Примечание под таблицей")
    assert notes[-2:] == ["1 К – куратор проекта", "РП – руководитель проекта"]
    assert "Средства будут уточнены после торгов" in notes


def test_text_is_never_a_field_a_link_or_markup() -> None:
    rows = sample()["plan"]
    rows[0]["name"] = INTO_CODE
    content = render(sample_passport(goal=INTO_CODE, title=INTO_CODE, plan=rows), "docx")
    text = part(content, "word/document.xml")
    assert not re.search(r"<w:(instrText|fldSimple|fldChar|hyperlink|object|drawing)\b", text)
    assert not re.search("[\x00-\x08\x0b\x0c]", text)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels")]
    assert not any("External" in relation for relation in relations)
    assert "</w:t><w:fldSimple" in "".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs
    )


def test_nothing_of_the_library_or_of_the_machine_is_inside(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in names if "thumbnail" in name or "customXml" in name or "app.xml" in name]
    properties = part(content, "docProps/core.xml")
    assert "python-docx" not in properties
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", properties)) == {"1980-01-01T00:00:00Z"}
    assert len(part(content, "word/styles.xml")) < 20_000


def test_words_are_set_in_the_face_and_size_of_the_form(document: Document) -> None:
    styles = part(render(sample_passport(), "docx"), "word/styles.xml")
    assert 'w:ascii="Times New Roman"' in styles
    defaults = styles[styles.index("<w:docDefaults>") : styles.index("</w:docDefaults>")]
    assert '<w:sz w:val="24"/>' in defaults
    assert 'w:val="ru-RU"' in defaults
    cell = next(style for style in document.styles if style.name == "Ячейка")
    assert cell.font.size is not None
    assert cell.font.size.pt == 10
