"""The workbook of one form: its questions with what stands beside them on the page, and cells for the answers."""

from __future__ import annotations

from indicators.answers import Given
from indicators.forms.answers import measure
from indicators.formulas import operands, parse
from indicators.selectors.forms import Form, FormLine
from indicators.workbooks import look, marks
from indicators.workbooks.look import Book, Sheet, lines_high
from indicators.workbooks.marks import form_mark

_TITLES = ("", "№", "Вопрос", "Единица", "В прошлый раз", "План", "Ответ", "Пояснение")
_WIDTHS = (1, 5, 52, 14, 16, 22, 18, 38)
_HEAD_ROW = marks.FIRST_QUESTION_ROW - 1


def form_book(form: Form) -> bytes:
    """The bytes of the workbook: the same for the same form as it stands."""
    title = f"Форма за {form.period}"
    book = Book(title)
    sheet = book.sheet(marks.SHEET, _WIDTHS, head_row=_HEAD_ROW, frozen=(_HEAD_ROW, 3))
    sheet.height(1, 22)
    sheet.text(1, 2, title, look.TITLE)
    sheet.height(2, 18)
    sheet.text(2, 2, f"{form.submission.organisation.name}. Заполните жёлтые ячейки.", look.SOFT)
    codes = [line.code for line in form.lines]
    sheet.text(marks.MARK_ROW, 1, form_mark(form.submission, codes), {})
    sheet.height(marks.MARK_ROW, hidden=True)
    _head(sheet, form)
    for number, line in enumerate(form.lines, 1):
        _question(sheet, form, number, line)
    sheet.hide_column(marks.CODE_COLUMN)
    sheet.raw.activate()
    _instructions(book)
    return book.content()


def _head(sheet: Sheet, form: Form) -> None:
    sheet.height(_HEAD_ROW, 32)
    for column, title in enumerate(_TITLES[1:], 2):
        known = title == "В прошлый раз" and form.previous_period
        sheet.text(_HEAD_ROW, column, f"За {form.previous_period}" if known else title, look.HEAD)


def _question(sheet: Sheet, form: Form, number: int, line: FormLine) -> None:
    row, question = marks.FIRST_QUESTION_ROW + number - 1, line.question
    plan = plan_words(form, line.code)
    why = line.explanation
    name_room = lines_high(f"{question.name}\n{question.hint}".strip(), _WIDTHS[2])
    sheet.height(row, max(20.0, name_room, lines_high(plan, _WIDTHS[5]), lines_high(why, _WIDTHS[7])))
    sheet.text(row, marks.CODE_COLUMN, line.code, {})
    sheet.text(row, 2, str(number), look.CENTRED)
    sheet.question(row, 3, question.name, question.hint, look.CELL)
    sheet.text(row, 4, "" if question.kind == "boolean" else question.unit, look.CELL)
    sheet.figure(row, 5, Given(line.previous), question, {**look.CELL, "align": "right"})
    sheet.text(row, 6, plan, look.CELL)
    sheet.figure(row, marks.ANSWER_COLUMN, Given(line.value, line.not_applicable), question, look.FIELD)
    sheet.text(row, marks.EXPLANATION_COLUMN, why, look.WORDS)
    sheet.allow((row, row), marks.ANSWER_COLUMN, question)


def plan_words(form: Form, code: str) -> str:
    """Targets of the indicators that the answer goes into: «85 % (показатель 1)»."""
    found = [
        f"{measure(row.target, row.measurement.unit)} (показатель {row.measurement.number})"
        for row in form.indicators
        if row.target is not None and code in operands(parse(row.measurement.formula))
    ]
    return "; ".join(found)


def _instructions(book: Book) -> None:
    sheet = book.sheet(marks.HELP_SHEET, (100,), head_row=1, frozen=(1, 0))
    sheet.text(1, 1, "Как заполнить форму в Excel", look.TITLE)
    lines = (
        (
            f"1. На листе «{marks.SHEET}» заполните жёлтые ячейки: ответы и, где число сильно изменилось, пояснения. "
            "Остальные ячейки защищены."
        ),
        (
            "2. Ответ – это число или слово из списка. Формулы, даты и слова рядом с числом портал не примет. "
            "Доли и проценты пишите в той единице, что указана рядом с вопросом."
        ),
        f"3. {look.EMPTY_STAYS}",
        f"4. Если вопрос не относится к вашей организации и это разрешено, напишите «{look.NOT_OURS}».",
        (
            "5. Сохраните книгу как .xlsx и загрузите её на странице формы. Портал скажет по каждой "
            "ячейке, что не принято; остальное сохранится."
        ),
        "6. Файлы-подтверждения приложите на странице формы, там же отправьте её на проверку.",
        "Строки и листы не переставляйте и не удаляйте: по ним портал узнаёт, на какой вопрос дан ответ.",
    )
    for row, words in enumerate(lines, 3):
        sheet.height(row, lines_high(words, 100))
        sheet.text(row, 1, words, {"text_wrap": True})
