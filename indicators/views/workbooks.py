"""The form of an organisation as a workbook: download, fill in without a line, upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from indicators.answers import read_answer
from indicators.forms.answers import answer_words, shown
from indicators.models import Submission
from indicators.selectors.forms import form_of
from indicators.services import StaleVersion, StateConflict, submission_save_draft
from indicators.services.workbooks import WHY, Difference, Uploaded, form_workbook_take
from indicators.views.downloads import as_workbook
from indicators.views.reading import submission_crumbs, visible_submission
from indicators.views.requests import version_of
from indicators.workbooks.form_book import form_book
from indicators.workbooks.reading import MAX_FORM_BYTES, TOO_BIG, FilledForm, read_form_book
from jobs.files.errors import UnreadableFile
from jobs.forms import WorkbookForm
from organisations.access import require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.passport.typography import plural

_FIELD = "cell-"
_SHUT = "Форму уже отправили: изменить её нельзя, и заполнять в Excel нечего."
_ANOTHERS = "Эта книга от формы другой организации: загрузите ту, что скачали со своей страницы."
_OTHER_FORM = "Эта книга от другой формы: «{}», {}. Загрузите её на странице той формы."


@require_safe
def form_workbook_file(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_submission(request, pk)
    require(request.user, Action.WRITE_SUBMISSION, row.organisation)
    if not _is_open(row):
        messages.error(request, _SHUT)
        return redirect("indicators:submission", pk=pk)
    return as_workbook(form_book(form_of(row)), f"Форма, {row.period}, {row.organisation.short_name}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def form_workbook(request: SignedInRequest, pk: int) -> HttpResponse:
    """How to fill a form in without a line; taking the workbook in; choosing where somebody else wrote meanwhile."""
    row = visible_submission(request, pk)
    require(request.user, Action.WRITE_SUBMISSION, row.organisation)
    if not _is_open(row):
        messages.error(request, _SHUT)
        return redirect("indicators:submission", pk=pk)
    if request.method == "POST" and "version" in request.POST:
        return _chosen(request, row)
    return _upload_page(request, row)


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: SignedInRequest) -> HttpResponse:
    """Taking in a workbook of whichever form of one's own: it says itself which."""
    require(request.user, Action.WRITE_SUBMISSION)
    return _upload_page(request, None)


def _upload_page(request: SignedInRequest, row: Submission | None) -> HttpResponse:
    bound = request.method == "POST"
    form = WorkbookForm(request.POST if bound else None, request.FILES if bound else None)
    if bound and form.is_valid():
        try:
            book = _read(form)
            return _taken(request, _form_of_book(request, book, row), book)
        except (UnreadableFile, StateConflict, StaleVersion) as refusal:
            form.add_error("file", str(refusal))
    context = {
        "title": "Заполнить в Excel" if row else "Загрузить заполненную книгу",
        "breadcrumbs": submission_crumbs(request, row, "Excel")
        if row
        else [("Мои формы", reverse("indicators:my_submissions")), ("Excel", "")],
        "submission": row,
        "form": form,
    }
    return render(request, "indicators/workbook.html", context, status=422 if form.errors else 200)


def _read(form: WorkbookForm) -> FilledForm:
    file = form.upload
    if (file.size or 0) > MAX_FORM_BYTES:
        raise UnreadableFile(TOO_BIG)
    return read_form_book(file.read())


def _form_of_book(request: SignedInRequest, book: FilledForm, expected: Submission | None) -> Submission:
    own = Submission.objects.writable_by(request.user).select_related("period", "organisation")
    found: Submission | None = own.filter(pk=book.mark.form).first()
    if found is None:
        raise UnreadableFile(_ANOTHERS)
    if expected is not None and found != expected:
        raise UnreadableFile(_OTHER_FORM.format(found.period, found.organisation.short_name))
    return found


def _taken(request: SignedInRequest, row: Submission, book: FilledForm) -> HttpResponse:
    came = form_workbook_take(submission=row, book=book, actor=request.user)
    if not came.filled:
        raise UnreadableFile("В книге нет ни одного ответа: заполните жёлтые ячейки, сохраните её и загрузите снова.")
    said = f"Из книги принято {came.taken} из {plural(came.filled, 'ячейки', 'ячеек', 'ячеек')}."
    if not came.errors and not came.differences:
        messages.success(request, f"{said} Проверьте форму и отправьте её.")
        return redirect("indicators:submission", pk=row.pk)
    places = {code: spot.place for code, spot in book.answers.items()}
    places |= {code + WHY: spot.place for code, spot in book.explanations.items()}
    return _result_page(request, came, said, places, book.sheet)


def _result_page(
    request: SignedInRequest, came: Uploaded, said: str, places: Mapping[str, str], sheet: str
) -> HttpResponse:
    row = came.submission
    names = {line.code: line.question.name for line in form_of(row).lines}
    errors = [
        {"place": places.get(code, ""), "name": names.get(code.removesuffix(WHY), ""), "sentence": sentence}
        for code, sentence in came.errors.items()
    ]
    context = {
        "title": "Что принято из книги",
        "breadcrumbs": submission_crumbs(request, row, "Excel"),
        "submission": row,
        "said": said,
        "sheet": sheet,
        "errors": errors,
        "differences": [_difference(found, places) for found in came.differences],
    }
    status = 409 if came.differences else 422
    return render(request, "indicators/workbook_result.html", context, status=status)


def _difference(found: Difference, places: Mapping[str, str]) -> dict[str, Any]:
    line = found.line
    explains = found.code.endswith(WHY)
    return {
        "code": found.code,
        "field": _FIELD + found.code,
        "place": places.get(found.code, ""),
        "name": f"Пояснение: {line.question.name}" if explains else line.question.name,
        "text": found.text,
        "words": found.text if explains else _words(found),
        "now": line.explanation if explains else answer_words(line),
    }


def _words(found: Difference) -> str:
    """The answer of the workbook as the page shows the form's."""
    question = found.line.question
    answer = read_answer(found.text, question)
    return "к нам не относится" if answer.not_applicable else shown(question, answer.value)


def _chosen(request: SignedInRequest, row: Submission) -> HttpResponse:
    """Write the cells that the person chose over what somebody else wrote."""
    values: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for code in request.POST.getlist("take"):
        text = request.POST.get(_FIELD + code, "")
        if text and code.endswith(WHY):
            reasons[code.removesuffix(WHY)] = text
        elif text:
            values[code] = text
    try:
        saved = submission_save_draft(
            submission=row, values=values, explanations=reasons, version=version_of(request), actor=request.user
        )
    except (StaleVersion, StateConflict) as refusal:
        messages.error(request, f"{refusal} Загрузите книгу ещё раз.")
        return redirect("indicators:form_workbook", pk=row.pk)
    came = Uploaded(saved.submission, len(values) + len(reasons), saved.errors)
    said = f"Из книги записано {came.taken} из {plural(came.filled, 'ячейки', 'ячеек', 'ячеек')}."
    if came.errors:
        return _result_page(request, came, said, {}, "")
    messages.success(request, said if came.filled else "Ничего не выбрано: в форме всё осталось как было.")
    return redirect("indicators:submission", pk=row.pk)


def _is_open(row: Submission) -> bool:
    return row.is_writable and row.period.is_open
