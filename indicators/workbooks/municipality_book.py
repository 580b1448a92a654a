"""The workbook of a municipality: a form a row, a question a column. Written row after row, however many there are."""

from __future__ import annotations

from indicators.answers import Given
from indicators.models import Question
from indicators.selectors.municipality_forms import MunicipalityForms, SchoolForm
from indicators.workbooks import look, marks
from indicators.workbooks.look import Book, Sheet, lines_high
from indicators.workbooks.marks import form_mark, municipality_mark

_NAME_WIDTH, _STATE_WIDTH, _QUESTION_WIDTH = 40, 20, 17
_NAME_ROW, _UNIT_ROW = marks.FIRST_FORM_ROW - 2, marks.FIRST_FORM_ROW - 1


def municipality_book(forms: MunicipalityForms) -> bytes:
    """The bytes of the workbook. Rows of forms that cannot be written, and what a form does not ask, are grey."""
    title = f"Формы за {forms.period}: {forms.municipality.short_name}"
    book = Book(title, long=True)
    sheet = _sheet(book, forms, marks.SHEET, title, "Заполните жёлтые ячейки. Серые не спрашивают или уже сданы.")
    for column, question in enumerate(forms.questions, marks.FIRST_QUESTION_COLUMN):
        sheet.allow((marks.FIRST_FORM_ROW, marks.FIRST_FORM_ROW + max(0, len(forms.forms) - 1)), column, question)
    for row, school in enumerate(forms.forms, marks.FIRST_FORM_ROW):
        writable = school.form.is_writable
        # A form that cannot be written has no mark: its row is there to be seen.
        _row(sheet, row, school, form_mark(school.form) if writable else "")
        for column, question in enumerate(forms.questions, marks.FIRST_QUESTION_COLUMN):
            open_cell = writable and question.code in school.asked
            given = school.answers.get(question.code, Given())
            sheet.figure(row, column, given, question, look.FIELD if open_cell else look.SHUT)
    _previous(book, forms)
    _instructions(book)
    return book.content()


def _previous(book: Book, forms: MunicipalityForms) -> None:
    if forms.previous_period is None:
        return
    sheet = _sheet(book, forms, marks.PREVIOUS_SHEET, f"Принято за {forms.previous_period}", "")
    for row, school in enumerate(forms.forms, marks.FIRST_FORM_ROW):
        _row(sheet, row, school, "")
        for column, question in enumerate(forms.questions, marks.FIRST_QUESTION_COLUMN):
            sheet.figure(row, column, Given(school.previous.get(question.code)), question, look.SHUT)


def _sheet(book: Book, forms: MunicipalityForms, name: str, title: str, note: str) -> Sheet:
    widths = (1, _NAME_WIDTH, _STATE_WIDTH, *[_QUESTION_WIDTH] * len(forms.questions))
    sheet = book.sheet(name, widths, head_row=_NAME_ROW, frozen=(_UNIT_ROW, marks.FIRST_QUESTION_COLUMN - 1))
    sheet.hide_column(1)
    sheet.height(1, 22)
    sheet.text(1, 2, title, look.TITLE)
    sheet.height(2, 18)
    sheet.text(2, 2, note, look.SOFT)
    sheet.height(marks.MARK_ROW, hidden=True)
    if name == marks.SHEET:
        codes = [question.code for question in forms.questions]
        sheet.text(marks.MARK_ROW, 1, municipality_mark(forms.period.pk, forms.municipality.organisation_id, codes), {})
        for column, code in enumerate(codes, marks.FIRST_QUESTION_COLUMN):
            sheet.text(marks.MARK_ROW, column, code, {})
    names = [question.name for question in forms.questions]
    sheet.height(_NAME_ROW, max([30.0, *(lines_high(text, _QUESTION_WIDTH - 2) for text in names)]))
    sheet.text(_NAME_ROW, 2, "Организация", look.HEAD)
    sheet.text(_NAME_ROW, 3, "Форма", look.HEAD)
    for column, text in enumerate(names, marks.FIRST_QUESTION_COLUMN):
        sheet.text(_NAME_ROW, column, text, look.HEAD)
    for column, text in enumerate(["", "", *map(_unit, forms.questions)], 2):
        sheet.text(_UNIT_ROW, column, text, look.CENTRED)
    return sheet


def _unit(question: Question) -> str:
    return "да или нет" if question.kind == "boolean" else question.unit


def _row(sheet: Sheet, row: int, school: SchoolForm, mark: str) -> None:
    sheet.height(row, lines_high(school.name, _NAME_WIDTH))
    if mark:
        sheet.text(row, 1, mark, {})
    sheet.text(row, 2, school.name, look.CELL)
    untouched = school.form.state == "draft" and not school.form.version
    sheet.text(row, 3, "не начата" if untouched else school.form.get_state_display().lower(), look.CELL)


def _instructions(book: Book) -> None:
    sheet = book.sheet(marks.HELP_SHEET, (100,), head_row=1, frozen=(1, 0))
    lines = (
        (
            f"1. На листе «{marks.SHEET}» строка – организация, столбец – вопрос. Заполните жёлтые ячейки; рядом, на "
            f"листе «{marks.PREVIOUS_SHEET}», видно, что принято в прошлый раз."
        ),
        "2. Ответ – это число или слово из списка. Формулы, даты и слова рядом с числом портал не примет.",
        f"3. {look.EMPTY_STAYS}",
        f"4. Если вопрос не относится к организации и это разрешено, напишите «{look.NOT_OURS}».",
        (
            "5. Сохраните книгу как .xlsx и загрузите её на странице периода. Портал скажет по каждой ячейке, что не "
            "принято; остальное встанет в формы черновиками."
        ),
        (
            "6. Отправляет форму её организация: руководитель увидит, кто заполнил, проверит и отправит. Пояснения и "
            "файлы-подтверждения добавляет он же."
        ),
        "Столбцы не переставляйте и не удаляйте: по ним портал узнаёт вопросы.",
    )
    sheet.text(1, 1, "Как заполнить формы муниципалитета", look.TITLE)
    for row, words in enumerate(lines, 3):
        sheet.height(row, lines_high(words, 100))
        sheet.text(row, 1, words, {"text_wrap": True})
