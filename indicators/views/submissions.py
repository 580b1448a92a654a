"""The form of an organisation: filling it in on a phone, checking it, handing it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.forms.answers import (
    PREFIX,
    WHOLE_FORM,
    AnswersForm,
    answer_words,
    arithmetic_after,
    explained,
    lacks_by_field,
    typed,
    warnings_of,
)
from indicators.models import Submission, SubmissionState
from indicators.selectors.acceptances import versions_of
from indicators.selectors.forms import form_of, lacks_of
from indicators.selectors.frozen import questions_of
from indicators.selectors.mine import my_submissions
from indicators.services import (
    StaleVersion,
    StateConflict,
    ValidationFailed,
    submission_save_draft,
    submission_submit,
)
from indicators.views.evidence import files_sent_with_form
from indicators.views.reading import (
    deadline_words,
    figures_context,
    reading_context,
    submission_crumbs,
    visible_submission,
)
from indicators.views.requests import version_of
from organisations.access import access_of, require
from organisations.models import User
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.passport.typography import date_short

PER_PAGE = 50
_INCOMPLETE = "В форме не хватает ответов, пояснений или файлов: заполните отмеченное, и её можно будет отправить."
_SIGNED_OUT = "сеанс закончился — введённое хранится на этом устройстве: войдите снова и вернитесь к форме"


@require_safe
def my_forms(request: SignedInRequest) -> HttpResponse:
    """Forms of a person's own organisations: what is to be done, what waits, what was accepted."""
    require(request.user, Action.WRITE_SUBMISSION)
    mine = my_submissions(request.user)
    now = timezone.now()
    context = {
        "title": "Мои формы",
        "to_do": [(row, deadline_words(row.period.deadline, now)) for row in mine.to_do],
        "sent": mine.sent,
        "page": Paginator(mine.past, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "indicators/my_submissions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form to fill in, for its organisation; what stands in it, for everybody else and after it was sent."""
    row = visible_submission(request, pk)
    if request.method == "POST":
        require(request.user, Action.WRITE_SUBMISSION, row.organisation)
        return _saved(request, row)
    if _may_fill_in(request, row):
        return _form_page(request, row)
    context = reading_context(request, row)
    if row.submitted_by_id == request.user.pk and not row.is_writable:
        context["draft_key"] = _draft_key(request, row)
    return render(request, "indicators/submission_read.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is about to be sent, and sending it. A second press finds it sent and says so."""
    row = visible_submission(request, pk)
    require(request.user, Action.WRITE_SUBMISSION, row.organisation)
    if request.method == "POST":
        return _sent(request, row)
    if not _may_fill_in(request, row):
        return redirect("indicators:submission", pk=pk)
    form = form_of(row)
    if form.lacks:
        messages.error(request, _INCOMPLETE)
        return redirect("indicators:submission", pk=pk)
    context = {
        **figures_context(row, form),
        "draft_key": _draft_key(request, row),
        "title": "Проверьте и отправьте",
        "breadcrumbs": submission_crumbs(request, row, "Проверка"),
    }
    return render(request, "indicators/submission_check.html", context)


@require_safe
def submission_receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was sent, by whom, when and whether in time, on one sheet to be printed. There is none before sending."""
    row = visible_submission(request, pk)
    if row.submitted_at is None or row.is_writable:
        raise Http404
    reading = reading_context(request, row)
    form = reading["form"]
    attached = [(file, line.question.name) for line in form.lines for file in line.evidence]
    context = {
        **reading,
        "title": f"Квитанция о сдаче № {row.pk}-{row.version}",
        "breadcrumbs": submission_crumbs(request, row, "Квитанция"),
        "attached": [*attached, *((file, "Вся форма") for file in form.evidence)],
    }
    return render(request, "indicators/submission_receipt.html", context)


@login_not_required
@require_POST
def submission_autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page sends by itself while people type. Refusals are sentences: the page keeps what was typed."""
    if not isinstance(request.user, User):
        return JsonResponse({"message": _SIGNED_OUT}, status=401)
    try:
        row = visible_submission(request, pk)
    except Http404:
        return JsonResponse({"message": "такой формы нет"}, status=404)
    require(request.user, Action.WRITE_SUBMISSION, row.organisation)
    values, refused = typed(questions_of(row), request.POST)
    try:
        saved = submission_save_draft(
            submission=row,
            values=values,
            explanations=explained(questions_of(row), request.POST),
            version=version_of(request),
            actor=request.user,
        )
    except (StateConflict, StaleVersion) as error:
        row = visible_submission(request, pk)
        if isinstance(error, StateConflict) or _answers(row, request.POST).unsaved():
            return JsonResponse({"message": str(error)}, status=409)
        # The answer to an earlier try was lost on the line: what it sent is kept already.
        return JsonResponse(_said(row, {}))
    return JsonResponse(_said(saved.submission, {**saved.errors, **refused}))


def _said(row: Submission, errors: Mapping[str, str]) -> dict[str, Any]:
    """What the page is told after a save, by the names of its fields."""
    form = form_of(row)
    warnings = {code: text for code, text in warnings_of(form).items() if code not in errors}
    return {
        "saved": f"{timezone.localtime():%H:%M}",
        "version": row.version,
        "errors": {f"{PREFIX}-{code}": sentence for code, sentence in errors.items()},
        "warnings": {f"{PREFIX}-{code}": sentence for code, sentence in warnings.items()},
        "computed": {row.id: row.words for rows in arithmetic_after(form).values() for row in rows},
    }


def _saved(request: SignedInRequest, row: Submission) -> HttpResponse:
    """«Сохранить черновик», «Проверить и отправить», «Убрать файл»: what is valid is kept in every case."""
    values, refused = typed(questions_of(row), request.POST)
    try:
        saved = submission_save_draft(
            submission=row,
            values=values,
            explanations=explained(questions_of(row), request.POST),
            version=version_of(request),
            actor=request.user,
        )
        row, errors = saved.submission, {**saved.errors, **refused}
    except StaleVersion as error:
        row, errors = visible_submission(request, row.pk), refused
        if _answers(row, request.POST).unsaved():
            return _somebody_was_faster(request, row, str(error))
        # All of it stands there already: a second press, or a page that was loaded anew with what it had sent.
    except StateConflict as error:
        return _too_late(request, row, str(error))
    try:
        errors |= files_sent_with_form(request, row)
    except StateConflict as error:
        return _too_late(request, row, str(error))
    if request.POST.get("action") == "submit":
        errors = lacks_by_field(lacks_of(row)) | errors
        if not errors:
            return redirect("indicators:submission_check", pk=row.pk)
    if errors:
        return _form_page(request, row, data=request.POST, errors=errors, status=422)
    if "remove" not in request.POST:
        messages.success(request, f"Черновик сохранён в {timezone.localtime():%H:%M}. Отправить можно позже.")
    return redirect("indicators:submission", pk=row.pk)


def _sent(request: SignedInRequest, row: Submission) -> HttpResponse:
    try:
        submission_submit(submission=row, version=version_of(request), actor=request.user)
    except ValidationFailed:
        messages.error(request, _INCOMPLETE)
    except StaleVersion as error:
        messages.error(request, str(error))
        return redirect("indicators:submission_check", pk=row.pk)
    except StateConflict as error:
        row.refresh_from_db()
        if row.submitted_by_id == request.user.pk and row.state == SubmissionState.SUBMITTED:
            messages.info(request, "Форма уже отправлена, второй раз отправлять не нужно.")
        else:
            messages.error(request, str(error))
    return redirect("indicators:submission", pk=row.pk)


def _form_page(
    request: SignedInRequest,
    row: Submission,
    *,
    data: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    beside: Mapping[str, str] | None = None,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    """``beside``: sentences shown at fields as warnings; ``conflict``: what is said above the form."""
    form = form_of(row)
    answers = AnswersForm(form, data)
    answers.show(errors or {})
    now = timezone.now()
    context = {
        "title": f"Форма за {row.period}",
        "breadcrumbs": submission_crumbs(request, row),
        "submission": row,
        "draft_key": _draft_key(request, row),
        "saved": _saved_words(row),
        "answers": answers,
        "lines": answers.lines(beside),
        "versions": versions_of(row),
        "files": answers.files_of(WHOLE_FORM, form.evidence),
        "form": form,
        "previous_label": f"За {form.previous_period}" if form.previous_period else "В прошлый раз",
        "deadline": deadline_words(row.period.deadline, now),
        "late_now": now > row.period.deadline,
        "conflict": conflict,
    }
    return render(request, "indicators/submission_form.html", context, status=status)


def _somebody_was_faster(request: SignedInRequest, row: Submission, sentence: str) -> HttpResponse:
    """The form again with what was typed, and beside each field what somebody else wrote there meanwhile."""
    row = visible_submission(request, row.pk)
    beside = {
        line.code: f"Другой человек записал здесь: {answer_words(line)}."
        for line in _answers(row, request.POST).unsaved()
    }
    return _form_page(request, row, data=request.POST, beside=beside, conflict=sentence, status=409)


def _too_late(request: SignedInRequest, row: Submission, sentence: str) -> HttpResponse:
    """The form can no longer be written: it is shown as it stands, with what was typed and did not get into it."""
    row = visible_submission(request, row.pk)
    typed = [
        (line.question.name, text)
        for line in _answers(row, request.POST).unsaved()
        if (text := request.POST.get(f"{PREFIX}-{line.code}", "").strip())
    ]
    context = {**reading_context(request, row), "refused": sentence, "typed_in_vain": typed}
    return render(request, "indicators/submission_read.html", context, status=409)


def _saved_words(row: Submission) -> str:
    if row.filled_at is None:
        return ""
    local = timezone.localtime(row.filled_at)
    return f"сохранено {date_short(local.date())} в {local:%H:%M}"


def _draft_key(request: SignedInRequest, row: Submission) -> str:
    """Under which a browser keeps what it could not send: people who share a computer do not share drafts."""
    return f"form-{row.pk}-{request.user.pk}"


def _answers(row: Submission, data: Mapping[str, str]) -> AnswersForm:
    return AnswersForm(form_of(row), data)


def _may_fill_in(request: SignedInRequest, row: Submission) -> bool:
    allowed = access_of(request.user).allows(Action.WRITE_SUBMISSION, row.organisation)
    return allowed and row.is_writable and row.period.is_open
