"""A school head fills her form in without a line: downloads a workbook, types into it, uploads it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from indicators.models import Submission
from indicators.selectors.forms import form_of
from indicators.services import period_close, submission_save_draft
from indicators.workbooks import look, marks
from indicators.workbooks.form_book import form_book
from organisations.models import Organisation, User
from tests.conftest import Cast, Region
from tests.indicators.filled_workbooks import edited, filled, question_rows, upload

ANSWERS: dict[str, Any] = {"pupils": 1400, "safe": 100, "camera": "да", "distance": 2.5}


def url(form: Submission, page: str = "form_workbook") -> str:
    return reverse(f"indicators:{page}", args=[form.pk])


def downloaded(school: Client, form: Submission) -> bytes:
    answer = school.get(url(form, "form_workbook_file"))
    assert answer.status_code == 200
    return bytes(answer.content)


def answers(form: Submission) -> dict[str, str]:
    rows = form.answers.select_related("question")
    return {row.question.code: "н/о" if row.not_applicable else str(row.value) for row in rows if row.is_given}


def test_the_workbook_shows_the_questions_and_lets_only_answers_be_typed(school: Client, form: Submission) -> None:
    sheet = load_workbook(io.BytesIO(downloaded(school, form)))[marks.SHEET]
    rows = question_rows(sheet)

    assert list(rows) == ["pupils", "safe", "camera", "distance"]
    assert sheet.cell(rows["pupils"], 3).value == "Учеников"
    assert sheet.cell(rows["pupils"], 4).value == "чел."
    assert sheet.cell(rows["safe"], 6).value == "100\u00a0% (показатель 1)"
    assert sheet.protection.sheet
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{letter}{row}" for row in rows.values() for letter in "GH"}
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[marks.MARK_ROW].hidden
    assert sheet.freeze_panes == "D5"
    assert sheet.print_title_rows == "$4:$4"
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules[f"G{rows['camera']}"].formula1 == '"да,нет"'
    assert rules[f"G{rows['pupils']}"].formula1 == "AND(ISNUMBER(G5),G5=INT(G5),G5>=0)"
    assert look.NOT_OURS in str(rules[f"G{rows['distance']}"].formula1)


def test_the_same_form_gives_the_same_bytes(form: Submission) -> None:
    assert form_book(form_of(form)) == form_book(form_of(form))


def test_what_was_typed_into_the_workbook_stands_in_the_draft(school: Client, form: Submission) -> None:
    answer = school.post(url(form), {"file": upload(filled(downloaded(school, form), ANSWERS))}, follow=True)

    assert "Из книги принято 4 из 4\u00a0ячеек." in answer.content.decode()
    assert answers(form) == {"pupils": "1400", "safe": "100", "camera": "1", "distance": "2.5"}
    form.refresh_from_db()
    assert form.state == "draft"


def test_what_is_saved_already_stands_in_the_workbook_and_an_empty_cell_changes_nothing(
    school: Client, form: Submission, cast: Cast
) -> None:
    values = {"pupils": "1200", "camera": "нет", "distance": "not_applicable"}
    submission_save_draft(submission=form, values=values, version=0, actor=cast.reporters[0])
    content = downloaded(school, form)
    sheet = load_workbook(io.BytesIO(content))[marks.SHEET]
    rows = question_rows(sheet)
    assert [sheet.cell(rows[code], 7).value for code in rows] == [1200, None, "нет", look.NOT_OURS]

    school.post(url(form), {"file": upload(filled(content, {"pupils": None, "safe": 7}))})
    assert answers(form) == {"pupils": "1200", "safe": "7", "camera": "0", "distance": "н/о"}


def test_cells_that_cannot_be_taken_are_told_one_by_one_and_cost_the_others_nothing(
    school: Client, form: Submission
) -> None:
    typed = {"pupils": "=400+1000", "safe": -5, "camera": "да", "distance": "١٢"}
    answer = school.post(url(form), {"file": upload(filled(downloaded(school, form), typed))})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Из книги принято 1 из 4\u00a0ячеек." in page
    for place, sentence in (
        ("Ответы, G5", "В ячейке формула: наберите вместо неё само число."),
        ("Ответы, G6", "Число не может быть отрицательным."),
        ("Ответы, G8", "Цифра «١» набрана не с обычной клавиатуры: наберите число заново."),
    ):
        assert place in page
        assert sentence in page
    assert answers(form) == {"camera": "1"}


def test_a_part_larger_than_its_whole_is_told_at_its_cell(school: Client, form: Submission) -> None:
    content = filled(downloaded(school, form), {"pupils": 10, "safe": 11})
    page = school.post(url(form), {"file": upload(content)}).content.decode()

    assert "Не может быть больше, чем «Учеников» (10)." in page
    assert answers(form) == {"pupils": "10"}


def test_percents_dates_and_words_beside_a_number_are_no_numbers(school: Client, form: Submission) -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        rows = question_rows(sheet)
        for code, value, shown in (("pupils", 0.5, "0%"), ("safe", 45000, "DD.MM.YYYY"), ("distance", "3 км", "@")):
            cell = sheet.cell(rows[code], marks.ANSWER_COLUMN)
            cell.value, cell.number_format = value, shown

    answer = school.post(url(form), {"file": upload(edited(downloaded(school, form), fill))})
    page = answer.content.decode()
    assert "В ячейке проценты (50 %), а спрашивают не их" in page
    assert "В ячейке дата (15.03.2023)" in page
    assert "Это не число: «3 км»" in page
    assert answers(form) == {}


def test_what_somebody_wrote_meanwhile_is_shown_cell_by_cell_and_overwritten_only_by_choice(
    school: Client, form: Submission, cast: Cast
) -> None:
    content = filled(downloaded(school, form), ANSWERS)
    values = {"pupils": "900", "safe": "100", "camera": "нет"}
    submission_save_draft(submission=form, values=values, version=0, actor=cast.reporters[0])

    answer = school.post(url(form), {"file": upload(content)})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "900\u00a0чел." in page
    assert "1\u202f400\u00a0чел." in page
    # Where the form had no answer, nobody is contradicted.
    assert answers(form) == {"pupils": "900", "safe": "100", "camera": "0", "distance": "2.5"}
    assert "Из книги принято 2 из 4\u00a0ячеек." in page

    form.refresh_from_db()
    chosen = {"version": form.version, "take": ["pupils"], "cell-pupils": "1400"}
    answer = school.post(url(form), {**chosen, "cell-camera": "да"}, follow=True)
    assert "Из книги записано 1 из 1\u00a0ячейки." in answer.content.decode()
    assert answers(form) == {"pupils": "1400", "safe": "100", "camera": "0", "distance": "2.5"}

    again = school.post(url(form), {**chosen, "cell-pupils": "1"}, follow=True)
    assert "форму изменил другой человек" in again.content.decode()
    assert answers(form)["pupils"] == "1400"


def test_cells_that_were_refused_are_mended_in_the_same_workbook(school: Client, form: Submission) -> None:
    content = downloaded(school, form)
    school.post(url(form), {"file": upload(filled(content, {**ANSWERS, "safe": 2000}))})
    answer = school.post(url(form), {"file": upload(filled(content, ANSWERS))}, follow=True)
    assert "Из книги принято 4 из 4\u00a0ячеек." in answer.content.decode()
    assert answers(form)["safe"] == "100"


def test_an_explanation_stands_in_the_draft_and_a_longer_one_is_told_at_its_cell(
    school: Client, form: Submission
) -> None:
    content = downloaded(school, form)
    said = {"pupils": "Открылся второй корпус", "safe": "я" * 1001}
    page = school.post(url(form), {"file": upload(filled(content, ANSWERS, said))}).content.decode()
    assert "Из книги принято 5 из 6\u00a0ячеек." in page
    assert "Ответы, H6" in page
    assert "Пояснение длиннее 1000 знаков" in page
    explained = form.answers.exclude(explanation="").values_list("question__code", "explanation")
    assert list(explained) == [("pupils", "Открылся второй корпус")]


def test_a_workbook_uploaded_twice_is_no_conflict(school: Client, form: Submission) -> None:
    content = filled(downloaded(school, form), ANSWERS)
    for _ in range(2):
        answer = school.post(url(form), {"file": upload(content)}, follow=True)
        assert "Из книги принято 4 из 4\u00a0ячеек." in answer.content.decode()


def test_among_my_forms_the_workbook_itself_says_whose_it_is(school: Client, form: Submission) -> None:
    content = filled(downloaded(school, form), ANSWERS)
    answer = school.post(reverse("indicators:workbook"), {"file": upload(content)})
    assert answer["Location"] == reverse("indicators:submission", args=[form.pk])
    assert answers(form)["pupils"] == "1400"


def test_a_workbook_of_another_school_or_another_form_is_refused(
    school: Client,
    form: Submission,
    form_of_school: Callable[[Organisation], Submission],
    region: Region,
    cast: Cast,
    as_user: Callable[[User], Client],
) -> None:
    other = form_of_school(region.schools[1])
    content = filled(downloaded(as_user(cast.reporters[1]), other), ANSWERS)
    for address in (url(form), reverse("indicators:workbook")):
        answer = school.post(address, {"file": upload(content)})
        assert answer.status_code == 422
        assert "Эта книга от формы другой организации" in answer.content.decode()
    assert not other.answers.exists()


@pytest.mark.parametrize("damage", ["id", "code", "twice", "row", "mark", "merged", "sheet"])
def test_a_workbook_whose_hidden_cells_were_changed_is_refused_whole(
    damage: str, school: Client, form: Submission
) -> None:
    def change(book: Workbook, sheet: Worksheet) -> None:
        match damage:
            case "id":
                cell = sheet.cell(marks.MARK_ROW, 1)
                cell.value = str(cell.value).replace(f"form {form.pk} ", f"form {form.pk + 1} ", 1)
            case "code":
                sheet.cell(5, 1).value = "anything"
            case "twice":
                sheet.cell(6, 1).value = sheet.cell(5, 1).value
            case "row":
                sheet.delete_rows(6)
            case "mark":
                sheet.cell(marks.MARK_ROW, 1).value = None
            case "merged":
                sheet.merge_cells("G5:G6")
            case "sheet":
                book.remove(sheet)

    content = filled(downloaded(school, form), ANSWERS)
    answer = school.post(url(form), {"file": upload(edited(content, change))})
    page = answer.content.decode()
    assert answer.status_code == 422
    expected = {
        "merged": "Ячейки G5:G6 объединены",
        "mark": "Эта книга не от портала",
        "sheet": "Эта книга не от портала",
    }
    assert expected.get(damage, "Служебные ячейки книги изменены") in page
    assert not form.answers.exists()


def test_what_is_no_workbook_is_refused_with_a_sentence(school: Client, form: Submission) -> None:
    for content, sentence in (
        (b"", "Файл пуст"),
        (b"%PDF-1.7", "Это не книга Excel"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "старого формата Excel"),
        (b"PK\x03\x04" + bytes(300), "Файл повреждён"),
        (bytes(3_000_000), "Файл больше 2 МБ"),
    ):
        answer = school.post(url(form), {"file": upload(content)})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert "Выберите заполненную книгу" in school.post(url(form)).content.decode()


def test_nobody_else_takes_the_workbook_or_sends_one(
    form: Submission, cast: Cast, as_user: Callable[[User], Client], submitted: Submission, school: Client
) -> None:
    for person, status in ((cast.stranger, 404), (cast.village_reporter, 404), (cast.coordinator, 403)):
        client = as_user(person)
        for page in ("form_workbook", "form_workbook_file"):
            assert client.get(url(form, page)).status_code == status
        assert client.post(url(form), {"file": upload(b"PK")}).status_code == status
    assert as_user(cast.coordinator).get(reverse("indicators:workbook")).status_code == 403


def test_a_form_that_was_sent_or_whose_period_is_over_takes_no_workbook(
    school: Client, form: Submission, cast: Cast, submitted: Submission
) -> None:
    content = form_book(form_of(form))
    for _ in range(2):
        for answer in (
            school.get(url(form, "form_workbook_file")),
            school.post(url(form), {"file": upload(filled(content, ANSWERS))}),
        ):
            assert answer.status_code == 302
        answer = school.post(reverse("indicators:workbook"), {"file": upload(filled(content, {"pupils": 3}))})
        assert answer.status_code == 422
        if submitted.period.is_open:
            assert "Форма уже отправлена и ждёт проверки." in answer.content.decode()
            period_close(period=submitted.period, actor=cast.office)
            submitted.period.refresh_from_db()
        else:
            assert "Отчётный период закрыт" in answer.content.decode()
    assert answers(form)["pupils"] == "400"


def test_names_that_look_like_formulas_stay_words(school: Client, form: Submission) -> None:
    nasty = '=HYPERLINK("http://example.org";"x")'
    found = form_of(form)
    object.__setattr__(found.lines[0].question, "name", nasty)
    found.lines[1].question.hint = "+1+1"
    sheet = load_workbook(io.BytesIO(form_book(found)))[marks.SHEET]

    assert sheet["C5"].value == nasty
    assert sheet["C5"].data_type == "s"
    assert sheet["C5"].quotePrefix
