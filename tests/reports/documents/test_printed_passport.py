"""What a reader of the printed passport sees: the official form, whole words, headers on every page."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from projects.passport.schema import Passport
from reports.documents.passport import UnknownEndingError, render
from reports.documents.passport_html import passport_html
from tests.reports.documents.printed import broken_words, last_thing, pages
from tests.reports.documents.sample import sample, sample_passport

KIROV = Path("../shared/passports/expected/kirov.json")


def plain(text: str) -> str:
    """A text with ordinary spaces, as a person would compare it."""
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return PdfReader(io.BytesIO(render(sample_passport(), "pdf")))


@pytest.fixture(scope="module")
def texts(reader: PdfReader) -> list[str]:
    return [plain(page.extract_text()) for page in reader.pages]


def test_the_first_page_bears_the_stamp_and_the_title(texts: list[str]) -> None:
    stamp = "УТВЕРЖДЕН Советом по проектам при Губернаторе Северской области (протокол от 20.12.2024 № 7, с изм. от"
    assert stamp in texts[0]
    assert "14.03.2025 № 2, от 30.06.2026 № б/н)" in texts[0]
    assert "ПАСПОРТ регионального проекта «Тёплая школа (Северская область)»" in texts[0]
    assert "01.01.2025 – 31.12.2028" in texts[0]


def test_every_section_stands_in_its_place(texts: list[str]) -> None:
    whole = " ".join(texts)
    headings = [
        "1. Основные положения",
        "2. Цель и показатели регионального проекта",
        "3. Задачи и результаты регионального проекта",
        "4. Финансовое обеспечение реализации регионального проекта",
        "5. Участники регионального проекта",
        "6. Дополнительная информация",
        "Приложение № 1 к паспорту регионального проекта ПЛАН МЕРОПРИЯТИЙ",
        "Приложение № 2 к паспорту регионального проекта ПОКАЗАТЕЛИ",
        "Приложение № 3 к паспорту регионального проекта МЕТОДИКА",
    ]
    places = [whole.index(heading) for heading in headings]
    assert places == sorted(places)


def test_pages_are_numbered_from_the_second(texts: list[str]) -> None:
    assert not texts[0].lstrip().startswith("1 ")
    for number, text in enumerate(texts[1:], 2):
        # The margin box is written after the page it belongs to, or before it.
        assert text.startswith(f"{number} ") or text.endswith(f" {number}")


def test_the_header_of_a_table_is_repeated_on_each_of_its_pages(texts: list[str]) -> None:
    plan = [text for text in texts if "Смета шага" in text]
    assert len(plan) > 1
    assert all("Наименование результата, мероприятия, контрольной точки Сроки реализации" in text for text in plan)


def test_control_levels_are_explained_under_the_plan(texts: list[str]) -> None:
    page = next(text for text in texts if "РП – руководитель проекта" in text)
    assert "1 К – куратор проекта РП – руководитель проекта" in page


def test_a_control_point_has_a_dash_for_its_start_only_where_the_document_wrote_one(texts: list[str]) -> None:
    whole = " ".join(texts)
    assert "1.1 Смета шага 1 утверждена – 15.05.2025" in whole
    assert "1.2 Смета шага 2 утверждена 15.05.2025" in whole


def test_money_has_thin_groups_a_comma_and_even_decimals(reader: PdfReader) -> None:
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "37\u202f955,20" in text
    assert "206,30" in text
    assert "38\u202f162,88" in text


def test_cells_without_a_value_print_what_was_written(texts: list[str]) -> None:
    whole = " ".join(texts)
    assert all(raw in whole for raw in ("XX", "прочий", "31.11.2026", "уточняется", "оборванная запись"))


def test_money_in_words_and_notes_to_money_are_printed(texts: list[str]) -> None:
    whole = " ".join(texts)
    assert "Родители знают, куда сообщить В пределах обычной работы министерства" in whole
    assert "1,0* — до торгов" in whole
    assert "Примечание" in whole


def test_a_federal_result_stands_once_above_the_results_that_serve_it(texts: list[str]) -> None:
    quoted = "Справочно, результат федерального проекта: В стране утеплены"
    assert " ".join(texts).count(quoted) == 1


def test_a_municipal_project_is_called_so_everywhere() -> None:
    html = plain(passport_html(sample_passport(level="municipal")))
    assert "муниципального проекта «Тёплая школа" in html
    assert "Связь с муниципальными программами" in html
    assert "в разрезе организаций" in html
    assert "регионального" not in html


def test_a_person_approves_in_the_first_person() -> None:
    approval = {"approver": "Мэр города Ясногорска А. А. Иволгин", "protocol_date": "2025-02-03"}
    html = plain(passport_html(sample_passport(approval=approval, unread=[])))
    assert "<p>УТВЕРЖДАЮ</p> <p>Мэр города Ясногорска А. А. Иволгин</p><p>(протокол от 03.02.2025)</p>" in html
    assert "УТВЕРЖДЕН" not in html.replace("УТВЕРЖДАЮ", "")


def test_an_empty_passport_says_plainly_what_it_lacks() -> None:
    html = passport_html(Passport())
    for words in (
        "Цель не указана.",
        "Показатели не предусмотрены.",
        "Задачи и результаты не предусмотрены.",
        "Финансовое обеспечение не предусмотрено.",
        "Сведения об участниках отсутствуют.",
        "Дополнительная информация не приведена.",
        "Сведения отсутствуют.",
    ):
        assert words in html
    assert "УТВЕРЖД" not in html
    assert PdfReader(io.BytesIO(render(Passport(), "pdf"))).get_num_pages() <= 3


def test_millions_are_written_with_or_without_the_point() -> None:
    assert "(млн.\u00a0рублей)" in passport_html(sample_passport())
    assert "(млн\u00a0рублей)" in passport_html(sample_passport(), abbreviation_point=False)
    assert "(тыс.\u00a0рублей)" in passport_html(sample_passport(finance_unit="thousand"), abbreviation_point=False)


def test_a_screen_reader_finds_language_title_and_headers(reader: PdfReader) -> None:
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ru"
    assert reader.metadata is not None
    assert reader.metadata.title == "Паспорт регионального проекта «Тёплая школа (Северская область)»"
    assert reader.metadata.creation_date is None
    tags = json.dumps(_tags(root["/StructTreeRoot"]))
    assert all(f'"{tag}"' in tags for tag in ("/H1", "/H2", "/Table", "/TH", "/TD"))


def _tags(node: Any) -> Any:
    node = node.get_object()
    if isinstance(node, list):
        return [_tags(child) for child in node]
    if not isinstance(node, dict):
        return None
    return [str(node.get("/S", "")), _tags(node["/K"]) if "/K" in node else None]


def _well_laid_out(passport: Passport) -> list[Any]:
    printed = pages(passport_html(passport))
    assert [word for page in printed for word in broken_words(page)] == []
    assert {last_thing(page) for page in printed} == {"text"}
    return printed


def test_these_tests_would_see_a_broken_word_and_a_lonely_heading() -> None:
    table = "<table style='table-layout: fixed; width: 12mm; overflow-wrap: anywhere'><tr><td>образовательных</table>"
    first, second = pages(f"{table}<h2 style='break-after: page'>Один</h2><p>Текст</p>")
    assert broken_words(first)
    assert (last_thing(first), last_thing(second)) == ("heading", "text")


def test_no_word_is_broken_and_no_heading_stands_alone() -> None:
    _well_laid_out(sample_passport())


def test_a_heading_moves_with_the_table_below_it() -> None:
    """Whatever the length of what comes before, no heading and no bare header ends a page."""
    goal = "Во всех школах области тепло, светло и не дует. "
    for lines in range(2, 18, 3):
        _well_laid_out(sample_passport(goal=goal * lines * 3, plan=[]))


def test_long_words_of_the_form_are_kept_in_narrow_columns() -> None:
    rows = sample()["participants"]
    rows[0]["supervisor"] = "информационно-коммуникационной профессионализированных образовательных"
    rows[0]["role"] = "непосредственный государственно-общественный соруководитель"
    _well_laid_out(sample_passport(participants=rows))


def test_kirov_is_printed_on_thirty_pages_without_a_broken_word() -> None:
    if not KIROV.exists():
        pytest.skip("the real passports are not beside the project")
    printed = _well_laid_out(Passport.model_validate_json(KIROV.read_bytes()))
    assert len(printed) <= 31


def test_an_unknown_ending_is_refused_in_words() -> None:
    with pytest.raises(UnknownEndingError, match="pdf, docx, xlsx"):
        render(sample_passport(), "exe")
